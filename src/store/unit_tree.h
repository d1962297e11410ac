// Units as the case engine asks for them: who is answerable for whom, and whom to write to. Blocking.
#pragma once

#include "model/registry.h"

#include <optional>

namespace fengsui::store {

class Database;

struct OrgUnit {
    model::UnitId id;
    std::string name;
    model::UnitId parent; ///< empty: top
    std::string kind;     ///< authority, unit, supplier, expert_team
    std::string tier;
    std::string industry;
    std::string regulator; ///< unit id or an office's name; may be empty
    std::string office;    ///< the rules' name of an authority, e.g. `cac.province`
    std::string language;  ///< of its mails; empty: the product's first
    bool overseas = false;
    std::vector<model::Contact> contacts;
};

class UnitTree {
public:
    explicit UnitTree(Database& database) : database_(database) {}

    [[nodiscard]] std::optional<OrgUnit> find(const model::UnitId& id);
    /// The nearest ancestor of kind authority; where none is marked as such, the topmost ancestor.
    [[nodiscard]] std::optional<OrgUnit> authority_of(const model::UnitId& id);
    /// From the unit's parent to the top.
    [[nodiscard]] std::vector<OrgUnit> ancestors(const model::UnitId& id);
    /// The unit that bears that office's name: nearest above `from`, else any.
    [[nodiscard]] std::optional<OrgUnit> office(std::string_view name, const model::UnitId& from);

    struct SystemFacts {
        std::optional<int> protection_level;
        bool critical = false;
        std::string name;
        std::string protection_dept;
    };
    [[nodiscard]] std::optional<SystemFacts> system_facts(std::string_view id);
    [[nodiscard]] std::optional<model::Asset> asset(std::string_view id); ///< without its parsed target

private:
    Database& database_;
};

} // namespace fengsui::store
