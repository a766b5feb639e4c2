/// Asks a server whether it speaks remote read, with a request for next to nothing.
#pragma once

#include <optional>
#include <vector>

#include "loadline/prometheus/http.hpp"
#include "loadline/prometheus/promql.hpp"
#include "loadline/prometheus/source.hpp"

namespace loadline {

/// kRemoteReadStreamed or kRemoteReadSamples, or nothing where the server does not speak remote
/// read: any refusal counts as that, since a gateway may let nothing pass but queries. `extra` are
/// the user's matchers. Fails where nothing answers (kUnreachable).
Result<std::optional<ReadPath>> probe_remote_read(HttpTransport& transport,
                                                  const std::vector<Matcher>& extra, TimePoint now);

}  // namespace loadline
