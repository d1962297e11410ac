#include "store/idempotency_store.h"

#include "base/hash.h"
#include "base/hmac.h"
#include "base/json.h"
#include "base/text.h"
#include "store/database.h"
#include "store/sqlite/handle.h"

#include <algorithm>

namespace fengsui::store {

namespace {

using base::Json;
using sqlite::Transaction;

std::string name_of(const KeyedRequest& request) {
    return base::hex(base::hmac_sha256(request.key, "name"));
}

std::string digest_of(const KeyedRequest& request) {
    return base::hex(base::hmac_sha256(request.key, "request " + request.request));
}

/// XORs with a stream that only the holder of the key can make (a keyed digest of nonce and block number).
std::string with_stream(std::string_view key, std::string_view nonce, std::string text) {
    constexpr std::size_t kBlock = 32;
    for (std::size_t at = 0; at < text.size(); at += kBlock) {
        const auto block = base::hmac_sha256(key, std::string(nonce) + " " + std::to_string(at));
        for (std::size_t i = 0; i < std::min(kBlock, text.size() - at); ++i) {
            text[at + i] = static_cast<char>(text[at + i] ^ block[i]);
        }
    }
    return text;
}

std::string seal(const KeyedRequest& request, std::string text) {
    const std::string nonce = base::hex(base::random_bytes(16));
    return nonce + base::hex(with_stream(request.key, nonce, std::move(text)));
}

std::string unhex(std::string_view digits) {
    const auto value = [](char c) {
        return c <= '9' ? c - '0' : c - 'a' + 10;
    };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
        bytes.push_back(static_cast<char>(value(digits[i]) * 16 + value(digits[i + 1])));
    }
    return bytes;
}

std::string unseal(const KeyedRequest& request, std::string_view sealed) {
    constexpr std::size_t kNonce = 32;
    return with_stream(
        request.key, sealed.substr(0, kNonce), unhex(sealed.substr(std::min(kNonce, sealed.size())))
    );
}

std::string headers_text(const KeptAnswer& answer) {
    Json list = Json::array();
    for (const auto& [name, value] : answer.headers) {
        list.push(Json::array({name, value}));
    }
    return base::to_text(list);
}

std::vector<std::pair<std::string, std::string>> read_headers(const std::string& text) {
    std::vector<std::pair<std::string, std::string>> headers;
    const auto list = base::parse_json(text).or_throw();
    for (const auto& pair : list.items()) {
        if (pair.items().size() == 2) {
            headers.emplace_back(pair.items()[0].as_string(), pair.items()[1].as_string());
        }
    }
    return headers;
}

} // namespace

struct IdempotencyStore::Found {
    bool is_known = false;
    std::optional<KeptAnswer> answer; ///< of that very request
};

IdempotencyStore::Found IdempotencyStore::find(const KeyedRequest& request) {
    auto row = database_.connection().prepare(
        "SELECT request, status, headers, body FROM idempotency WHERE user_id = ? AND idempotency_key = ?"
    );
    row.bind(request.user).bind(name_of(request));
    Found found;
    found.is_known = row.step();
    if (found.is_known && row.text(0) == digest_of(request)) {
        found.answer = KeptAnswer{
            static_cast<int>(row.integer(1)), read_headers(row.text(2)), unseal(request, row.text(3))};
    }
    return found;
}

void IdempotencyStore::keep(const KeyedRequest& request, base::Instant now, const KeptAnswer& answer) {
    database_.connection()
        .prepare("INSERT INTO idempotency (user_id, idempotency_key, request, status, headers, body, at) "
                 "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (user_id, idempotency_key) DO NOTHING")
        .bind(request.user)
        .bind(name_of(request))
        .bind(digest_of(request))
        .bind(std::int64_t{answer.status})
        .bind(headers_text(answer))
        .bind(seal(request, answer.body))
        .bind(now)
        .run();
}

std::optional<KeptAnswer> IdempotencyStore::run(
    const KeyedRequest& request, base::Instant now, const std::function<KeptAnswer()>& work
) {
    Transaction transaction(database_.connection());
    auto found = find(request);
    if (found.is_known) {
        return std::move(found.answer);
    }
    auto answer = work();
    keep(request, now, answer);
    transaction.commit();
    return answer;
}

std::optional<KeptAnswer> IdempotencyStore::run_in_parts(
    const KeyedRequest& request, base::Instant now, const std::function<KeptAnswer()>& work
) {
    {
        const sqlite::Reading reading(database_.connection());
        auto found = find(request);
        if (found.is_known) {
            return std::move(found.answer);
        }
    }
    auto answer = work();
    Transaction transaction(database_.connection());
    keep(request, now, answer);
    transaction.commit();
    return answer;
}

std::size_t IdempotencyStore::forget_before(base::Instant until) {
    Transaction transaction(database_.connection());
    const auto gone =
        database_.connection().prepare("DELETE FROM idempotency WHERE at < ?").bind(until).run();
    transaction.commit();
    return static_cast<std::size_t>(gone);
}

} // namespace fengsui::store
