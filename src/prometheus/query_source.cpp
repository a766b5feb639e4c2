#include <memory>

#include "loadline/prometheus/sources.hpp"
#include "prometheus/pieces.hpp"

namespace loadline {
namespace {

class QuerySource final : public SeriesSource {
 public:
  QuerySource(QueryApi& api, PieceLimits limits) : api_(api), limits_(limits) {}

  Result<ReadStats> read(const Selection& selection, SeriesSink& sink) override {
    if (selection.range.empty()) return ReadStats{};
    const Result<std::uint64_t> series = estimate_series(api_, selection);
    if (!series) return tl::unexpected<Error>(series.error());
    const std::size_t max_body_bytes = piece_body_bytes(*series, limits_);
    Result<ReadStats> stats = read_in_pieces(
        selection.range, piece_length(*series, limits_), limits_.scrape_interval,
        [&](TimeRange piece) {
          return api_.range_samples({selection.matchers, piece}, sink, max_body_bytes);
        });
    if (stats) ++stats->requests;  // the estimate's
    return stats;
  }

  [[nodiscard]] ReadPath path() const override { return ReadPath::kQuery; }

 private:
  QueryApi& api_;
  PieceLimits limits_;
};

}  // namespace

std::unique_ptr<SeriesSource> make_query_source(QueryApi& api, PieceLimits limits) {
  return std::make_unique<QuerySource>(api, limits);
}

}  // namespace loadline
