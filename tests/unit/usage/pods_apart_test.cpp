#include "loadline/usage/collector.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

// Midnight UTC.
const TimePoint kStart = from_unix_ms(19'700 * kMillisecondsPerDay);
const TimeRange kWindow{kStart, kStart + std::chrono::days(2)};
const WorkloadKey kWeb{"", "shop", "Deployment", "web"};
const WorkloadKey kOther{"", "shop", "Deployment", "other"};

Inventory three_pods() {
  Inventory inventory;
  inventory.owners_[{"", "shop", "web-1"}] = kWeb;
  inventory.owners_[{"", "shop", "web-2"}] = kWeb;
  inventory.owners_[{"", "shop", "other-1"}] = kOther;
  return inventory;
}

void feed(UsageSink& sink, std::string_view pod, double value) {
  Labels labels{{"namespace", "shop"}, {"container", "app"}, {"image", "x"}, {"id", "/a"}};
  labels.set("__name__", kMemoryMetric);
  labels.set("pod", pod);
  std::vector<Sample> samples;
  for (std::int64_t t = to_unix_ms(kStart); t < to_unix_ms(kWindow.end); t += 30'000) {
    samples.push_back({.t_ms = t, .value = value += 1000});
  }
  sink.begin_series(labels);
  sink.on_samples(samples);
  sink.end_series();
}

ProfileSet read(UsageOptions options) {
  const Inventory inventory = three_pods();
  UsageState state;
  UsageCollector collector(state, inventory, std::move(options), kWindow);
  {
    const auto sink = collector.make_sink();
    feed(*sink, "web-1", 1e8);
    feed(*sink, "web-2", 5e8);
    feed(*sink, "other-1", 2e8);
    sink->end_selection();
  }
  collector.finish();
  return std::move(state.profiles);
}

}  // namespace

TEST_CASE("only the pods that are asked for are kept apart") {
  const ProfileSet profiles =
      read({.keeps_pods_apart = [](const ContainerKey& key) { return key.workload == kWeb; }});
  CHECK(profiles.size() == 3);
  CHECK(profiles.contains({kWeb, "app", "web-1"}));
  CHECK(profiles.contains({kWeb, "app", "web-2"}));
  CHECK(profiles.contains({kOther, "app"}));
}

TEST_CASE("pods kept apart sum exactly to what one profile of them all holds") {
  const ProfileSet together = read({});
  const ProfileSet apart = read({.keeps_pods_apart = [](const ContainerKey&) { return true; }});
  REQUIRE(together.contains({kWeb, "app"}));
  const std::vector<const ContainerProfile*> pods{&apart.at({kWeb, "app", "web-1"}),
                                                  &apart.at({kWeb, "app", "web-2"})};
  const ContainerProfile sum = pooled(pods);
  CHECK(sum == together.at({kWeb, "app"}));
  CHECK(sum.live_pods == 2);
}

}  // namespace loadline
