/// What the writers of metrics said, as text, and its lines.
#pragma once

#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/publish/self_metrics.hpp"

namespace loadline::test {

inline std::string metrics_text(const Report& report, MetricsFormat format) {
  std::string text;
  write_recommendation_metrics(report, format, [&text](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

inline std::string metrics_text(const SelfMetrics& metrics, MetricsFormat format) {
  std::string text;
  metrics.write(format, [&text](std::string_view piece) {
    text += piece;
    return true;
  });
  return text;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

/// The lines that begin with `begin`, each with its newline.
inline std::string lines_with(const std::string& text, std::string_view begin) {
  std::string found;
  for (const std::string& line : lines_of(text)) {
    if (line.starts_with(begin)) found += line + '\n';
  }
  return found;
}

}  // namespace loadline::test
