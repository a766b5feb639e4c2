/// What Prometheus' API answers, from rows stated as data, and what it was asked.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/prometheus/query_api.hpp"
#include "support/fake_transport.hpp"

namespace loadline::test {

inline std::string json_of(const Labels& labels) {
  std::string json = "{";
  for (const auto& [name, value] : labels.pairs()) {
    if (json.size() > 1) json += ",";
    json += "\"" + name + "\":\"" + value + "\"";
  }
  return json + "}";
}

inline CannedAnswer success(const std::string& data) {
  return {.body = R"({"status":"success","data":)" + data + "}"};
}

inline CannedAnswer series_answer(const std::vector<Labels>& rows) {
  std::string json = "[";
  for (const Labels& row : rows) json += (json.size() > 1 ? "," : "") + json_of(row);
  return success(json + "]");
}

inline CannedAnswer vector_answer(const std::vector<InstantSample>& samples) {
  std::string json = R"({"resultType":"vector","result":[)";
  std::string separator;
  for (const InstantSample& sample : samples) {
    json += separator + R"({"metric":)" + json_of(sample.labels) + R"(,"value":[1700086399.999,")" +
            std::to_string(sample.value) + "\"]}";
    separator = ",";
  }
  return success(json + "]}");
}

/// Everything not said before is empty, as without kube-state-metrics.
inline void answer_rest_empty(FakeTransport& http) {
  http.on("/api/v1/series", series_answer({}));
  http.on("/api/v1/query", vector_answer({}));
}

inline std::vector<std::string> asked(const FakeTransport& http, std::string_view path,
                                      const std::string& name) {
  std::vector<std::string> values;
  for (const HttpRequest& request : http.requests()) {
    if (request.path == path) values.push_back(parameter(request, name));
  }
  return values;
}

inline std::size_t count_containing(const std::vector<std::string>& texts, std::string_view part) {
  return static_cast<std::size_t>(std::count_if(
      texts.begin(), texts.end(),
      [part](const std::string& text) { return text.find(part) != std::string::npos; }));
}

}  // namespace loadline::test
