#include "prometheus/export_lines.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "prometheus/json_values.hpp"
#include "prometheus/quotable.hpp"
#include "prometheus/sample_run.hpp"
#include "prometheus/sample_text.hpp"
#include "prometheus/utf8.hpp"

namespace loadline {
namespace {

namespace ondemand = simdjson::ondemand;

constexpr std::size_t kMaxLineBytes = 64U << 20;
constexpr std::string_view kWhat = "/api/v1/export";

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

bool earlier(const Sample& a, const Sample& b) {
  return a.t_ms < b.t_ms;
}

}  // namespace

struct ExportLines::Parser {
  Parser(SeriesSink& sink, TimeRange range) : runs(sink, range) {}

  ondemand::parser json{};
  SampleRuns runs;
  std::vector<std::optional<double>> values{};
  std::vector<Sample> samples{};

  /// False where the line is JSON but no series.
  bool read(simdjson::padded_string_view line) {
    ondemand::document document = json.iterate(line);
    Labels labels;
    std::string_view value_text;
    std::string_view time_text;
    for (auto field : document.get_object()) {
      const std::string_view key = field.unescaped_key();
      if (key == "metric") labels = labels_of(field.value().get_object());
      if (key == "values") value_text = array_text(field.value());
      if (key == "timestamps") time_text = array_text(field.value());
    }
    return take_values(value_text) && take_times(time_text) && hand_over(std::move(labels));
  }

  bool take_values(std::string_view array) {
    values.clear();
    return for_each_token(array, [this](std::string_view token) {
      values.push_back(parse_float(unquoted(token)));
      return values.back().has_value() || token == "null";
    });
  }

  bool take_times(std::string_view array) {
    samples.clear();
    std::size_t at = 0;
    const bool all_read = for_each_token(array, [&](std::string_view token) {
      const std::optional<std::int64_t> t_ms = parse_integer(token);
      if (!t_ms || at >= values.size()) return false;
      if (values[at]) samples.push_back({*t_ms, *values[at]});
      ++at;
      return true;
    });
    return all_read && at == values.size();
  }

  bool hand_over(Labels labels) {
    if (!std::is_sorted(samples.begin(), samples.end(), earlier)) {
      std::stable_sort(samples.begin(), samples.end(), earlier);
    }
    runs.begin(std::move(labels));
    for (const Sample& sample : samples) runs.add(sample);
    runs.end();
    return true;
  }
};

ExportLines::ExportLines(SeriesSink& sink, TimeRange range)
    : sink_(sink), range_(range), parser_(std::make_unique<Parser>(sink, range)) {}

ExportLines::~ExportLines() = default;

Result<void> ExportLines::on_start(const HttpResponse& head) {
  pending_.clear();
  parser_ = std::make_unique<Parser>(sink_, range_);
  if (contains(head.content_type, "json")) return {};
  return fail(ErrorKind::kUnsupported,
              std::string(kWhat) + ": the server answers with content type \"" +
                  printable(head.content_type) + "\" instead of JSON lines; read by query instead");
}

Result<void> ExportLines::on_data(std::span<const std::byte> data) {
  const std::size_t unsearched = pending_.size();
  pending_.append(reinterpret_cast<const char*>(data.data()), data.size());
  return read_lines(unsearched);
}

Result<void> ExportLines::finish() {
  if (trim_json(pending_).empty()) return {};
  pending_ += '\n';
  return read_lines(pending_.size() - 1);
}

ReadStats ExportLines::stats() const {
  return parser_->runs.stats();
}

Result<void> ExportLines::read_lines(std::size_t unsearched) {
  pending_.reserve(pending_.size() + simdjson::SIMDJSON_PADDING);
  std::size_t begin = 0;
  for (std::size_t end = pending_.find('\n', unsearched); end != std::string::npos;
       end = pending_.find('\n', begin)) {
    const std::string_view line(pending_.data() + begin, end - begin);
    if (Result<void> read = read_line(line); !read) return read;
    begin = end + 1;
  }
  pending_.erase(0, begin);
  if (pending_.size() <= kMaxLineBytes) return {};
  return bad_json(kWhat, "a line of over 64 MiB");
}

/// `line` stands in `pending_`, which has the padding that the parser needs.
Result<void> ExportLines::read_line(std::string_view line) {
  if (trim_json(line).empty()) return {};
  std::string mended;
  if (!simdjson::validate_utf8(line)) {
    mended = mend_utf8(line);
    mended.reserve(mended.size() + simdjson::SIMDJSON_PADDING);
    line = mended;
  }
  try {
    const simdjson::padded_string_view padded_line(line.data(), line.size(),
                                                   line.size() + simdjson::SIMDJSON_PADDING);
    if (parser_->read(padded_line)) return {};
  } catch (const simdjson::simdjson_error&) {
    // A failure in the middle of an export is appended as plain text: the message quotes it.
  }
  return bad_json(kWhat, "the line `" + quotable(line) + "`");
}

}  // namespace loadline
