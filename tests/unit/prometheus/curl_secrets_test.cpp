/// No secret in any error, nor in what is quoted of a server.
#include <string>
#include <vector>

#include "loadline/prometheus/curl_transport.hpp"
#include "support/catch.hpp"
#include "support/curl_fixture.hpp"
#include "support/matchers.hpp"
#include "support/tcp_server.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::After;
using test::contains;
using test::http_reply;
using test::TcpServer;
using test::TempDir;
using test::transport_to;

const HttpRequest kGet{.path = "/api/v1/labels"};

TEST_CASE("curl secrets: no error and no quoted body shows a secret, whatever the server echoes") {
  const TempDir dir;
  const std::string token = "tok-SECRET-0123456789";
  const std::string tenant = "tenant-SECRET-xyz";
  const std::string echo = "you sent " + token + " and " + tenant;
  const std::vector<test::Reply> replies = {
      {.after = After::kClose},
      {.after = After::kReset},
      {.bytes = echo, .after = After::kClose},
      {.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + echo, .after = After::kClose},
      {.bytes = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + echo + "\r\n",
       .after = After::kClose},
      {.bytes = http_reply("302 Found", "", "Location: http://x/" + token + "\r\n")},
      {.bytes = http_reply("401 Unauthorized", echo)},
      {.bytes = http_reply("500 Oops", echo + echo)},
      {.bytes = "HTTP/1.1 200 " + echo + "\r\n" + echo + "\r\n\r\n", .after = After::kClose},
      {.bytes = ""},
  };
  for (const auto& reply : replies) {
    INFO(reply.bytes);
    TcpServer server({reply});
    const auto transport = transport_to({.url = server.url(),
                                         .bearer_token_file = dir.write("token", token),
                                         .headers = {{"X-Scope-OrgID", tenant}},
                                         .request_timeout = Milliseconds(50)});
    const auto response = transport->send(kGet);
    const std::string shown = !response                 ? response.error().message
                              : response->status != 200 ? response->body
                                                        : "";
    CHECK_THAT(shown, !contains("SECRET"));
    REQUIRE_FALSE(server.requests().empty());
    CHECK(server.requests()[0].header("Authorization") == "Bearer " + token);
  }
}

TEST_CASE("curl secrets: an echoed password and its encoding are masked in the body") {
  const TempDir dir;
  TcpServer server({{.bytes = http_reply("403 Forbidden", "no: dTpzZWNyZXQxMjM0 secret1234 end")}});
  const auto response =
      transport_to({.url = server.url(),
                    .basic_auth_username = "u",
                    .basic_auth_password_file = dir.write("password", "secret1234")})
          ->send(kGet);
  CHECK(server.requests()[0].header("Authorization") == "Basic dTpzZWNyZXQxMjM0");
  CHECK(response->body == "no: <secret> <secret> end");
}

}  // namespace
}  // namespace loadline
