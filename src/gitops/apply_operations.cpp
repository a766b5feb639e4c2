#include "gitops/apply_operations.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "loadline/model/labels.hpp"

namespace loadline::gitops {
namespace {

std::string unescaped(std::string_view part) {
  std::string text;
  for (std::size_t i = 0; i < part.size(); ++i) {
    const bool is_escape = part[i] == '~' && i + 1 < part.size();
    if (is_escape && part[i + 1] == '1') {
      text += '/';
      ++i;
    } else if (is_escape && part[i + 1] == '0') {
      text += '~';
      ++i;
    } else {
      text += part[i];
    }
  }
  return text;
}

/// nullopt where it is no JSON pointer below the root.
std::optional<std::vector<std::string>> parts_of(std::string_view pointer) {
  if (!pointer.starts_with('/')) return std::nullopt;
  std::vector<std::string> parts;
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    parts.push_back(unescaped(pointer.substr(0, end)));
    pointer.remove_prefix(end);
  }
  return parts;
}

std::optional<std::size_t> index_of(const std::string& part) {
  std::size_t index = 0;
  const char* const end = part.data() + part.size();
  const auto [ptr, error] = std::from_chars(part.data(), end, index);
  const bool is_number = error == std::errc{} && ptr == end && !part.empty();
  return is_number ? std::optional(index) : std::nullopt;
}

YamlNode* child_of(YamlNode& node, const std::string& part) {
  if (node.kind == YamlNode::Kind::kMap) return node.find(part);
  const std::optional<std::size_t> index = index_of(part);
  const bool is_item =
      node.kind == YamlNode::Kind::kSequence && index && *index < node.items.size();
  return is_item ? &node.items[*index] : nullptr;
}

/// One operation, taken apart.
struct Operation {
  std::string op{};
  std::string path{};
  std::vector<std::string> parts{};
  const YamlNode* value = nullptr;
};

std::string text_of(const YamlNode& node, std::string_view key) {
  const YamlNode* const member = node.find(key);
  return member != nullptr ? member->text : "";
}

std::optional<Operation> operation_of(const YamlNode& node) {
  Operation operation{.op = text_of(node, "op"), .path = text_of(node, "path")};
  auto parts = parts_of(operation.path);
  if (!parts) return std::nullopt;
  operation.parts = std::move(*parts);
  operation.value = node.find("value");
  return operation;
}

std::string shown(const YamlNode* node) {
  if (node == nullptr || node->kind == YamlNode::Kind::kNull) return "nothing";
  if (node->kind == YamlNode::Kind::kScalar) return "\"" + printable(node->text) + "\"";
  return node->kind == YamlNode::Kind::kMap ? "a map" : "a list";
}

bool is_null(const YamlNode* node) {
  return node == nullptr || node->kind == YamlNode::Kind::kNull;
}

/// Each returns what is wrong; nullopt where it was done.
using Problem = std::optional<std::string>;

Problem test(const Operation& operation, const YamlNode* found) {
  const bool holds = is_null(operation.value) || is_null(found)
                         ? is_null(operation.value) && is_null(found)
                         : *operation.value == *found;
  if (holds) return std::nullopt;
  return "the manifest has " + shown(found) + " there, the patch expects " + shown(operation.value);
}

Problem add(const Operation& operation, YamlNode& parent) {
  if (operation.value == nullptr) return "it has no value";
  const std::string& key = operation.parts.back();
  if (parent.kind == YamlNode::Kind::kMap) {
    if (YamlNode* const old = parent.find(key)) {
      *old = *operation.value;
    } else {
      parent.members.emplace_back(key, *operation.value);
    }
    return std::nullopt;
  }
  if (parent.kind != YamlNode::Kind::kSequence) return "the manifest has no map or list there";
  const std::size_t at = key == "-" ? parent.items.size() : index_of(key).value_or(SIZE_MAX);
  if (at > parent.items.size()) return "the manifest's list is shorter";
  parent.items.insert(parent.items.begin() + static_cast<std::ptrdiff_t>(at), *operation.value);
  return std::nullopt;
}

Problem remove(const Operation& operation, YamlNode& parent) {
  const std::string& key = operation.parts.back();
  if (parent.kind == YamlNode::Kind::kMap) {
    std::erase_if(parent.members, [&](const auto& member) { return member.first == key; });
  } else {
    parent.items.erase(parent.items.begin() +
                       static_cast<std::ptrdiff_t>(index_of(key).value_or(0)));
  }
  return std::nullopt;
}

Problem apply(const Operation& operation, YamlNode& object) {
  YamlNode* parent = &object;
  for (std::size_t i = 0; i + 1 < operation.parts.size() && parent != nullptr; ++i) {
    parent = child_of(*parent, operation.parts[i]);
  }
  YamlNode* const found = parent != nullptr ? child_of(*parent, operation.parts.back()) : nullptr;
  if (operation.op == "test") return test(operation, found);
  if (parent == nullptr) return "the manifest has nothing there";
  if (operation.op == "add") return add(operation, *parent);
  if (found == nullptr) return "the manifest has nothing there";
  if (operation.op == "remove") return remove(operation, *parent);
  if (operation.op != "replace") return "only test, add, replace and remove are expected";
  if (operation.value == nullptr) return "it has no value";
  *found = *operation.value;
  return std::nullopt;
}

}  // namespace

Result<YamlNode> apply_operations(YamlNode object, const YamlNode& operations) {
  std::size_t number = 0;
  for (const YamlNode& node : operations.items) {
    ++number;
    const std::optional<Operation> operation = operation_of(node);
    const Problem problem = operation ? apply(*operation, object) : "it has no path";
    if (!problem) continue;
    const std::string name =
        operation ? " (" + printable(operation->op) + " " + printable(operation->path) + ")" : "";
    return fail(ErrorKind::kInvalidInput,
                "operation " + std::to_string(number) + name + " fails: " + *problem);
  }
  return object;
}

}  // namespace loadline::gitops
