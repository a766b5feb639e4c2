/// The manifest of a patch tree: which files are loadline's, as what bytes, saying what.
///
/// JSON, one file and one container a line, so that a review of it is short:
///
///     {"schema": "loadline/patches.v1",
///      "files": {"kustomize/shop/deployment-web.yaml": "<SHA-256>"},
///      "values": [{"cluster": "", "namespace": "shop", "kind": "Deployment", "workload": "web",
///        "container": "web", "cpu": {"request_cores": 0.25, "limit_cores": null},
///        "original": {"cpu": {...}}, "reasons": "cpu: request_too_high", "containers": 1,
///        "init_containers": 0}]}
///
/// A resource without a value is absent, no limit is null; "type" stands where it is no plain
/// container, "original" (what was asked for before) where it is known. Numbers are read back bit
/// for bit. Fields may be added within v1. Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "loadline/gitops/tree.hpp"
#include "loadline/model/result.hpp"

namespace loadline {

struct Manifest {
  std::map<std::string, std::string> files{};  ///< path -> SHA-256 in hex
  EmittedValues values{};
  EmittedOrigins origins{};
  EmittedPlaces places{};

  bool operator==(const Manifest&) const = default;
};

Manifest manifest_of(const PatchTree& tree);
std::string manifest_text(const Manifest& manifest);

/// kCorrupt where it is no manifest or names a path that is not safe, kInvalidInput where a newer
/// loadline wrote it; `file_name` stands in the sentence.
Result<Manifest> parse_manifest(std::string_view text, std::string_view file_name);

/// A relative path whose parts are visible names: no "..", nothing that begins with a dot (.git),
/// no empty part, no control byte, quote, backslash or space.
bool is_safe_path(std::string_view path);

}  // namespace loadline
