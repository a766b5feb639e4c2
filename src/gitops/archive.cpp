#include "loadline/gitops/archive.hpp"

#include <archive.h>
#include <archive_entry.h>

#include <memory>

#include "gitops/manifest.hpp"

namespace loadline {
namespace {

/// 1980-01-01: GNU tar warns of 1970, and zip knows nothing before.
constexpr std::time_t kModified = 315'532'800;

using Writer = std::unique_ptr<archive, decltype(&archive_write_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

la_ssize_t append(archive* /*writer*/, void* text, const void* bytes, size_t size) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
  return static_cast<la_ssize_t>(size);
}

bool open(archive* writer, std::string& text) {
  return archive_write_set_format_pax_restricted(writer) == ARCHIVE_OK &&
         archive_write_set_bytes_per_block(writer, 512) == ARCHIVE_OK &&
         archive_write_open2(writer, &text, nullptr, append, nullptr, nullptr) == ARCHIVE_OK;
}

bool add(archive* writer, const std::string& path, const std::string& bytes) {
  const Entry entry(archive_entry_new(), &archive_entry_free);
  if (!entry) return false;
  archive_entry_set_pathname(entry.get(), path.c_str());
  archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes.size()));
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_mtime(entry.get(), kModified, 0);
  // A warning is of a name that the locale cannot say; its bytes are written all the same.
  if (archive_write_header(writer, entry.get()) < ARCHIVE_WARN) return false;
  return archive_write_data(writer, bytes.data(), bytes.size()) ==
         static_cast<la_ssize_t>(bytes.size());
}

tl::unexpected<Error> failed(archive* writer) {
  const char* const why = archive_error_string(writer);
  return fail(ErrorKind::kInternal,
              std::string("cannot make a tar archive: ") + (why != nullptr ? why : "no memory"));
}

}  // namespace

Result<std::string> tar_of(const PatchTree& tree) {
  PatchFiles files = tree.files;
  files.insert_or_assign(kTreeManifest, tree_manifest(tree));
  std::string text;
  const Writer writer(archive_write_new(), &archive_write_free);
  if (!writer) return fail(ErrorKind::kInternal, "cannot make a tar archive: no memory");
  if (!open(writer.get(), text)) return failed(writer.get());
  for (const auto& [path, bytes] : files) {
    if (!add(writer.get(), path, bytes)) return failed(writer.get());
  }
  if (archive_write_close(writer.get()) != ARCHIVE_OK) return failed(writer.get());
  return text;
}

std::string tree_manifest(const PatchTree& tree) {
  return manifest_text(manifest_of(tree));
}

}  // namespace loadline
