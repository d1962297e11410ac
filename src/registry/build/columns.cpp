#include "registry/build/columns.h"

#include "base/text.h"

#include <utility>

namespace fengsui::registry::build {

namespace {

constexpr std::pair<std::string_view, Column> kSynonyms[] = {
    {"单位", Column::unit},
    {"单位编号", Column::unit},
    {"单位代码", Column::unit},
    {"单位名称", Column::unit_name},
    {"上级单位", Column::parent},
    {"上级单位编号", Column::parent},
    {"系统", Column::system},
    {"系统编号", Column::system},
    {"系统名称", Column::system_name},
    {"等级保护级别", Column::protection_level},
    {"等保级别", Column::protection_level},
    {"关键信息基础设施", Column::critical},
    {"资产", Column::asset},
    {"联系人", Column::contact},
    {"邮箱", Column::email},
    {"电子邮件", Column::email},
    {"电话", Column::phone},
    {"授权开始日期", Column::authorised_from},
    {"授权结束日期", Column::authorised_until},
    {"探测级别", Column::probe_class},
    {"authorized_from", Column::authorised_from},
    {"authorized_until", Column::authorised_until},
};

} // namespace

std::optional<Column> column_named(std::string_view header) {
    for (std::size_t i = 0; i < kColumnNames.size(); ++i) {
        if (base::iequals(kColumnNames[i], header)) {
            return static_cast<Column>(i);
        }
    }
    for (const auto& [name, column] : kSynonyms) {
        if (base::iequals(name, header)) {
            return column;
        }
    }
    return std::nullopt;
}

} // namespace fengsui::registry::build
