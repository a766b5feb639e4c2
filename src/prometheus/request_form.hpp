/// Requests to the query API: percent-encoded parameters and times. Pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "loadline/model/time.hpp"
#include "loadline/prometheus/http.hpp"

namespace loadline {

/// `name=value&...`, for a query string and for a form body alike.
class Form {
 public:
  Form& add(std::string_view name, std::string_view value);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_{};
};

/// "1700000000.123": the only spelling that all backends read to the millisecond (VictoriaMetrics
/// loses one of RFC 3339's).
std::string unix_seconds(TimePoint t);
HttpRequest post_form(std::string path, std::string form, std::size_t max_body_bytes);

}  // namespace loadline
