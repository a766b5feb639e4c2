/// The server over real sockets: what the library must let through, and what it must not.
#include "loadline/service/web.hpp"

#include <chrono>

#include "support/catch.hpp"
#include "support/http_client.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"
#include "web_fixture.hpp"

namespace loadline {
namespace {

using test::get;
using test::HttpClient;
using test::HttpResponse;

HttpResponse raw(int port, std::string_view bytes, test::Body body = test::Body::kExpected) {
  HttpClient client(port);
  client.send(bytes);
  return client.read_response(body);
}

std::string refusal(const WebOptions& options) {
  test::World world;
  const auto server = start_web(options, world.view());
  REQUIRE_FALSE(server);
  CHECK(server.error().kind == ErrorKind::kInvalidInput);
  return server.error().message;
}

}  // namespace

TEST_CASE("requests of every kind get the status that they deserve") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  const auto server = test::started(world, test::on_free_port());
  const std::string end = " HTTP/1.1\r\nHost: x\r\n\r\n";
  const std::string big(20'000, 'a');
  struct Case {
    std::string bytes{};
    int status = 0;
  };
  const std::vector<Case> cases{
      {"GET /healthz" + end, 200},
      {"GET /readyz" + end, 200},
      {"GET /metrics" + end, 200},
      {"GET /" + end, 200},
      {"GET /?namespace=shop" + end, 200},
      {"GET /api/v1/status" + end, 200},
      {"GET /api/v1/recommendations?format=csv" + end, 200},
      {"GET /api/v1/recommendations?colour=blue" + end, 400},
      {"GET /nowhere" + end, 404},
      {"GET /api/../metrics" + end, 404},
      {"GET /%2e%2e/%2e%2e/etc/passwd" + end, 404},
      {"GET /../../etc/passwd" + end, 404},
      {"GET /%0d%0aSet-Cookie:%20a=b" + end, 404},
      {"GET /%6detrics" + end, 200},
      {"GET /metrics%00" + end, 404},
      {"GET /healthz?" + std::string(9'000, 'q') + end, 414},
      {"GET /healthz?" + std::string(8'000, 'q') + end, 200},
      {"POST /metrics" + end, 405},
      {"OPTIONS /metrics HTTP/1.1\r\nHost: x\r\nOrigin: http://x\r\n"
       "Access-Control-Request-Method: GET\r\n\r\n",
       405},
      {"PUT /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 413},
      {"GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc", 413},
      {"POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 413},
      {"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 200},
      {"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", 411},
      {"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + big + "\r\n\r\n", 400},
      {"GET /healthz?" + big + end, 400},
      {"FETCH /healthz" + end, 400},
      {"\x01\x02\xff\r\n\r\n", 400},
      {"GET /healthz HTTP/2.0\r\n\r\n", 505},
      {"GET /healthz HTTP/1.0\r\n\r\n", 200},
  };
  for (const Case& one : cases) {
    CAPTURE(one.bytes.substr(0, 60));
    const HttpResponse response = raw(server->port(), one.bytes);
    CHECK(response.status == one.status);
    CHECK(response.complete);
    CHECK(response.header("X-Content-Type-Options") == "nosniff");
    CHECK(response.header("Set-Cookie").empty());
    CHECK(response.header("Server").empty());
    CHECK(response.body.find("aaaa") == std::string::npos);
  }
}

TEST_CASE("one connection serves several requests, pipelined ones in their order") {
  test::World world;
  const auto server = test::started(world, test::on_free_port());
  HttpClient client(server->port());
  client.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.read_response().status == 200);
  CHECK(client.read_response().status == 404);
  client.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.read_response().complete);
  client.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(client.read_response().header("Connection") == "close");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("bytes behind a refused body are no request") {
  test::World world;
  const auto server = test::started(world, test::on_free_port());
  HttpClient client(server->port());
  client.send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
      "0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.read_response().status >= 400);
  CHECK(client.read_to_end().empty());
}

TEST_CASE("HEAD gets the head alone and leaves the connection usable") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  const auto server = test::started(world, test::on_free_port());
  HttpClient client(server->port());
  for (const std::string path :
       {"/", "/metrics", "/healthz", "/api/v1/status", "/api/v1/recommendations", "/nowhere"}) {
    CAPTURE(path);
    client.send("HEAD " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const HttpResponse head = client.read_response(test::Body::kNone);
    client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    const HttpResponse whole = client.read_response();
    CHECK(head.status == whole.status);
    CHECK(head.header("Content-Type") == whole.header("Content-Type"));
    CHECK(whole.complete);
  }
}

TEST_CASE("an unchanged report answers 304 without a body") {
  test::World world;
  world.board.publish(test::snapshot_of(test::three_rows()));
  const auto server = test::started(world, test::on_free_port());
  const std::string etag = get(server->port(), "/api/v1/recommendations").header("ETag");
  HttpClient client(server->port());
  for (int i = 0; i < 2; ++i) {
    client.send("GET /api/v1/recommendations HTTP/1.1\r\nHost: x\r\nIf-None-Match: " + etag +
                "\r\n\r\n");
    const HttpResponse response = client.read_response();
    CHECK(response.status == 304);
    CHECK(response.header("ETag") == etag);
    CHECK(response.header("Content-Length").empty());
  }
}

TEST_CASE("large answers come in chunks, or whole to HTTP/1.0, byte by byte the same") {
  test::World world;
  world.board.publish(test::snapshot_of(
      std::vector<Recommendation>(3'000, test::row("shop", "Deployment", "cart", "app"))));
  const auto server = test::started(world, test::on_free_port());
  for (const std::string path : {"/api/v1/recommendations", "/?format=csv", "/"}) {
    CAPTURE(path);
    const HttpResponse chunked = get(server->port(), path);
    CHECK(chunked.complete);
    CHECK(chunked.chunks > 1);
    const HttpResponse plain = raw(server->port(), "GET " + path + " HTTP/1.0\r\n\r\n");
    CHECK(plain.header("Transfer-Encoding").empty());
    CHECK(plain.header("Connection") == "close");
    CHECK(plain.body == chunked.body);
  }
  const HttpResponse metrics =
      get(server->port(), "/metrics", "Accept: application/openmetrics-text;version=1.0.0\r\n");
  CHECK(metrics.complete);
  CHECK(metrics.chunks > 1);
  CHECK_THAT(metrics.body, test::ends_with("\n# EOF\n"));
  CHECK_THAT(metrics.header("Content-Type"), test::starts_with("application/openmetrics-text"));
}

TEST_CASE("the file of passwords guards the port") {
  const test::TempDir dir;
  test::World world;
  WebOptions options = test::on_free_port();
  options.basic_auth_file = dir.write("p", "ann:secret\n");
  const auto server = test::started(world, options);
  CHECK(get(server->port(), "/healthz").status == 200);
  CHECK(get(server->port(), "/readyz").status == 503);
  const HttpResponse refused = get(server->port(), "/metrics");
  CHECK(refused.status == 401);
  CHECK(refused.header("WWW-Authenticate") == "Basic realm=\"loadline\"");
  const char* const known = "Authorization: Basic YW5uOnNlY3JldA==\r\n";
  CHECK(get(server->port(), "/metrics", known).status == 200);
  dir.write("p", "ann:other\n");
  CHECK(get(server->port(), "/metrics", known).status == 401);
}

TEST_CASE("requests are counted under few words") {
  test::World world;
  const auto server = test::started(world, test::on_free_port());
  get(server->port(), "/healthz");
  get(server->port(), "/evil-a");
  get(server->port(), "/evil-b");
  raw(server->port(), "garbage\r\n\r\n");
  // Counted once the answer has been sent: a request later, those before it are there.
  std::string text;
  for (int i = 0; i < 1000 && text.find("code=\"400\"") == std::string::npos; ++i) {
    text = get(server->port(), "/metrics").body;
  }
  CHECK_THAT(text,
             test::contains("loadline_http_requests_total{code=\"200\",handler=\"healthz\"} 1"));
  CHECK_THAT(text,
             test::contains("loadline_http_requests_total{code=\"404\",handler=\"other\"} 2"));
  CHECK_THAT(text,
             test::contains("loadline_http_requests_total{code=\"400\",handler=\"other\"} 1"));
  CHECK(text.find("evil") == std::string::npos);
}

TEST_CASE("an address that cannot be used is refused with the setting and the next step") {
  struct Case {
    const char* listen = "";
    const char* message = "";
  };
  const std::vector<Case> cases{
      {"", "has no port"},
      {"nowhere", "has no port"},
      {"9804", "has no port"},
      {"example.org:80", "names no IPv4 address"},
      {"1.2.3.4.5:80", "names no IPv4 address"},
      {"127.0.0.1:", "no port from 0 to 65535"},
      {"127.0.0.1:65536", "no port from 0 to 65535"},
      {"127.0.0.1:80s", "no port from 0 to 65535"},
      {"127.0.0.1:-1", "no port from 0 to 65535"},
      {"127.0.0.1:1,127.0.0.1:2", "IPv6"},
      {"127.0.0.1,x:2", "names no IPv4 address"},
      {"[::]:80", "IPv6"},
      {"::1:80", "IPv6"},
      {"192.0.2.1:9804", "no such address"},
  };
  for (const Case& one : cases) {
    CAPTURE(one.listen);
    const std::string message = refusal({.listen = one.listen, .limits = {.workers = 2}});
    CHECK_THAT(message, test::contains("serve.listen"));
    CHECK_THAT(message, test::contains(one.message));
  }
}

TEST_CASE("a port that is taken is named") {
  test::World world;
  const auto server = test::started(world, test::on_free_port());
  const std::string taken = "127.0.0.1:" + std::to_string(server->port());
  const std::string message = refusal({.listen = taken, .limits = {.workers = 2}});
  CHECK_THAT(message, test::contains("cannot listen on " + taken + " (serve.listen): Address"));
  CHECK_THAT(message, test::contains("choose another port"));
}

TEST_CASE("a file of passwords that cannot be used stops the start") {
  WebOptions options = test::on_free_port();
  options.basic_auth_file = "/nonexistent/passwords";
  CHECK_THAT(refusal(options), test::contains("serve.basic_auth_file"));
}

TEST_CASE("localhost and an empty host are addresses") {
  test::World world;
  WebOptions options = test::on_free_port();
  for (const char* const listen : {"localhost:0", ":0"}) {
    options.listen = listen;
    CHECK(get(test::started(world, options)->port(), "/healthz").status == 200);
  }
}

TEST_CASE("the server stops although clients hold connections") {
  test::World world;
  world.board.publish(test::snapshot_of(
      std::vector<Recommendation>(20'000, test::row("shop", "Deployment", "cart", "app"))));
  auto server = test::started(world, test::on_free_port({.request_timeout = Milliseconds(60'000),
                                                         .keep_alive = Milliseconds(60'000)}));
  const HttpClient silent(server->port());
  const HttpClient half(server->port());
  half.send("GET /healthz HTTP/1.1\r\nHo");
  HttpClient idle(server->port());
  idle.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(idle.read_response().status == 200);
  const HttpClient stalled(server->port(), 4096);
  stalled.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_FALSE(stalled.read_some(100).empty());
  const auto start = std::chrono::steady_clock::now();
  server.reset();
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(20));
}

}  // namespace loadline
