/// Reads a whole file into a StoredState and checks it: every row's checksum, that the parts fit
/// together, and that no row is missing.
#pragma once

#include <SQLiteCpp/Database.h>

#include "loadline/model/result.hpp"
#include "loadline/store/profile_store.hpp"
#include "store/store_index.hpp"

namespace loadline {

struct LoadedState {
  StoredState state{};
  StoreIndex index{};
};

/// kCorrupt names the row. Throws what SQLite throws.
Result<LoadedState> load_state(const SQLite::Database& db);

}  // namespace loadline
