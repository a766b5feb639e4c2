#include "loadline/prometheus/retrying_transport.hpp"

#include <chrono>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/fake_transport.hpp"

namespace loadline {
namespace {

using test::CannedAnswer;
using test::FakeTransport;

/// A world in which every wait is recorded and chance is what the test says.
struct FakeWorld {
  double chance = 0.5;
  std::vector<Milliseconds> waits{};
  std::vector<std::string> reasons{};

  RetryWorld world() {
    return {[this](Milliseconds wait) { waits.push_back(wait); }, [this] { return chance; },
            [this](std::string_view reason, Milliseconds) { reasons.emplace_back(reason); }};
  }
};

using Waits = std::vector<Milliseconds>;

const HttpRequest kQuery{.method = HttpMethod::kPost, .path = "/q", .body = "query=up"};

Error broken() {
  return {ErrorKind::kUnreachable, "POST http://p/q: the connection broke"};
}

/// `failures` answers of this kind, then a good one.
void fail_first(FakeTransport& http, int failures, CannedAnswer answer) {
  answer.times = failures;
  http.on("/q", answer);
  http.on("/q", {.body = "good"});
}

TEST_CASE("retry: a connection that breaks is tried again until it answers") {
  FakeTransport http;
  fail_first(http, 2, {.error = broken()});
  FakeWorld world;
  RetryingTransport retrying(http, {}, world.world());
  CHECK(retrying.send(kQuery)->body == "good");
  CHECK(http.requests().size() == 3);
  CHECK(http.requests()[2] == kQuery);
  CHECK(retrying.requests() == 3);
  CHECK(retrying.retries() == 2);
}

TEST_CASE("retry: waits double from the initial to the longest, drawn from their upper half") {
  struct Row {
    double chance = 0;
    Waits waits{};
  };
  const std::vector<Row> rows = {
      {0.0, Waits{Milliseconds(50), Milliseconds(100), Milliseconds(200), Milliseconds(250),
                  Milliseconds(250)}},
      {0.5, Waits{Milliseconds(75), Milliseconds(150), Milliseconds(300), Milliseconds(375),
                  Milliseconds(375)}},
      {0.99, Waits{Milliseconds(99), Milliseconds(199), Milliseconds(398), Milliseconds(497),
                   Milliseconds(497)}}};
  for (const Row& row : rows) {
    FakeTransport http;
    http.on("/q", {.error = broken()});
    FakeWorld world{.chance = row.chance};
    RetryingTransport retrying(
        http, {.max_retries = 5, .initial = Milliseconds(100), .max = Milliseconds(500)},
        world.world());
    CHECK_FALSE(retrying.send(kQuery));
    CHECK(world.waits == row.waits);
  }
}

TEST_CASE("retry: a great number of retries does not overflow the wait") {
  FakeTransport http;
  http.on("/q", {.error = broken()});
  FakeWorld world;
  RetryingTransport retrying(http, {.max_retries = 200}, world.world());
  CHECK_FALSE(retrying.send(kQuery));
  CHECK(world.waits.size() == 200);
  CHECK(world.waits.back() == Milliseconds(11'250));
}

TEST_CASE("retry: when retries are used up the last error is returned with their number") {
  FakeTransport http;
  http.on("/q", {.error = broken()});
  FakeWorld world;
  RetryingTransport retrying(http, {.max_retries = 2}, world.world());
  const auto outcome = retrying.send(kQuery);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == ErrorKind::kUnreachable);
  CHECK(outcome.error().message == "POST http://p/q: the connection broke (3 attempts)");
  CHECK(http.requests().size() == 3);
}

TEST_CASE("retry: when retries are used up the last error status is returned as it is") {
  FakeTransport http;
  http.on("/q", {.status = 502, .body = "bad gateway"});
  FakeWorld world;
  RetryingTransport retrying(http, {.max_retries = 1}, world.world());
  const auto outcome = retrying.send(kQuery);
  CHECK(outcome->status == 502);
  CHECK(outcome->body == "bad gateway");
  CHECK(http.requests().size() == 2);
}

TEST_CASE("retry: no retries and fewer mean one attempt and a message without a number") {
  for (const int retries : {0, -1}) {
    FakeTransport http;
    http.on("/q", {.error = broken()});
    FakeWorld world;
    RetryingTransport retrying(http, {.max_retries = retries}, world.world());
    CHECK(retrying.send(kQuery).error() == broken());
    CHECK(world.waits.empty());
  }
}

TEST_CASE("retry: which answers are tried again") {
  struct Row {
    int status = 0;
    std::string body{};
    bool retried = false;
  };
  const std::vector<Row> rows = {
      {200, "", false},
      {400, "", false},
      {401, "", false},
      {403, "", false},
      {404, "", false},
      {422, R"({"errorType":"execution"})", false},
      {429, "", true},
      {500, "", true},
      {500, R"({"status":"error","errorType":"internal","error":"disk"})", true},
      {501, "", false},
      {502, "", true},
      {503, "", true},
      {503, R"({"status":"error","errorType":"unavailable","error":"starting"})", true},
      {503, R"({"status":"error","errorType":"timeout","error":"query timed out"})", false},
      {503, R"({"status": "error", "errorType" : "timeout"})", false},
      {503, R"({"status":"error","errorType":"canceled","error":"query was canceled"})", false},
      {500, R"({"errorType":"timeout"})", false},
      {504, R"({"errorType":"timeout"})", false},
      {500, "query processing would load too many samples into memory", false},
      {503, "Service Unavailable: timeout", true},
      {504, "<html>upstream request timeout</html>", true},
  };
  for (const Row& row : rows) {
    INFO(row.status << " " << row.body);
    FakeTransport http;
    fail_first(http, 1, {.status = row.status, .body = row.body});
    FakeWorld world;
    RetryingTransport retrying(http, {}, world.world());
    CHECK(retrying.send(kQuery)->status == (row.retried ? 200 : row.status));
    CHECK(http.requests().size() == (row.retried ? 2U : 1U));
  }
}

TEST_CASE("retry: which errors are tried again") {
  for (const ErrorKind kind : {ErrorKind::kInvalidInput, ErrorKind::kUnauthorized,
                               ErrorKind::kTooLarge, ErrorKind::kUnsupported, ErrorKind::kRejected,
                               ErrorKind::kCancelled, ErrorKind::kCorrupt, ErrorKind::kInternal}) {
    FakeTransport http;
    fail_first(http, 1, {.error = Error{kind, "no"}});
    FakeWorld world;
    RetryingTransport retrying(http, {}, world.world());
    CHECK(retrying.send(kQuery).error() == Error{kind, "no"});
    CHECK(world.waits.empty());
  }
}

TEST_CASE("retry: Retry-After is the least wait") {
  struct Row {
    Milliseconds asked{0};
    Milliseconds waited{0};
  };
  for (const Row& row :
       {Row{Milliseconds(7'000), Milliseconds(7'000)},
        Row{Milliseconds(60'000), Milliseconds(60'000)}, Row{Milliseconds(1), Milliseconds(375)}}) {
    FakeTransport http;
    fail_first(http, 1, {.status = 429, .retry_after = row.asked});
    FakeWorld world;
    RetryingTransport retrying(http, {}, world.world());
    CHECK(retrying.send(kQuery)->status == 200);
    CHECK(world.waits == Waits{row.waited});
  }
}

TEST_CASE("retry: a server that asks for a longer wait than allowed is given up on at once") {
  FakeTransport http;
  fail_first(http, 1, {.status = 429, .retry_after = Milliseconds(60'001)});
  FakeWorld world;
  RetryingTransport retrying(http, {}, world.world());
  CHECK(retrying.send(kQuery)->status == 429);
  CHECK(world.waits.empty());
}

TEST_CASE("retry: each retry is told, with what failed") {
  FakeTransport http;
  http.on("/q", {.error = broken(), .times = 1});
  fail_first(http, 1, {.status = 503});
  FakeWorld world;
  RetryingTransport retrying(http, {}, world.world());
  CHECK(retrying.send(kQuery)->body == "good");
  CHECK(world.reasons == std::vector<std::string>{"POST http://p/q: the connection broke",
                                                  "/q answered with status 503"});
}

TEST_CASE("retry: nobody needs to be told") {
  FakeTransport http;
  fail_first(http, 1, {.status = 503});
  FakeWorld world;
  RetryWorld silent = world.world();
  silent.on_retry = nullptr;
  RetryingTransport retrying(http, {}, silent);
  CHECK(retrying.send(kQuery)->body == "good");
}

/// Keeps the body of the latest attempt.
class KeepingSink final : public BodySink {
 public:
  int starts = 0;
  std::string body{};

  Result<void> on_start(const HttpResponse&) override {
    ++starts;
    body.clear();
    return {};
  }
  Result<void> on_data(std::span<const std::byte> data) override {
    body.append(reinterpret_cast<const char*>(data.data()), data.size());
    return {};
  }
};

TEST_CASE("retry: a stream that broke in the middle begins again and the sink is told") {
  FakeTransport http;
  http.on("/q", {.body = "0123456789", .chunk_bytes = 3, .break_after = 7, .times = 2});
  http.on("/q", {.body = "0123456789", .chunk_bytes = 3});
  FakeWorld world;
  RetryingTransport retrying(http, {}, world.world());
  KeepingSink sink;
  CHECK(retrying.stream(kQuery, sink)->status == 200);
  CHECK(sink.starts == 3);
  CHECK(sink.body == "0123456789");
  CHECK(world.waits.size() == 2);
}

class RefusingSink final : public BodySink {
 public:
  Result<void> on_start(const HttpResponse&) override {
    return fail(ErrorKind::kUnsupported, "not this type");
  }
  Result<void> on_data(std::span<const std::byte>) override { return {}; }
};

TEST_CASE("retry: what the sink refuses is not asked for again") {
  FakeTransport http;
  http.on("/q", {.body = "x"});
  FakeWorld world;
  RetryingTransport retrying(http, {}, world.world());
  RefusingSink sink;
  CHECK(retrying.stream(kQuery, sink).error() == Error{ErrorKind::kUnsupported, "not this type"});
  CHECK(http.requests().size() == 1);
}

TEST_CASE("retry: each attempt is told with its status, or 0 where it ended in an error") {
  FakeTransport http;
  http.on("/q", {.error = broken(), .times = 1});
  http.on("/q", {.body = "0123456789", .break_after = 7, .times = 1});
  fail_first(http, 1, {.status = 503});
  FakeWorld fake;
  RetryWorld world = fake.world();
  std::vector<int> told;
  world.on_attempt = [&](int status) { told.push_back(status); };
  RetryingTransport retrying(http, {}, world);
  KeepingSink sink;
  CHECK(retrying.stream(kQuery, sink)->status == 200);
  CHECK(told == std::vector<int>{0, 0, 503, 200});
}

// ---- stopping

TEST_CASE("retry: a stop during the wait ends it without another attempt") {
  FakeTransport http;
  http.on("/q", {.error = broken()});
  std::stop_source source;
  FakeWorld fake;
  RetryWorld world = fake.world();
  world.sleep = [&](Milliseconds) { source.request_stop(); };
  world.stop = source.get_token();
  RetryingTransport retrying(http, {}, world);
  const auto outcome = retrying.send(kQuery);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error() == Error{ErrorKind::kCancelled, "/q: stopped before an answer came"});
  CHECK(http.requests().size() == 1);
  CHECK(retrying.requests() == 1);
}

TEST_CASE("retry: after a stop no request is begun") {
  FakeTransport http;
  http.on("/q", {.body = "good"});
  std::stop_source source;
  source.request_stop();
  RetryingTransport retrying(http, {}, real_retry_world(source.get_token()));
  const auto outcome = retrying.send(kQuery);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind == ErrorKind::kCancelled);
  CHECK(http.requests().empty());
}

TEST_CASE("retry: the real sleep ends when a stop is requested") {
  std::stop_source source;
  const RetryWorld world = real_retry_world(source.get_token());
  const std::jthread stopper([&source] { source.request_stop(); });
  world.sleep(std::chrono::hours(1));
  world.sleep(std::chrono::hours(1));
  CHECK(source.stop_requested());
}

TEST_CASE("retry: the real world draws from 0 up to 1 and not always the same") {
  const RetryWorld world = real_retry_world();
  const double first = world.random();
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const double drawn = world.random();
    CHECK((drawn >= 0 && drawn < 1));
    differs = differs || drawn != first;
  }
  CHECK(differs);
}

}  // namespace
}  // namespace loadline
