#include "publish/exposition.hpp"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

#include "support/catch.hpp"

namespace loadline::publish {
namespace {

std::string number(double value) {
  std::string text(kLongestNumber, '\0');
  text.resize(static_cast<std::size_t>(write_number(text.data(), value) - text.data()));
  return text;
}

TEST_CASE("numbers are spelled as shortly as reads back the same") {
  struct Row {
    double value;
    const char* expected;
  };
  const Row rows[] = {
      {0, "0"},
      {-0.0, "0"},
      {1, "1"},
      {-7, "-7"},
      {536870912, "536870912"},
      {9007199254740992.0, "9007199254740992"},
      {0.001, "0.001"},
      {0.01, "0.01"},
      {0.25, "0.25"},
      {0.999, "0.999"},
      {1.5, "1.5"},
      {12.345, "12.345"},
      {999999999.999, "999999999.999"},
      {0.1 + 0.2, "0.30000000000000004"},
      {-0.25, "-0.25"},
      {0.0005, "5e-04"},
      {5e-324, "5e-324"},
      {1e300, "1e+300"},
      {std::numeric_limits<double>::infinity(), "+Inf"},
      {-std::numeric_limits<double>::infinity(), "-Inf"},
      {std::numeric_limits<double>::quiet_NaN(), "NaN"},
  };
  for (const Row& row : rows) CHECK(number(row.value) == row.expected);
}

TEST_CASE("any finite number reads back to the last bit") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t bits = random();
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    if (value != value) continue;
    const double thousandths = static_cast<double>(bits % 100'000'000'000) / 1000;
    REQUIRE(std::strtod(number(value).c_str(), nullptr) == value);
    REQUIRE(std::strtod(number(thousandths).c_str(), nullptr) == thousandths);
  }
}

TEST_CASE("label values are escaped as both formats ask, and nothing else is touched") {
  struct Row {
    std::string value;
    std::string expected;
  };
  const Row rows[] = {
      {"", ""},
      {"checkout-api", "checkout-api"},
      {"a\\b", "a\\\\b"},
      {"a\"b", "a\\\"b"},
      {"a\nb", "a\\nb"},
      {"\\n", "\\\\n"},
      {"a\rb\tc\x1b", "a\rb\tc\x1b"},
      {std::string("a\0b", 3), std::string("a\0b", 3)},
      {"{,}=# ", "{,}=# "},
      {"\xe6\x97\xa5\xf0\x9f\x9a\xa2\xe2\x80\xae", "\xe6\x97\xa5\xf0\x9f\x9a\xa2\xe2\x80\xae"},
      {"a\xff\"", "a\xef\xbf\xbd\\\""},
      {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xe6\x97", "\xef\xbf\xbd\xef\xbf\xbd"},
      {"\xef\xbf\xbd", "\xef\xbf\xbd"},
  };
  for (const Row& row : rows) {
    std::string text = "before:";
    append_label_value(text, row.value);
    CHECK(text == "before:" + row.expected);
  }
}

std::string head_text(const FamilyHead& head, MetricsFormat format) {
  std::string text;
  const WritePiece write = [&text](std::string_view piece) {
    text += piece;
    return true;
  };
  PieceWriter out(write);
  write_head(out, head, format);
  out.finish();
  return text;
}

TEST_CASE("a family's head is as each format spells it") {
  struct Row {
    FamilyHead head;
    const char* text;
    const char* open_metrics;
  };
  const Row rows[] = {
      {{"a_bytes_total", "Help.", MetricKind::kCounter},
       "# HELP a_bytes_total Help.\n# TYPE a_bytes_total counter\n",
       "# HELP a_bytes Help.\n# TYPE a_bytes counter\n# UNIT a_bytes bytes\n"},
      {{"a_info", "Help.", MetricKind::kInfo},
       "# HELP a_info Help.\n# TYPE a_info gauge\n",
       "# HELP a Help.\n# TYPE a info\n"},
      {{"a_seconds", "Help.", MetricKind::kHistogram},
       "# HELP a_seconds Help.\n# TYPE a_seconds histogram\n",
       "# HELP a_seconds Help.\n# TYPE a_seconds histogram\n# UNIT a_seconds seconds\n"},
      {{"a_ratio", "Help.", MetricKind::kGauge},
       "# HELP a_ratio Help.\n# TYPE a_ratio gauge\n",
       "# HELP a_ratio Help.\n# TYPE a_ratio gauge\n# UNIT a_ratio ratio\n"},
      {{"megabytes", "Help.", MetricKind::kUnknown},
       "# HELP megabytes Help.\n# TYPE megabytes untyped\n",
       "# HELP megabytes Help.\n# TYPE megabytes unknown\n"},
  };
  for (const Row& row : rows) {
    CHECK(head_text(row.head, MetricsFormat::kText) == row.text);
    CHECK(head_text(row.head, MetricsFormat::kOpenMetrics) == row.open_metrics);
  }
}

TEST_CASE("pieces are whole together, near 100 KB each, and none is empty") {
  std::vector<std::size_t> sizes;
  std::string text;
  const WritePiece write = [&](std::string_view piece) {
    sizes.push_back(piece.size());
    text += piece;
    return true;
  };
  std::string expected;
  PieceWriter out(write);
  for (int i = 0; i < 5000; ++i) {
    const std::string line =
        std::to_string(i) + std::string(static_cast<std::size_t>(i % 200), '.');
    out.append(line);
    expected += line;
  }
  CHECK(out.finish());
  CHECK(text == expected);
  REQUIRE(sizes.size() > 2);
  for (std::size_t i = 0; i + 1 < sizes.size(); ++i) {
    CHECK(sizes[i] > 100'000);
    CHECK(sizes[i] <= 128 * 1024);
  }
  CHECK(sizes.back() > 0);
}

TEST_CASE("a text larger than the buffer goes through whole") {
  std::string text;
  const WritePiece write = [&text](std::string_view piece) {
    text += piece;
    return true;
  };
  PieceWriter out(write);
  const std::string large(1 << 20, 'x');
  out.append("a");
  write_sample(out, "m{", large, "} ", 2);
  out.append("b");
  CHECK(out.finish());
  CHECK(text == "am{" + large + "} 2\nb");
}

TEST_CASE("nothing is written, and no piece is empty, where there is nothing") {
  int calls = 0;
  const WritePiece write = [&calls](std::string_view /*piece*/) {
    ++calls;
    return true;
  };
  PieceWriter out(write);
  CHECK(out.finish());
  CHECK(calls == 0);
}

TEST_CASE("once the reader has gone it is asked no more") {
  int calls = 0;
  const WritePiece write = [&calls](std::string_view /*piece*/) {
    ++calls;
    return calls < 2;
  };
  PieceWriter out(write);
  for (int i = 0; i < 10'000; ++i) out.append(std::string(100, 'x'));
  CHECK(out.reader_gone());
  CHECK_FALSE(out.finish());
  CHECK(calls == 2);
}

}  // namespace
}  // namespace loadline::publish
