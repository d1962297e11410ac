// The OpenAPI 3.1 document, made from the same tables as the router.
#pragma once

#include "api/route.h"

namespace fengsui::api {

base::Json openapi_document(std::span<const Route> routes);

} // namespace fengsui::api
