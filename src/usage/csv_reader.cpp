#include "usage/csv_reader.hpp"

#include <algorithm>
#include <cstring>
#include <istream>
#include <optional>
#include <utility>

#include "loadline/model/labels.hpp"

namespace loadline {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 18;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// Removes a quoted field, its quotes included, from the front of `rest` and joins doubled quotes
/// where it stands; nullopt where what follows the closing quote is no comma.
std::optional<std::string_view> take_quoted(char*& rest, const char* end) {
  char* const begin = rest + 1;
  char* write = begin;
  for (char* read = begin; read < end; ++read) {
    const bool is_quote = *read == '"';
    const bool is_doubled = is_quote && read + 1 < end && read[1] == '"';
    if (is_quote && !is_doubled) {
      rest = read + 1;
      const bool ends = rest == end || *rest == ',';
      return ends ? std::optional(std::string_view(begin, static_cast<std::size_t>(write - begin)))
                  : std::nullopt;
    }
    *write++ = *read;
    if (is_doubled) ++read;
  }
  return std::nullopt;
}

}  // namespace

CsvReader::CsvReader(std::istream& in, std::string name) : in_(in), name_(std::move(name)) {}

tl::unexpected<Error> CsvReader::wrong(std::string_view problem) const {
  return fail(ErrorKind::kInvalidInput,
              printable(name_) + ":" + std::to_string(line_) + ": " + std::string(problem));
}

bool CsvReader::refill() {
  if (is_at_end_) return false;
  buffer_.erase(0, begin_);
  begin_ = 0;
  const std::size_t kept = buffer_.size();
  buffer_.resize(kept + kPiece);
  in_.read(buffer_.data() + kept, static_cast<std::streamsize>(kPiece));
  buffer_.resize(kept + static_cast<std::size_t>(in_.gcount()));
  is_at_end_ = buffer_.size() < kept + kPiece;
  return buffer_.size() > kept;
}

// A line end counts only outside of quotes: where an even number of them stands before it.
Result<bool> CsvReader::find_record() {
  std::size_t from = begin_;
  std::size_t quotes = 0;
  next_line_ = line_;
  for (;;) {
    const std::size_t found = buffer_.find('\n', from);
    const std::size_t end = found == std::string::npos ? buffer_.size() : found;
    const std::string_view part(buffer_.data() + from, end - from);
    if (std::memchr(part.data(), '"', part.size()) != nullptr) {
      quotes += static_cast<std::size_t>(std::count(part.begin(), part.end(), '"'));
    }
    if (end - begin_ > kLongestRecord) return wrong("a line of more than 64 KiB; is a quote open?");
    if (found == std::string::npos && !is_at_end_) return false;
    const bool is_open = quotes % 2 == 1;
    if (is_open && found == std::string::npos) return wrong("a quote is never closed");
    ++next_line_;
    if (!is_open) {
      end_ = end;
      next_ = found == std::string::npos ? end : found + 1;
      has_quotes_ = quotes > 0;
      return true;
    }
    from = found + 1;
  }
}

Result<void> CsvReader::split_quoted() {
  char* rest = buffer_.data() + begin_;
  char* const end = buffer_.data() + end_;
  for (;;) {
    if (rest < end && *rest == '"') {
      const std::optional<std::string_view> field = take_quoted(rest, end);
      if (!field) return wrong("a quoted field must end at a comma or at the end of the line");
      fields_.push_back(*field);
    } else {
      char* const comma = std::find(rest, end, ',');
      fields_.push_back(trimmed({rest, static_cast<std::size_t>(comma - rest)}));
      if (fields_.back().find('"') != std::string_view::npos) {
        return wrong("a quote in the middle of a field; quote the whole field and double it");
      }
      rest = comma;
    }
    if (rest == end) return {};
    ++rest;
  }
}

void CsvReader::split_plain() {
  std::string_view rest(buffer_.data() + begin_, end_ - begin_);
  for (;;) {
    const std::size_t comma = rest.find(',');
    fields_.push_back(trimmed(rest.substr(0, comma)));
    if (comma == std::string_view::npos) return;
    rest.remove_prefix(comma + 1);
  }
}

Result<bool> CsvReader::next() {
  for (;;) {
    begin_ = next_;
    line_ = next_line_;
    fields_.clear();
    Result<bool> found = find_record();
    while (found && !*found) {
      (void)refill();
      found = find_record();
    }
    if (!found) return found;
    if (in_.bad()) return fail(ErrorKind::kInternal, "reading " + printable(name_) + " failed");
    if (line_ == 1 && std::string_view(buffer_).substr(begin_, 3) == kByteOrderMark) begin_ += 3;
    if (end_ > begin_ && buffer_[end_ - 1] == '\r') --end_;
    if (end_ > begin_) break;
    if (is_at_end_ && next_ >= buffer_.size()) return false;
  }
  if (!has_quotes_) {
    split_plain();
  } else if (Result<void> split = split_quoted(); !split) {
    return tl::unexpected(split.error());
  }
  return true;
}

}  // namespace loadline
