#include "loadline/config/prices.hpp"

#include <fstream>

#include "loadline/config/config.hpp"
#include "support/catch.hpp"
#include "support/matchers.hpp"
#include "support/temp_dir.hpp"

namespace loadline {
namespace {

const std::string kBase = "currency: EUR\ncore_hour: 0.03\ngib_hour: 0.004\n";

TEST_CASE("a price file is read whole") {
  const auto book = parse_prices(kBase +
                                     "pool_label: cloud.google.com/gke-nodepool\npools:\n  spot: "
                                     "{core_hour: 0.01}\n  \"mem-*\": {gib_hour: 0.002}\n",
                                 "prices.yaml");
  REQUIRE(book.has_value());
  CHECK(book->currency == "EUR");
  CHECK(book->base == UnitPrices{0.03, 0.004});
  CHECK(book->pool_label == "label_cloud_google_com_gke_nodepool");
  CHECK(book->pools == std::vector<PoolPrices>{{"spot", {0.01, 0.004}}, {"mem-*", {0.03, 0.002}}});
}

TEST_CASE("pools may stand before the prices that they begin with") {
  const auto book =
      parse_prices("pools: {spot: {core_hour: 0.01}}\npool_label: pool\n" + kBase, "p");
  REQUIRE(book.has_value());
  CHECK(book->pools.front().prices == UnitPrices{0.01, 0.004});
}

TEST_CASE("labels are spelt as kube-state-metrics spells them") {
  struct Case {
    const char* configured;
    const char* label;
  };
  for (const Case& row : {Case{"pool", "label_pool"}, Case{"label_pool", "label_pool"},
                          Case{"eks.amazonaws.com/nodegroup", "label_eks_amazonaws_com_nodegroup"},
                          Case{"nodePool", "label_node_pool"}, Case{"a-b", "label_a_b"},
                          Case{"p\"} or vector(1)", "label_p___or_vector_1_"},
                          Case{"label_a) (up", "label_label_a___up"}}) {
    CAPTURE(row.configured);
    std::string quoted;
    for (const char* c = row.configured; *c != '\0'; ++c) {
      if (*c == '"') quoted += '\\';
      quoted += *c;
    }
    const auto book = parse_prices(kBase + "pool_label: \"" + quoted + "\"\n", "p");
    REQUIRE(book.has_value());
    CHECK(book->pool_label == row.label);
  }
}

TEST_CASE("a price file that is wrong says where and what would be right") {
  struct Case {
    std::string text;
    const char* says;
  };
  for (const Case& row :
       {Case{"", "p:1: prices: a map is expected"}, Case{"[1]", "a map is expected"},
        Case{"core_hour: 1\ngib_hour: 1\n", "currency: it is missing"},
        Case{"currency: EUR\ngib_hour: 1\n", "core_hour: it is missing"},
        Case{"currency: EUR\ncore_hour: 1\n", "gib_hour: it is missing"},
        Case{kBase + "core: 1\n", "p:4: core: unknown key"},
        Case{"currency: EUR\ncore_hour: -1\n", "p:2: core_hour: \"-1\" is no price"},
        Case{"currency: EUR\ncore_hour: 1e9\n", "no price from 0 to 10000"},
        Case{"currency: EUR\ncore_hour: nan\n", "p:2: core_hour"},
        Case{"currency: EUR\ncore_hour: [1]\n", "p:2: core_hour"},
        Case{"currency: \"\"\n", "currency: a short text"},
        Case{"currency: \"E\\x1b[2J\"\n", "currency: a short text"},
        Case{"currency: aaaaaaaaaaaaaaaaaaaaaaaa\n", "currency: a short text"},
        Case{kBase + "pools: {spot: {core_hour: 1}}\n", "set pool_label"},
        Case{kBase + "pool_label: pool\npools: [spot]\n", "p:5: pools: a map"},
        Case{kBase + "pool_label: pool\npools: {spot: 3}\n", "pools.spot: a map"},
        Case{kBase + "pool_label: pool\npools: {spot: {cores: 3}}\n", "pools.spot.cores: unknown"},
        Case{kBase + "pool_label: pool\npools: {spot: {core_hour: x}}\n",
             "pools.spot.core_hour"}}) {
    CAPTURE(row.text);
    const auto book = parse_prices(row.text, "p");
    REQUIRE_FALSE(book.has_value());
    CHECK(book.error().kind == ErrorKind::kInvalidInput);
    CHECK_THAT(book.error().message, test::contains(row.says));
  }
}

TEST_CASE("the configuration brings its prices along, or says why it cannot") {
  const test::TempDir dir;
  const std::string path = dir.path("prices.yaml");
  const std::vector<Override> named{{"prices.file", path, "--prices"}};
  const auto absent = load_config("", named);
  REQUIRE_FALSE(absent.has_value());
  CHECK_THAT(absent.error().message, test::contains("cannot read prices"));
  std::ofstream(path) << kBase;
  const auto config = load_config("", named);
  REQUIRE(config.has_value());
  REQUIRE(config->prices.has_value());
  CHECK(config->prices->base.core_hour == 0.03);
  CHECK_FALSE(load_config("", {})->prices.has_value());
}

TEST_CASE("the example of the documentation is right") {
  const auto book = load_prices(std::string(LOADLINE_SOURCE_DIR) + "/docs/examples/prices.yaml");
  REQUIRE(book.has_value());
  CHECK(book->pools.size() == 2);
}

}  // namespace
}  // namespace loadline
