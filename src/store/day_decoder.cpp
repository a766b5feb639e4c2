#include "store/day_decoder.hpp"

#include <algorithm>
#include <utility>

namespace loadline {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{1} << 20;
constexpr std::size_t kMostWaiting = 4;
constexpr std::size_t kMostLanes = 4;

}  // namespace

std::string name_of(const DayKey& key) {
  return std::to_string(key.day) + "/" + std::to_string(key.container_id);
}

DayDecoder::DayDecoder(const std::vector<PlacedContainer>& placed) : placed_(placed) {
  const std::size_t processors = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t lanes = std::min(processors, kMostLanes);
  for (std::size_t i = 0; i < lanes; ++i) lanes_.push_back(std::make_unique<Lane>());
}

DayDecoder::~DayDecoder() {
  join();
}

DayDecoder::Lane& DayDecoder::lane_of(std::size_t position) {
  return *lanes_[position * lanes_.size() / placed_.size()];
}

void DayDecoder::add(const DayRow& row, std::string_view data) {
  Lane& lane = lane_of(row.position);
  lane.next.rows.push_back(row);
  lane.next.bytes += data;
  lane.next.ends.push_back(lane.next.bytes.size());
  if (lane.next.bytes.size() >= kBatchBytes) hand_over(lane);
}

void DayDecoder::hand_over(Lane& lane) {
  if (!lane.thread.joinable()) lane.thread = std::thread([this, &lane] { work(lane); });
  std::unique_lock lock(lane.mutex);
  lane.changed.wait(lock, [&lane] { return lane.waiting.size() < kMostWaiting; });
  lane.waiting.push_back(std::exchange(lane.next, {}));
  lane.changed.notify_all();
}

void DayDecoder::work(Lane& lane) {
  while (true) {
    std::unique_lock lock(lane.mutex);
    lane.changed.wait(lock, [&lane] { return lane.is_over || !lane.waiting.empty(); });
    if (lane.waiting.empty()) return;
    const Batch batch = std::move(lane.waiting.front());
    lane.waiting.pop_front();
    lane.changed.notify_all();
    lock.unlock();
    decode(batch, lane);
  }
}

void DayDecoder::decode(const Batch& batch, Lane& lane) {
  std::size_t begin = 0;
  for (std::size_t i = 0; i < batch.rows.size() && !lane.damage; ++i) {
    const std::string_view data =
        std::string_view(batch.bytes).substr(begin, batch.ends[i] - begin);
    if (Result<void> taken = take(batch.rows[i], data); !taken)
      lane.damage = {batch.rows[i].key, std::move(taken.error())};
    begin = batch.ends[i];
  }
}

Result<void> DayDecoder::take(const DayRow& row, std::string_view data) {
  auto stored = read_day_row(row.key, data);
  if (!stored) return tl::unexpected(std::move(stored.error()));
  for (const Resource resource : kResources) {
    if (!(*stored)[resource]) continue;
    auto& days = placed_[row.position].entry->second.resources[resource].days;
    if (days.empty()) days.reserve(row.days_left);
    days.push_back(std::move(*(*stored)[resource]));
  }
  return {};
}

void DayDecoder::join() {
  for (const auto& lane : lanes_) {
    const std::scoped_lock lock(lane->mutex);
    lane->is_over = true;
    lane->changed.notify_all();
  }
  for (const auto& lane : lanes_)
    if (lane->thread.joinable()) lane->thread.join();
}

Result<void> DayDecoder::finish() {
  join();
  const std::pair<DayKey, Error>* first = nullptr;
  for (const auto& lane : lanes_) {
    decode(std::exchange(lane->next, {}), *lane);
    if (lane->damage && (first == nullptr || row_key(lane->damage->first) < row_key(first->first)))
      first = &*lane->damage;
  }
  if (first == nullptr) return {};
  return fail(first->second.kind, "row " + name_of(first->first) +
                                      " of usage_day is damaged: " + first->second.message);
}

}  // namespace loadline
