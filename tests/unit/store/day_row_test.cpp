#include "store/day_row.hpp"

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "support/catch.hpp"

namespace loadline {
namespace {

std::string hex(std::string_view bytes) {
  std::string text;
  char buffer[4];
  for (const char byte : bytes) {
    std::snprintf(buffer, sizeof buffer, "%02x ", static_cast<unsigned>(byte) & 0xFFU);
    text += buffer;
  }
  if (!text.empty()) text.pop_back();
  return text;
}

/// The example of docs/storage_format.md: container 7 on 2025-11-24, three CPU values, no memory.
DayUsage example() {
  DayUsage day{.day = 20'416, .scrapes_seen = 300, .scrapes_expected = 301, .scrapes_carried = 0};
  day.first_ms = 20'416 * kMillisecondsPerDay + 1'000;
  day.last_ms = day.first_ms + 9'000'000;
  for (const double cores : {1.0, 1.0, 1.02}) day.sketch.add(cores);
  return day;
}
const DayKey kExampleKey{.day = 20'416, .container_id = 7};

/// The hexadecimal bytes before the words of each line of the example.
std::string bytes_of_document() {
  std::ifstream document(std::string(LOADLINE_SOURCE_DIR) + "/docs/storage_format.md");
  std::string bytes;
  bool in_example = false;
  for (std::string line; std::getline(document, line);) {
    if (line.starts_with("## ")) in_example = line == "## Example";
    if (!in_example || !line.starts_with("    ")) continue;
    std::istringstream words(line.substr(0, 30));
    for (std::string word; words >> word;) bytes += (bytes.empty() ? "" : " ") + word;
  }
  return bytes;
}

}  // namespace

TEST_CASE("a day row is written byte by byte as the document's example") {
  const DayUsage day = example();
  CHECK(row_key(kExampleKey) == 87'686'052'315'143);
  CHECK(hex(write_day_row(kExampleKey, {{&day, nullptr}})) == bytes_of_document());
}

TEST_CASE("the key of a row orders by day, then by container, before 1970 too") {
  const DayKey keys[] = {{-2, UINT32_MAX}, {-1, 0}, {-1, 1}, {0, 0}, {0, UINT32_MAX}, {1, 0}};
  for (std::size_t i = 0; i < std::size(keys); ++i) {
    CHECK(day_key(row_key(keys[i])) == keys[i]);
    if (i > 0) CHECK(row_key(keys[i - 1]) < row_key(keys[i]));
  }
}

TEST_CASE("a day row gives back either resource or both, extreme numbers too") {
  DayUsage odd{.day = INT32_MAX, .scrapes_seen = UINT32_MAX};
  odd.first_ms = INT64_MIN;
  odd.last_ms = INT64_MAX;
  DayUsage day = example();
  day.day = INT32_MAX;
  const DayKey key{.day = INT32_MAX, .container_id = 1};
  for (const DayPair& pair :
       {DayPair{{&odd, nullptr}}, DayPair{{nullptr, &day}}, DayPair{{&day, &odd}}}) {
    const auto read = read_day_row(key, write_day_row(key, pair));
    REQUIRE(read.has_value());
    for (const Resource resource : kResources) {
      REQUIRE((*read)[resource].has_value() == (pair[resource] != nullptr));
      if (pair[resource] != nullptr) CHECK(*(*read)[resource] == *pair[resource]);
    }
  }
}

TEST_CASE("a day row that was changed, cut or moved to another key is refused") {
  const DayUsage day = example();
  const std::string data = write_day_row(kExampleKey, {{&day, nullptr}});
  for (std::size_t bit = 0; bit < 8 * data.size(); ++bit) {
    std::string flipped = data;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CHECK_FALSE(read_day_row(kExampleKey, flipped).has_value());
  }
  for (std::size_t size = 0; size < data.size(); ++size)
    CHECK_FALSE(read_day_row(kExampleKey, data.substr(0, size)).has_value());
  CHECK_FALSE(read_day_row({.day = 20'417, .container_id = 7}, data).has_value());
  CHECK_FALSE(read_day_row({.day = 20'416, .container_id = 8}, data).has_value());
}

}  // namespace loadline
