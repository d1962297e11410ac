// What may be handed in as an attachment: judged by its name, its stated type and, above all, its bytes.
// Pure.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::workflow {

struct AttachmentVerdict {
    std::string media_type; ///< as it is kept and served; empty when refused
    std::string field;      ///< name, media_type or content: what is wrong …
    std::string message;    ///< … in words

    [[nodiscard]] bool is_good() const { return message.empty(); }
};

/// Refuses names that are paths or spoof their ending, types that are not on the list or are not what the
/// bytes are, archives that unpack to far more than they hold or hide what they hold, and bytes that are also
/// a page or a script. Unpacks archives in memory piece by piece to see what they come to.
AttachmentVerdict judge_attachment(
    std::string_view name, std::string_view media_type, std::string_view bytes
);

} // namespace fengsui::workflow
