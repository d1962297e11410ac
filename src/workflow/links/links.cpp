#include "workflow/links/links.h"

namespace fengsui::workflow {

void run_links(Operation& op, const Record& record, std::string_view event, const Json& input) {
    struct Link {
        std::string_view wf;
        void (*run)(Operation&, const Record&, std::string_view, const Json&);
    };
    static constexpr Link kLinks[] = {
        {"finding", link_finding},
        {"case", link_case},
        {"notice", link_notice},
        {"response", link_response},
        {"verification", link_verification},
    };
    for (const auto& link : kLinks) {
        if (link.wf == record.wf) {
            link.run(op, record, event, input);
        }
    }
}

std::vector<Record> notices_in(Operation& op, std::string_view case_id, std::string_view state) {
    std::vector<Record> notices;
    for (auto& notice : op.records.find_all("notices", "case", case_id)) {
        if (notice.state == state) {
            notices.push_back(std::move(notice));
        }
    }
    return notices;
}

} // namespace fengsui::workflow
