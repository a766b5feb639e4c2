/// What make_curl_transport accepts and refuses.
#include <string>
#include <vector>

#include "loadline/prometheus/curl_transport.hpp"
#include "prometheus/curl_endpoint.hpp"
#include "support/catch.hpp"
#include "support/curl_fixture.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

using test::contains;
using test::starts_with;
using test::TempDir;

std::string refusal_of(const Access& access) {
  const auto transport = make_curl_transport(access);
  if (transport) return "accepted";
  CHECK(transport.error().kind == ErrorKind::kInvalidInput);
  return transport.error().message;
}

TEST_CASE("curl settings: a URL is taken apart into what libcurl gets and what errors show") {
  struct Row {
    std::string url{};
    std::string base{};
  };
  for (const Row& row :
       std::vector<Row>{{"http://localhost:9090", "http://localhost:9090"},
                        {"http://localhost:9090/", "http://localhost:9090"},
                        {"https://mimir.example/prometheus/", "https://mimir.example/prometheus"},
                        {"HTTP://[::1]:9090/x", "http://[::1]:9090/x"},
                        {"http://k8s/api/v1/namespaces/m/services/p:9090/proxy",
                         "http://k8s/api/v1/namespaces/m/services/p:9090/proxy"}}) {
    const auto endpoint = make_endpoint({.url = row.url});
    REQUIRE(endpoint);
    CHECK(endpoint->base == row.base);
    CHECK(endpoint->display == row.base);
    CHECK(endpoint->host_header.empty());
    CHECK(endpoint->connect_to.empty());
  }
}

TEST_CASE("curl settings: URLs that cannot serve are refused with the reason") {
  struct Row {
    std::string url{};
    std::string message{};
  };
  for (const Row& row : std::vector<Row>{
           {"",
            "prometheus.url is not set; give --prometheus http://HOST:9090 or set it in the "
            "configuration file"},
           {"localhost:9090",
            "prometheus.url localhost:9090 is not a URL; write http://HOST:PORT or "
            "https://HOST/PREFIX"},
           {"prometheus",
            "prometheus.url prometheus is not a URL; write http://HOST:PORT or "
            "https://HOST/PREFIX"},
           {"ftp://host/x", "prometheus.url ftp://host/x must begin with http:// or https://"},
           {"file:///etc/passwd",
            "prometheus.url file:///etc/passwd must begin with http:// or https://"},
           {"http://host:9090?a=b",
            "prometheus.url http://host:9090 must not have a query or fragment; end it before "
            "'?' or '#'"},
           {"http://host/#/graph",
            "prometheus.url http://host/ must not have a query or fragment; end it before '?' or "
            "'#'"},
           {"http://host:99999",
            "prometheus.url http://host:99999 is not a URL; write http://HOST:PORT or "
            "https://HOST/PREFIX"},
           {"http://ho st/",
            "prometheus.url http://ho st/ is not a URL; write http://HOST:PORT or "
            "https://HOST/PREFIX"},
           {"http://host/api/v1/",
            "prometheus.url http://host/api/v1/ must end before /api/v1; loadline appends that "
            "itself"}}) {
    CHECK(refusal_of({.url = row.url}) == row.message);
  }
}

TEST_CASE("curl settings: credentials in a URL are refused and not shown") {
  for (const std::string url :
       {"http://user:hidden@host/", "https://hidden@host", "http://user:hid/den@host:1/",
        "http://user:hidden?x@host", "user:hidden@host:9090", "ftp://user:hidden@host",
        "http://user:hidden@@host", "http://us er:hidden@host", "http://a\nb:hidden@host"}) {
    const std::string message = refusal_of({.url = url});
    CHECK(message != "accepted");
    CHECK_THAT(message, !contains("hid"));
  }
  CHECK(refusal_of({.url = "http://user:hidden@host/"}) ==
        "prometheus.url http://host/ must not hold credentials; set "
        "prometheus.basic_auth.username and prometheus.basic_auth.password_file (or "
        "prometheus.bearer_token_file)");
}

TEST_CASE("curl settings: the server name replaces the host for TLS alone") {
  struct Row {
    std::string url{};
    std::string base{};
    std::string host_header{};
    std::string connect_to{};
  };
  for (const Row& row : std::vector<Row>{
           {"https://10.0.0.1:9090/p", "https://prom.internal:9090/p", "Host: 10.0.0.1:9090",
            "::10.0.0.1:9090"},
           {"https://gateway", "https://prom.internal", "Host: gateway", "::gateway:443"},
           {"https://[::1]", "https://prom.internal", "Host: [::1]", "::[::1]:443"},
           {"http://gateway:80", "http://gateway:80", "", ""}}) {
    const auto endpoint = make_endpoint({.url = row.url, .server_name = "prom.internal"});
    REQUIRE(endpoint);
    CHECK(endpoint->base == row.base);
    CHECK(endpoint->display == row.url);
    CHECK(endpoint->host_header == row.host_header);
    CHECK(endpoint->connect_to == row.connect_to);
  }
  for (const std::string name : {"a/b", "https://a", "a:1", "a b", "u@a", "a?x"}) {
    CHECK_THAT(refusal_of({.url = "https://h", .server_name = name}),
               contains("is not a host name"));
  }
}

TEST_CASE("curl settings: NO_PROXY goes by the real host where a server name is set") {
  struct Row {
    std::string no_proxy{};
    bool bypasses = false;
  };
  for (const Row& row : std::vector<Row>{{"", false},
                                         {"*", true},
                                         {"gw.corp.example", true},
                                         {"a.b, .corp.example", true},
                                         {"corp.example,x", true},
                                         {"orp.example", false},
                                         {"prom.internal", false},
                                         {",,", false}}) {
    test::forget_proxies();
    ::setenv("NO_PROXY", row.no_proxy.c_str(), 1);
    const auto endpoint =
        make_endpoint({.url = "https://gw.corp.example", .server_name = "prom.internal"});
    CHECK(endpoint->bypasses_proxy == row.bypasses);
  }
  test::forget_proxies();
}

TEST_CASE("curl settings: a proxy that is none is refused without its password") {
  CHECK(refusal_of({.url = "http://h", .proxy_url = "http://u:hidden@proxy:3128"}) == "accepted");
  CHECK(refusal_of({.url = "http://h", .proxy_url = "proxy:3128"}) == "accepted");
  CHECK(refusal_of({.url = "http://h", .proxy_url = "socks5h://proxy"}) == "accepted");
  CHECK(refusal_of({.url = "http://h", .proxy_url = "http://u:hidden@pro xy"}) ==
        "prometheus.proxy_url http://pro xy is not a URL; write http://HOST:PORT");
}

TEST_CASE("curl settings: headers that would break the request are refused, values unseen") {
  struct Row {
    std::string name{};
    std::string value{};
    std::string says{};
  };
  for (const Row& row :
       std::vector<Row>{{"X-Scope-OrgID", "team a", "accepted"},
                        {"X-Empty", "", "accepted"},
                        {"X-A", "hidden\r\nX-B: 1", "the value of X-A holds a line break"},
                        {"X-A", "hidden\n", "the value of X-A holds a line break"},
                        {"X-A", std::string("hid\0den", 7), "the value of X-A holds a line break"},
                        {"X-A: 1\r\nX-B", "hidden", "a name is not a header name"},
                        {"", "hidden", "a name is not a header name"},
                        {"X A", "hidden", "a name is not a header name"},
                        {"X:", "hidden", "a name is not a header name"},
                        {"content-LENGTH", "0", "content-LENGTH is set by loadline itself"},
                        {"Host", "other", "Host is set by loadline itself"}}) {
    const std::string message = refusal_of({.url = "http://h", .headers = {{row.name, row.value}}});
    CHECK_THAT(message, contains(row.says));
    CHECK_THAT(message, !contains("hid"));
  }
}

TEST_CASE("curl settings: there is one way of authentication, complete") {
  const TempDir dir;
  const std::string file = dir.write("secret", "hidden");
  const std::string url = "http://h";
  CHECK(refusal_of({.url = url, .basic_auth_username = "u"}) == "accepted");
  CHECK(refusal_of({.url = url, .headers = {{"Authorization", "Bearer x"}}}) == "accepted");
  CHECK_THAT(refusal_of({.url = url, .bearer_token_file = file, .basic_auth_username = "u"}),
             starts_with("more than one way of authentication is set"));
  CHECK_THAT(
      refusal_of(
          {.url = url, .bearer_token_file = file, .headers = {{"authorization", "Bearer hidden"}}}),
      starts_with("more than one way of authentication is set"));
  CHECK_THAT(refusal_of({.url = url, .basic_auth_password_file = file}),
             contains("without prometheus.basic_auth.username"));
  CHECK_THAT(refusal_of({.url = url, .basic_auth_username = "a:b"}), contains("must not hold ':'"));
}

TEST_CASE("curl settings: files that cannot be read are named with their setting") {
  const TempDir dir;
  const std::string none = dir.path("none");
  const std::string some = dir.write("some", "x");
  const std::string url = "https://h";
  const std::string missing = none + ": No such file or directory; check prometheus.";
  CHECK(refusal_of({.url = url, .bearer_token_file = none}) ==
        "cannot use " + missing + "bearer_token_file");
  CHECK(refusal_of({.url = url, .basic_auth_username = "u", .basic_auth_password_file = none}) ==
        "cannot use " + missing + "basic_auth.password_file");
  CHECK(refusal_of({.url = url, .ca_file = none}) == "cannot read " + missing + "tls.ca_file");
  CHECK(refusal_of({.url = url, .client_certificate_file = none, .client_key_file = some}) ==
        "cannot read " + missing + "tls.client_certificate_file");
  CHECK(refusal_of({.url = url, .client_certificate_file = some, .client_key_file = none}) ==
        "cannot read " + missing + "tls.client_key_file");
  CHECK_THAT(refusal_of({.url = url, .client_certificate_file = some}),
             contains("set both or neither"));
  CHECK_THAT(refusal_of({.url = url, .client_key_file = some}), contains("set both or neither"));
}

TEST_CASE("curl settings: a time-out of nothing is refused") {
  CHECK(refusal_of({.url = "http://h", .connect_timeout = Milliseconds(0)}) ==
        "prometheus.timeouts.connect must be over 0; e.g. 30s");
  CHECK(refusal_of({.url = "http://h", .request_timeout = Milliseconds(-1)}) ==
        "prometheus.timeouts.request must be over 0; e.g. 30s");
  CHECK(refusal_of({.url = "http://h", .stall_timeout = Milliseconds(0)}) ==
        "prometheus.timeouts.stall must be over 0; e.g. 30s");
}

}  // namespace
}  // namespace loadline
