#include "prometheus/request_form.hpp"

#include <utility>

#include "loadline/prometheus/curl_transport.hpp"

namespace loadline {

Form& Form::add(std::string_view name, std::string_view value) {
  if (!text_.empty()) text_ += '&';
  text_ += url_encode(name) + "=" + url_encode(value);
  return *this;
}

std::string unix_seconds(TimePoint t) {
  const std::int64_t ms = to_unix_ms(t);
  const std::uint64_t magnitude =
      ms < 0 ? 0 - static_cast<std::uint64_t>(ms) : static_cast<std::uint64_t>(ms);
  std::string fraction = std::to_string(magnitude % 1000);
  fraction.insert(0, 3 - fraction.size(), '0');
  return (ms < 0 ? "-" : "") + std::to_string(magnitude / 1000) + "." + fraction;
}

HttpRequest post_form(std::string path, std::string form, std::size_t max_body_bytes) {
  HttpRequest request;
  request.method = HttpMethod::kPost;
  request.path = std::move(path);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
  request.body = std::move(form);
  request.max_body_bytes = max_body_bytes;
  return request;
}

}  // namespace loadline
