// What an engine is made of.
#pragma once

#include "store/blob_store.h"
#include "store/database.h"
#include "workflow/document.h"
#include "workflow/engine.h"
#include "workflow/rulebook.h"

namespace fengsui::workflow {

struct Engine::Parts {
    store::Database& database;
    EngineOptions options;
    Rulebook rulebook; ///< changed only inside a transaction, when a workflow is activated
    DocumentTemplates templates;
    store::BlobStore blobs;
    std::function<void(const Change&)> listener{};
};

} // namespace fengsui::workflow
