// The kinds of identifier that the domain uses.
#pragma once

#include "base/id.h"

namespace fengsui::model {

using UnitId = base::Id<struct UnitTag>;
using SystemId = base::Id<struct SystemTag>;
using AssetId = base::Id<struct AssetTag>;
using RunId = base::Id<struct RunTag>;
using FindingId = base::Id<struct FindingTag>;
using CheckId = base::Id<struct CheckTag>;

} // namespace fengsui::model
