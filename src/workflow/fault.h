// What is wrong with a piece of rule data, for the person who wrote it.
#pragma once

#include <string>
#include <vector>

namespace fengsui::workflow {

/// `where` names the file, line or field (`t[3] issue guards[0]`), `message` the mistake and the mend.
struct Fault {
    std::string where;
    std::string message;
    bool operator==(const Fault&) const = default;
};
using Faults = std::vector<Fault>;

/// One line, `where: message; where: message`.
std::string to_text(const Faults& faults);

} // namespace fengsui::workflow
