// Keeps the grade of an asset up to date as results come in. Blocking: on the pool.
#pragma once

#include "base/time.h"
#include "model/ids.h"

namespace fengsui::store {
class Database;
} // namespace fengsui::store

namespace fengsui::pipeline {

/// Stores the grade as it is now; without effect while too little was seen for one.
void keep_grade(store::Database& database, const model::AssetId& asset, base::Instant at);

} // namespace fengsui::pipeline
