/// The little JSON that the log, the errors and the status need. Strings come out as pure ASCII:
/// whatever bytes go in, the text stays one line and parses. Pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "loadline/model/time.hpp"

namespace loadline::service {

/// With its quotes. Control and non-ASCII characters become \n, \u001b, \u00e9, or a pair of
/// surrogates; a byte that is no UTF-8 becomes \ufffd.
std::string json_string(std::string_view text);
/// The shortest spelling that reads back the same; "null" for what JSON cannot spell (NaN,
/// infinity).
std::string json_number(double number);

/// An object, member by member, in the order of the calls. Names are written as they are given:
/// they are the program's own words.
class JsonObject {
 public:
  JsonObject& text(std::string_view name, std::string_view value);
  JsonObject& number(std::string_view name, double value);
  JsonObject& count(std::string_view name, std::uint64_t value);
  JsonObject& flag(std::string_view name, bool value);
  /// RFC 3339, or null.
  JsonObject& time(std::string_view name, const std::optional<TimePoint>& value);
  /// null where it is empty.
  JsonObject& text_or_null(std::string_view name, std::string_view value);
  /// `json` is written as it is.
  JsonObject& raw(std::string_view name, std::string_view json);
  /// Of what has been given so far.
  [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

 private:
  std::string members_{};
};

}  // namespace loadline::service
