/// Rows of `usage_day` become days of profiles on several threads, while the caller reads on.
///
/// Half of a start is this decoding, and most of that the first touch of the memory it fills. Each
/// thread has containers of its own, so that nothing is shared and a container's days come in the
/// order of the rows. A small file needs no thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "loadline/model/result.hpp"
#include "loadline/usage/state.hpp"
#include "store/day_row.hpp"

namespace loadline {

struct PlacedContainer {
  std::uint32_t id = 0;
  ContainerEntry* entry = nullptr;
};

/// A row on its way: whose it is, and how many days its container may get at most.
struct DayRow {
  DayKey key{};
  std::size_t position = 0;  ///< of the container among the placed ones
  std::size_t days_left = 0;
};

class DayDecoder {
 public:
  /// `placed` outlives the decoder.
  explicit DayDecoder(const std::vector<PlacedContainer>& placed);
  DayDecoder(const DayDecoder&) = delete;
  DayDecoder& operator=(const DayDecoder&) = delete;
  ~DayDecoder();

  /// Copies the bytes. Waits where a thread is behind.
  void add(const DayRow& row, std::string_view data);
  /// Waits for all rows. kCorrupt names the first damaged one.
  Result<void> finish();

 private:
  struct Batch {
    std::vector<DayRow> rows{};
    std::vector<std::size_t> ends{};  ///< of each row in `bytes`
    std::string bytes{};
  };
  /// A thread and its containers.
  struct Lane {
    Batch next{};  // the caller's alone
    std::mutex mutex{};
    std::condition_variable changed{};
    std::deque<Batch> waiting{};
    bool is_over = false;
    std::optional<std::pair<DayKey, Error>> damage{};  // the thread's until it is joined
    std::thread thread{};
  };

  Lane& lane_of(std::size_t position);
  void hand_over(Lane& lane);
  void work(Lane& lane);
  void decode(const Batch& batch, Lane& lane);
  Result<void> take(const DayRow& row, std::string_view data);
  void join();

  const std::vector<PlacedContainer>& placed_;
  std::vector<std::unique_ptr<Lane>> lanes_{};
};

/// "20416/7": a row of `usage_day` in an error.
std::string name_of(const DayKey& key);

}  // namespace loadline
