#include <algorithm>
#include <dtl/dtl.hpp>
#include <map>
#include <string_view>

#include "loadline/gitops/directory.hpp"

// Implementation details: dtl finds the shortest script, but keeps a table that grows with the
// product of the lengths, and an index of a large fleet has thousands of lines. So the texts are
// cut first at lines that stand once in each (every index entry has such a line: its path), as
// patience diff does, and dtl sees what lies between two cuts.

namespace loadline {
namespace {

constexpr std::size_t kContext = 3;
/// Points that dtl can keep are 2,000,000; beyond a piece is told as replaced.
constexpr std::size_t kMaxProduct = 1'000'000;

using Lines = std::vector<std::string>;
enum class Edit { kSame, kRemoved, kAdded };
struct EditedLine {
  Edit edit = Edit::kSame;
  std::string text{};
};
using Script = std::vector<EditedLine>;
/// Half-open ranges of lines of both sides.
struct Piece {
  std::size_t old_begin = 0;
  std::size_t old_end = 0;
  std::size_t new_begin = 0;
  std::size_t new_end = 0;
};
/// A line of both sides, by index.
using Pair = std::pair<std::size_t, std::size_t>;

/// Each with its line end; the last may have none.
Lines lines_of(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

/// Lines that stand once on either side, in the order of the old one.
std::vector<Pair> unique_pairs(const Lines& old_lines, const Lines& new_lines) {
  struct Seen {
    std::size_t old_count = 0;
    std::size_t new_count = 0;
    std::size_t new_index = 0;
  };
  std::map<std::string_view, Seen> seen;
  for (const std::string& line : old_lines) ++seen[line].old_count;
  for (std::size_t i = 0; i < new_lines.size(); ++i) {
    Seen& line = seen[new_lines[i]];
    ++line.new_count;
    line.new_index = i;
  }
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < old_lines.size(); ++i) {
    const Seen& line = seen[old_lines[i]];
    if (line.old_count == 1 && line.new_count == 1) pairs.emplace_back(i, line.new_index);
  }
  return pairs;
}

/// The longest subsequence of the pairs that ascends on both sides.
std::vector<Pair> ascending(const std::vector<Pair>& pairs) {
  std::vector<std::size_t> tails;
  std::vector<std::size_t> previous(pairs.size(), pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const auto at = std::lower_bound(
        tails.begin(), tails.end(), i,
        [&](std::size_t a, std::size_t b) { return pairs[a].second < pairs[b].second; });
    if (at != tails.begin()) previous[i] = *(at - 1);
    if (at == tails.end()) {
      tails.push_back(i);
    } else {
      *at = i;
    }
  }
  std::vector<Pair> chain;
  for (std::size_t i = tails.empty() ? pairs.size() : tails.back(); i < pairs.size();
       i = previous[i]) {
    chain.push_back(pairs[i]);
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

void replace(const Lines& from, const Lines& to, Script& script) {
  for (const std::string& line : from) script.push_back({Edit::kRemoved, line});
  for (const std::string& line : to) script.push_back({Edit::kAdded, line});
}

/// Of a run of changes, what is removed comes first.
void add_by_dtl(const Lines& from, const Lines& to, Script& script) {
  dtl::Diff<std::string, Lines> diff(from, to);
  diff.compose();
  Lines added;
  const auto flush = [&] {
    for (const std::string& line : added) script.push_back({Edit::kAdded, line});
    added.clear();
  };
  for (const auto& [line, info] : diff.getSes().getSequence()) {
    if (info.type == dtl::SES_ADD) {
      added.push_back(line);
    } else if (info.type == dtl::SES_DELETE) {
      script.push_back({Edit::kRemoved, line});
    } else {
      flush();
      script.push_back({Edit::kSame, line});
    }
  }
  flush();
}

Lines part(const Lines& lines, std::size_t begin, std::size_t end) {
  return {lines.begin() + static_cast<std::ptrdiff_t>(begin),
          lines.begin() + static_cast<std::ptrdiff_t>(end)};
}

void add_piece(const Lines& old_lines, const Lines& new_lines, const Piece& piece, Script& script) {
  const Lines from = part(old_lines, piece.old_begin, piece.old_end);
  const Lines to = part(new_lines, piece.new_begin, piece.new_end);
  if (from.empty() || to.empty() || from.size() * to.size() > kMaxProduct) {
    replace(from, to, script);
  } else {
    add_by_dtl(from, to, script);
  }
}

Script script_of(const Lines& old_lines, const Lines& new_lines) {
  Script script;
  Piece piece;
  for (const Pair& cut : ascending(unique_pairs(old_lines, new_lines))) {
    piece.old_end = cut.first;
    piece.new_end = cut.second;
    add_piece(old_lines, new_lines, piece, script);
    script.push_back({Edit::kSame, old_lines[cut.first]});
    piece.old_begin = cut.first + 1;
    piece.new_begin = cut.second + 1;
  }
  piece.old_end = old_lines.size();
  piece.new_end = new_lines.size();
  add_piece(old_lines, new_lines, piece, script);
  return script;
}

std::string marked(const EditedLine& line) {
  std::string text = line.edit == Edit::kSame ? " " : line.edit == Edit::kRemoved ? "-" : "+";
  text += line.text;
  return text.ends_with('\n') ? text : text + "\n\\ No newline at end of file\n";
}

/// "12", "12,3"; a range without lines names the line before it.
std::string range_text(std::size_t lines_before, std::size_t count) {
  const std::string begin = std::to_string(count == 0 ? lines_before : lines_before + 1);
  return count == 1 ? begin : begin + "," + std::to_string(count);
}

/// Walks a script and cuts it into hunks.
class Hunks {
 public:
  explicit Hunks(const Script& script) : script_(script) {}

  std::string text() {
    std::string all;
    for (std::size_t at = next_change(0); at < script_.size(); at = next_change(at)) {
      const std::size_t begin = std::max(at - std::min(at, kContext), told_);
      at = end_of_hunk(at);
      all += hunk(begin, at);
      told_ = at;
    }
    return all;
  }

 private:
  [[nodiscard]] std::size_t next_change(std::size_t at) const {
    while (at < script_.size() && script_[at].edit == Edit::kSame) ++at;
    return at;
  }

  /// Behind the context of the last change that is no more than two contexts away from its
  /// neighbour.
  [[nodiscard]] std::size_t end_of_hunk(std::size_t at) const {
    for (;;) {
      while (at < script_.size() && script_[at].edit != Edit::kSame) ++at;
      const std::size_t next = next_change(at);
      if (next == script_.size() || next - at > 2 * kContext) {
        return std::min(at + kContext, script_.size());
      }
      at = next;
    }
  }

  std::string hunk(std::size_t begin, std::size_t end) {
    for (; counted_ < begin; ++counted_) count(script_[counted_], old_before_, new_before_);
    std::size_t old_lines = 0;
    std::size_t new_lines = 0;
    std::string body;
    for (std::size_t i = begin; i < end; ++i) {
      count(script_[i], old_lines, new_lines);
      body += marked(script_[i]);
    }
    return "@@ -" + range_text(old_before_, old_lines) + " +" + range_text(new_before_, new_lines) +
           " @@\n" + body;
  }

  static void count(const EditedLine& line, std::size_t& old_lines, std::size_t& new_lines) {
    if (line.edit != Edit::kAdded) ++old_lines;
    if (line.edit != Edit::kRemoved) ++new_lines;
  }

  const Script& script_;
  std::size_t told_ = 0;     ///< lines of the script that stand in a hunk, or before one
  std::size_t counted_ = 0;  ///< lines of the script that are in the two counts
  std::size_t old_before_ = 0;
  std::size_t new_before_ = 0;
};

std::string head_of(const FileChange& change) {
  const std::string old_name = "a/" + change.path;
  const std::string new_name = "b/" + change.path;
  const std::string head = "diff --git " + old_name + " " + new_name + "\n";
  switch (change.action) {
    case FileAction::kCreate:
      return head + "new file mode 100644\n--- /dev/null\n+++ " + new_name + "\n";
    case FileAction::kRemove:
      return head + "deleted file mode 100644\n--- " + old_name + "\n+++ /dev/null\n";
    case FileAction::kUpdate:
    case FileAction::kKeepEdited:
      break;
  }
  return head + "--- " + old_name + "\n+++ " + new_name + "\n";
}

}  // namespace

std::string unified_diff(const std::vector<FileChange>& changes) {
  std::string text;
  for (const FileChange& change : changes) {
    if (change.action == FileAction::kKeepEdited) continue;
    const Script script = script_of(lines_of(change.before), lines_of(change.after));
    text += head_of(change) + Hunks(script).text();
  }
  return text;
}

}  // namespace loadline
