#include "loadline/model/quantity.hpp"

#include <cmath>
#include <limits>

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("quantities are read as Kubernetes reads them") {
  struct Row {
    std::string_view text{};
    double amount = 0;
  };
  const Row row = GENERATE(values<Row>({{"0", 0},
                                        {"250m", 0.25},
                                        {"100m", 0.1},
                                        {"1500m", 1.5},
                                        {"2", 2},
                                        {"+2", 2},
                                        {"-2", -2},
                                        {"0.5", 0.5},
                                        {".5", 0.5},
                                        {"5.", 5},
                                        {"007", 7},
                                        {"1n", 1e-9},
                                        {"1u", 1e-6},
                                        {"3k", 3e3},
                                        {"3M", 3e6},
                                        {"3G", 3e9},
                                        {"3T", 3e12},
                                        {"3P", 3e15},
                                        {"3E", 3e18},
                                        {"1e3", 1e3},
                                        {"1E3", 1e3},
                                        {"1e+3", 1e3},
                                        {"12E-3", 0.012},
                                        {"1Ki", 1024},
                                        {"512Mi", 536'870'912},
                                        {"1.5Gi", 1'610'612'736},
                                        {"1Ti", 1'099'511'627'776},
                                        {"1Pi", 1'125'899'906'842'624},
                                        {"1Ei", 1'152'921'504'606'846'976},
                                        {"128974848", 128'974'848}}));
  CAPTURE(row.text);
  const auto amount = parse_quantity(row.text);
  REQUIRE(amount);
  CHECK(*amount == row.amount);
}

TEST_CASE("what is no quantity is refused and quoted") {
  const std::string_view text = GENERATE(values<std::string_view>(
      {"",    "m",   "-",     "+-1",   "1K",  "1mi",  "1 Mi", " 1",  "1 ",    "1.2.3",
       "1e",  "1e+", "1e-+3", "1Mib",  "1mm", "0x10", "nan",  "inf", "1e999", "1e99999999999",
       "1,5", ".",   "Mi",    "1e3Mi", "1\n"}));
  CAPTURE(text);
  const auto amount = parse_quantity(text);
  REQUIRE_FALSE(amount);
  CHECK(amount.error().kind == ErrorKind::kInvalidInput);
  CHECK(amount.error().message.find("not a quantity: \"") == 0);
}

TEST_CASE("a quantity of absurd length is refused without quoting all of it") {
  const auto amount = parse_quantity(std::string(100'000, '9'));
  REQUIRE_FALSE(amount);
  CHECK(amount.error().message.size() < 200);
}

TEST_CASE("cpu is written canonically, rounded up to millicores") {
  struct Row {
    double cores = 0;
    std::string_view text{};
  };
  const Row row = GENERATE(values<Row>({{0, "0"},
                                        {0.25, "250m"},
                                        {0.1 + 0.2, "300m"},
                                        {0.2501, "251m"},
                                        {0.0001, "1m"},
                                        {0.9999, "1"},
                                        {1, "1"},
                                        {1.5, "1500m"},
                                        {1.7 * 3, "5100m"},
                                        {64, "64"},
                                        {-1, "0"},
                                        {std::nan(""), "0"}}));
  CAPTURE(row.cores);
  CHECK(format_cpu(row.cores) == row.text);
}

TEST_CASE("memory is written with the largest binary suffix that leaves an integer") {
  struct Row {
    double bytes = 0;
    std::string_view text{};
  };
  const Row row = GENERATE(values<Row>({{0, "0"},
                                        {1'000, "1000"},
                                        {1'024, "1Ki"},
                                        {1'025, "1025"},
                                        {1'024.5, "1025"},
                                        {536'870'912, "512Mi"},
                                        {1'073'741'824, "1Gi"},
                                        {1'610'612'736, "1536Mi"},
                                        {1'099'511'627'776, "1Ti"},
                                        {1'125'899'906'842'624, "1Pi"},
                                        {1'152'921'504'606'846'976, "1Ei"},
                                        {-5, "0"},
                                        {std::nan(""), "0"}}));
  CAPTURE(row.bytes);
  CHECK(format_memory(row.bytes) == row.text);
}

TEST_CASE("no amount is too large to be written") {
  const double infinite = std::numeric_limits<double>::infinity();
  CHECK_FALSE(format_cpu(infinite).empty());
  CHECK_FALSE(format_memory(infinite).empty());
  CHECK(human_cores(infinite) == ">1e18");
  CHECK(human_bytes(-infinite) == "<-1e18Ei");
}

TEST_CASE("what is written canonically is read back the same") {
  for (int millicores = 1; millicores < 4'000; ++millicores) {
    const double cores = millicores / 1'000.0;
    if (*parse_quantity(format_cpu(cores)) != cores) FAIL(millicores);
  }
  for (double mebibytes = 1; mebibytes < 5'000; ++mebibytes) {
    const double bytes = mebibytes * 1'048'576;
    if (*parse_quantity(format_memory(bytes)) != bytes) FAIL(mebibytes);
  }
}

TEST_CASE("amounts for people have three significant digits") {
  struct Row {
    double amount = 0;
    std::string_view cores{};
    std::string_view bytes{};
  };
  const Row row = GENERATE(values<Row>({{0, "0", "0"},
                                        {0.12, "0.12", "0.12"},
                                        {0.1234, "0.123", "0.123"},
                                        {0.000012345, "0.0000123", "0.0000123"},
                                        {3.4, "3.4", "3.4"},
                                        {3.456, "3.46", "3.46"},
                                        {9.999, "10", "10"},
                                        {128, "128", "128"},
                                        {1'023.4, "1023", "1023"},
                                        {1'023.6, "1024", "1Ki"},
                                        {1'234.4, "1234", "1.21Ki"},
                                        {96 * 1'048'576.0, "100663296", "96Mi"},
                                        {1.4 * 1'073'741'824.0, "1503238554", "1.4Gi"},
                                        {-3.4, "-3.4", "-3.4"},
                                        {-0.0, "0", "0"},
                                        {1e-12, "0", "0"},
                                        {std::nan(""), "0", "0"}}));
  CAPTURE(row.amount);
  CHECK(human_cores(row.amount) == row.cores);
  CHECK(human_bytes(row.amount) == row.bytes);
}
