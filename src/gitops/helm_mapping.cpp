#include <algorithm>
#include <array>
#include <optional>

#include "gitops/kinds.hpp"
#include "loadline/config/yaml.hpp"
#include "loadline/gitops/patch.hpp"
#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

struct Field {
  std::string_view name{};
  std::string HelmMapping::*member = nullptr;
};
constexpr std::array<Field, 5> kFields{{{"namespace", &HelmMapping::namespace_name},
                                        {"workload", &HelmMapping::workload},
                                        {"container", &HelmMapping::container},
                                        {"release", &HelmMapping::release},
                                        {"path", &HelmMapping::path}}};
constexpr std::string_view kForm = "{namespace, workload, container, release, path}";

tl::unexpected<Error> wrong(std::string_view file_name, const YamlNode& node,
                            const std::string& problem) {
  return fail(ErrorKind::kInvalidInput,
              printable(file_name, 1000) + ":" + std::to_string(node.line) + ": " + problem);
}

const Field* field_of(std::string_view name) {
  for (const Field& field : kFields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

bool is_path(std::string_view path) {
  for (const std::string& key : gitops::split_dotted(path)) {
    if (key.empty()) return false;
  }
  return true;
}

/// What is missing; nullopt where the row is good.
std::optional<std::string> problem_of(const HelmMapping& row) {
  for (const Field& field : kFields) {
    if (field.name != "container" && (row.*field.member).empty()) {
      return std::string(field.name) + " is missing; a row is " + std::string(kForm);
    }
  }
  if (!is_path(row.path)) return "path " + printable(row.path) + " has an empty part";
  return std::nullopt;
}

Result<HelmMapping> read_row(const YamlNode& node, std::string_view file_name) {
  if (node.kind != YamlNode::Kind::kMap) {
    return wrong(file_name, node, "a row is " + std::string(kForm));
  }
  HelmMapping row;
  for (const auto& [key, value] : node.members) {
    const Field* const field = field_of(key);
    if (field == nullptr) {
      return wrong(file_name, value, printable(key) + " is none of " + std::string(kForm));
    }
    if (value.kind != YamlNode::Kind::kScalar) {
      return wrong(file_name, value, printable(key) + " must be text");
    }
    row.*field->member = value.text;
  }
  if (const auto problem = problem_of(row)) return wrong(file_name, node, *problem);
  return row;
}

}  // namespace

Result<std::vector<HelmMapping>> parse_helm_mapping(std::string_view yaml,
                                                    std::string_view file_name) {
  const Result<std::vector<YamlNode>> documents = parse_yaml_documents(yaml, file_name);
  if (!documents) return tl::unexpected(documents.error());
  std::vector<HelmMapping> mapping;
  for (const YamlNode& document : *documents) {
    if (document.kind != YamlNode::Kind::kSequence) {
      return wrong(file_name, document, "a list of " + std::string(kForm) + " is expected");
    }
    for (const YamlNode& node : document.items) {
      Result<HelmMapping> row = read_row(node, file_name);
      if (!row) return tl::unexpected(row.error());
      if (std::find(mapping.begin(), mapping.end(), *row) != mapping.end()) {
        return wrong(file_name, node, "this row stands in the mapping already");
      }
      mapping.push_back(std::move(*row));
    }
  }
  return mapping;
}

}  // namespace loadline
