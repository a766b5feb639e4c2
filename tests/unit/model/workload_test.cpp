#include "loadline/model/workload.hpp"

#include <set>
#include <unordered_map>

#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("two kinds with one name are two workloads") {
  std::unordered_map<WorkloadKey, int, KeyHash> counts;
  ++counts[{"", "shop", "Deployment", "web"}];
  ++counts[{"", "shop", "StatefulSet", "web"}];
  ++counts[{"", "shop", "Deployment", "web"}];
  CHECK(counts.size() == 2);
  CHECK(counts[{"", "shop", "Deployment", "web"}] == 2);
}

TEST_CASE("the hash tells where one field ends and the next begins") {
  const KeyHash hash;
  CHECK(hash(PodKey{"", "a", "bc"}) != hash(PodKey{"", "ab", "c"}));
  CHECK(hash(PodKey{"a", "b", "c"}) != hash(PodKey{"b", "a", "c"}));
  CHECK(hash(PodKey{"a", "", ""}) != hash(PodKey{"", "a", ""}));
  CHECK(hash(ContainerKey{{"", "n", "k", "w"}, "c"}) !=
        hash(ContainerKey{{"", "n", "k", "c"}, "w"}));
  CHECK(hash(PodKey{"x", "y", "z"}) == hash(PodKey{"x", "y", "z"}));
}

TEST_CASE("hashes of like names fill the low bits evenly") {
  std::set<std::size_t> buckets;
  for (int i = 0; i < 4'096; ++i) {
    buckets.insert(KeyHash{}(PodKey{"", "shop", "web-" + std::to_string(i)}) % 4'096);
  }
  // Evenly thrown, 1 - 1/e = 63.2 % of the buckets are hit; the deviation is under 1 %.
  CHECK(buckets.size() > 2'450);
  CHECK(buckets.size() < 2'730);
}

TEST_CASE("container types have the words of the JSON schema") {
  CHECK(to_string(ContainerType::kContainer) == "container");
  CHECK(to_string(ContainerType::kInit) == "init");
  CHECK(to_string(ContainerType::kSidecar) == "sidecar");
}
