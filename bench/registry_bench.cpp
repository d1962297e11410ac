// Whose is it? Promised per core: 20 M IPv4, 8 M IPv6, 3 M name lookups a second; 1 M + 1 M built in 3 s.
// Beside each: std::map with the naive way to use it, over the same data and questions; and the limit of the
// machine: the same questions answered by reads at random from tables of the same size, with no thought.
// Questions are random, so that neither the cache nor the branch predictor knows them: a million of them
// over all of IPv4 (where everything is somebody's), and, as `mixed`, half inside a sparse registry of
// prefixes /16 to /32 and half outside it.
#include "base/huge_pages.h"
#include "registry/owner_index.h"

#include <fmt/format.h>

#include <benchmark/benchmark.h>
#include <cstring>
#include <map>
#include <random>
#include <span>
#include <unordered_map>

namespace {

namespace base = fengsui::base;
namespace model = fengsui::model;
namespace registry = fengsui::registry;

constexpr std::size_t kCount = 1'000'000;
constexpr std::size_t kQuestions = 1U << 20U;

model::Asset asset_of(const model::Prefix& prefix) {
    model::Asset asset;
    asset.target.kind = model::AssetKind::prefix;
    asset.target.prefix = prefix;
    return asset;
}

model::IpAddress random_v6(std::mt19937_64& random) {
    std::array<std::uint8_t, 16> bytes{};
    for (auto& byte : bytes) {
        byte = static_cast<std::uint8_t>(random());
    }
    bytes[0] = 0x24; // as the addresses of one country lie: 240x::/12
    bytes[1] = static_cast<std::uint8_t>(bytes[1] & 0x0FU);
    return model::IpAddress::v6(bytes);
}

model::RegistryData make_v4() {
    std::mt19937_64 random(4);
    std::uniform_int_distribution<unsigned> length(12, 32);
    model::RegistryData data;
    for (std::size_t i = 0; i < kCount; ++i) {
        data.assets.push_back(asset_of(
            model::Prefix(model::IpAddress::v4(static_cast<std::uint32_t>(random())), length(random))
        ));
    }
    return data;
}

/// As registries look: few wide blocks, many narrow ones, much of the space nobody's.
model::RegistryData make_sparse_v4() {
    std::mt19937_64 random(5);
    std::discrete_distribution<unsigned> wider(
        {40, 5, 10, 5, 10, 3, 2, 2, 20, 1, 1, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1}
    );
    model::RegistryData data;
    for (std::size_t i = 0; i < kCount; ++i) {
        data.assets.push_back(asset_of(
            model::Prefix(model::IpAddress::v4(static_cast<std::uint32_t>(random())), 32 - wider(random))
        ));
    }
    return data;
}

model::RegistryData make_v6() {
    std::mt19937_64 random(6);
    std::uniform_int_distribution<unsigned> length(28, 64);
    model::RegistryData data;
    for (std::size_t i = 0; i < kCount; ++i) {
        data.assets.push_back(asset_of(model::Prefix(random_v6(random), length(random))));
    }
    return data;
}

std::string random_name(std::mt19937_64& random) {
    const auto number = random() % (2 * kCount);
    return fmt::format(
        "{}{}.{}.{}", number % 3 == 0 ? "www" : "portal", number, number % 5 == 0 ? "gov" : "edu", "cn"
    );
}

model::RegistryData make_names() {
    std::mt19937_64 random(8);
    model::RegistryData data;
    for (std::size_t i = 0; i < kCount; ++i) {
        model::Asset asset;
        asset.target.host = random_name(random);
        data.assets.push_back(std::move(asset));
    }
    return data;
}

std::vector<model::IpAddress> questions_v4() {
    std::mt19937_64 random(44);
    std::vector<model::IpAddress> list;
    for (std::size_t i = 0; i < kQuestions; ++i) {
        list.push_back(model::IpAddress::v4(static_cast<std::uint32_t>(random())));
    }
    return list;
}

/// Every other one, by chance, inside a registered block; the others anywhere.
std::vector<model::IpAddress> mixed_questions(const model::RegistryData& data) {
    std::mt19937_64 random(55);
    std::vector<model::IpAddress> list;
    for (std::size_t i = 0; i < kQuestions; ++i) {
        const auto bits = static_cast<std::uint32_t>(random());
        if (random() % 2 == 0) {
            list.push_back(model::IpAddress::v4(bits));
            continue;
        }
        const auto& prefix = *data.assets[random() % kCount].target.prefix;
        const auto host = prefix.length() == 32 ? 0 : bits >> prefix.length();
        list.push_back(model::IpAddress::v4(prefix.address().to_v4() | host));
    }
    return list;
}

std::vector<model::IpAddress> questions_v6() {
    std::mt19937_64 random(66);
    std::vector<model::IpAddress> list;
    for (std::size_t i = 0; i < kQuestions; ++i) {
        list.push_back(random_v6(random));
    }
    return list;
}

std::vector<std::string> questions_names() {
    std::mt19937_64 random(88);
    std::vector<std::string> list;
    for (std::size_t i = 0; i < kQuestions; ++i) {
        list.push_back((i % 2 == 0 ? "mail." : "") + random_name(random));
    }
    return list;
}

/// The naive way: a map of prefixes, asked once for each length.
class NaivePrefixes {
public:
    explicit NaivePrefixes(const model::RegistryData& data) {
        for (const auto& asset : data.assets) {
            map_.emplace(*asset.target.prefix, &asset);
        }
    }
    [[nodiscard]] const model::Asset* find(const model::IpAddress& address) const {
        for (unsigned length = address.bits() + 1; length-- > 0;) {
            if (const auto entry = map_.find(model::Prefix(address, length)); entry != map_.end()) {
                return entry->second;
            }
        }
        return nullptr;
    }

private:
    std::map<model::Prefix, const model::Asset*> map_;
};

template <class Index, class Question>
void ask(benchmark::State& state, const Index& index, const std::vector<Question>& questions) {
    std::size_t at = 0;
    while (state.KeepRunning()) {
        benchmark::DoNotOptimize(index.find(questions[at]));
        at = (at + 1) & (kQuestions - 1);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

/// In batches of 1024, as a reader of a flow log has them.
void ask_many(
    benchmark::State& state, const registry::OwnerIndex& index, const std::vector<model::IpAddress>& questions
) {
    constexpr std::size_t kBatch = 1024;
    std::vector<std::optional<registry::Owner>> answers(kBatch);
    std::size_t at = 0;
    while (state.KeepRunning()) {
        index.find(std::span(questions).subspan(at, kBatch), answers);
        benchmark::DoNotOptimize(answers.data());
        benchmark::ClobberMemory();
        at = (at + kBatch) & (kQuestions - 1);
    }
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations() * kBatch));
}

void owner_v4(benchmark::State& state) {
    const auto data = make_v4();
    ask(state, registry::OwnerIndex(data), questions_v4());
}
BENCHMARK(owner_v4);

void owner_v4_many(benchmark::State& state) {
    const auto data = make_v4();
    ask_many(state, registry::OwnerIndex(data), questions_v4());
}
BENCHMARK(owner_v4_many);

void owner_v4_mixed_many(benchmark::State& state) {
    const auto data = make_sparse_v4();
    ask_many(state, registry::OwnerIndex(data), mixed_questions(data));
}
BENCHMARK(owner_v4_mixed_many);

void owner_v6_many(benchmark::State& state) {
    const auto data = make_v6();
    ask_many(state, registry::OwnerIndex(data), questions_v6());
}
BENCHMARK(owner_v6_many);

void owner_v4_mixed(benchmark::State& state) {
    const auto data = make_sparse_v4();
    ask(state, registry::OwnerIndex(data), mixed_questions(data));
}
BENCHMARK(owner_v4_mixed);

/// The least that any index of two levels does: a word from a table of `first` bytes, and where it says, one
/// from a table of `second` bytes.
class TwoReads {
public:
    TwoReads(std::size_t first, std::size_t second) : first_(first / 4), second_(second / 4, 1) {
        std::mt19937_64 random(9);
        for (auto& word : first_) {
            word = static_cast<std::uint32_t>(random() % second_.size());
        }
    }
    [[nodiscard]] std::uint32_t find(const model::IpAddress& address) const {
        std::uint32_t word = 0;
        std::memcpy(&word, address.bytes().data() + (address.is_v4() ? 0 : 2), sizeof word);
        return second_[first_[word % first_.size()]];
    }

private:
    base::HugeVector<std::uint32_t> first_;
    base::HugeVector<std::uint32_t> second_;
};

constexpr std::size_t kMega = std::size_t{1} << 20U;

void limit_v4(benchmark::State& state) {
    ask(state, TwoReads(8 * kMega, 12 * kMega), questions_v4());
}
BENCHMARK(limit_v4);

void limit_v6(benchmark::State& state) {
    ask(state, TwoReads(8 * kMega, 24 * kMega), questions_v6());
}
BENCHMARK(limit_v6);

void naive_v4(benchmark::State& state) {
    const auto data = make_v4();
    ask(state, NaivePrefixes(data), questions_v4());
}
BENCHMARK(naive_v4);

void owner_v6(benchmark::State& state) {
    const auto data = make_v6();
    ask(state, registry::OwnerIndex(data), questions_v6());
}
BENCHMARK(owner_v6);

void naive_v6(benchmark::State& state) {
    const auto data = make_v6();
    ask(state, NaivePrefixes(data), questions_v6());
}
BENCHMARK(naive_v6);

struct ByName {
    const registry::OwnerIndex& index;
    [[nodiscard]] auto find(const std::string& name) const { return index.find_name(name); }
};

void owner_name(benchmark::State& state) {
    const auto data = make_names();
    const registry::OwnerIndex index(data);
    ask(state, ByName{index}, questions_names());
}
BENCHMARK(owner_name);

/// A map asked for each suffix of the name.
class NaiveNames {
public:
    explicit NaiveNames(const model::RegistryData& data) {
        for (const auto& asset : data.assets) {
            map_.emplace(asset.target.host, &asset);
        }
    }
    [[nodiscard]] const model::Asset* find(const std::string& name) const {
        for (std::size_t at = 0; at != std::string::npos; at = name.find('.', at)) {
            at += at == 0 ? 0 : 1;
            if (const auto entry = map_.find(std::string_view(name).substr(at)); entry != map_.end()) {
                return entry->second;
            }
            if (at == 0 && name.find('.') == std::string::npos) {
                break;
            }
        }
        return nullptr;
    }

private:
    std::map<std::string, const model::Asset*, std::less<>> map_;
};

void naive_name(benchmark::State& state) {
    const auto data = make_names();
    ask(state, NaiveNames(data), questions_names());
}
BENCHMARK(naive_name);

/// 1 M prefixes (half of each family) and 1 M names.
void build_2m(benchmark::State& state) {
    auto data = make_names();
    const auto v4 = make_v4();
    const auto v6 = make_v6();
    data.assets.insert(data.assets.end(), v4.assets.begin(), v4.assets.begin() + kCount / 2);
    data.assets.insert(data.assets.end(), v6.assets.begin(), v6.assets.begin() + kCount / 2);
    while (state.KeepRunning()) {
        benchmark::DoNotOptimize(registry::OwnerIndex(data));
    }
}
BENCHMARK(build_2m)->Unit(benchmark::kMillisecond)->Iterations(3);

} // namespace

BENCHMARK_MAIN();
