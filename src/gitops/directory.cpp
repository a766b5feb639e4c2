#include "loadline/gitops/directory.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "gitops/folder.hpp"
#include "gitops/manifest.hpp"
#include "loadline/gitops/archive.hpp"
#include "loadline/gitops/formats.hpp"
#include "loadline/model/labels.hpp"

// Implementation details: how a crash is survived. The coming manifest is written first, under its
// own name; then the files; at last it is renamed over the manifest. Who finds it there knows that
// a writer died, and that a file is loadline's if its checksum is the one of either manifest.

namespace loadline {
namespace {

constexpr const char* kNextManifest = "loadline-patches.json.next";

struct Manifests {
  std::optional<Manifest> current{};
  std::optional<Manifest> next{};
};

Result<std::optional<Manifest>> read_manifest(const Folder& folder, const std::string& directory,
                                              const char* name) {
  const Result<Folder::Content> content = folder.read(name);
  if (!content) return tl::unexpected(content.error());
  if (content->kind == Folder::Kind::kAbsent) return std::nullopt;
  Result<Manifest> manifest = parse_manifest(content->bytes, directory + "/" + name);
  if (!manifest) return tl::unexpected(manifest.error());
  return std::move(*manifest);
}

Result<Manifests> read_manifests(const Folder& folder, const std::string& directory) {
  Result<std::optional<Manifest>> current = read_manifest(folder, directory, kTreeManifest);
  if (!current) return tl::unexpected(current.error());
  Result<std::optional<Manifest>> next = read_manifest(folder, directory, kNextManifest);
  if (!next) return tl::unexpected(next.error());
  return Manifests{std::move(*current), std::move(*next)};
}

std::set<std::string> paths_of(const Manifests& manifests) {
  std::set<std::string> paths;
  for (const auto* manifest : {&manifests.current, &manifests.next}) {
    if (!*manifest) continue;
    for (const auto& [path, checksum] : (*manifest)->files) paths.insert(path);
  }
  return paths;
}

bool lists(const std::optional<Manifest>& manifest, const std::string& path,
           const std::string& checksum) {
  if (!manifest) return false;
  const auto found = manifest->files.find(path);
  return found != manifest->files.end() && found->second == checksum;
}

Result<void> add_owned(const Folder& folder, const Manifests& manifests, const std::string& path,
                       OwnedTree& owned) {
  Result<Folder::Content> content = folder.read(path);
  if (!content) return tl::unexpected(content.error());
  if (content->kind == Folder::Kind::kAbsent) {
    if (manifests.current && manifests.current->files.contains(path)) owned.missing.push_back(path);
    return {};
  }
  const std::string checksum = sha256_hex(content->bytes);
  const bool is_file = content->kind == Folder::Kind::kFile;
  if (!is_file ||
      !(lists(manifests.current, path, checksum) || lists(manifests.next, path, checksum))) {
    owned.edited.push_back(path);
  }
  owned.tree.files.emplace(path, std::move(content->bytes));
  return {};
}

/// Only in the formats' folders: the directory may be a whole repository.
Result<void> add_foreign(const Folder& folder, const std::set<std::string>& paths,
                         OwnedTree& owned) {
  for (const PatchFormat format :
       {PatchFormat::kKustomize, PatchFormat::kJson6902, PatchFormat::kHelmValues,
        PatchFormat::kFlux, PatchFormat::kKubectl, PatchFormat::kVpa}) {
    const Result<PatchFiles> files = folder.read_below(std::string(to_string(format)));
    if (!files) return tl::unexpected(files.error());
    for (const auto& [path, bytes] : *files) {
      if (!paths.contains(path)) owned.foreign.emplace(path, bytes);
    }
  }
  return {};
}

Result<OwnedTree> owned_tree(const Folder& folder, const Manifests& manifests) {
  OwnedTree owned;
  if (manifests.current) {
    owned.tree.values = manifests.current->values;
    owned.tree.origins = manifests.current->origins;
    owned.tree.places = manifests.current->places;
  }
  const std::set<std::string> paths = paths_of(manifests);
  for (const std::string& path : paths) {
    const Result<void> added = add_owned(folder, manifests, path, owned);
    if (!added) return tl::unexpected(added.error());
  }
  const Result<void> added = add_foreign(folder, paths, owned);
  if (!added) return tl::unexpected(added.error());
  return owned;
}

}  // namespace

Result<OwnedTree> read_tree(const std::string& directory) {
  const Result<std::unique_ptr<Folder>> folder = Folder::open(directory, Folder::IfAbsent::kNone);
  if (!folder) return tl::unexpected(folder.error());
  if (!*folder) return OwnedTree{};
  const Result<Manifests> manifests = read_manifests(**folder, directory);
  if (!manifests) return tl::unexpected(manifests.error());
  return owned_tree(**folder, *manifests);
}

namespace {

/// One writing of a tree.
class Writer {
 public:
  Writer(Folder& folder, std::string directory, const PatchTree& tree)
      : folder_(folder), directory_(std::move(directory)), tree_(tree) {}

  Result<void> write(const std::vector<FileChange>& changes) {
    const Result<bool> is_done = finished(changes);
    if (!is_done) return tl::unexpected(is_done.error());
    return *is_done ? Result<void>{} : replace(changes);
  }

 private:
  /// Whether all is on disk as it should be, without a trace of a crash.
  [[nodiscard]] Result<bool> finished(const std::vector<FileChange>& changes) const {
    const bool changes_any = std::any_of(changes.begin(), changes.end(), [](const auto& change) {
      return change.action != FileAction::kKeepEdited;
    });
    if (changes_any) return false;
    for (const char* trace : {kNextManifest, kTemporaryFile}) {
      const Result<Folder::Content> content = folder_.read(trace);
      if (!content) return tl::unexpected(content.error());
      if (content->kind != Folder::Kind::kAbsent) return false;
    }
    const Result<Folder::Content> manifest = folder_.read(kTreeManifest);
    if (!manifest) return tl::unexpected(manifest.error());
    return manifest->kind == Folder::Kind::kFile ? manifest->bytes == tree_manifest(tree_)
                                                 : tree_ == PatchTree{};
  }

  Result<void> replace(const std::vector<FileChange>& changes) {
    const Result<Manifests> before = read_manifests(folder_, directory_);
    if (!before) return tl::unexpected(before.error());
    if (Result<void> recovered = recover(*before); !recovered) return recovered;
    const std::string manifest = tree_manifest(tree_);
    if (Result<void> announced = folder_.write(kNextManifest, manifest, Folder::Existing::kReplace);
        !announced) {
      return announced;
    }
    for (const FileChange& change : changes) {
      if (Result<void> done = apply(change); !done) return done;
    }
    for (const std::string& path : paths_of(*before)) {
      if (!tree_.files.contains(path)) folder_.remove_empty_parents(path);
    }
    return folder_.rename(kNextManifest, kTreeManifest);
  }

  /// What a dead writer announced and wrote goes into the manifest before another announcement
  /// takes its place: else a second crash would make strangers of its files.
  Result<void> recover(const Manifests& before) {
    if (!before.next) return {};
    Manifest manifest = before.current.value_or(Manifest{});
    for (const auto& [path, checksum] : before.next->files) {
      const Result<Folder::Content> content = folder_.read(path);
      if (!content) return tl::unexpected(content.error());
      if (content->kind == Folder::Kind::kAbsent) continue;
      if (sha256_hex(content->bytes) == checksum) manifest.files[path] = checksum;
      manifest.files.emplace(path, checksum);
    }
    return folder_.write(kTreeManifest, manifest_text(manifest), Folder::Existing::kReplace);
  }

  Result<void> apply(const FileChange& change) {
    switch (change.action) {
      case FileAction::kCreate:
        return folder_.write(change.path, change.after, Folder::Existing::kRefuse);
      case FileAction::kUpdate:
        if (Result<void> same = still(change); !same) return same;
        return folder_.write(change.path, change.after, Folder::Existing::kReplace);
      case FileAction::kRemove:
        if (Result<void> same = still(change); !same) return same;
        return folder_.remove(change.path);
      case FileAction::kKeepEdited:
        break;
    }
    return {};
  }

  [[nodiscard]] Result<void> still(const FileChange& change) const {
    const Result<Folder::Content> content = folder_.read(change.path);
    if (!content) return tl::unexpected(content.error());
    if (content->bytes == change.before) return {};
    return fail(ErrorKind::kInternal, printable(directory_ + "/" + change.path, 1000) +
                                          " was changed a moment ago; run again");
  }

  Folder& folder_;
  std::string directory_;
  const PatchTree& tree_;
};

}  // namespace

Result<void> write_tree(const std::string& directory, const PatchTree& tree,
                        const std::vector<FileChange>& changes) {
  const bool is_nothing = changes.empty() && tree == PatchTree{};
  const auto if_absent = is_nothing ? Folder::IfAbsent::kNone : Folder::IfAbsent::kCreate;
  const Result<std::unique_ptr<Folder>> folder = Folder::open(directory, if_absent);
  if (!folder) return tl::unexpected(folder.error());
  if (!*folder) return {};
  if (Result<void> locked = (*folder)->lock(); !locked) return locked;
  return Writer(**folder, directory, tree).write(changes);
}

}  // namespace loadline
