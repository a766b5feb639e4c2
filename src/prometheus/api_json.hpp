/// The JSON bodies of the query API, parsed: `{"status": "success", "data": ..., "warnings":
/// [...]}`, keys in any order, unknown keys ignored ("infos" of Prometheus 3 among them).
///
/// Bodies are taken by value because the parser pads them. What was visited before an error or a
/// refusal turned up counts for nothing. `what` names the request in errors.
/// Failures: kCorrupt for bytes that are no such answer, or what server_error.hpp says for
/// `"status": "error"`. Nothing throws. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loadline/prometheus/query_api.hpp"

namespace loadline {

template <typename T>
struct Answer {
  T data{};
  std::vector<std::string> warnings{};
};

/// A vector, or a scalar as one sample without labels, each sample visited as it is parsed; entries
/// that hold a native histogram are left out. Returns the warnings.
Result<std::vector<std::string>> visit_instant(std::string body, std::string_view what,
                                               const SampleVisitor& visit);
/// What /series answers, each label set visited as it is parsed, with just the labels in `keep`
/// (empty: all). Returns the warnings.
Result<std::vector<std::string>> visit_label_sets(std::string body, std::string_view what,
                                                  LabelNames keep, const SeriesVisitor& visit);
/// What /label/<name>/values answers.
Result<Answer<std::vector<std::string>>> read_strings(std::string body, std::string_view what);
/// A matrix, each series with samples inside `range` handed to `sink` as it is parsed. Warnings,
/// samples and series are counted in the answer; native histograms as skipped_chunks.
Result<ReadStats> read_matrix(std::string body, TimeRange range, SeriesSink& sink,
                              std::string_view what);

struct BuildFacts {
  std::string application{};
  std::string version{};
  std::string revision{};
};
Result<Answer<BuildFacts>> read_build_facts(std::string body, std::string_view what);

/// The "error" of an error body, whatever its status; empty where there is none.
std::string read_error_message(std::string body);

}  // namespace loadline
