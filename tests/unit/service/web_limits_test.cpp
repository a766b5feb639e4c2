/// Clients that are slow, greedy or many must not keep the others from an answer. Nothing here is
/// timed: each test waits for an answer or an event, up to a generous end.
#include <chrono>
#include <thread>
#include <vector>

#include "loadline/service/web.hpp"
#include "support/catch.hpp"
#include "support/http_client.hpp"
#include "support/matchers.hpp"
#include "web_fixture.hpp"

namespace loadline {
namespace {

using test::get;
using test::HttpClient;

constexpr const char* kHalfRequest = "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Half: ";
constexpr int kTinyBuffer = 4096;

/// More than sockets buffer: its answers stand still until they are read.
std::shared_ptr<const Snapshot> large_snapshot() {
  return test::snapshot_of(
      std::vector<Recommendation>(20'000, test::row("shop", "Deployment", "cart", "app")));
}

/// A client that asks, sees that the answer has begun, and reads no further.
HttpClient greedy(int port, const std::string& path) {
  HttpClient client(port, kTinyBuffer);
  client.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE_THAT(client.read_some(12), test::contains("200"));
  return client;
}

template <typename Condition>
bool comes_true(Condition condition) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

}  // namespace

TEST_CASE("of the dear answers only so many are under way, each kind for itself") {
  test::World world;
  world.board.publish(large_snapshot());
  const auto server = test::started(
      world, test::on_free_port(
                 {.max_metrics = 1, .max_reports = 2, .request_timeout = Milliseconds(60'000)}));
  const int port = server->port();
  {
    const HttpClient first = greedy(port, "/metrics");
    const test::HttpResponse refused = get(port, "/metrics");
    CHECK(refused.status == 503);
    CHECK(refused.header("Retry-After") == "2");
    CHECK_THAT(refused.body, test::contains("too many"));
    const HttpClient page = greedy(port, "/");
    const HttpClient report = greedy(port, "/api/v1/recommendations?namespace=*");
    CHECK(get(port, "/?format=csv").status == 503);
    CHECK(get(port, "/healthz").status == 200);
    CHECK(get(port, "/api/v1/status").status == 200);
    CHECK(get(port, "/api/v1/recommendations?colour=1").status == 400);
  }
  CHECK(comes_true([port] { return get(port, "/metrics").status == 200; }));
  CHECK(comes_true([port] { return get(port, "/?format=csv").status == 200; }));
  CHECK_THAT(world.self_metrics(), test::contains("code=\"503\",handler=\"metrics\""));
  CHECK_THAT(world.self_metrics(), test::contains("code=\"499\",handler=\"metrics\""));
}

TEST_CASE("a reader that takes nothing is dropped and counted") {
  test::World world;
  world.board.publish(large_snapshot());
  const auto server =
      test::started(world, test::on_free_port({.request_timeout = Milliseconds(300)}));
  const HttpClient client = greedy(server->port(), "/metrics");
  CHECK(comes_true([&world] {
    return world.self_metrics().find("\nloadline_http_rejected_total 1\n") != std::string::npos;
  }));
  CHECK(client.is_reset());
  CHECK_THAT(world.self_metrics(), test::contains("code=\"499\",handler=\"metrics\"} 1"));
}

TEST_CASE("a reader that takes too little at a time is dropped too") {
  test::World world;
  world.board.publish(large_snapshot());
  const auto server =
      test::started(world, test::on_free_port({.request_timeout = Milliseconds(10'000),
                                               .slow_after = Milliseconds(500),
                                               .min_bytes_per_second = std::size_t{1} << 30}));
  const HttpClient client = greedy(server->port(), "/metrics");
  // Reads slower than a gigabyte a second, but always moves.
  CHECK(comes_true([&client, &world] {
    const bool is_open = !client.read_some(1024).empty();
    return !is_open ||
           world.self_metrics().find("\nloadline_http_rejected_total 1\n") != std::string::npos;
  }));
  CHECK_THAT(world.self_metrics(), test::contains("\nloadline_http_rejected_total 1\n"));
}

TEST_CASE("clients that send half a request and clients that never read leave health alone") {
  test::World world;
  world.board.publish(large_snapshot());
  const auto server = test::started(world, {.listen = "127.0.0.1:0"});
  std::vector<HttpClient> clients;
  for (int i = 0; i < 200; ++i) {
    clients.emplace_back(server->port());
    clients.back().send(kHalfRequest);
  }
  for (int i = 0; i < 50; ++i) {
    clients.emplace_back(server->port(), kTinyBuffer);
    clients.back().send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
  }
  for (int i = 0; i < 20; ++i) CHECK(get(server->port(), "/healthz").status == 200);
  CHECK(get(server->port(), "/readyz").status == 200);
}

TEST_CASE("more silent clients than threads delay an answer, but do not prevent it") {
  test::World world;
  const auto server = test::started(
      world,
      {.listen = "127.0.0.1:0", .limits = {.workers = 4, .request_timeout = Milliseconds(300)}});
  std::vector<HttpClient> clients;
  for (int i = 0; i < 40; ++i) {
    clients.emplace_back(server->port());
    clients.back().send(i % 2 == 0 ? kHalfRequest : "");
  }
  CHECK(get(server->port(), "/healthz").status == 200);
}

TEST_CASE("a body that drips holds nobody: the connection closes with the refusal") {
  test::World world;
  const auto server =
      test::started(world, test::on_free_port({.request_timeout = Milliseconds(60'000)}));
  for (const char* const framing : {"Content-Length: 1000000", "Transfer-Encoding: chunked"}) {
    CAPTURE(framing);
    HttpClient client(server->port());
    client.send("POST /metrics HTTP/1.1\r\nHost: x\r\n" + std::string(framing) + "\r\n\r\n");
    const test::HttpResponse response = client.read_response();
    CHECK(response.status == 413);
    CHECK(response.header("Connection") == "close");
    CHECK(client.read_to_end().empty());
  }
}

TEST_CASE("connections are not kept once half of the threads are taken") {
  test::World world;
  const auto server = test::started(
      world,
      {.listen = "127.0.0.1:0", .limits = {.workers = 4, .keep_alive = Milliseconds(60'000)}});
  std::vector<HttpClient> clients;
  std::vector<std::string> answers;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back(server->port());
    clients.back().send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
    answers.push_back(clients.back().read_response().header("Connection"));
  }
  CHECK(answers == std::vector<std::string>{"", "", "close"});
}

}  // namespace loadline
