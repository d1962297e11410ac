#include "probe/dnssec/rrset.h"
#include "probe/dnssec/test_records.h"

#include <gtest/gtest.h>

namespace fengsui::probe::dnssec {

namespace {

using net::DnsType;
using test::signed_records;

constexpr std::uint32_t kJune2026 = 1780272000;
const std::string kZone = "ecdsap256sha256.test";

std::vector<ZoneKey> keys_of(const std::vector<net::DnsRecord>& records) {
    std::vector<ZoneKey> keys;
    for (const auto& record : records) {
        if (record.type == DnsType::dnskey) {
            keys.push_back(*read_key(record.data));
        }
    }
    return keys;
}

SetVerdict look_at(
    const std::vector<net::DnsRecord>& records,
    const std::string& owner,
    DnsType type,
    std::uint32_t now = kJune2026
) {
    return verify_set(records, owner, type, kZone, keys_of(signed_records(13)), now);
}

TEST(Dnssec, SignaturesOfEachFamilyHold) {
    const std::pair<int, std::string> zones[] = {{8, "rsasha256.test"}, {13, kZone}, {15, "ed25519.test"}};
    for (const auto& [algorithm, zone] : zones) {
        const auto records = signed_records(algorithm);
        const auto keys = keys_of(records);
        ASSERT_EQ(keys.size(), 1U);
        EXPECT_TRUE(verify_set(records, zone, DnsType::dnskey, zone, keys, kJune2026).holds) << zone;
        auto www = verify_set(records, "www." + zone, DnsType::a, zone, keys, kJune2026);
        EXPECT_TRUE(www.holds) << www.detail;
    }
}

TEST(Dnssec, ADelegationSignerSpeaksOfItsKey) {
    const auto key = keys_of(signed_records(13)).front();
    EXPECT_EQ(key.tag, 61964);
    DelegationSigner ds{61964, 13, 2, {}};
    for (const int byte :
         {0xFE, 0x5C, 0x79, 0xF7, 0xD1, 0xDD, 0x0B, 0x75, 0x5D, 0xD7, 0x5C, 0xFD, 0x97, 0x67, 0x66, 0x25,
          0xCE, 0xE8, 0x42, 0x6E, 0x7B, 0xDD, 0x55, 0x3B, 0xFF, 0xBB, 0xC3, 0x28, 0x17, 0x5E, 0x73, 0xA5}) {
        ds.digest += static_cast<char>(byte);
    }
    EXPECT_TRUE(is_signed_for(ds, kZone, key));
    EXPECT_FALSE(is_signed_for(ds, "other.test", key));
    ds.digest[0] = 0;
    EXPECT_FALSE(is_signed_for(ds, kZone, key));
}

TEST(Dnssec, WhatDoesNotHoldSaysWhy) {
    const auto records = signed_records(13);
    const auto www = "www." + kZone;
    EXPECT_TRUE(look_at(records, www, DnsType::a).holds);
    EXPECT_NE(
        look_at(records, www, DnsType::a, 2000000000).detail.find("expired at 2030-01-01"), std::string::npos
    );
    EXPECT_NE(
        look_at(records, www, DnsType::a, 1700000000).detail.find("begins at 2026-01-01"), std::string::npos
    );
    EXPECT_NE(look_at(records, www, DnsType::aaaa).detail.find("no signature"), std::string::npos);
    auto forged = records;
    for (auto& record : forged) {
        if (record.name == www && record.type == DnsType::a) {
            record.data[3] = 9;
        }
    }
    EXPECT_NE(look_at(forged, www, DnsType::a).detail.find("does not fit"), std::string::npos);
    const auto others = keys_of(signed_records(15));
    EXPECT_NE(
        verify_set(records, www, DnsType::a, kZone, others, kJune2026).detail.find("not the zone's"),
        std::string::npos
    );
    EXPECT_FALSE(verify_set(records, www, DnsType::a, "test", keys_of(records), kJune2026).holds);
}

TEST(Dnssec, AWildcardsSignatureCoversWhatItGaveAnAnswerTo) {
    auto records = signed_records(13);
    for (auto& record : records) {
        if (record.name.starts_with("*.wild")) {
            record.name.replace(0, 1, "any");
        }
    }
    EXPECT_TRUE(look_at(records, "any.wild." + kZone, DnsType::a).holds);
}

TEST(Dnssec, NsecTellsADelegationFromAName) {
    const auto records = signed_records(13);
    const auto keys = keys_of(records);
    const auto judged = [&](const std::string& name, const std::vector<net::DnsRecord>& authorities) {
        return judge_no_ds(authorities, name + "." + kZone, kZone, keys, kJune2026);
    };
    EXPECT_EQ(judged("sub", records), NoDs::insecure_delegation);
    EXPECT_EQ(judged("www", records), NoDs::no_cut);
    EXPECT_EQ(judged("wild", records), NoDs::no_cut) << "an empty name between: only others below it exist";
    EXPECT_EQ(judged("sub", {}), NoDs::unproven);
    auto bare = records;
    std::erase_if(bare, [](const net::DnsRecord& record) { return record.type == DnsType::rrsig; });
    EXPECT_EQ(judged("sub", bare), NoDs::unproven) << "anybody could have said it";
}

TEST(Dnssec, Nsec3HashesAreThoseOfTheRfc) {
    // RFC 5155 appendix A.
    EXPECT_EQ(
        nsec3_hash("example", "\xaa\xbb\xcc\xdd", 12), *decode_base32_hex("0p9mhaveqvm6t7vbl5lop2u3t2rp3tom")
    );
    EXPECT_EQ(
        nsec3_hash("a.example", "\xaa\xbb\xcc\xdd", 12),
        *decode_base32_hex("35mthgpgcu1qg68fab165klnsnk3dpvl")
    );
}

TEST(Dnssec, NamesComeInCanonicalOrder) {
    // RFC 4034 section 6.1.
    const std::vector<std::string> names = {
        "example",
        "a.example",
        "yljkjljk.a.example",
        "Z.a.example",
        "zABC.a.EXAMPLE",
        "z.example",
        "\\001.z.example",
        "*.z.example",
        "\\200.z.example"};
    for (std::size_t i = 1; i < names.size(); ++i) {
        EXPECT_LT(compare_names(names[i - 1], names[i]), 0) << names[i];
        EXPECT_GT(compare_names(names[i], names[i - 1]), 0) << names[i];
    }
}

TEST(Dnssec, NoLengthIsTrusted) {
    for (const auto& record : signed_records(13)) {
        for (std::size_t size = 0; size < record.data.size(); ++size) {
            const std::string_view cut(record.data.data(), size);
            static_cast<void>(read_key(cut));
            static_cast<void>(read_signature(cut));
            static_cast<void>(read_nsec(cut));
            static_cast<void>(read_nsec3(cut));
            static_cast<void>(read_ds(cut));
        }
    }
    EXPECT_FALSE(read_nsec(std::string_view("\0\0\x05\x01", 4)));
    EXPECT_FALSE(read_nsec3(std::string_view("\x01\0\0\0\x08xx", 7)));
    EXPECT_FALSE(read_signature(std::string(18, '\0')));
}

TEST(Dnssec, ManyKeysAndSignaturesCostLittle) {
    auto records = signed_records(13);
    std::vector<ZoneKey> keys(2000, keys_of(records).front());
    for (auto& key : keys) {
        key.key[0] ^= 1; // the same tag, another point
    }
    const auto signature = select_set(records, "www." + kZone, DnsType::rrsig).front();
    records.insert(records.end(), 2000, signature);
    EXPECT_FALSE(verify_set(records, "www." + kZone, DnsType::a, kZone, keys, kJune2026).holds);
}

} // namespace

} // namespace fengsui::probe::dnssec
