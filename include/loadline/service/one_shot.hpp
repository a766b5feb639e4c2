/// One read of the whole window and the report on it: the straight line from Prometheus to
/// recommendations, without a store. It only joins the stages; what they decide is theirs.
#pragma once

#include <functional>

#include "loadline/config/config.hpp"
#include "loadline/inventory/read.hpp"
#include "loadline/prometheus/http.hpp"
#include "loadline/publish/report.hpp"
#include "loadline/service/connection.hpp"
#include "loadline/usage/read.hpp"

namespace loadline {

/// Whom to tell on the way. All may be empty.
struct OneShotHooks {
  OnEvent on_event{};
  OnProgress on_progress{};
  /// What the report was made of, once it is made; lives as long as the call.
  std::function<void(const ProfileSet&, const Inventory&)> on_profiles{};
  /// kPod: on_profiles is given the profiles pod by pod, and the report has no rows.
  ProfileBy profile_by = ProfileBy::kWorkload;
  /// As in UsageOptions; empty: as the policies ask for it.
  std::function<bool(const ContainerKey&)> keeps_pods_apart{};
  /// A clock that only runs forward, in seconds; without it the report holds no read_seconds.
  std::function<double()> seconds{};
};

/// Reads the profiling window that ends at `now` and recommends. Namespaces of the configuration
/// choose what is read; rows outside them do not count as hidden. `filter` hides rows of what was
/// read. A failed request is an error, never a row without numbers; what the answers lacked stands
/// in Report::incomplete. Uses config.prometheus.concurrency threads while it reads.
Result<Report> run_one_shot(HttpTransport& transport, const Config& config,
                            const ReportFilter& filter, TimePoint now, const OneShotHooks& hooks);

/// What of the configuration says what an inventory is read for; no kill's time.
InventoryOptions inventory_options(const Config& config);
/// What of the configuration says which series are containers.
ContainerSelection container_selection(const UsageConfig& usage);

}  // namespace loadline
