#include "loadline/gitops/verify.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

#include "gitops/apply_merge.hpp"
#include "gitops/apply_operations.hpp"
#include "gitops/manifest.hpp"
#include "gitops/manifests.hpp"
#include "gitops/text_file.hpp"
#include "gitops/verify_compare.hpp"
#include "gitops/verify_target.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace gitops {
namespace {

namespace fs = std::filesystem;

const YamlNode kNothing;

const YamlNode& member(const YamlNode& node, std::string_view key) {
  const YamlNode* const found = node.find(key);
  return found != nullptr ? *found : kNothing;
}

WorkloadKey key_of(const YamlNode& object) {
  const YamlNode& metadata = member(object, "metadata");
  return {"", member(metadata, "namespace").text, member(object, "kind").text,
          member(metadata, "name").text};
}

std::string name_of(const WorkloadKey& key) {
  return key.namespace_name + "/" + key.kind + "/" + key.name;
}

constexpr const char* kNoTarget =
    "no manifest is its target, so that it does nothing; remove it, or look for another name or "
    "namespace in the manifests";

/// Goes through a patch tree and collects what is wrong with it.
class Verifier {
 public:
  Verifier(std::string root, const ManifestIndex& index) : root_(std::move(root)), index_(index) {}

  Result<void> verify(PatchFormat format) {
    const fs::path folder = fs::path(root_) / to_string(format);
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return {};
    is_tree_ = true;
    const Result<std::vector<std::string>> files = yaml_files(folder.string());
    if (!files) return tl::unexpected(files.error());
    for (const std::string& file : *files) unread_.insert(relative(file));
    for (const std::string& file : *files) verify_file(format, relative(file));
    for (const std::string& file : unread_) {
      tell(file, "", "no kustomization names it, so that it does nothing; write the patches again");
    }
    unread_.clear();
    return {};
  }

  [[nodiscard]] bool is_tree() const { return is_tree_; }

  VerifyResult take() {
    VerifyResult result{.patches = patches_, .manifests = index_.all().size()};
    std::sort(findings_.begin(), findings_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.file, a.subject, a.problem) < std::tie(b.file, b.subject, b.problem);
    });
    findings_.erase(std::unique(findings_.begin(), findings_.end()), findings_.end());
    result.findings = std::move(findings_);
    return result;
  }

 private:
  [[nodiscard]] std::string relative(const std::string& file) const {
    return fs::path(file).lexically_relative(root_).generic_string();
  }

  void tell(const std::string& file, const std::string& subject, const std::string& problem) {
    findings_.push_back({file, printable(subject), problem});
  }

  /// An empty node, told, where it is not readable.
  YamlNode document_of(const std::string& file) {
    const Result<std::string> text = read_text_file((fs::path(root_) / file).string(), "patch");
    if (!text) return tell(file, "", text.error().message), YamlNode{};
    Result<std::vector<YamlNode>> documents = parse_yaml_documents(*text, file);
    if (!documents) return tell(file, "", documents.error().message), YamlNode{};
    if (documents->size() > 1) tell(file, "", "it has several documents; write the patches again");
    return documents->empty() ? YamlNode{} : std::move(documents->front());
  }

  void verify_file(PatchFormat format, const std::string& file) {
    switch (format) {
      case PatchFormat::kKustomize:
      case PatchFormat::kJson6902:
        if (fs::path(file).filename() == "kustomization.yaml") verify_index(file);
        return;
      case PatchFormat::kFlux:
        verify_flux(file);
        break;
      case PatchFormat::kKubectl:
        verify_object(file);
        break;
      case PatchFormat::kVpa:
        verify_autoscaler(file);
        break;
      case PatchFormat::kHelmValues:
        (void)document_of(file);
        break;
    }
    unread_.erase(file);
  }

  void verify_index(const std::string& file) {
    unread_.erase(file);
    const YamlNode index = document_of(file);
    for (const YamlNode& entry : member(index, "patches").items) {
      const std::string path = member(entry, "path").text;
      const std::string patch = (fs::path(file).parent_path() / path).lexically_normal();
      if (!is_safe_path(patch)) {
        tell(file, target_name(member(entry, "target")), "its path leads out of the tree");
        continue;
      }
      unread_.erase(patch);
      verify_patch(patch, member(entry, "target"), document_of(patch));
    }
  }

  void verify_flux(const std::string& file) {
    const YamlNode release = document_of(file);
    for (const YamlNode& renderer : member(member(release, "spec"), "postRenderers").items) {
      for (const YamlNode& entry : member(member(renderer, "kustomize"), "patches").items) {
        const auto documents = parse_yaml_documents(member(entry, "patch").text, file);
        const YamlNode& target = member(entry, "target");
        if (!documents || documents->size() != 1) {
          tell(file, target_name(target), "its patch is not readable; write the patches again");
        } else {
          verify_patch(file, target, documents->front());
        }
      }
    }
  }

  /// A patch of kustomize: operations or a merge, on whatever its target matches.
  void verify_patch(const std::string& file, const YamlNode& target, const YamlNode& patch) {
    if (patch.kind == YamlNode::Kind::kNull) return;
    ++patches_;
    const std::string subject = target_name(target);
    const Result<std::vector<const Manifest*>> targets = matching(target, index_);
    if (!targets) return tell(file, subject, targets.error().message);
    if (targets->empty()) return tell(file, subject, kNoTarget + unnamed_hint(target));
    for (const Manifest* manifest : *targets) {
      if (patch.kind == YamlNode::Kind::kSequence) {
        verify_operations(file, *manifest, patch);
      } else {
        verify_result(file, *manifest,
                      strategic_merge(manifest->object, identified(*manifest, patch)));
      }
    }
  }

  /// With a target, kustomize takes the patch's own name and namespace for no change.
  static YamlNode identified(const Manifest& manifest, YamlNode patch) {
    for (const char* key : {"apiVersion", "kind", "metadata"}) {
      const YamlNode* const own = manifest.object.find(key);
      YamlNode* const named = patch.find(key);
      if (own == nullptr || named == nullptr) continue;
      if (std::string_view(key) != "metadata") {
        *named = *own;
        continue;
      }
      for (auto& [name, value] : named->members) {
        if (name != "name" && name != "namespace") continue;
        const YamlNode* const there = own->find(name);
        value = there != nullptr ? *there : YamlNode{};
      }
    }
    return patch;
  }

  void verify_operations(const std::string& file, const Manifest& manifest,
                         const YamlNode& operations) {
    const Result<YamlNode> after = apply_operations(manifest.object, operations);
    if (after) return verify_result(file, manifest, *after);
    tell(file, name_of(manifest.key),
         after.error().message + "; write the patches again with --manifests");
  }

  void verify_result(const std::string& file, const Manifest& manifest, const YamlNode& after) {
    for (const PatchProblem& problem : problems_of(manifest, after)) {
      const std::string container =
          problem.container.empty() ? "" : ", container " + problem.container;
      tell(file, name_of(manifest.key) + container,
           problem.sentence + " (" + printable(manifest.place, 1000) + ")");
    }
  }

  /// Kustomize sees an object before an overlay gives it its namespace.
  [[nodiscard]] std::string unnamed_hint(const YamlNode& target) const {
    const auto kind = literal_of(member(target, "kind").text);
    const auto name = literal_of(member(target, "name").text);
    if (!kind || !name) return {};
    for (const Manifest* manifest : index_.find(*kind, *name)) {
      if (manifest->has_namespace) continue;
      return "; " + printable(manifest->place, 1000) +
             " names no namespace: set metadata.namespace in it, or give the rendered manifests";
    }
    return {};
  }

  void verify_object(const std::string& file) {
    const YamlNode patch = document_of(file);
    if (patch.kind == YamlNode::Kind::kNull) return;
    ++patches_;
    const WorkloadKey key = key_of(patch);
    const std::vector<const Manifest*> targets = index_.find(key);
    if (targets.empty()) tell(file, name_of(key), kNoTarget);
    for (const Manifest* manifest : targets) {
      YamlNode after = strategic_merge(manifest->object, identified(*manifest, patch));
      keep_init_order(*manifest, after);
      verify_result(file, *manifest, after);
    }
  }

  /// Server-side apply leaves the order to the object that is there.
  static void keep_init_order(const Manifest& manifest, YamlNode& after) {
    YamlNode* pod = &after;
    for (const std::string& step : manifest.pod_spec) {
      pod = pod != nullptr ? pod->find(step) : nullptr;
    }
    YamlNode* const list = pod != nullptr ? pod->find("initContainers") : nullptr;
    if (list == nullptr) return;
    const auto place = [&](const YamlNode& item) {
      const auto& order = manifest.pod.init_containers;
      return std::find_if(order.begin(), order.end(), [&](const ManifestContainer& container) {
        return container.name == member(item, "name").text;
      });
    };
    std::stable_sort(list->items.begin(), list->items.end(),
                     [&](const auto& a, const auto& b) { return place(a) < place(b); });
  }

  void verify_autoscaler(const std::string& file) {
    const YamlNode object = document_of(file);
    if (object.kind == YamlNode::Kind::kNull) return;
    ++patches_;
    const YamlNode& spec = member(object, "spec");
    const YamlNode& target = member(spec, "targetRef");
    const WorkloadKey key{"", member(member(object, "metadata"), "namespace").text,
                          member(target, "kind").text, member(target, "name").text};
    const std::vector<const Manifest*> found = index_.find(key);
    if (found.empty()) tell(file, name_of(key), kNoTarget);
    for (const Manifest* manifest : found) {
      const YamlNode& policies = member(member(spec, "resourcePolicy"), "containerPolicies");
      for (const YamlNode& policy : policies.items) {
        verify_policy(file, *manifest, member(policy, "containerName").text);
      }
    }
  }

  void verify_policy(const std::string& file, const Manifest& manifest, const std::string& name) {
    const auto& containers = manifest.pod.containers;
    const bool is_there =
        name == "*" || std::any_of(containers.begin(), containers.end(),
                                   [&](const auto& container) { return container.name == name; });
    if (is_there) return;
    tell(file, name_of(manifest.key) + ", container " + name,
         "the manifest has no such container (" + printable(manifest.place, 1000) + ")");
  }

  std::string root_;
  const ManifestIndex& index_;
  bool is_tree_ = false;
  std::size_t patches_ = 0;
  std::set<std::string> unread_{};
  std::vector<VerifyFinding> findings_{};
};

}  // namespace
}  // namespace gitops

Result<VerifyResult> verify_patches(const std::string& patches, const std::string& manifests,
                                    const std::vector<CustomKind>& kinds) {
  Result<std::vector<gitops::Manifest>> read = gitops::read_manifests(manifests, kinds);
  if (!read) return tl::unexpected(read.error());
  const gitops::ManifestIndex index(std::move(*read));
  gitops::Verifier verifier(patches, index);
  for (const PatchFormat format :
       {PatchFormat::kKustomize, PatchFormat::kJson6902, PatchFormat::kHelmValues,
        PatchFormat::kFlux, PatchFormat::kKubectl, PatchFormat::kVpa}) {
    if (Result<void> done = verifier.verify(format); !done) return tl::unexpected(done.error());
  }
  if (verifier.is_tree()) return verifier.take();
  return fail(ErrorKind::kInvalidInput,
              printable(patches, 1000) +
                  " holds no patches (no folder kustomize, json6902, helm-values, flux, kubectl or "
                  "vpa); give the --output-dir of `loadline patch`");
}

}  // namespace loadline
