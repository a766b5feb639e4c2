/// The tables of loadline.db and how files of older versions become of this one.
///
/// docs/storage_format.md describes them. A change of the tables is a new step at the end of the
/// list; a step that has been released is never changed.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <span>

#include "loadline/model/result.hpp"

namespace loadline {

/// "LLdb", in the header of the file: `file loadline.db` and SQLite's tools show it.
inline constexpr std::int32_t kApplicationId = 0x4C4C6462;

/// Takes a file from one version (its place in the list) to the next.
struct SchemaStep {
  const char* sql = "";
};
/// The steps of this version of loadline; its number of steps is the schema's version.
std::span<const SchemaStep> schema_steps();

/// Brings the file, empty or older, to the version of `steps` in one transaction, or leaves it as
/// it was. kUnsupported where it is newer, kCorrupt where it is another program's or claims an
/// application without a version. Throws what SQLite throws.
Result<void> bring_up_to_date(SQLite::Database& db, std::span<const SchemaStep> steps);

}  // namespace loadline
