#include <memory>

#include "loadline/prometheus/query_api.hpp"
#include "loadline/prometheus/sources.hpp"
#include "prometheus/export_lines.hpp"
#include "prometheus/pieces.hpp"
#include "prometheus/request_form.hpp"

namespace loadline {
namespace {

const std::string kPath = "/api/v1/export";
constexpr Milliseconds kShortestPiece{60'000};

HttpRequest export_request(const Selection& selection) {
  Form form;
  form.add("match[]", selector(selection.matchers))
      .add("start", unix_seconds(selection.range.start))
      .add("end", unix_seconds(selection.range.end - Milliseconds(1)))
      .add("max_rows_per_line", "10000");
  return post_form(kPath, form.text(), HttpRequest{}.max_body_bytes);
}

class ExportSource final : public SeriesSource {
 public:
  explicit ExportSource(HttpTransport& transport) : transport_(transport) {}

  /// All at once, as memory does not grow with the answer; in pieces only where the server refuses.
  Result<ReadStats> read(const Selection& selection, SeriesSink& sink) override {
    return read_in_pieces(selection.range, selection.range.length(), kShortestPiece,
                          [&](TimeRange piece) {
                            return read_piece({selection.matchers, piece}, sink);
                          });
  }

  [[nodiscard]] ReadPath path() const override { return ReadPath::kVictoriaMetricsExport; }

 private:
  Result<ReadStats> read_piece(const Selection& selection, SeriesSink& sink) {
    ExportLines lines(sink, selection.range);
    Result<HttpResponse> response = transport_.stream(export_request(selection), lines);
    if (!response) return tl::unexpected<Error>(response.error());
    if (response->status / 100 != 2) {
      return tl::unexpected<Error>(error_of(*response, "POST " + kPath));
    }
    if (Result<void> rest = lines.finish(); !rest) return tl::unexpected<Error>(rest.error());
    ReadStats stats = lines.stats();
    stats.bytes = response->wire_bytes;
    stats.requests = 1;
    return stats;
  }

  HttpTransport& transport_;
};

}  // namespace

std::unique_ptr<SeriesSource> make_export_source(HttpTransport& transport) {
  return std::make_unique<ExportSource>(transport);
}

}  // namespace loadline
