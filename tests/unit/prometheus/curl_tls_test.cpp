/// TLS against `openssl s_server`; skipped with a line where there is no openssl command.
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/curl_fixture.hpp"
#include "support/matchers.hpp"
#include "support/tcp_server.hpp"
#include "support/temp_dir.hpp"
#include "support/tls_server.hpp"

namespace loadline {
namespace {

using test::contains;
using test::make_certificate;
using test::send_error;
using test::starts_with;
using test::TempDir;
using test::TlsServer;
using test::transport_to;

const HttpRequest kGet{.path = "/"};

/// A certificate for prom.internal and one for a client, in a directory of their own.
struct Certificates {
  TempDir dir{};
  std::string server = dir.path("server.pem");
  std::string server_key = dir.path("server.key");
  std::string client = dir.path("client.pem");
  std::string client_key = dir.path("client.key");
  bool made = make_certificate("prom.internal", server, server_key) &&
              make_certificate("loadline.client", client, client_key);

  [[nodiscard]] std::vector<std::string> options() const {
    return {"-cert", server, "-key", server_key};
  }
};

bool skips() {
  if (test::has_openssl()) return false;
  WARN("skipped: the openssl command is not installed");
  return true;
}

TEST_CASE("curl TLS: a certificate of an unknown CA is refused and ca_file named") {
  if (skips()) return;
  const Certificates certificates;
  const TlsServer server(certificates.options());
  REQUIRE(server.port() != 0);
  const Error error =
      send_error(*transport_to({.url = server.url(), .server_name = "prom.internal"}), kGet);
  CHECK(error.kind == ErrorKind::kInvalidInput);
  CHECK_THAT(error.message, starts_with("GET " + server.url() +
                                        "/: the server's certificate is not "
                                        "trusted ("));
  CHECK_THAT(error.message, contains("set prometheus.tls.ca_file to the CA that signed it"));
}

TEST_CASE("curl TLS: with its CA a certificate for another name is refused, server_name named") {
  if (skips()) return;
  const Certificates certificates;
  const TlsServer server(certificates.options());
  const Error error =
      send_error(*transport_to({.url = server.url(), .ca_file = certificates.server}), kGet);
  CHECK(error.kind == ErrorKind::kInvalidInput);
  CHECK_THAT(error.message, contains("prometheus.tls.server_name to the name that it was "
                                     "issued for"));
}

TEST_CASE("curl TLS: with its CA and the server name the connection stands, SNI sent") {
  if (skips()) return;
  const Certificates certificates;
  auto options = certificates.options();
  // The server hangs up on any other server name.
  for (const std::string& word :
       {std::string("-servername"), std::string("prom.internal"), std::string("-servername_fatal"),
        std::string("-cert2"), certificates.server, std::string("-key2"),
        certificates.server_key}) {
    options.push_back(word);
  }
  const TlsServer server(options);
  const auto response =
      transport_to(
          {.url = server.url(), .ca_file = certificates.server, .server_name = "prom.internal"})
          ->send(kGet);
  INFO((response ? "" : response.error().message));
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK_THAT(response->body, contains("TLSv1.3"));
  CHECK_FALSE(transport_to({.url = server.url(),
                            .server_name = "other.internal",
                            .tls_verification = TlsVerification::kOff})
                  ->send(kGet));
}

TEST_CASE("curl TLS: without verification any certificate passes") {
  if (skips()) return;
  const Certificates certificates;
  const TlsServer server(certificates.options());
  CHECK(transport_to({.url = server.url(), .tls_verification = TlsVerification::kOff})
            ->send(kGet)
            ->status == 200);
}

TEST_CASE("curl TLS: a client certificate is presented where it is set, and missed where not") {
  if (skips()) return;
  const Certificates certificates;
  auto options = certificates.options();
  for (const std::string& word :
       {std::string("-CAfile"), certificates.client, std::string("-Verify"), std::string("1"),
        std::string("-verify_return_error")}) {
    options.push_back(word);
  }
  const TlsServer server(options);
  Access access{
      .url = server.url(), .ca_file = certificates.server, .server_name = "prom.internal"};
  CHECK_FALSE(transport_to(access)->send(kGet));
  access.client_certificate_file = certificates.client;
  access.client_key_file = certificates.client_key;
  const auto response = transport_to(access)->send(kGet);
  INFO((response ? "" : response.error().message));
  REQUIRE(response);
  CHECK_THAT(response->body, contains("loadline.client"));
}

TEST_CASE("curl TLS: the two schemes taken for each other are told from other failures") {
  if (skips()) return;
  test::TcpServer plain({{.bytes = test::http_reply("400 Bad Request", "")}});
  const std::string url = "https://127.0.0.1:" + std::to_string(plain.port());
  // The handshake is no request that the plain server would ever answer.
  const Error error =
      send_error(*transport_to({.url = url, .connect_timeout = Milliseconds(100)}), kGet);
  CHECK(error.kind == ErrorKind::kUnreachable);
  CHECK_THAT(error.message, starts_with("GET " + url + "/: no connection within 100ms"));
  const Certificates certificates;
  const TlsServer tls(certificates.options());
  const Error reply = send_error(*transport_to({.url = "http" + tls.url().substr(5)}), kGet);
  CHECK(reply.kind == ErrorKind::kUnreachable);
}

TEST_CASE("curl TLS: files that are no PEM are said to be none") {
  if (skips()) return;
  const Certificates certificates;
  const TlsServer server(certificates.options());
  const std::string junk = certificates.dir.write("junk", "not a certificate");
  const Error ca = send_error(*transport_to({.url = server.url(), .ca_file = junk}), kGet);
  CHECK(ca.kind == ErrorKind::kInvalidInput);
  CHECK_THAT(ca.message, contains("check that prometheus.tls.ca_file holds PEM certificates"));
  const Error client = send_error(
      *transport_to(
          {.url = server.url(), .client_certificate_file = junk, .client_key_file = junk}),
      kGet);
  CHECK(client.kind == ErrorKind::kInvalidInput);
  CHECK_THAT(client.message, contains("cannot use the client certificate"));
}

}  // namespace
}  // namespace loadline
