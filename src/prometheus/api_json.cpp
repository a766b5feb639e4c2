#include "prometheus/api_json.hpp"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "prometheus/api_rows.hpp"
#include "prometheus/json_values.hpp"
#include "prometheus/sample_run.hpp"
#include "prometheus/sample_text.hpp"
#include "prometheus/server_error.hpp"
#include "prometheus/utf8.hpp"

namespace loadline {
namespace {

namespace ondemand = simdjson::ondemand;

[[noreturn]] void refuse(simdjson::error_code code) {
  throw simdjson::simdjson_error(code);
}

/// What stands beside the data.
struct Envelope {
  std::string status{};
  std::string error{};
  std::vector<std::string> warnings{};
  bool has_data = false;
};

/// Go writes an empty list as null.
bool is_null(ondemand::value& value) {
  return value.type() == ondemand::json_type::null;
}

std::vector<std::string> strings_of(ondemand::value value) {
  std::vector<std::string> strings;
  if (is_null(value)) return strings;
  for (auto element : value.get_array()) {
    strings.emplace_back(std::string_view(element.get_string()));
  }
  return strings;
}

void read_aside(std::string_view key, ondemand::value value, Envelope& envelope) {
  if (key == "status") {
    envelope.status = std::string_view(value.get_string());
  } else if (key == "error") {
    envelope.error = std::string_view(value.get_string());
  } else if (key == "warnings") {
    for (std::string& warning : strings_of(value)) envelope.warnings.push_back(std::move(warning));
  } else if (key == "isPartial" && value.get_bool()) {
    envelope.warnings.emplace_back("the server says that its answer is partial (isPartial)");
  }
}

/// Reads the envelope and gives the value of "data" to `on_data`. The body must be valid UTF-8,
/// which VictoriaMetrics does not promise: it passes labels' bytes on as they are.
template <typename OnData>
Envelope walk(std::string& body, OnData& on_data) {
  if (!simdjson::validate_utf8(body)) body = mend_utf8(body);
  ondemand::parser parser;
  ondemand::document document = parser.iterate(padded(body));
  Envelope envelope;
  for (auto field : document.get_object()) {
    const std::string_view key = field.unescaped_key();
    ondemand::value value = field.value();
    if (key != "data") {
      read_aside(key, value, envelope);
    } else if (!std::exchange(envelope.has_data, true)) {
      on_data(value);
    }
  }
  if (document.current_location().error() != simdjson::OUT_OF_BOUNDS)
    refuse(simdjson::TRAILING_CONTENT);
  return envelope;
}

Result<std::vector<std::string>> judge(Envelope envelope, std::string_view what) {
  if (envelope.status == "error") {
    return tl::unexpected<Error>(refusal(200, envelope.error, what));
  }
  if (envelope.status != "success" || !envelope.has_data) {
    return bad_json(what, "no status or no data");
  }
  return std::move(envelope.warnings);
}

/// The warnings of the answer.
template <typename OnData>
Result<std::vector<std::string>> read_answer(std::string body, std::string_view what,
                                             OnData on_data) {
  try {
    return judge(walk(body, on_data), what);
  } catch (const simdjson::simdjson_error& error) {
    return bad_json(what, error.what());
  }
}

/// As read_answer, for data that is gathered first.
template <typename T, typename OnData>
Result<Answer<T>> gather(std::string body, std::string_view what, OnData on_data) {
  Answer<T> answer;
  Result<std::vector<std::string>> warnings = read_answer(
      std::move(body), what, [&](ondemand::value& value) { on_data(value, answer.data); });
  if (!warnings) return tl::unexpected<Error>(warnings.error());
  answer.warnings = std::move(*warnings);
  return answer;
}

std::optional<double> float_of(ondemand::value value) {
  const std::string_view text = value.get_string();
  return parse_float(text);
}

/// The value of `[1700000000.123,"1.5"]`.
double value_of(ondemand::array pair) {
  std::optional<double> value;
  int at = 0;
  for (auto element : pair) {
    if (at == 1) value = float_of(element.value());
    ++at;
  }
  if (at != 2 || !value) refuse(simdjson::NUMBER_ERROR);
  return *value;
}

void read_series(ondemand::object series, SampleRuns& runs, ReadStats& stats) {
  bool has_labels = false;
  for (auto field : series) {
    const std::string_view key = field.unescaped_key();
    if (key == "metric") {
      runs.begin(labels_of(field.value().get_object()));
      has_labels = true;
    } else if (key == "values") {
      if (!has_labels || !add_pairs(array_text(field.value()), runs)) {
        refuse(simdjson::INCORRECT_TYPE);
      }
    } else if (key == "histograms") {
      ++stats.skipped_chunks;
    }
  }
  runs.end();
}

/// The elements of "result", each to `on_element`; fails where resultType is another.
template <typename OnElement>
void read_result(ondemand::value data, std::initializer_list<std::string_view> types,
                 OnElement on_element) {
  for (auto field : data.get_object()) {
    const std::string_view key = field.unescaped_key();
    ondemand::value value = field.value();
    if (key == "resultType") {
      const std::string_view type = value.get_string();
      if (std::find(types.begin(), types.end(), type) == types.end()) {
        refuse(simdjson::INCORRECT_TYPE);
      }
    } else if (key == "result" && !is_null(value)) {
      for (auto element : value.get_array()) on_element(element.value());
    }
  }
}

/// The rows of a body, one after another in the same memory.
///
/// Implementation details: simdjson's own memory for a document is about as large as the document,
/// and an answer for a cluster of 100,000 pods has 50 MB.
class Rows {
 public:
  /// Gives each row to `on_row`; what is left of the body has kTakenRow in their place.
  template <typename OnRow>
  std::string take(std::string& body, OnRow on_row) {
    if (!simdjson::validate_utf8(body)) body = mend_utf8(body);
    (void)padded(body);  // and so every row is
    return take_rows(body, [&](std::string_view row) {
      ondemand::document document = parser_.iterate(simdjson::padded_string_view(
          row.data(), row.size(), row.size() + simdjson::SIMDJSON_PADDING));
      on_row(document.get_object());
    });
  }

 private:
  ondemand::parser parser_{};
};

/// As read_answer, with the rows given to `on_row` before.
template <typename OnRow, typename OnData>
Result<std::vector<std::string>> read_rows(std::string body, std::string_view what, OnRow on_row,
                                           OnData on_rest) {
  try {
    Rows rows;
    std::string rest = rows.take(body, on_row);
    return judge(walk(rest, on_rest), what);
  } catch (const simdjson::simdjson_error& error) {
    return bad_json(what, error.what());
  }
}

/// What stands where a row was.
void expect_taken_row(ondemand::value element) {
  for (auto field : element.get_object()) {
    (void)field;
    refuse(simdjson::INCORRECT_TYPE);
  }
}

/// Entries without a value, which hold a native histogram, are passed over.
void visit_sample(ondemand::object entry, Labels& labels, const SampleVisitor& visit) {
  labels.clear();
  std::optional<double> value;
  for (auto field : entry) {
    const std::string_view key = field.unescaped_key();
    if (key == "metric") {
      read_labels(field.value().get_object(), {}, labels);
    } else if (key == "value") {
      value = value_of(field.value().get_array());
    }
  }
  if (value) visit(labels, *value);
}

/// A vector holds objects; a scalar is itself the pair of time and text.
void visit_scalar(ondemand::value element, const SampleVisitor& visit) {
  const ondemand::json_type type = element.type();
  if (type == ondemand::json_type::string) {
    const std::optional<double> value = float_of(element);
    if (!value) refuse(simdjson::NUMBER_ERROR);
    visit({}, *value);
  } else if (type != ondemand::json_type::number) {
    expect_taken_row(element);
  }
}

void read_fact(std::string_view key, ondemand::value value, BuildFacts& facts) {
  const auto text = [&] { return std::string(std::string_view(value.get_string())); };
  if (key == "application") facts.application = text();
  if (key == "version") facts.version = text();
  if (key == "revision") facts.revision = text();
}

}  // namespace

Result<std::vector<std::string>> visit_instant(std::string body, std::string_view what,
                                               const SampleVisitor& visit) {
  Labels labels;
  return read_rows(
      std::move(body), what, [&](ondemand::object entry) { visit_sample(entry, labels, visit); },
      [&](ondemand::value& data) {
        read_result(data, {"vector", "scalar"},
                    [&](ondemand::value element) { visit_scalar(element, visit); });
      });
}

Result<std::vector<std::string>> visit_label_sets(std::string body, std::string_view what,
                                                  LabelNames keep, const SeriesVisitor& visit) {
  Labels labels;
  return read_rows(
      std::move(body), what,
      [&](ondemand::object row) {
        labels.clear();
        read_labels(row, keep, labels);
        visit(labels);
      },
      [](ondemand::value& data) {
        if (is_null(data)) return;
        for (auto element : data.get_array()) expect_taken_row(element.value());
      });
}

Result<Answer<std::vector<std::string>>> read_strings(std::string body, std::string_view what) {
  return gather<std::vector<std::string>>(
      std::move(body), what,
      [](ondemand::value& data, std::vector<std::string>& out) { out = strings_of(data); });
}

Result<ReadStats> read_matrix(std::string body, TimeRange range, SeriesSink& sink,
                              std::string_view what) {
  SampleRuns runs(sink, range);
  ReadStats stats;
  Result<std::vector<std::string>> warnings =
      read_answer(std::move(body), what, [&](ondemand::value& data) {
        read_result(data, {"matrix"}, [&](ondemand::value element) {
          read_series(element.get_object(), runs, stats);
        });
      });
  if (!warnings) return tl::unexpected<Error>(warnings.error());
  stats += runs.stats();
  stats.warnings = std::move(*warnings);
  return stats;
}

Result<Answer<BuildFacts>> read_build_facts(std::string body, std::string_view what) {
  return gather<BuildFacts>(std::move(body), what, [](ondemand::value& data, BuildFacts& facts) {
    for (auto field : data.get_object()) {
      const std::string_view key = field.unescaped_key();
      read_fact(key, field.value(), facts);
    }
  });
}

std::string read_error_message(std::string body) {
  Envelope envelope;
  try {
    auto ignore = [](ondemand::value&) {};
    envelope = walk(body, ignore);
  } catch (const simdjson::simdjson_error&) {
    return {};
  }
  return envelope.error;
}

}  // namespace loadline
