// Typesetting takes tens of milliseconds: it is done before the transaction that needs it, and found again
// there.
#pragma once

#include "workflow/document.h"

#include <memory>

namespace fengsui::workflow {

struct RenderedDocument {
    std::string body_sha256;
    std::string html;
    std::string pdf;
};

/// Both forms of the text; the last few stay at hand by their digest. Any thread.
std::shared_ptr<const RenderedDocument> render(const DocumentText& text);

} // namespace fengsui::workflow
