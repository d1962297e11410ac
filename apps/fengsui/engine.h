// The services of a patrol, built in the order of their dependencies and destroyed in reverse.
#pragma once

#include "fengsui/settings.h"

#include "net/politeness.h"
#include "net/resolver.h"
#include "net/runtime.h"
#include "pipeline/patrol.h"
#include "pipeline/registry_gate.h"
#include "probe/trust_store.h"
#include "registry/scope.h"

#include <memory>

namespace fengsui::probe {
class Ipv6Vantage;
class NameServerMemory;
class TrustAnchors;
} // namespace fengsui::probe
namespace fengsui::store {
class Database;
}

namespace fengsui::apps {

struct Engine {
    Engine(const Settings& settings, registry::RegistrySource source);
    ~Engine();
    Engine(const Engine&) = delete;
    Engine& operator=(const Engine&) = delete;

    net::Runtime runtime;
    net::Politeness politeness;
    net::Resolver resolver;
    probe::TrustStore trust;
    std::unique_ptr<probe::TrustAnchors> anchors;
    std::unique_ptr<probe::NameServerMemory> name_servers;
    std::unique_ptr<const model::Knowledge> knowledge; ///< null: no data files
    std::unique_ptr<probe::Ipv6Vantage> vantage;
    registry::ScopeAuthority authority;
    pipeline::RegistryGate gate;
    probe::Services services;
};

pipeline::PatrolOptions patrol_options(const Settings& settings);

/// Baselines of pages in the database, which outlives the run.
pipeline::PageMemory page_memory(store::Database& database);

/// `Fengsui/VERSION (+contact)`.
std::string user_agent(const std::string& contact);

/// Refuses a patrol that could reach others than this machine while no contact is configured: targets
/// whose address is not loopback, or names asked of a resolver that is not. Throws invalid_argument.
void require_contact(const Settings& settings, const std::vector<pipeline::PatrolTarget>& targets);

} // namespace fengsui::apps
