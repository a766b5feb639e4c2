/// What the names that Kubernetes' controllers make tell of their owners: pure text, no series.
#pragma once

#include <optional>
#include <string_view>

namespace loadline {

/// "web" of "web-7b5f8d98c6", the name of a Deployment's ReplicaSet; nullopt where the end is no
/// pod-template hash. Views into `replicaset`.
std::optional<std::string_view> without_template_hash(std::string_view replicaset);

/// "backup" of "backup-29925620", the name of a CronJob's Job: minutes since the epoch, or seconds
/// as before Kubernetes 1.21; nullopt where the end is neither. Views into `job`.
std::optional<std::string_view> without_schedule_time(std::string_view job);

}  // namespace loadline
