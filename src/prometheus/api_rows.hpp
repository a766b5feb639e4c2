/// The rows of an answer of the query API, one by one: an answer of 50 MB is then parsed in the
/// memory of one row.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace loadline {

/// What is left of a body where its rows are taken out.
inline constexpr std::string_view kTakenRow = "{}";

/// Gives each row, an object in the array at "data" or at "data"."result", to `on_row`, and returns
/// the body with kTakenRow in the place of each: the same JSON, valid or not, without its bulk.
///
/// The views are into `body`. A row is what stands between matching brackets, not more is checked;
/// one that does not end goes to the end of the body. Never fails; passes on what `on_row` throws.
std::string take_rows(std::string_view body, const std::function<void(std::string_view)>& on_row);

}  // namespace loadline
