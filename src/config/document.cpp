#include "config/document.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <sstream>
#include <utility>

#include "loadline/model/labels.hpp"

namespace loadline::config {
namespace {

/// Thrown through yaml-cpp's parser, which offers no other way to stop it.
class Refused : public YAML::ParserException {
 public:
  using YAML::ParserException::ParserException;
};

/// Builds nodes from the parser's events, so that no graph with aliases ever exists.
class NodeBuilder final : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    add({.kind = Node::Kind::kNull, .line = line_of(mark)}, mark);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override { refuse_alias(mark); }
  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    refuse_alias(mark);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    refuse_tag(tag, mark);
    add({.kind = Node::Kind::kScalar, .text = value, .line = line_of(mark)}, mark);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    refuse_tag(tag, mark);
    open(Node::Kind::kList, mark);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    refuse_tag(tag, mark);
    open(Node::Kind::kMap, mark);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  Node take_root() { return std::move(root_); }

 private:
  /// A list or map being filled; in a map, the key whose value comes next.
  struct Open {
    Node node{};
    bool has_key = false;
    std::string key{};
    int key_line = 0;
  };

  static int line_of(const YAML::Mark& mark) { return mark.line + 1; }

  static void refuse_alias(const YAML::Mark& mark) {
    throw Refused(mark, "anchors and aliases are not supported; write the value out");
  }
  static void refuse_tag(const std::string& tag, const YAML::Mark& mark) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    throw Refused(mark, "tags are not supported; remove " + tag);
  }

  void open(Node::Kind kind, const YAML::Mark& mark) {
    if (open_.size() >= kMaxDepth) throw Refused(mark, "nested too deeply");
    refuse_compound_key(kind, mark);
    open_.push_back({.node = {.kind = kind, .line = line_of(mark)}});
  }

  void refuse_compound_key(Node::Kind kind, const YAML::Mark& mark) const {
    if (open_.empty() || open_.back().node.kind != Node::Kind::kMap || open_.back().has_key) return;
    if (kind != Node::Kind::kScalar) throw Refused(mark, "a key must be plain text");
  }

  void close() {
    Node node = std::move(open_.back().node);
    open_.pop_back();
    add(std::move(node), YAML::Mark::null_mark());
  }

  void add(Node node, const YAML::Mark& mark) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == Node::Kind::kMap && !parent.has_key) return take_key(node, mark);
    if (parent.has_key) {
      node.name = std::move(parent.key);
      node.line = parent.key_line;
    }
    parent.has_key = false;
    parent.node.items.push_back(std::move(node));
  }

  void take_key(const Node& node, const YAML::Mark& mark) {
    refuse_compound_key(node.kind, mark);
    Open& parent = open_.back();
    const auto same = [&](const Node& item) { return item.name == node.text; };
    const auto first = std::find_if(parent.node.items.begin(), parent.node.items.end(), same);
    if (first != parent.node.items.end()) {
      throw Refused(mark, "key " + node.text + " appears twice; the first is on line " +
                              std::to_string(first->line));
    }
    parent.has_key = true;
    parent.key = node.text;
    parent.key_line = node.line;
  }

  std::vector<Open> open_{};
  Node root_{};
};

Error error_at(std::string_view file_name, int line, std::string_view problem) {
  std::string message(file_name);
  if (line > 0) message += ":" + std::to_string(line);
  return {ErrorKind::kInvalidInput, message + ": " + printable(problem, 1000)};
}

Result<Node> parse_unchecked(std::string_view yaml, std::string_view file_name) {
  std::istringstream stream{std::string(yaml)};
  YAML::Parser parser(stream);
  NodeBuilder builder;
  if (!parser.HandleNextDocument(builder)) return Node{};
  NodeBuilder rest;
  if (parser.HandleNextDocument(rest)) {
    const Node second = rest.take_root();
    return tl::unexpected(
        error_at(file_name, second.line, "a second YAML document; keep one document a file"));
  }
  return builder.take_root();
}

}  // namespace

Result<Node> parse_document(std::string_view yaml, std::string_view file_name) {
  if (yaml.size() > kMaxDocumentBytes) {
    return tl::unexpected(
        error_at(file_name, 0, "larger than 1 MiB; this is not a loadline configuration"));
  }
  try {
    return parse_unchecked(yaml, file_name);
  } catch (const YAML::Exception& e) {
    return tl::unexpected(error_at(file_name, e.mark.is_null() ? 0 : e.mark.line + 1, e.msg));
  } catch (const std::exception& e) {
    return tl::unexpected(error_at(file_name, 0, e.what()));
  }
}

}  // namespace loadline::config
