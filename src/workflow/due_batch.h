// What falls due, many at once with a single write to the disk.
#pragma once

#include "workflow/engine.h"

namespace fengsui::workflow {

/// Engine::run_due in one transaction. When one of them fails, those before it are fired one by one and its
/// failure is thrown: the others do not fail with it.
std::size_t run_due_batch(
    Engine& engine, store::Database& database, base::Instant until, std::size_t at_most
);

} // namespace fengsui::workflow
