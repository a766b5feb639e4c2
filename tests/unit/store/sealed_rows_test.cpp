// Rows whose checksum is right and whose fields are not: what a bug or a hand would have written.
#include <limits>

#include "states.hpp"
#include "store/bounds_row.hpp"
#include "store/day_row.hpp"
#include "store/facts_row.hpp"
#include "store/row_checksum.hpp"
#include "store/run_row.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"

namespace loadline {
namespace {

const RunKey kRun{.id = {{1, 2, 3}}, .container_id = 9};

Track track_with(std::vector<Sample> tail) {
  return {.series = 5, .last_ms = 1'000, .previous_ms = 900, .tail = std::move(tail)};
}

Result<Run> through(const Track& cpu) {
  Run run{.pod = 77};
  run.tracks[Resource::kCpu] = cpu;
  return read_run_row(kRun, write_run_row(kRun, run));
}

/// A row of `usage_day` with this payload and a checksum that fits.
Result<StoredDays> day_with(std::string_view payload) {
  const DayKey key{.day = 20'416, .container_id = 7};
  ByteWriter out;
  for (const char byte : payload) out.byte(static_cast<std::uint8_t>(byte));
  return read_day_row(key, sealed(RowChecksum(Table::kUsageDay).add(row_key(key)), out));
}

}  // namespace

TEST_CASE("a run row gives back each track, never-read and full") {
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Track& track :
       {Track{}, Track{.series = UINT64_MAX}, track_with({}), track_with({{1'000, 0.1}}),
        track_with({{-5, -infinity}, {0, 5e-324}, {1'000, infinity}}),
        Track{.last_ms = INT64_MAX, .previous_ms = INT64_MIN + 1}}) {
    const auto run = through(track);
    REQUIRE(run.has_value());
    CHECK(run->tracks[Resource::kCpu] == track);
    CHECK(run->tracks[Resource::kMemory] == Track{});
    CHECK(run->pod == 77);
  }
}

TEST_CASE("a run row whose tail no reading can have left is refused") {
  for (const Track& track : {track_with({{1'001, 1}}), track_with({{5, 1}, {5, 2}}),
                             track_with({{6, 1}, {5, 2}}), Track{.tail = {{5, 1}}}}) {
    const auto run = through(track);
    REQUIRE_FALSE(run.has_value());
    CHECK(run.error().kind == ErrorKind::kCorrupt);
    CHECK_THAT(run.error().message, test::contains("order of time"));
  }
}

TEST_CASE("a run row that was changed or moved to another key is refused") {
  const std::string data = write_run_row(kRun, Run{.pod = 77});
  for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
    std::string flipped = data;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CHECK_FALSE(read_run_row(kRun, flipped).has_value());
  }
  CHECK_FALSE(read_run_row({.id = kRun.id, .container_id = 8}, data).has_value());
  CHECK_FALSE(read_run_row({.id = {{1, 2, 4}}, .container_id = 9}, data).has_value());
}

TEST_CASE("a day row whose fields do not fit is refused, whatever its checksum says") {
  using namespace std::string_view_literals;
  const std::string_view empty_day = "\x01\x00\x00\x00\x00\x00\x01\x01"sv;
  CHECK(day_with(empty_day).has_value());
  for (const std::string_view payload :
       {""sv, "\x00"sv, "\x04"sv, "\xff"sv, "\x01"sv, "\x01\x00\x00\x00\x00\x00\x00"sv,
        "\x01\x00\x00\x00\x00\x00\x01\x02"sv, "\x01\x00\x00\x00\x00\x00\x01\x01\x00"sv,
        "\x03\x00\x00\x00\x00\x00\x01\x01"sv, "\x01\x00\x00\x00\x00\x00\xff\xff\xff\xff\x0f"sv,
        "\x01\x80\x80\x80\x80\x10\x00\x00\x00\x00\x01\x01"sv,
        "\x01\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80"sv}) {
    CAPTURE(payload.size());
    const auto day = day_with(payload);
    REQUIRE_FALSE(day.has_value());
    CHECK(day.error().kind == ErrorKind::kCorrupt);
  }
}

TEST_CASE("a workload's facts come back, and not under another name") {
  test::RandomStates random(3);
  for (int i = 0; i < 20; ++i) {
    const test::Everything all = random.state(1);
    const auto& [key, facts] = *all.workloads.begin();
    const std::string data = write_facts_row(key, facts);
    CHECK(read_facts_row(key, data) == facts);
    WorkloadKey other = key;
    other.kind += "x";
    CHECK_FALSE(read_facts_row(other, data).has_value());
    // Two columns with the same letters between them are two keys.
    other = key;
    other.name = key.kind + key.name;
    other.kind = "";
    CHECK_FALSE(read_facts_row(other, data).has_value());
  }
}

TEST_CASE(
    "facts that nobody told of cost nothing, and rows of schema version 1 are rows of today") {
  const WorkloadKey key{"", "shop", "Deployment", "web"};
  WorkloadFacts facts{.live_pods = 3, .containers = {{"app", {.current_known = true}}}};
  facts.containers["app"].current[Resource::kCpu].request = 1.5;
  // As docs/storage_format.md has it: 3 pods, 1 container, its name, its type, bits, the request.
  ByteWriter first;
  first.varint(3).varint(1).text("app").byte(0).byte(16 | 1).real(1.5);
  const std::size_t bytes = first.bytes().size() + 4;
  const std::string row = write_facts_row(key, facts);
  CHECK(row.size() == bytes);
  CHECK(row.substr(0, bytes - 4) == first.bytes());
  CHECK(read_facts_row(key, row) == facts);
}

TEST_CASE("a workload row whose fields do not fit is refused, whatever its checksum says") {
  const WorkloadKey key{"", "shop", "Deployment", "web"};
  const auto read = [&](ByteWriter payload) {
    const RowChecksum seal = RowChecksum(Table::kWorkload)
                                 .add(key.cluster)
                                 .add(key.namespace_name)
                                 .add(key.kind)
                                 .add(key.name);
    return read_facts_row(key, sealed(seal, payload));
  };
  const auto container = [](unsigned bits) {
    ByteWriter row;
    row.varint(0).varint(1).text("app").byte(0).byte(static_cast<std::uint8_t>(bits));
    return row;
  };
  CHECK(read(container(0)).has_value());
  CHECK(read(container(32).byte(1).varint(7)).has_value());
  CHECK(read(container(0).byte(2).text("web")).has_value());
  CHECK_FALSE(read(container(64)).has_value());
  CHECK_FALSE(read(container(32).byte(0)).has_value());
  CHECK_FALSE(read(container(32).byte(16)).has_value());
  CHECK_FALSE(read(container(32).byte(1).varint(std::uint64_t{1} << 32)).has_value());
  CHECK_FALSE(read(container(32).byte(2).varint(std::uint64_t{1} << 32).zigzag(0)).has_value());
  CHECK_FALSE(read(container(32)).has_value());
  CHECK_FALSE(read(container(0).byte(0).text("")).has_value());
  CHECK_FALSE(read(container(0).byte(4).text("web")).has_value());
  CHECK_FALSE(read(container(0).byte(1)).has_value());
}

TEST_CASE("bounds come back, a flipped bit does not") {
  ClusterFacts facts;
  NamespaceFacts& shop = facts.namespaces[{"eu", std::string("sh\0p", 4)}];
  shop.bounds[Resource::kMemory] = {.least = 1, .most_ratio = 4};
  shop.quota_left[Resource::kCpu] = {.limit = 0.0};
  facts.namespaces[{"", ""}] = {};
  facts.largest_nodes["eu"] = {{15.5, std::nullopt}};
  const std::string data = write_bounds_row(facts);
  CHECK(read_bounds_row(kBoundsName, data) == facts);
  CHECK(read_bounds_row(kBoundsName, write_bounds_row({})) == ClusterFacts{});
  CHECK_FALSE(read_bounds_row(kHeaderName, data).has_value());
  for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
    std::string flipped = data;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CHECK_FALSE(read_bounds_row(kBoundsName, flipped).has_value());
  }
}

TEST_CASE("a bounds row whose fields do not fit is refused, whatever its checksum says") {
  const auto read = [](ByteWriter payload) {
    return read_bounds_row(kBoundsName,
                           sealed(RowChecksum(Table::kMeta).add(kBoundsName), payload));
  };
  CHECK(read(ByteWriter().varint(0).varint(0)).has_value());
  CHECK_FALSE(read(ByteWriter().varint(1)).has_value());
  CHECK_FALSE(read(ByteWriter().varint(0).varint(0).byte(0)).has_value());
  CHECK_FALSE(
      read(ByteWriter().varint(1).text("").text("a").byte(32).byte(0).varint(0)).has_value());
  CHECK_FALSE(read(ByteWriter().varint(0).varint(1).text("").byte(4)).has_value());
  CHECK_FALSE(read(ByteWriter().varint(UINT64_MAX)).has_value());
  CHECK_FALSE(read(ByteWriter()
                       .varint(2)
                       .text("")
                       .text("a")
                       .byte(0)
                       .byte(0)
                       .text("")
                       .text("a")
                       .byte(0)
                       .byte(0)
                       .varint(0))
                  .has_value());
}

TEST_CASE("the header comes back, a flipped bit does not") {
  const StateHeader header{.fingerprint = std::string("a\0b", 3),
                           .scrape_interval = Milliseconds(15'000),
                           .first_day = -3,
                           .complete_up_to = from_unix_ms(1'764'001'257'123)};
  const std::string data = write_header_row(header);
  CHECK(read_header_row(kHeaderName, data) == header);
  CHECK_FALSE(read_header_row("other", data).has_value());
  for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
    std::string flipped = data;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CHECK_FALSE(read_header_row(kHeaderName, flipped).has_value());
  }
}

}  // namespace loadline
