/// What the tests of the HTTP transport share.
#pragma once

#include <cstdlib>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "loadline/prometheus/curl_transport.hpp"
#include "support/catch.hpp"

namespace loadline::test {

/// The proxies of whoever runs the tests are none of the tests' business.
inline void forget_proxies() {
  for (const char* name : {"http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                           "no_proxy", "NO_PROXY"}) {
    ::unsetenv(name);
  }
}

inline std::unique_ptr<HttpTransport> transport_to(const Access& access) {
  forget_proxies();
  auto transport = make_curl_transport(access);
  INFO((transport ? "" : transport.error().message));
  REQUIRE(transport);
  return std::move(*transport);
}

/// Records what it is given, and fails where told.
class RecordingSink final : public BodySink {
 public:
  std::optional<Error> start_error{};
  std::optional<Error> data_error{};
  bool throws = false;

  int starts = 0;
  int calls = 0;
  HttpResponse head{};
  std::string body{};

  Result<void> on_start(const HttpResponse& response) override {
    ++starts;
    head = response;
    if (start_error) return tl::unexpected<Error>(*start_error);
    return {};
  }
  Result<void> on_data(std::span<const std::byte> data) override {
    ++calls;
    if (throws) throw std::bad_alloc();
    if (data_error) return tl::unexpected<Error>(*data_error);
    body.append(reinterpret_cast<const char*>(data.data()), data.size());
    return {};
  }
};

inline Error send_error(HttpTransport& transport, const HttpRequest& request) {
  const auto response = transport.send(request);
  REQUIRE_FALSE(response);
  return response.error();
}
inline Error stream_error(HttpTransport& transport, const HttpRequest& request) {
  RecordingSink sink;
  const auto response = transport.stream(request, sink);
  REQUIRE_FALSE(response);
  return response.error();
}

}  // namespace loadline::test
