#include "loadline/config/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <map>
#include <set>
#include <sstream>

#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

constexpr std::size_t kMaxBytes = 64U << 20U;
/// The schema of a custom resource nests about 60 deep.
constexpr std::size_t kMaxDepth = 200;
/// Of one text, aliases written out: what a few hundred MiB hold.
constexpr std::size_t kMaxNodes = 2'000'000;
constexpr std::string_view kMergeKey = "<<";

/// Thrown through yaml-cpp's parser, which offers no other way to stop it.
class Refused : public YAML::ParserException {
 public:
  using YAML::ParserException::ParserException;
};

std::size_t line_of(const YAML::Mark& mark) {
  return mark.is_null() ? 0 : static_cast<std::size_t>(mark.line) + 1;
}

std::size_t count_nodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const YamlNode& item : node.items) count += count_nodes(item);
  for (const auto& [key, value] : node.members) count += count_nodes(value);
  return count;
}

/// Of several documents together.
class Budget {
 public:
  void spend(std::size_t nodes, const YAML::Mark& mark) {
    if (nodes > left_) throw Refused(mark, "more values than anyone writes by hand; split it");
    left_ -= nodes;
  }

 private:
  std::size_t left_ = kMaxNodes;
};

/// Builds one document from the parser's events; an alias is a copy of what it names.
class TreeBuilder final : public YAML::EventHandler {
 public:
  explicit TreeBuilder(Budget& budget) : budget_(budget) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    budget_.spend(1, mark);
    add({.line = line_of(mark)}, mark, anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) throw Refused(mark, "an alias inside of what it names");
    budget_.spend(found->second.nodes, mark);
    add(found->second.node, mark, YAML::NullAnchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    budget_.spend(1, mark);
    YamlNode node{.kind = YamlNode::Kind::kScalar, .text = value, .line = line_of(mark)};
    node.is_quoted = is_text(tag);
    add(std::move(node), mark, anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(YamlNode::Kind::kSequence, mark, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(YamlNode::Kind::kMap, mark, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  YamlNode take_root() { return std::move(root_); }

 private:
  /// A sequence or map being filled; in a map, the key whose value comes next.
  struct Open {
    YamlNode node{};
    YAML::Mark mark{};
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool has_key = false;
    bool merges = false;  ///< the value that comes next is that of "<<"
    std::string key{};
    std::set<std::string, std::less<>> keys{};
    std::vector<YamlNode> merged{};
  };
  struct Anchored {
    YamlNode node{};
    std::size_t nodes = 0;
  };

  /// yaml-cpp says "!" of quotes and block scalars, "?" of plain ones.
  static bool is_text(const std::string& tag) {
    constexpr std::array<std::string_view, 4> kTyped{":int", ":float", ":bool", ":null"};
    if (tag.empty() || tag == "?") return false;
    return std::none_of(kTyped.begin(), kTyped.end(),
                        [&](std::string_view typed) { return tag.ends_with(typed); });
  }

  [[nodiscard]] bool wants_key() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::kMap &&
           !open_.back().has_key;
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (open_.size() >= kMaxDepth) throw Refused(mark, "nested too deeply");
    if (wants_key()) throw Refused(mark, "a key must be plain text");
    budget_.spend(1, mark);
    open_.emplace_back();
    open_.back().node = {.kind = kind, .line = line_of(mark)};
    open_.back().mark = mark;
    open_.back().anchor = anchor;
  }

  void close() {
    Open done = std::move(open_.back());
    open_.pop_back();
    for (const YamlNode& source : done.merged) merge(source, done);
    add(std::move(done.node), done.mark, done.anchor);
  }

  /// A key that stands in the map itself, or in a source before, wins.
  void merge(const YamlNode& source, Open& into) {
    if (source.kind == YamlNode::Kind::kSequence) {
      for (const YamlNode& item : source.items) merge(item, into);
      return;
    }
    if (source.kind != YamlNode::Kind::kMap) throw Refused(into.mark, "<< takes a map");
    for (const auto& [key, value] : source.members) {
      if (into.keys.insert(key).second) into.node.members.emplace_back(key, value);
    }
  }

  void add(YamlNode node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) remember(node, mark, anchor);
    if (open_.empty()) {
      root_ = std::move(node);
    } else if (wants_key()) {
      take_key(node, mark);
    } else {
      take_value(std::move(node));
    }
  }

  void remember(const YamlNode& node, const YAML::Mark& mark, YAML::anchor_t anchor) {
    const std::size_t nodes = count_nodes(node);
    budget_.spend(nodes, mark);
    anchors_[anchor] = {node, nodes};
  }

  void take_key(const YamlNode& node, const YAML::Mark& mark) {
    if (node.kind != YamlNode::Kind::kScalar) throw Refused(mark, "a key must be plain text");
    Open& map = open_.back();
    map.has_key = true;
    map.merges = !node.is_quoted && node.text == kMergeKey;
    map.key = node.text;
    if (!map.merges && !map.keys.insert(node.text).second) {
      throw Refused(mark, "key " + node.text + " stands twice in one map");
    }
  }

  void take_value(YamlNode node) {
    Open& parent = open_.back();
    if (!parent.has_key) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.merges) {
      parent.merged.push_back(std::move(node));
    } else {
      parent.node.members.emplace_back(std::move(parent.key), std::move(node));
    }
    parent.has_key = false;
  }

  Budget& budget_;
  std::vector<Open> open_{};
  std::map<YAML::anchor_t, Anchored> anchors_{};
  YamlNode root_{};
};

tl::unexpected<Error> error_at(std::string_view file_name, std::size_t line,
                               std::string_view problem) {
  std::string message = printable(file_name, 1000);
  if (line > 0) message += ":" + std::to_string(line);
  return fail(ErrorKind::kInvalidInput, message + ": " + printable(problem, 1000));
}

std::vector<YamlNode> parse_unchecked(std::string_view yaml) {
  std::istringstream stream{std::string(yaml)};
  YAML::Parser parser(stream);
  Budget budget;
  std::vector<YamlNode> documents;
  for (;;) {
    TreeBuilder builder(budget);
    if (!parser.HandleNextDocument(builder)) return documents;
    YamlNode root = builder.take_root();
    if (root.kind != YamlNode::Kind::kNull) documents.push_back(std::move(root));
  }
}

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

bool is_number(std::string_view text) {
  if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
  if (text.starts_with("0x") || text.starts_with("0o")) return true;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error != std::errc::invalid_argument && end == text.data() + text.size();
}

/// Whether a plain scalar means something else than the text that it is.
bool is_typed(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords{"null", "~",   "true", "false", "yes",
                                                   "no",   "off", "on",   ".inf"};
  const std::string lower = lower_case(text);
  return std::find(kWords.begin(), kWords.end(), lower) != kWords.end() || is_number(lower);
}

bool same_scalar(const YamlNode& a, const YamlNode& b) {
  return a.text == b.text && (a.is_quoted == b.is_quoted || !is_typed(a.text));
}

/// The order of a map's keys is style.
bool same_members(const YamlNode& a, const YamlNode& b) {
  if (a.members.size() != b.members.size()) return false;
  std::map<std::string_view, const YamlNode*> others;
  for (const auto& [key, value] : b.members) others.emplace(key, &value);
  return std::all_of(a.members.begin(), a.members.end(), [&](const auto& member) {
    const auto other = others.find(member.first);
    return other != others.end() && member.second == *other->second;
  });
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &found->second;
}

YamlNode* YamlNode::find(std::string_view key) {
  const auto found = std::find_if(members.begin(), members.end(),
                                  [&](const auto& member) { return member.first == key; });
  return found == members.end() ? nullptr : &found->second;
}

bool YamlNode::operator==(const YamlNode& other) const {
  if (kind != other.kind) return false;
  switch (kind) {
    case Kind::kNull:
      return true;
    case Kind::kScalar:
      return same_scalar(*this, other);
    case Kind::kSequence:
      return items == other.items;
    case Kind::kMap:
      return same_members(*this, other);
  }
  return false;
}

Result<std::vector<YamlNode>> parse_yaml_documents(std::string_view yaml,
                                                   std::string_view file_name) {
  if (yaml.size() > kMaxBytes) return error_at(file_name, 0, "larger than 64 MiB; split it");
  try {
    return parse_unchecked(yaml);
  } catch (const YAML::Exception& e) {
    return error_at(file_name, line_of(e.mark), e.msg);
  } catch (const std::exception& e) {
    return error_at(file_name, 0, e.what());
  }
}

}  // namespace loadline
