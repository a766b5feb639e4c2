/// Between renderers that write to a std::ostream and readers that take pieces: 64 KiB are held,
/// never the whole.
#pragma once

#include <functional>
#include <ostream>

#include "loadline/publish/metrics.hpp"

namespace loadline::service {

/// Runs `produce` on a stream whose text goes to `write` in pieces. False where `write` said so:
/// `produce` is then left at its next output. The stream throws to get out; nobody else sees that.
bool stream_pieces(const WritePiece& write, const std::function<void(std::ostream&)>& produce);

}  // namespace loadline::service
