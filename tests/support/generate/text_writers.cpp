#include "support/generate/text_writers.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace loadline::generate {
namespace {

constexpr std::size_t kLarge = std::size_t{1} << 20;

void append_number(std::string& out, std::uint64_t value) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// `value` is counted in units of 10^-digits.
void append_decimal(std::string& out, std::uint64_t value, std::uint64_t unit, std::size_t digits) {
  append_number(out, value / unit);
  const std::uint64_t rest = value % unit;
  if (rest == 0) return;
  std::string fraction;
  append_number(fraction, rest);
  out.append(1, '.').append(digits - fraction.size(), '0').append(fraction);
}

/// Escapes a label value; the generator's own need it nowhere else.
std::string quoted(const std::string& value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class OpenMetricsWriter : public SeriesWriter {
 public:
  explicit OpenMetricsWriter(TextFile& file) : file_(file) {}

  void begin(const SeriesLabels& labels) override {
    prefix_ = labels.metric;
    char separator = '{';
    for (const auto& [name, value] : labels.labels) {
      if (value.empty()) continue;
      prefix_.append(1, separator).append(name).append(1, '=').append(quoted(value));
      separator = ',';
    }
    prefix_ += separator == '{' ? " " : "} ";
  }

  void sample(Ms t, std::uint64_t millionths) override {
    std::string& out = file_.buffer();
    out += prefix_;
    append_decimal(out, millionths, 1'000'000, 6);
    out += ' ';
    append_decimal(out, static_cast<std::uint64_t>(t), 1'000, 3);
    out += '\n';
    file_.flush_if_large();
  }

  void end() override {}

 private:
  TextFile& file_;
  std::string prefix_{};
};

class JsonLinesWriter : public SeriesWriter {
 public:
  explicit JsonLinesWriter(TextFile& file) : file_(file) {}

  void begin(const SeriesLabels& labels) override {
    metric_ = "{\"metric\":{\"__name__\":" + quoted(labels.metric);
    for (const auto& [name, value] : labels.labels)
      if (!value.empty()) metric_.append(",\"").append(name).append("\":").append(quoted(value));
    values_.clear();
    times_.clear();
  }

  void sample(Ms t, std::uint64_t millionths) override {
    if (!values_.empty()) {
      values_ += ',';
      times_ += ',';
    }
    append_decimal(values_, millionths, 1'000'000, 6);
    append_number(times_, static_cast<std::uint64_t>(t));
  }

  void end() override {
    if (values_.empty()) return;
    file_.buffer().append(metric_).append("},\"values\":[").append(values_);
    file_.buffer().append("],\"timestamps\":[").append(times_).append("]}\n");
    file_.flush_if_large();
  }

 private:
  TextFile& file_;
  std::string metric_{};
  std::string values_{};
  std::string times_{};
};

}  // namespace

TextFile::TextFile(std::string path, std::ofstream file)
    : path_(std::move(path)), file_(std::move(file)) {
  buffer_.reserve(2 * kLarge);
}

Result<std::unique_ptr<TextFile>> TextFile::create(const std::string& path) {
  std::ofstream file;
  file.rdbuf()->pubsetbuf(nullptr, 0);
  file.open(path, std::ios::binary);
  if (!file) return fail(ErrorKind::kInternal, "cannot create " + path + "; check --output");
  return std::unique_ptr<TextFile>(new TextFile(path, std::move(file)));
}

void TextFile::flush_if_large() {
  if (buffer_.size() < kLarge) return;
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  buffer_.clear();
}

Result<void> TextFile::close() {
  file_.write(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
  file_.close();
  if (!file_) return fail(ErrorKind::kInternal, "cannot write " + path_ + "; is the disk full?");
  return {};
}

std::unique_ptr<SeriesWriter> make_writer(Format format, TextFile& file) {
  if (format == Format::kVictoriaMetrics) return std::make_unique<JsonLinesWriter>(file);
  return std::make_unique<OpenMetricsWriter>(file);
}

std::string ending_of(Format format) {
  return format == Format::kVictoriaMetrics ? "" : "# EOF\n";
}

}  // namespace loadline::generate
