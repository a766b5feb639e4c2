/// VictoriaMetrics' export, parsed while it streams: one JSON object a line,
/// `{"metric":{"__name__":"up",...},"values":[1,null],"timestamps":[1700000000000,...]}`.
///
/// Implementation details: values may be `null` (no number: skipped), unquoted `+Inf`, or quoted
/// "Infinity" (newer releases), so the two arrays are no JSON that a strict parser takes; they are
/// scanned here. A series too long for one line comes as several, each a run of its own.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "loadline/prometheus/http.hpp"
#include "loadline/prometheus/source.hpp"

namespace loadline {

/// Belongs to one thread. Memory: one line (64 MiB at most, else kCorrupt) and one chunk.
class ExportLines final : public BodySink {
 public:
  /// `sink` must outlive this; samples outside `range` are dropped.
  ExportLines(SeriesSink& sink, TimeRange range);
  ~ExportLines() override;
  ExportLines(const ExportLines&) = delete;
  ExportLines& operator=(const ExportLines&) = delete;

  /// kUnsupported where the content is no stream of JSON lines.
  Result<void> on_start(const HttpResponse& head) override;
  Result<void> on_data(std::span<const std::byte> data) override;
  /// Reads a last line that lacks its line feed; call when the body is complete.
  Result<void> finish();
  /// Of the last attempt: samples, series, out_of_order.
  [[nodiscard]] ReadStats stats() const;

 private:
  struct Parser;

  /// Reads the complete lines; those before `unsearched` bytes hold no line feed.
  Result<void> read_lines(std::size_t unsearched);
  Result<void> read_line(std::string_view line);

  SeriesSink& sink_;
  TimeRange range_{};
  std::string pending_{};
  std::unique_ptr<Parser> parser_;
};

}  // namespace loadline
