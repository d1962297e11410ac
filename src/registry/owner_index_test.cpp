#include "registry/owner_index.h"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace fengsui::registry {
namespace {

model::RegistryData registry_of(const std::vector<std::string>& values) {
    model::RegistryData data;
    for (const auto& value : values) {
        model::Asset asset;
        asset.value = value;
        asset.target = model::AssetTarget::parse(value).or_throw();
        asset.id = model::asset_id_of(asset.target);
        asset.unit = model::UnitId("u" + std::to_string(data.assets.size()));
        data.assets.push_back(std::move(asset));
    }
    return data;
}

/// `value how`, or `-`.
std::string answer(const OwnerIndex& index, const std::string& text) {
    const auto owner = index.find_text(text).or_throw();
    return owner ? owner->asset->value + " " + std::string(to_string(owner->how)) : "-";
}

TEST(OwnerIndex, TheNarrowestBlockAnswers) {
    const auto data = registry_of(
        {"10.0.0.0/8",
         "10.1.0.0/16",
         "10.1.2.3",
         "0.0.0.0/1",
         "255.255.255.255",
         "http://10.1.2.3/x",
         "2001:db8::/32",
         "2001:db8:1::/48",
         "http://[2001:db8:1::1]/"}
    );
    const OwnerIndex index(data);
    EXPECT_EQ(answer(index, "10.1.2.3"), "10.1.2.3 address");
    EXPECT_EQ(answer(index, "10.1.2.4"), "10.1.0.0/16 prefix");
    EXPECT_EQ(answer(index, "10.2.0.0"), "10.0.0.0/8 prefix");
    EXPECT_EQ(answer(index, "11.0.0.0"), "0.0.0.0/1 prefix");
    EXPECT_EQ(answer(index, "0.0.0.0"), "0.0.0.0/1 prefix");
    EXPECT_EQ(answer(index, "128.0.0.0"), "-");
    EXPECT_EQ(answer(index, "255.255.255.255"), "255.255.255.255 address");
    EXPECT_EQ(answer(index, "255.255.255.254"), "-");
    EXPECT_EQ(answer(index, "10.1.0.0/24"), "10.1.0.0/16 prefix");
    EXPECT_EQ(answer(index, "10.0.0.0/7"), "-");
    EXPECT_EQ(answer(index, "http://10.1.2.4:8080/"), "10.1.0.0/16 prefix");
    EXPECT_EQ(answer(index, "2001:db8:1::1"), "http://[2001:db8:1::1]/ address");
    EXPECT_EQ(answer(index, "2001:db8:1::2"), "2001:db8:1::/48 prefix");
    EXPECT_EQ(answer(index, "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"), "2001:db8::/32 prefix");
    EXPECT_EQ(answer(index, "2001:db9::"), "-");
    EXPECT_EQ(answer(index, "::ffff:10.1.2.3"), "10.1.2.3 address");
}

TEST(OwnerIndex, TheNearestNameAboveAnswers) {
    const auto data = registry_of(
        {"http://www.example.cn/",
         "mail:example.cn",
         "portal.example.cn",
         "http://portal.example.cn/x",
         "gov.cn"}
    );
    const OwnerIndex index(data);
    EXPECT_EQ(answer(index, "www.example.cn"), "http://www.example.cn/ name");
    EXPECT_EQ(answer(index, "https://WWW.Example.cn:8443/a"), "http://www.example.cn/ name");
    EXPECT_EQ(answer(index, "a.www.example.cn"), "http://www.example.cn/ suffix");
    EXPECT_EQ(answer(index, "other.example.cn"), "mail:example.cn suffix");
    EXPECT_EQ(answer(index, "mail:example.cn"), "mail:example.cn name");
    EXPECT_EQ(answer(index, "portal.example.cn"), "portal.example.cn name");
    EXPECT_EQ(answer(index, "xexample.cn"), "-");
    EXPECT_EQ(answer(index, "cn"), "-");
    EXPECT_EQ(answer(index, "gov.cn"), "gov.cn name");
    EXPECT_EQ(answer(index, "somebody.gov.cn"), "-"); // a public suffix owns nothing below it
    EXPECT_FALSE(index.find_text("not a name"));
}

TEST(OwnerIndex, AnEmptyRegistryOwnsNothing) {
    const model::RegistryData data;
    const OwnerIndex index(data);
    EXPECT_EQ(answer(index, "10.0.0.1"), "-");
    EXPECT_EQ(answer(index, "2001:db8::1"), "-");
    EXPECT_EQ(answer(index, "example.cn"), "-");
}

TEST(OwnerIndex, TheWholeSpaceMayBelongToOne) {
    const auto data = registry_of({"0.0.0.0/0", "::/0"});
    const OwnerIndex index(data);
    EXPECT_EQ(answer(index, "255.255.255.255"), "0.0.0.0/0 prefix");
    EXPECT_EQ(answer(index, "ffff::1"), "::/0 prefix");
}

/// The narrowest by looking at every one.
const model::Asset* slow_find(const model::RegistryData& data, const model::IpAddress& address) {
    const model::Asset* best = nullptr;
    for (const auto& asset : data.assets) {
        const auto& prefix = *asset.target.prefix;
        if (prefix.contains(address)
            && (best == nullptr || prefix.length() > best->target.prefix->length())) {
            best = &asset;
        }
    }
    return best;
}

model::IpAddress random_address(std::mt19937_64& random, bool is_v4, unsigned spread) {
    // Few high bits vary, so that blocks nest and crowd.
    if (is_v4) {
        return model::IpAddress::v4(
            0x0A000000U | (static_cast<std::uint32_t>(random()) & ((1U << spread) - 1))
        );
    }
    std::array<std::uint8_t, 16> bytes{0x20, 0x01, 0x0d, 0xb8};
    for (std::size_t i = 16 - spread / 8; i < 16; ++i) {
        bytes[i] = static_cast<std::uint8_t>(random());
    }
    return model::IpAddress::v6(bytes);
}

std::vector<std::string> random_prefixes(std::mt19937_64& random, bool is_v4, unsigned spread) {
    std::set<std::string> distinct;
    for (int i = 0; i < 300; ++i) {
        const auto address = random_address(random, is_v4, spread);
        const auto length = address.bits() - static_cast<unsigned>(random() % (spread + 2));
        distinct.insert(model::Prefix(address, length).str());
    }
    return {distinct.begin(), distinct.end()};
}

/// One by one and many at once; also at the very edges of each block.
void expect_agreement(const model::RegistryData& data, std::vector<model::IpAddress> addresses) {
    const OwnerIndex index(data);
    std::vector<std::optional<Owner>> owners(addresses.size());
    index.find(addresses, owners);
    for (std::size_t i = 0; i < addresses.size(); ++i) {
        const auto* expected = slow_find(data, addresses[i]);
        const auto owner = index.find(addresses[i]);
        ASSERT_EQ(owner ? owner->asset : nullptr, expected) << addresses[i].str();
        ASSERT_EQ(owners[i] ? owners[i]->asset : nullptr, expected) << addresses[i].str();
        if (owner) {
            const bool is_block = expected->target.kind == model::AssetKind::prefix;
            EXPECT_EQ(owner->how, is_block ? MatchKind::prefix : MatchKind::address);
            EXPECT_EQ(owners[i]->how, owner->how);
        }
    }
}

TEST(OwnerIndex, AgreesWithLookingAtEveryBlock) {
    std::mt19937_64 random(1);
    for (const bool is_v4 : {true, false}) {
        for (const unsigned spread : {8U, 12U, 24U}) {
            const auto data = registry_of(random_prefixes(random, is_v4, spread));
            constexpr int kAsked = 3000;
            std::vector<model::IpAddress> addresses;
            addresses.reserve(kAsked);
            for (int i = 0; i < kAsked; ++i) {
                addresses.push_back(random_address(random, is_v4, spread + 1));
            }
            expect_agreement(data, std::move(addresses));
        }
    }
}

model::IpAddress v4_of(std::uint32_t bits) {
    return model::IpAddress::v4(bits);
}

TEST(OwnerIndex, AgreesAtTheEdgesOfTheSpaceAndOfItsBlocks) {
    std::mt19937_64 random(2);
    std::vector<std::string> values = {"0.0.0.0", "255.255.255.255", "255.255.255.0/24", "128.0.0.0/1"};
    std::vector<model::IpAddress> addresses = {v4_of(0), v4_of(1), v4_of(0xffffffff), v4_of(0xfffffffe)};
    for (int i = 0; i < 400; ++i) {
        const model::Prefix prefix(
            v4_of(static_cast<std::uint32_t>(random())), 2 + static_cast<unsigned>(random() % 31)
        );
        const auto first = prefix.address().to_v4();
        const auto last = first | static_cast<std::uint32_t>(0xffffffffULL >> prefix.length());
        values.push_back(prefix.str());
        for (const auto bits : {first - 1, first, last, last + 1}) {
            addresses.push_back(v4_of(bits));
        }
    }
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    expect_agreement(registry_of(values), std::move(addresses));
}

TEST(OwnerIndex, ManyAtOnceOfNothing) {
    const model::RegistryData data;
    const OwnerIndex index(data);
    index.find(std::span<const model::IpAddress>(), {});
    std::vector<std::optional<Owner>> owners(1, Owner{});
    index.find(std::vector{v4_of(1)}, owners);
    EXPECT_FALSE(owners[0].has_value());
}

} // namespace
} // namespace fengsui::registry
