// Answers to requests with an `Idempotency-Key`, kept so that a repetition is answered as the first time
// (contract_rest.md 6.1). Blocking.
#pragma once

#include "base/time.h"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fengsui::store {

class Database;

struct KeptAnswer {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};

/// Of the key and of the body only keyed digests are kept, and the answer is sealed with the key: a token
/// shown once cannot be read from the store.
struct KeyedRequest {
    std::string user;
    std::string key;     ///< as the client sent it
    std::string request; ///< method, path and body
};

class IdempotencyStore {
public:
    explicit IdempotencyStore(Database& database) : database_(database) {}

    /// The kept answer; or that of `work`, kept in the same transaction as its effects. What `work` throws
    /// undoes both. Nothing when the key was used for another request. `now` is the machine's time.
    [[nodiscard]] std::optional<KeptAnswer> run(
        const KeyedRequest& request, base::Instant now, const std::function<KeptAnswer()>& work
    );
    /// The same for work that has transactions of its own and may be repeated: kept only at its end.
    [[nodiscard]] std::optional<KeptAnswer> run_in_parts(
        const KeyedRequest& request, base::Instant now, const std::function<KeptAnswer()>& work
    );
    /// Forgets what was kept before `until`: how many.
    std::size_t forget_before(base::Instant until);

private:
    struct Found;
    [[nodiscard]] Found find(const KeyedRequest& request);
    void keep(const KeyedRequest& request, base::Instant now, const KeptAnswer& answer);
    Database& database_;
};

} // namespace fengsui::store
