#include "prometheus/pieces.hpp"

#include "support/catch.hpp"
#include "support/fake_transport.hpp"

using namespace loadline;

namespace {

/// Records the pieces asked for; refuses those longer than `longest`.
struct Server {
  Milliseconds longest{1'000'000};
  std::vector<TimeRange> read{};
  int refused = 0;

  Result<ReadStats> operator()(TimeRange piece) {
    if (piece.length() > longest) {
      ++refused;
      return fail(ErrorKind::kTooLarge, "too many samples");
    }
    read.push_back(piece);
    return ReadStats{.samples = 1, .requests = 1};
  }
};

TimeRange range(std::int64_t start_ms, std::int64_t end_ms) {
  return {from_unix_ms(start_ms), from_unix_ms(end_ms)};
}

Result<ReadStats> read(Server& server, TimeRange whole, int length_ms, int floor_ms) {
  return read_in_pieces(whole, Milliseconds(length_ms), Milliseconds(floor_ms), std::ref(server));
}

}  // namespace

TEST_CASE("a piece holds about max_samples, and at least ten scrapes") {
  const PieceLimits limits{.max_samples = 1000, .scrape_interval = Milliseconds(30'000)};
  CHECK(piece_length(1, limits) == Milliseconds(1000 * 30'000));
  CHECK(piece_length(10, limits) == Milliseconds(100 * 30'000));
  CHECK(piece_length(1'000'000, limits) == Milliseconds(10 * 30'000));
  CHECK(piece_length(0, limits) == piece_length(1, limits));
  CHECK(piece_length(1, {.max_samples = UINT64_MAX}) <= std::chrono::days(366));
  CHECK(piece_length(1, {.max_samples = 10, .scrape_interval = Milliseconds(0)}) > Milliseconds(0));
}

TEST_CASE("the body limit grows with the series and stays bounded") {
  const PieceLimits limits{};
  CHECK(piece_body_bytes(1, limits) < 20U << 20);
  CHECK(piece_body_bytes(100'000, limits) > 100'000 * (10 * 40 + 500));
  CHECK(piece_body_bytes(UINT32_MAX, limits) == 256U << 20);
}

TEST_CASE("pieces touch, ascend and cover the range exactly") {
  Server server;
  const auto stats = read(server, range(5, 35), 10, 1);
  REQUIRE(stats);
  CHECK(server.read == std::vector<TimeRange>{range(5, 15), range(15, 25), range(25, 35)});
  CHECK(stats->samples == 3);
  CHECK(stats->requests == 3);
  Server uneven;
  REQUIRE(read(uneven, range(0, 25), 10, 1));
  CHECK(uneven.read == std::vector<TimeRange>{range(0, 10), range(10, 20), range(20, 25)});
}

TEST_CASE("an empty range has no pieces") {
  Server server;
  CHECK(read(server, range(5, 5), 10, 1).value().requests == 0);
  CHECK(read(server, range(5, 4), 10, 1).value().requests == 0);
  CHECK(server.read.empty());
}

TEST_CASE("a refused piece is halved, and so are those after it") {
  Server server{.longest = Milliseconds(30)};
  REQUIRE(read(server, range(0, 100), 100, 1));
  CHECK(server.read ==
        std::vector<TimeRange>{range(0, 25), range(25, 50), range(50, 75), range(75, 100)});
  CHECK(server.refused == 2);
}

TEST_CASE("at one scrape interval the refusal is passed on, with advice") {
  Server server{.longest = Milliseconds(5)};
  const auto stats = read(server, range(0, 100), 100, 20);
  REQUIRE_FALSE(stats);
  CHECK(stats.error().kind == ErrorKind::kTooLarge);
  CHECK(stats.error().message.find("too many samples") != std::string::npos);
  CHECK(stats.error().message.find("select fewer series") != std::string::npos);
  CHECK(server.refused <= 4);
}

TEST_CASE("any other failure ends the read at once") {
  int calls = 0;
  const auto stats = read_in_pieces(range(0, 100), Milliseconds(10), Milliseconds(1),
                                    [&](TimeRange) -> Result<ReadStats> {
                                      ++calls;
                                      return fail(ErrorKind::kUnreachable, "down");
                                    });
  CHECK(stats.error() == Error{ErrorKind::kUnreachable, "down"});
  CHECK(calls == 1);
}

TEST_CASE("series are counted in the index, or guessed where it cannot be asked") {
  struct Row {
    test::CannedAnswer answer{};
    std::uint64_t series = 0;
  };
  const std::vector<Row> rows = {
      {{.body = R"({"status":"success","data":[{"a":"1"},{"a":"2"}]})"}, 2},
      {{.status = 404}, 1000},
      {{.status = 400, .body = "no"}, 1000},
      {{.status = 422, .body = "too many"}, 100'000}};
  for (const Row& row : rows) {
    test::FakeTransport http;
    http.on("/api/v1/series", row.answer);
    QueryApi api(http, {});
    CHECK(estimate_series(api, {{}, range(0, 10)}) == row.series);
  }
  test::FakeTransport down;
  QueryApi api(down, {});
  CHECK(estimate_series(api, {{}, range(0, 10)}).error().kind == ErrorKind::kUnreachable);
}

TEST_CASE("a request to stop ends the reading: nothing is halved or asked for again") {
  int asked = 0;
  const auto stats = read_in_pieces(range(0, 100), Milliseconds(50), Milliseconds(1),
                                    [&asked](TimeRange) -> Result<ReadStats> {
                                      ++asked;
                                      return fail(ErrorKind::kCancelled, "stopped");
                                    });
  REQUIRE_FALSE(stats);
  CHECK(stats.error() == Error{ErrorKind::kCancelled, "stopped"});
  CHECK(asked == 1);
}

TEST_CASE("a request to stop while series are counted is no guess") {
  test::FakeTransport http;
  http.on("/api/v1/series", {.error = Error{ErrorKind::kCancelled, "stopped"}});
  QueryApi api(http, {});
  const auto count = estimate_series(api, {.range = range(0, 100)});
  REQUIRE_FALSE(count);
  CHECK(count.error() == Error{ErrorKind::kCancelled, "stopped"});
}
