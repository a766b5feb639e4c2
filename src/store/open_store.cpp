#include <filesystem>
#include <utility>

#include "loadline/model/labels.hpp"
#include "loadline/store/profile_store.hpp"
#include "store/sqlite_store.hpp"
#include "store/state_directory.hpp"

namespace loadline {
namespace {

bool is_unusable(const Error& error) {
  return error.kind == ErrorKind::kCorrupt || error.kind == ErrorKind::kUnsupported;
}

Result<OpenedStore> begin_anew(const std::string& path, const Error& why, TimePoint now) {
  const bool is_newer = why.kind == ErrorKind::kUnsupported;
  auto aside = set_aside(path, is_newer ? "newer" : "damaged", now);
  if (!aside) return fail_while("setting aside a file that cannot be used", aside.error());
  if (auto prepared = prepare_state_file(std::filesystem::path(path).parent_path()); !prepared)
    return tl::unexpected(std::move(prepared.error()));
  auto opened = SqliteStore::open(path);
  if (opened)
    opened->set_aside = printable(path) + " could not be used and was moved to " +
                        printable(*aside) + ": " + why.message;
  return opened;
}

class MemoryStore : public ProfileStore {
 public:
  Result<StoredState> load() override { return StoredState{}; }
  Result<void> save(const StateBatch&) override { return {}; }
  Result<void> drop(std::int32_t, const std::vector<RunId>&,
                    const std::vector<WorkloadKey>&) override {
    return {};
  }
  Result<void> clear() override { return {}; }
  [[nodiscard]] StoreSize size() const override { return {}; }
};

}  // namespace

Result<OpenedStore> open_store(const std::string& directory, TimePoint now) {
  const auto path = prepare_state_file(directory);
  if (!path) return tl::unexpected(path.error());
  auto opened = SqliteStore::open(*path);
  if (opened || !is_unusable(opened.error())) return opened;
  return begin_anew(*path, opened.error(), now);
}

OpenedStore memory_store() {
  OpenedStore opened;
  opened.store = std::make_unique<MemoryStore>();
  return opened;
}

}  // namespace loadline
