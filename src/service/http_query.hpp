/// The part of a URL behind the question mark. Pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loadline/model/result.hpp"

namespace loadline::service {

/// What "+" stands for: a space in a query, itself in a path.
enum class Plus { kSpace, kItself };

/// "%2F" becomes "/"; nullopt where a percent sign is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text, Plus plus);

struct Parameter {
  std::string name{};
  std::string value{};  ///< "" where there is no "="
};

/// "a=1&a=2&b" in the order given; empty pieces are passed over. kInvalidInput for a broken percent
/// sign and for more than 100 parameters (each is matched against every row).
Result<std::vector<Parameter>> parse_query(std::string_view query);

}  // namespace loadline::service
