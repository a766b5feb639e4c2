#include "loadline/model/stable_hash.hpp"

#include "loadline/model/workload.hpp"
#include "support/catch.hpp"

using namespace loadline;

TEST_CASE("the stable hash is the same for ever") {
  // Kept on disk and agreed on by shards: a change of these values needs a new storage schema.
  CHECK(StableHash().value() == 0xefd01f60ba992926ULL);
  CHECK(StableHash().add("").value() != StableHash().value());
  CHECK(StableHash().add("a").add("b").value() != StableHash().add("ab").add("").value());
}

TEST_CASE("the shard of a workload is the same for ever and all shards are used") {
  CHECK(shard_of({"", "shop", "Deployment", "web"}, 1) == 0);
  int seen[4] = {0, 0, 0, 0};
  for (int i = 0; i < 4000; ++i)
    ++seen[shard_of({"", "shop", "Deployment", "web-" + std::to_string(i)}, 4)];
  for (const int count : seen) {
    CHECK(count > 900);
    CHECK(count < 1100);
  }
}
