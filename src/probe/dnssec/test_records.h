// Test-only: zones signed by BIND's dnssec-signzone from 2026-01-01 to 2030-01-01, as RDATA in base64.
#pragma once

#include "base/codec.h"
#include "net/dns_message.h"

#include <string>
#include <vector>

namespace fengsui::probe::dnssec::test {

struct SignedRecord {
    int algorithm;
    const char* owner;
    int type;
    const char* data;
};

inline constexpr SignedRecord kSignedRecords[] = {
    {8,
     "rsasha256.test",
     48,
     "AQEDCAMBAAG1Nn1mue5C27GvPTq9SDbFXo/"
     "uXOk3+uBKDpgDiqCDmXlGDhPFA6WP4P5OjcIPjt1+vW+EZ9BIMYQoz+"
     "P9vilVRltxd3dV4moxcQmmPrI2CZ8aEqHsInDeBLTCDkijaEuRhKeiktpeH4DuQL6/EvDu+wG9g/Aiu/"
     "3hTfiufcKkAFG7yxeVtvOrwElV8Oj6+3mZLZg7TPgeOAm6WVjmdTZgn1d4WVd0Sz+PCi49BY2YP38xHj5FJpcglt3V0JKqgoUL+"
     "m7iGd1H2x9NyCOPo7anmrT2wa6wOsBBFST0js1vaRZLxPOusXLGQEl7DZiCyl2uK1cElXr/svmn3Q/6C4h7"},
    {8,
     "rsasha256.test",
     46,
     "ADAIAgAAASxw29iAaVW5ANEICXJzYXNoYTI1NgR0ZXN0AI9yNBoujxMNqzVLFejc5UvfWoBTFyDin934QhS4oVwbJTM0t8WRuebfnL7"
     "f+xTe2Q6469hTR1q6ktlFSebgZP+Q1fsZj35KE7Yxb5B3zVeHJZTkZLgDw0wLMrkSztv/L8GdWH0/"
     "Gb0ZDjKb93uYmaQ+VjmxZgh2ndnzD6uu9WHBgvcd/StLKvNhiii/"
     "VDU88Bf8NIenlq1CLhI8xbLhnwWgLY4uU1XuuHVeUpaGQjhWO9piHglw5jEtNvfOGNS8d3i6ZXt9eAaUa56O3w9nAmN4/"
     "Q+Eq5SHmgtXRK2ztilrpjg4RqG/j1zb/KTH9IirGc1z244jeBH1XvGFHB8gPWc="},
    {8, "www.rsasha256.test", 1, "wAACAQ=="},
    {8, "www.rsasha256.test", 1, "wAACAg=="},
    {8,
     "www.rsasha256.test",
     46,
     "AAEIAwAAASxw29iAaVW5ANEICXJzYXNoYTI1NgR0ZXN0AJidc1PHT9f/"
     "ITvhMiQ9M1zcj5oHCCXK8XvoAxHBDg219IUVdyH2xLigP3BkPLhsNDUJire0WcEKKYGidhbOH4PoGO7sbso2m5bxZ3h6wBpFols1l9g"
     "8qCwqd+OnYvVfVm/i23Bo50GWsuq1ktsKNsqfO77A9EYU883N24pn7tnr46ZM9EMcqthkIvsueZMnE3LuqodXacqYEOl/"
     "xAxhu07PHi6FK8ehBXsth0qWJTSIXlo9f+x9OwXLgFkAU4oeinbvnQkA2oKc3lMmUYvq8PgaXUxjwvBKBFs6LS7JLSoYcSY/"
     "FwsEHieSGVzd24NR5Q3ZJZxSzWU0N1KjBCrl58o="},
    {13,
     "ecdsap256sha256.test",
     6,
     "Am5zD2VjZHNhcDI1NnNoYTI1NgR0ZXN0AAVhZG1pbg9lY2RzYXAyNTZzaGEyNTYEdGVzdAAAAAABAAAAAgAAAAMAAAAEAAAABQ=="},
    {13,
     "ecdsap256sha256.test",
     46,
     "AAYNAgAAASxw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0ACaj+nG00KQnkJ5wdtk/"
     "zpPTfRvBTPcoiaNoHFLD+5qKVbCY9qXg17nbGe8E6LznhaBgLW8P1PBKLHT9byOlcvk="},
    {13,
     "ecdsap256sha256.test",
     46,
     "AAINAgAAASxw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0ACpSqqO8JTkO1po6P0E4ZiQKmF4RxNgWJrBUam6+"
     "8CPrK7FizY4D2Qd7AjZTYBE1gRP3X7AIEHBpD7LRUK78Xag="},
    {13, "ecdsap256sha256.test", 47, "A3N1Yg9lY2RzYXAyNTZzaGEyNTYEdGVzdAAAByIAAAAAA4A="},
    {13,
     "ecdsap256sha256.test",
     46,
     "AC8NAgAAAAVw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0AC7D9RCh5ozOz6cu6Lg6F0n5kcpelTLOlW1dsmKWQry1pO+A9B/"
     "Xm0C37EYklA6FoBuWe8rteIgihNhpx3FzKls="},
    {13,
     "ecdsap256sha256.test",
     48,
     "AQEDDeRp9XMJLOlVLkzs6KNTIFqsmCxb2+1VOyNNcGhCAYUu80Te0CAc58S33WMsFDKczEzZkkKwGuRcyS1jGuxHq5Y="},
    {13,
     "ecdsap256sha256.test",
     46,
     "ADANAgAAASxw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0AB9suxWPeQ7le+IZc9UPVt3kW0L/"
     "isZbxEBgVuzLn6vkwR7JAxZ/iMmPeZCLDWHy57YDVNhCurXvX+MbAJbIyo4="},
    {13, "*.wild.ecdsap256sha256.test", 1, "wAACAw=="},
    {13,
     "*.wild.ecdsap256sha256.test",
     46,
     "AAENAwAAASxw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0ABo9E1tCYkhUXvg/TtHbBe1wCzAS23ywMt9v/"
     "z89JReXZNttcIyMbG2XafMmDZH4y5DgaGEPrUTuYzGMCQNIKcs="},
    {13, "*.wild.ecdsap256sha256.test", 47, "A3d3dw9lY2RzYXAyNTZzaGEyNTYEdGVzdAAABkAAAAAAAw=="},
    {13,
     "*.wild.ecdsap256sha256.test",
     46,
     "AC8NAwAAAAVw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0AAuf1wKIBo/"
     "FWlR52MgGICrrOEp1kyKZVeLowjhReY5JITnjlYJT120Y+7k6wlWyYm0XUF6pt04csE+NMR4MLIo="},
    {13, "www.ecdsap256sha256.test", 1, "wAACAQ=="},
    {13, "www.ecdsap256sha256.test", 1, "wAACAg=="},
    {13,
     "www.ecdsap256sha256.test",
     46,
     "AAENAwAAASxw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0AGHoVsbZG+3T/"
     "hlOxuKTUjeSDlayLU3XWHZcqzcjvHPawzlhr77FSHb8V6q3u+ToDBuTIwUNTJWqhRhu5183/BQ="},
    {13, "www.ecdsap256sha256.test", 47, "D2VjZHNhcDI1NnNoYTI1NgR0ZXN0AAAGQAAAAAAD"},
    {13,
     "www.ecdsap256sha256.test",
     46,
     "AC8NAwAAAAVw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0ACLy+"
     "wYfFftSySdQMtw01OqMyt77WZgcId4D5QNQUlt3bBv3GGrTiPI4Umv97Q32ukPp1pHvMIvUSZMSD4E1RCw="},
    {13, "sub.ecdsap256sha256.test", 47, "ASoEd2lsZA9lY2RzYXAyNTZzaGEyNTYEdGVzdAAABiAAAAAAAw=="},
    {13,
     "sub.ecdsap256sha256.test",
     46,
     "AC8NAwAAAAVw29iAaVW5APIMD2VjZHNhcDI1NnNoYTI1NgR0ZXN0AM4Cu7ekJYA7ph9ljxx3cLd8+"
     "UBlkU9KeeGHetIcSupSCklhQE4by9mhx6FHMO+juZGhxrxqAF3kX5aBqnmcwuk="},
    {15, "ed25519.test", 48, "AQEDDzyD13r05rt3l4LEl53+FvFu3Q/9WW3JaFiqsPhbjIfv"},
    {15,
     "ed25519.test",
     46,
     "ADAPAgAAASxw29iAaVW5AGhGB2VkMjU1MTkEdGVzdADtjD/"
     "0YewzeIsKdK4VyxkQyxd1gwxDXswr4nVASpaKx8+n+2QNaQQoFzZ3ExCwbY/gZgSfD5e/4mqS7fd1WBIH"},
    {15, "www.ed25519.test", 1, "wAACAQ=="},
    {15, "www.ed25519.test", 1, "wAACAg=="},
    {15,
     "www.ed25519.test",
     46,
     "AAEPAwAAASxw29iAaVW5AGhGB2VkMjU1MTkEdGVzdAB7Y6zCfLvj/"
     "8EGmTjisExZqYixldPGZiAUTNxfhQZoBfRewrUolcU73O824ibAAqntAZeFHMaD66Kp1ZQIbKgB"},
};

inline std::vector<net::DnsRecord> signed_records(int algorithm) {
    std::vector<net::DnsRecord> records;
    for (const auto& record : kSignedRecords) {
        if (record.algorithm == algorithm) {
            std::string data;
            base::decode_base64(record.data, data);
            records.push_back({record.owner, static_cast<net::DnsType>(record.type), 300, data});
        }
    }
    return records;
}

} // namespace fengsui::probe::dnssec::test
