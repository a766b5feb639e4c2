#include "service/saver.hpp"

#include <algorithm>
#include <utility>

namespace loadline::service {
namespace {

void add(Changes& to, Changes from) {
  if (from.header) to.header = std::move(from.header);
  if (from.cluster) to.cluster = std::move(from.cluster);
  to.touched.add(from.touched);
  for (auto& [name, up_to] : from.marks) to.marks.insert_or_assign(name, up_to);
  to.workloads.insert(to.workloads.end(), from.workloads.begin(), from.workloads.end());
}

StateBatch batch_of(const Changes& changes, const KnownWorkloads& known) {
  StateBatch batch{.header = changes.header,
                   .touched = changes.touched,
                   .marks = changes.marks,
                   .cluster = changes.cluster};
  for (const WorkloadKey& key : changes.workloads) {
    const auto at = known.find(key);
    if (at != known.end()) batch.workloads.push_back(&*at);
  }
  return batch;
}

}  // namespace

Saver::Saver(std::unique_ptr<ProfileStore> store, const KnownWorkloads& known)
    : store_(std::move(store)), known_(known) {}

Result<void> Saver::save(Changes changes) {
  add(waiting_, std::move(changes));
  Result<void> saved = store_->save(batch_of(waiting_, known_));
  if (saved) waiting_ = Changes{};
  return saved;
}

void Saver::forget_before(std::int32_t first_day) {
  const std::int64_t begin_ms = to_unix_ms(start_of_day(first_day));
  std::erase_if(waiting_.touched.days,
                [first_day](const TouchedDay& day) { return day.day < first_day; });
  std::erase_if(waiting_.touched.runs,
                [begin_ms](const RunEntry* run) { return last_sample_ms(run->second) < begin_ms; });
}

Result<void> Saver::drop(std::int32_t first_day, const std::vector<RunId>& runs,
                         const std::vector<WorkloadKey>& workloads) {
  return store_->drop(first_day, runs, workloads);
}

Result<void> Saver::clear() {
  waiting_ = Changes{};
  return store_->clear();
}

}  // namespace loadline::service
