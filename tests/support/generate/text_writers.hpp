/// The text forms that series take on their way into a database.
#pragma once

#include <fstream>
#include <memory>
#include <string>

#include "loadline/model/result.hpp"
#include "support/generate/options.hpp"
#include "support/generate/series.hpp"

namespace loadline::generate {

/// A file written in large pieces.
class TextFile {
 public:
  static Result<std::unique_ptr<TextFile>> create(const std::string& path);

  /// Room for the next piece; what is appended is written when it has grown large.
  std::string& buffer() { return buffer_; }
  void flush_if_large();
  Result<void> close();

 private:
  TextFile(std::string path, std::ofstream file);

  std::string path_{};
  std::ofstream file_{};
  std::string buffer_{};
};

/// OpenMetrics text (Format::kTsdb, kOpenMetrics) or VictoriaMetrics' JSON lines into the file,
/// which must outlive the writer. https://prometheus.io/docs/specs/om/open_metrics_spec/,
/// https://docs.victoriametrics.com/#how-to-import-data-in-json-line-format
std::unique_ptr<SeriesWriter> make_writer(Format format, TextFile& file);
/// What a file of the format must end with.
std::string ending_of(Format format);

}  // namespace loadline::generate
