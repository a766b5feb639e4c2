/// A state as weeks of reading the simulated cluster would have left it: `serve` starts from it as
/// after a restart, and its first cycle is a steady one.
///
/// Each of the loads is read once by the real collector; containers get copies of what that made,
/// under their own names.
#pragma once

#include "loadline/store/profile_store.hpp"
#include "support/simulate/options.hpp"

namespace loadline::simulate {

/// Everything up to `options.stopped` and the settle delay before `options.now`.
StoredState seeded_state(const Options& options);

/// Writes it into `options.state_dir`, which must hold no state.
Result<void> write_state(const Options& options, const StoredState& state);

}  // namespace loadline::simulate
