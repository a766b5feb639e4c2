/// A patch tree as one file.
#pragma once

#include <string>
#include <string_view>

#include "loadline/gitops/tree.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

/// A POSIX tar (pax) of the files and of the manifest, sorted, all times, owners and modes fixed:
/// the same tree is the same bytes.
Result<std::string> tar_of(const PatchTree& tree);
/// The manifest's text as it would stand in the directory.
std::string tree_manifest(const PatchTree& tree);
/// SHA-256 in hex: of a file in the manifest, of a tree in an ETag.
std::string sha256_hex(std::string_view bytes);

}  // namespace loadline
