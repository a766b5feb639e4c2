/// The port to what outlives the process: profiles, runs, and the marks up to which they were read.
///
/// Everything of one batch is committed in one transaction or not at all, so that a kill at any
/// moment leaves a state from which reading goes on: marks never run ahead of the sketches. The
/// SQLite form is documented in docs/storage_format.md. One thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "loadline/inventory/inventory.hpp"
#include "loadline/model/result.hpp"
#include "loadline/model/time.hpp"
#include "loadline/usage/state.hpp"

namespace loadline {

/// Up to where each namespace has been read; a namespace without a mark has never been.
using Marks = std::map<std::string, TimePoint, std::less<>>;
using KnownWorkloads = std::unordered_map<WorkloadKey, WorkloadFacts, KeyHash>;

/// What the state as a whole depends on. Text and numbers that only the service understands.
struct StateHeader {
  /// The settings that decide what a sample becomes; another fingerprint is another state.
  std::string fingerprint{};
  Milliseconds scrape_interval{0};  ///< as detected; 0: not yet
  Milliseconds owner_interval{0};   ///< of kube-state-metrics' scrapes, as detected
  std::int32_t first_day = 0;       ///< days before it were never read (or have been dropped)
  /// Everything before it has been read, of all namespaces; the epoch: not once yet.
  TimePoint complete_up_to{};

  bool operator==(const StateHeader&) const = default;
};

struct StoredState {
  StateHeader header{};
  UsageState usage{};
  Marks marks{};
  KnownWorkloads workloads{};
  ClusterFacts cluster{};
};

/// One transaction. What is named is written as it is at the time of the call, in place of what was
/// stored of it; all else stays.
struct StateBatch {
  std::optional<StateHeader> header{};
  Touched touched{};  ///< pointers into the UsageState; containers that are new are written with it
  Marks marks{};
  std::vector<const KnownWorkloads::value_type*> workloads{};
  std::optional<ClusterFacts> cluster{};
};

struct StoreSize {
  std::uint64_t file_bytes = 0;  ///< with the write-ahead log; 0 in memory
  std::uint64_t containers = 0;
  std::uint64_t runs = 0;
  std::uint64_t days = 0;  ///< rows of (container, day)
};

class ProfileStore {
 public:
  virtual ~ProfileStore() = default;
  /// Everything stored; an empty store gives an empty state. kCorrupt where a row is damaged.
  virtual Result<StoredState> load() = 0;
  /// On failure (full disk, read-only: kInternal) nothing of the batch is stored, the store stays
  /// usable, and the same batch may be given again. kCorrupt: the file was damaged while in use;
  /// what is in memory is right, and opening the store anew sets the file aside.
  virtual Result<void> save(const StateBatch& batch) = 0;
  /// The stored side of UsageState::drop_before: days and marks before `first_day`, the runs with
  /// these ids, containers without a day or run, and the workloads named; one transaction.
  virtual Result<void> drop(std::int32_t first_day, const std::vector<RunId>& runs,
                            const std::vector<WorkloadKey>& workloads) = 0;
  /// Forgets everything.
  virtual Result<void> clear() = 0;
  [[nodiscard]] virtual StoreSize size() const = 0;
};

/// A store that is open, with what it held.
struct OpenedStore {
  std::unique_ptr<ProfileStore> store{};
  StoredState state{};
  /// Where a file that could not be used was moved to, in one sentence with the reason; empty:
  /// none.
  std::string set_aside{};
};

/// Opens <directory>/loadline.db, made where it is missing, and reads it whole. A file that is
/// damaged, truncated, no database, or of a newer schema is set aside (loadline.db.damaged-<time>,
/// the latest three are kept) and a new one begun. An older schema is migrated. kInvalidInput where
/// the directory cannot be made, read or written, or another process has the store open; each says
/// what to do.
Result<OpenedStore> open_store(const std::string& directory, TimePoint now);
/// Keeps nothing: load() is empty, save() succeeds.
OpenedStore memory_store();

}  // namespace loadline
