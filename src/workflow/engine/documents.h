// Documents that the server writes: HTML with a PDF beside it, kept as records with their digests.
#pragma once

#include "workflow/engine/operation.h"

namespace fengsui::workflow {

struct DocumentOrder {
    std::string template_kind; ///< e.g. `rectify`
    std::string kind;          ///< of the records, e.g. `notice`
};

struct MadeDocument {
    std::string html; ///< id of the HTML's record
    std::string pdf;
    std::string body_sha256; ///< of the composed text, as printed at its foot
};

/// Composes and keeps the document about that record; its bytes are on the disk before the record names them.
MadeDocument make_document(Operation& op, const Record& subject, const DocumentOrder& order);

/// The same from fields put together elsewhere.
MadeDocument keep_document(
    Operation& op, const Record& subject, const DocumentOrder& order, const DocumentText& text
);
std::string language_of(Operation& op, const Record& subject);

/// Composes the text without keeping anything: for previews.
DocumentText compose_document(Operation& op, const Record& subject, const std::string& template_kind);

} // namespace fengsui::workflow
