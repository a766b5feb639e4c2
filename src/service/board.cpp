#include "loadline/service/board.hpp"

#include <utility>

namespace loadline {
namespace {

std::string with_error(const std::string& sentence, const std::string& error) {
  return error.empty() ? sentence : sentence + "; the last cycle failed: " + error;
}

std::string progress(const ServiceStatus& status) {
  if (status.groups_total == 0) return "reading the window has not begun";
  return "reading the window: " + std::to_string(status.groups_done) + " of " +
         std::to_string(status.groups_total) + " groups of namespaces done";
}

std::string why_no_snapshot(const ServiceStatus& status) {
  if (status.phase == Phase::kStarting) return "starting: the stored profiles are being read";
  return with_error(progress(status), status.last_error);
}

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::kStarting:
      return "starting";
    case Phase::kBackfill:
      return "backfill";
    case Phase::kSteady:
      return "steady";
    case Phase::kStopping:
      return "stopping";
  }
  return "";
}

Readiness readiness_of(const ServiceStatus& status, bool has_snapshot, TimePoint now) {
  if (status.phase == Phase::kStopping) return {false, "the service is stopping"};
  if (!has_snapshot) return {false, why_no_snapshot(status)};
  if (!status.last_success) {
    return {false, with_error("no cycle has succeeded yet", status.last_error)};
  }
  const std::string when = format_rfc3339(*status.last_success);
  if (now - *status.last_success > status.max_age) {
    return {false, with_error("the last successful cycle ended at " + when + ", more than " +
                                  format_duration(status.max_age) + " ago",
                              status.last_error)};
  }
  return {true, "the last successful cycle ended at " + when};
}

void Board::publish(std::shared_ptr<const Snapshot> snapshot) {
  // The old one is freed after the lock is: a large report takes a while.
  const std::scoped_lock lock(mutex_);
  snapshot_.swap(snapshot);
}

std::shared_ptr<const Snapshot> Board::snapshot() const {
  const std::scoped_lock lock(mutex_);
  return snapshot_;
}

void Board::update(const std::function<void(ServiceStatus&)>& change) {
  const std::scoped_lock lock(mutex_);
  change(status_);
}

ServiceStatus Board::status() const {
  const std::scoped_lock lock(mutex_);
  return status_;
}

}  // namespace loadline
