/// The ways of reading, and the choice among them.
///
/// remote read, streamed : POST /api/v1/read, STREAMED_XOR_CHUNKS; the first choice
///   (https://prometheus.io/docs/prometheus/latest/querying/remote_read_api/)
/// remote read, samples  : the same without streaming (Cortex); cut into pieces of `max_samples`
/// query                 : `{...}[range]` at /api/v1/query; works wherever PromQL does
/// export                : VictoriaMetrics' /api/v1/export, JSON lines
#pragma once

#include <memory>
#include <optional>

#include "loadline/prometheus/http.hpp"
#include "loadline/prometheus/query_api.hpp"
#include "loadline/prometheus/source.hpp"

namespace loadline {

/// Bounds of the paths whose answers come whole: one body holds about this many samples.
/// 100,000 samples are about 3 MB of JSON, and as much again to parse them.
struct PieceLimits {
  std::uint64_t max_samples = 100'000;
  Milliseconds scrape_interval{30'000};  ///< as detected; sizes the pieces
};

/// `transport` and `api` must outlive the source. Those made of a transport alone read just what
/// the selection says; extra matchers are added by make_source.
std::unique_ptr<SeriesSource> make_remote_read_source(HttpTransport& transport);
std::unique_ptr<SeriesSource> make_remote_read_samples_source(HttpTransport& transport,
                                                              QueryApi& api, PieceLimits limits);
std::unique_ptr<SeriesSource> make_query_source(QueryApi& api, PieceLimits limits);
std::unique_ptr<SeriesSource> make_export_source(HttpTransport& transport);

/// Which path serves, and one sentence on why (for `check`, logs and the report's source line).
struct ChosenPath {
  ReadPath path = ReadPath::kQuery;
  std::string why{};
};
/// Tries remote read with a tiny request, then what VictoriaMetrics offers, then the query API.
/// `forced` is taken at its word. Fails only where nothing answers (kUnreachable, kUnauthorized)
/// or nobody waits for it (kCancelled).
Result<ChosenPath> choose_read_path(HttpTransport& transport, QueryApi& api,
                                    std::optional<ReadPath> forced, TimePoint now);
/// The source of that path, with the api's extra matchers added to each selection.
std::unique_ptr<SeriesSource> make_source(ReadPath path, HttpTransport& transport, QueryApi& api,
                                          PieceLimits limits);

}  // namespace loadline
