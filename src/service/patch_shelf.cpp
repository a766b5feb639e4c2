#include "loadline/service/patch_shelf.hpp"

#include <utility>

namespace loadline {
namespace {

PatchFigures figures_of(const PatchOutcome& outcome) {
  PatchFigures figures{.unseen = outcome.unseen.size()};
  for (const FileChange& change : outcome.changes) {
    switch (change.action) {
      case FileAction::kCreate:
        ++figures.created;
        break;
      case FileAction::kUpdate:
        ++figures.updated;
        break;
      case FileAction::kRemove:
        ++figures.removed;
        break;
      case FileAction::kKeepEdited:
        ++figures.kept;
        break;
    }
  }
  return figures;
}

}  // namespace

void PatchShelf::use(std::string directory) {
  const std::scoped_lock lock(mutex_);
  directory_ = std::move(directory);
}

std::string PatchShelf::directory() const {
  const std::scoped_lock lock(mutex_);
  return directory_;
}

Result<PatchFigures> PatchShelf::update(const Report& report, const PatchSettings& settings) {
  const std::string path = directory();
  if (path.empty()) return PatchFigures{};
  const std::scoped_lock lock(files_);
  const Result<OwnedTree> owned = read_tree(path);
  if (!owned) return tl::unexpected(owned.error());
  const auto completeness =
      report.incomplete.empty() ? Completeness::kComplete : Completeness::kIncomplete;
  const PatchOutcome outcome = make_patches(report.recommendations, *owned, settings, completeness);
  if (Result<void> written = write_tree(path, outcome.tree, outcome.changes); !written)
    return tl::unexpected(std::move(written.error()));
  return figures_of(outcome);
}

Result<std::optional<PatchTree>> PatchShelf::tree() const {
  const std::shared_lock lock(files_, std::try_to_lock);
  if (!lock.owns_lock()) return std::nullopt;
  Result<OwnedTree> owned = read_tree(directory());
  if (!owned) return tl::unexpected(std::move(owned.error()));
  return std::move(owned->tree);
}

}  // namespace loadline
