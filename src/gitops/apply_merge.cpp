#include "gitops/apply_merge.hpp"

#include <algorithm>
#include <string>

namespace loadline::gitops {
namespace {

bool is_merged_by_name(std::string_view key) {
  return key == "containers" || key == "initContainers";
}

std::string name_of(const YamlNode& container) {
  const YamlNode* const name = container.find("name");
  return name != nullptr ? name->text : "";
}

const YamlNode* with_name(const YamlNode& list, const std::string& name) {
  const auto found = std::find_if(list.items.begin(), list.items.end(),
                                  [&](const YamlNode& item) { return name_of(item) == name; });
  return found == list.items.end() ? nullptr : &*found;
}

YamlNode merged_list(const YamlNode& list, const YamlNode& patch) {
  YamlNode merged{.kind = YamlNode::Kind::kSequence, .line = list.line};
  for (const YamlNode& item : patch.items) {
    const YamlNode* const old = with_name(list, name_of(item));
    merged.items.push_back(strategic_merge(old != nullptr ? *old : YamlNode{}, item));
  }
  for (const YamlNode& item : list.items) {
    if (with_name(patch, name_of(item)) == nullptr) merged.items.push_back(item);
  }
  return merged;
}

YamlNode merged_value(const std::string& key, const YamlNode& value, const YamlNode& patch) {
  const bool are_lists =
      value.kind == YamlNode::Kind::kSequence && patch.kind == YamlNode::Kind::kSequence;
  if (are_lists && is_merged_by_name(key)) return merged_list(value, patch);
  return strategic_merge(value, patch);
}

}  // namespace

YamlNode strategic_merge(const YamlNode& object, const YamlNode& patch) {
  if (patch.kind != YamlNode::Kind::kMap) return patch;
  YamlNode merged{.kind = YamlNode::Kind::kMap, .line = patch.line};
  if (object.kind == YamlNode::Kind::kMap) merged = object;
  for (const auto& [key, value] : patch.members) {
    YamlNode* const old = merged.find(key);
    if (value.kind == YamlNode::Kind::kNull) {
      std::erase_if(merged.members, [&, &name = key](const auto& m) { return m.first == name; });
    } else if (old != nullptr) {
      *old = merged_value(key, *old, value);
    } else {
      merged.members.emplace_back(key, strategic_merge({}, value));
    }
  }
  return merged;
}

}  // namespace loadline::gitops
