// HTTP exchanges and chains as cases.yaml writes them. Private to model.
#pragma once

#include "base/json.h"
#include "model/http.h"

namespace fengsui::model {

/// Each throws base::Error naming line and field.
HttpExchange read_exchange(const base::Json& json);
HttpChain read_chain(const base::Json& json);

} // namespace fengsui::model
