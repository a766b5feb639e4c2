#include "gitops/manifests.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "gitops/kinds.hpp"
#include "gitops/text_file.hpp"
#include "loadline/gitops/patch.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace gitops {
namespace {

namespace fs = std::filesystem;

bool is_yaml(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".yaml" || extension == ".yml" || extension == ".json";
}

tl::unexpected<Error> unreadable(const std::string& directory, const std::error_code& error) {
  return fail(ErrorKind::kInvalidInput,
              "cannot read " + printable(directory, 1000) + ": " + error.message());
}

/// Adds what a folder holds; a hidden folder (.git) holds nothing of interest.
std::error_code collect(const std::string& directory, std::vector<std::string>& files) {
  std::error_code error;
  fs::recursive_directory_iterator at(directory, error);
  while (!error && at != fs::recursive_directory_iterator()) {
    const bool is_hidden = at->path().filename().string().starts_with('.');
    std::error_code ignored;  // a link that leads nowhere is no file
    if (is_hidden) {
      at.disable_recursion_pending();
    } else if (is_yaml(at->path()) && at->is_regular_file(ignored)) {
      files.push_back(at->path().string());
    }
    at.increment(error);
  }
  return error;
}

std::string text_of(const YamlNode& node, std::string_view key) {
  const YamlNode* const member = node.find(key);
  return member != nullptr ? member->text : "";
}

bool has_image(const YamlNode& container) {
  return container.find("image") != nullptr;
}

/// Kustomize's patches look like manifests, but for what they leave out.
bool is_partial(const YamlNode& object, const std::vector<std::string>& pod_spec) {
  const YamlNode* pod = &object;
  for (const std::string& step : pod_spec) {
    pod = pod->find(step);
    if (pod == nullptr) return true;
  }
  const YamlNode* const list = pod->find("containers");
  return list == nullptr || std::none_of(list->items.begin(), list->items.end(), has_image);
}

/// Collects the workloads of documents.
class Reader {
 public:
  explicit Reader(const std::vector<CustomKind>& kinds) : kinds_(kinds) {}

  void add(const YamlNode& object, const std::string& file) {
    const YamlNode* const items = object.find("items");
    if (items != nullptr && text_of(object, "kind").ends_with("List")) {
      for (const YamlNode& item : items->items) add(item, file);
      return;
    }
    auto pod = manifest_pod(object, kinds_, kUnnamedNamespace);
    if (!pod) return;
    const auto rule = rule_of(pod->first.kind, kinds_);
    if (!rule || is_partial(object, rule->pod_spec)) return;
    const YamlNode* const metadata = object.find("metadata");
    manifests_.push_back(
        {.key = pod->first,
         .has_namespace = metadata != nullptr && !text_of(*metadata, "namespace").empty(),
         .place = file + ":" + std::to_string(object.line),
         .api_version = rule->api_version,
         .pod_spec = rule->pod_spec,
         .pod = std::move(pod->second),
         .object = object});
  }

  std::vector<Manifest> take() { return std::move(manifests_); }

 private:
  const std::vector<CustomKind>& kinds_;
  std::vector<Manifest> manifests_{};
};

}  // namespace

Result<std::vector<std::string>> yaml_files(const std::string& directory) {
  std::error_code error;
  const fs::file_status status = fs::status(directory, error);
  if (status.type() == fs::file_type::regular) return std::vector<std::string>{directory};
  if (error) return unreadable(directory, error);
  std::vector<std::string> files;
  error = collect(directory, files);
  if (error) return unreadable(directory, error);
  std::sort(files.begin(), files.end());
  return files;
}

Result<std::vector<Manifest>> read_manifests(const std::string& directory,
                                             const std::vector<CustomKind>& kinds) {
  const Result<std::vector<std::string>> files = yaml_files(directory);
  if (!files) return tl::unexpected(files.error());
  Reader reader(kinds);
  for (const std::string& file : *files) {
    const Result<std::string> text = read_text_file(file, "manifest");
    if (!text) return tl::unexpected(text.error());
    const auto documents = parse_yaml_documents(*text, file);
    if (!documents) {
      return fail(ErrorKind::kInvalidInput,
                  documents.error().message +
                      "; manifests must be plain YAML: render charts and templates first, or "
                      "point --manifests at less");
    }
    for (const YamlNode& document : *documents) reader.add(document, file);
  }
  return reader.take();
}

ManifestIndex::ManifestIndex(std::vector<Manifest> manifests) : manifests_(std::move(manifests)) {
  for (std::size_t i = 0; i < manifests_.size(); ++i) {
    by_name_.emplace(std::pair(manifests_[i].key.kind, manifests_[i].key.name), i);
  }
}

std::vector<const Manifest*> ManifestIndex::find(const std::string& kind,
                                                 const std::string& name) const {
  std::vector<const Manifest*> found;
  const auto [begin, end] = by_name_.equal_range(std::pair(kind, name));
  for (auto at = begin; at != end; ++at) found.push_back(&manifests_[at->second]);
  return found;
}

std::vector<const Manifest*> ManifestIndex::find(const WorkloadKey& workload) const {
  std::vector<const Manifest*> named;
  std::vector<const Manifest*> unnamed;
  for (const Manifest* manifest : find(workload.kind, workload.name)) {
    if (!manifest->has_namespace) {
      unnamed.push_back(manifest);
    } else if (manifest->key.namespace_name == workload.namespace_name) {
      named.push_back(manifest);
    }
  }
  return named.empty() ? unnamed : named;
}

}  // namespace gitops

Result<ManifestPods> manifest_pods(const std::string& directory,
                                   const std::vector<CustomKind>& kinds,
                                   const std::vector<WorkloadKey>& workloads) {
  Result<std::vector<gitops::Manifest>> manifests = gitops::read_manifests(directory, kinds);
  if (!manifests) return tl::unexpected(manifests.error());
  const gitops::ManifestIndex index(std::move(*manifests));
  ManifestPods pods;
  for (WorkloadKey workload : workloads) {
    const std::vector<const gitops::Manifest*> found = index.find(workload);
    workload.cluster.clear();
    for (const gitops::Manifest* manifest : found) {
      const auto [at, is_new] = pods.emplace(workload, manifest->pod);
      if (is_new || at->second == manifest->pod) continue;
      return fail(ErrorKind::kInvalidInput,
                  printable(found.front()->place) + " and " + printable(manifest->place) +
                      " are different manifests of one " + workload.kind + " " +
                      printable(workload.name) + "; give the manifests of one environment");
    }
  }
  return pods;
}

}  // namespace loadline
