#include "loadline/gitops/formats.hpp"

#include <algorithm>
#include <string>

#include "golden_tree.hpp"
#include "loadline/model/quantity.hpp"
#include "sample_plan.hpp"
#include "support/catch.hpp"

namespace loadline {
namespace {

using test::workload_of;

constexpr PatchFormat kAll[] = {PatchFormat::kKustomize,  PatchFormat::kJson6902,
                                PatchFormat::kHelmValues, PatchFormat::kFlux,
                                PatchFormat::kKubectl,    PatchFormat::kVpa};

Rendered rendered(const PatchPlan& plan, FormatOptions options, PatchFormat format) {
  options.formats = {format};
  return render_patches(plan, options);
}

std::string path_text(const ContainerKey& key) {
  const WorkloadKey& workload = key.workload;
  return workload.namespace_name + "/" + workload.kind + "/" + workload.name + "/" + key.container;
}

std::string spelled(Resource resource, const std::optional<double>& value) {
  if (!value) return "none";
  return resource == Resource::kCpu ? format_cpu(*value) : format_memory(*value);
}

/// "shop/Deployment/web/app container cpu 250m 500m": what the end-to-end tests hold results to.
std::string values_text(const PatchPlan& plan) {
  std::string text;
  for (const WorkloadPatch& workload : plan.workloads) {
    for (const ContainerPatch& patch : workload.containers) {
      for (const Resource resource : kResources) {
        const Requirement& value = patch.values[resource];
        if (!value.request) continue;
        text += path_text({workload.workload, patch.container}) + " " +
                std::string(to_string(patch.type)) + " " + std::string(to_string(resource)) + " " +
                spelled(resource, value.request) + " " + spelled(resource, value.limit) + "\n";
      }
    }
  }
  return text;
}

std::string unpatched_text(const std::vector<Unpatched>& rows) {
  std::string text;
  for (const Unpatched& row : rows) text += path_text(row.key) + ": " + row.why + "\n";
  return text;
}

TEST_CASE("every format of the sample plan is as its golden tree") {
  const PatchPlan plan = test::sample_plan();
  for (const PatchFormat format : kAll) {
    const Rendered made = rendered(plan, test::sample_options(), format);
    PatchFiles files = made.tree.files;
    files[std::string(to_string(format)) + "/unpatched.txt"] = unpatched_text(made.unpatched);
    test::check_golden_tree("sample/" + std::string(to_string(format)), [&] {
      PatchFiles below;
      for (const auto& [path, bytes] : files) {
        below[path.substr(path.find('/') + 1)] = bytes;
      }
      return below;
    }());
  }
  test::check_golden_tree("plan", {{"values.txt", values_text(plan)},
                                   {"unpatched.txt", unpatched_text(plan.unpatched)}});
}

TEST_CASE("formats have names and no others are read") {
  for (const PatchFormat format : kAll) CHECK(parse_patch_format(to_string(format)) == format);
  for (const char* text : {"", "Kustomize", "kustomize ", "helm", "json"}) {
    CHECK_FALSE(parse_patch_format(text));
  }
  CHECK(patch_format_names() == "kustomize|json6902|helm-values|flux|kubectl|vpa");
}

TEST_CASE("several formats make one tree, each as it is alone") {
  FormatOptions options = test::sample_options();
  options.formats = {std::begin(kAll), std::end(kAll)};
  const Rendered all = render_patches(test::sample_plan(), options);
  std::size_t files = 0;
  for (const PatchFormat format : kAll) {
    const Rendered one = rendered(test::sample_plan(), options, format);
    files += one.tree.files.size();
    for (const auto& [path, bytes] : one.tree.files) {
      CHECK(path.rfind(std::string(to_string(format)) + "/", 0) == 0);
      CHECK(all.tree.files.at(path) == bytes);
    }
    for (const auto& [key, values] : one.tree.values) CHECK(all.tree.values.at(key) == values);
  }
  CHECK(all.tree.files.size() == files);
  CHECK(std::is_sorted(all.unpatched.begin(), all.unpatched.end(),
                       [](const Unpatched& a, const Unpatched& b) { return a.key < b.key; }));
}

TEST_CASE("the tree's values are those of the containers that a file names") {
  const PatchPlan plan = test::sample_plan();
  const Rendered helm = rendered(plan, test::sample_options(), PatchFormat::kHelmValues);
  std::string names;
  for (const auto& [key, values] : helm.tree.values) names += path_text(key) + " ";
  CHECK(names ==
        "batch/CronJob/report/report shop/Deployment/web/app shop/Deployment/web/tail "
        "shop/StatefulSet/db.v2/postgres ");
  const auto origins = origins_of(plan);
  for (const auto& [key, origin] : helm.tree.origins) CHECK(origins.at(key) == origin);
  CHECK(helm.tree.origins.size() == helm.tree.values.size());
}

TEST_CASE("an empty plan gives each format's index alone") {
  const auto files = [](PatchFormat format) {
    return rendered({}, test::sample_options(), format).tree.files;
  };
  const std::string index =
      "# Written by loadline. A file that is edited by hand is kept and reported.\n"
      "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: []\n";
  CHECK(files(PatchFormat::kKustomize) == PatchFiles{{"kustomize/kustomization.yaml", index}});
  CHECK(files(PatchFormat::kJson6902) == PatchFiles{{"json6902/kustomization.yaml", index}});
  CHECK(files(PatchFormat::kHelmValues) == PatchFiles{{"helm-values/batch.yaml", "{}\n"},
                                                      {"helm-values/idle.yaml", "{}\n"},
                                                      {"helm-values/shop.yaml", "{}\n"}});
  CHECK(files(PatchFormat::kFlux).empty());
  CHECK(files(PatchFormat::kKubectl).empty());
  CHECK(files(PatchFormat::kVpa).empty());
}

TEST_CASE("each cluster has an index of its own") {
  PatchPlan plan;
  for (const char* cluster : {"eu-1", "us-1"}) {
    const PatchPlan one = plan_patches(
        {test::shrinking(workload_of("web", "Deployment", "shop", cluster), "app")}, {}, {});
    plan.workloads.push_back(one.workloads.at(0));
  }
  plan.unpatched.push_back({{workload_of("x", "Deployment", "shop", "ap-1"), "app"}, "young"});
  std::string paths;
  for (const PatchFormat format : kAll) {
    for (const auto& [path, bytes] : rendered(plan, test::sample_options(), format).tree.files) {
      paths += path + " ";
      if (path == "kustomize/eu-1/kustomization.yaml") {
        CHECK(bytes.find("path: shop/deployment-web.yaml") != std::string::npos);
      }
      if (path == "kustomize/ap-1/kustomization.yaml") {
        CHECK(bytes.find("patches: []") != std::string::npos);
      }
    }
  }
  CHECK(paths ==
        "kustomize/ap-1/kustomization.yaml kustomize/eu-1/kustomization.yaml "
        "kustomize/eu-1/shop/deployment-web.yaml kustomize/us-1/kustomization.yaml "
        "kustomize/us-1/shop/deployment-web.yaml json6902/ap-1/kustomization.yaml "
        "json6902/eu-1/kustomization.yaml json6902/eu-1/shop/deployment-web.yaml "
        "json6902/us-1/kustomization.yaml json6902/us-1/shop/deployment-web.yaml "
        "helm-values/ap-1/batch.yaml helm-values/ap-1/idle.yaml helm-values/ap-1/shop.yaml "
        "helm-values/eu-1/batch.yaml helm-values/eu-1/idle.yaml helm-values/eu-1/shop.yaml "
        "helm-values/us-1/batch.yaml helm-values/us-1/idle.yaml helm-values/us-1/shop.yaml "
        "flux/eu-1/shop.yaml flux/us-1/shop.yaml kubectl/eu-1/shop/deployment-web.yaml "
        "kubectl/us-1/shop/deployment-web.yaml vpa/eu-1/shop/deployment-web.yaml "
        "vpa/us-1/shop/deployment-web.yaml ");
}

TEST_CASE("names that are no UTF-8 are told and not written") {
  PatchPlan plan = plan_patches(
      {test::shrinking(workload_of("a\xff"), "app"), test::shrinking(workload_of("web"), "app"),
       test::shrinking(workload_of("web"), "b\xc3")},
      {}, {});
  const Rendered made = rendered(plan, {}, PatchFormat::kKustomize);
  CHECK(made.tree.files.size() == 2);
  CHECK(made.tree.values.size() == 1);
  REQUIRE(made.unpatched.size() == 2);
  CHECK(made.unpatched[0].why == "a name of it is no UTF-8, which no file can hold");
}

/// The rows of the next run, once the tree is merged: today's values are the patch's own.
std::vector<Recommendation> merged(std::vector<Recommendation> rows, const PatchTree& tree) {
  for (Recommendation& row : rows) {
    const auto values = tree.values.find(row.key);
    if (values == tree.values.end()) continue;
    row.verdict = Verdict::kKeep;
    for (const Resource resource : kResources) {
      if (values->second[resource].request)
        row.resources[resource].current = values->second[resource];
    }
  }
  return rows;
}

TEST_CASE("a tree does not change when its patches are merged") {
  FormatOptions options = test::sample_options();
  options.formats = {std::begin(kAll), std::end(kAll)};
  const Rendered first = render_patches(test::sample_plan(), options);
  const PatchPlan again = plan_patches(merged(test::sample_rows(), first.tree), first.tree.values,
                                       {}, first.tree.origins);
  const Rendered second = render_patches(again, options);
  CHECK(second.tree == first.tree);
  CHECK(second.unpatched == first.unpatched);
}

}  // namespace
}  // namespace loadline
