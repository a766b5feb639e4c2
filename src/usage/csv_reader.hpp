/// Records of a CSV stream (RFC 4180), one at a time: quotes, line ends inside of quotes, CRLF, a
/// byte order mark. Only the record at hand is in memory.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/result.hpp"

namespace loadline {

class CsvReader {
 public:
  /// Longer records are refused: a quote that is never closed must not swallow the file.
  static constexpr std::size_t kLongestRecord = std::size_t{64} * 1024;

  /// `in` must outlive the reader; `name` stands in errors.
  CsvReader(std::istream& in, std::string name);

  /// The next record that is not empty; false at the end. Its fields are valid until the next call.
  Result<bool> next();
  /// Blanks around unquoted fields are theirs no more.
  [[nodiscard]] const std::vector<std::string_view>& fields() const { return fields_; }
  /// kInvalidInput: "NAME:LINE: problem", where the record at hand begins.
  [[nodiscard]] tl::unexpected<Error> wrong(std::string_view problem) const;

 private:
  /// Where the record that begins at begin_ ends; the line end is not part of it. nullopt: more
  /// bytes are needed.
  Result<bool> find_record();
  bool refill();
  Result<void> split_quoted();
  void split_plain();

  std::istream& in_;
  std::string name_{};
  std::string buffer_{};
  std::size_t begin_ = 0;  ///< of the record
  std::size_t end_ = 0;    ///< behind its last byte
  std::size_t next_ = 0;   ///< behind its line end
  bool has_quotes_ = false;
  bool is_at_end_ = false;
  std::uint64_t line_ = 1;
  std::uint64_t next_line_ = 1;
  std::vector<std::string_view> fields_{};
};

}  // namespace loadline
