#include "probe/tls/dh.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace fengsui::probe::tls {

namespace {

using model::Primality;

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
using NumberContext = std::unique_ptr<BN_CTX, FreeNumber>;
struct FreeParameters {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
};

constexpr int kMostBits = 4096;
/// A composite passes a round with a random base with probability 1/4 at most.
constexpr int kRounds = 12;

struct KnownModulus {
    std::string name;
    Number prime;
    bool is_safe = true;
};

Number prime_of_group(const char* name) {
    const std::unique_ptr<EVP_PKEY_CTX, FreeParameters> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr)
    );
    std::string group = name;
    const std::array parameters = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY* made = nullptr;
    if (!context || EVP_PKEY_paramgen_init(context.get()) != 1
        || EVP_PKEY_CTX_set_params(context.get(), parameters.data()) != 1
        || EVP_PKEY_generate(context.get(), &made) != 1) {
        return nullptr;
    }
    const std::unique_ptr<EVP_PKEY, FreeParameters> key(made);
    BIGNUM* prime = nullptr;
    EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_FFC_P, &prime);
    return Number(prime);
}

/// RFC 7919, RFC 3526, and those of RFC 5114, which are no safe primes.
std::vector<KnownModulus> make_known_moduli() {
    std::vector<KnownModulus> known;
    for (const char* name :
         {"ffdhe2048",
          "ffdhe3072",
          "ffdhe4096",
          "ffdhe6144",
          "ffdhe8192",
          "modp_1536",
          "modp_2048",
          "modp_3072",
          "modp_4096",
          "modp_6144",
          "modp_8192",
          "dh_1024_160",
          "dh_2048_224",
          "dh_2048_256"}) {
        if (auto prime = prime_of_group(name)) {
            known.push_back({name, std::move(prime), std::string_view(name).substr(0, 3) != "dh_"});
        }
    }
    ERR_clear_error();
    return known;
}

const std::vector<KnownModulus>& known_moduli() {
    static const auto known = make_known_moduli();
    return known;
}

/// One round for the odd number n = 2^shift * odd + 1 (FIPS 186-5 B.3.1).
bool passes(const BIGNUM* number, const BIGNUM* below, const BIGNUM* odd, int shift, BN_CTX* context) {
    const Number base(BN_new());
    const Number power(BN_new());
    const Number three(BN_new());
    BN_set_word(three.get(), 3);
    const Number range(BN_dup(number));
    BN_sub(range.get(), range.get(), three.get());
    if (BN_rand_range(base.get(), range.get()) != 1 || BN_add_word(base.get(), 2) != 1
        || BN_mod_exp(power.get(), base.get(), odd, number, context) != 1) {
        return true; // our own trouble proves nothing against the number
    }
    if (BN_is_one(power.get()) || BN_cmp(power.get(), below) == 0) {
        return true;
    }
    for (int i = 1; i < shift; ++i) {
        BN_mod_sqr(power.get(), power.get(), number, context);
        if (BN_cmp(power.get(), below) == 0) {
            return true;
        }
    }
    return false;
}

bool is_probably_prime(const BIGNUM* number, BN_CTX* context) {
    if (BN_num_bits(number) < 4 || !BN_is_odd(number)) {
        return BN_is_word(number, 2) || BN_is_word(number, 3) || BN_is_word(number, 5)
               || BN_is_word(number, 7);
    }
    const Number below(BN_dup(number));
    BN_sub_word(below.get(), 1);
    const Number odd(BN_dup(below.get()));
    int shift = 0;
    while (!BN_is_odd(odd.get())) {
        BN_rshift1(odd.get(), odd.get());
        ++shift;
    }
    for (int i = 0; i < kRounds; ++i) {
        if (!passes(number, below.get(), odd.get(), shift, context)) {
            return false;
        }
    }
    return true;
}

Primality primality_of(const BIGNUM* prime) {
    const NumberContext context(BN_CTX_new());
    if (!is_probably_prime(prime, context.get())) {
        return Primality::composite;
    }
    const Number half(BN_dup(prime));
    BN_rshift1(half.get(), half.get()); // (p-1)/2, since p is odd
    return is_probably_prime(half.get(), context.get()) ? Primality::safe_prime : Primality::prime;
}

} // namespace

model::DhFacts judge_modulus(std::string_view big_endian) {
    model::DhFacts facts;
    facts.offered = model::Offered::yes;
    constexpr std::size_t kMostBytes = 65535;
    if (big_endian.size() > kMostBytes) {
        return facts;
    }
    const Number prime(BN_bin2bn(
        reinterpret_cast<const unsigned char*>(big_endian.data()),
        static_cast<int>(big_endian.size()),
        nullptr
    ));
    facts.bits = BN_num_bits(prime.get());
    for (const auto& known : known_moduli()) {
        if (BN_cmp(prime.get(), known.prime.get()) == 0) {
            facts.group = known.name;
            facts.primality = known.is_safe ? Primality::safe_prime : Primality::prime;
            return facts;
        }
    }
    if (facts.bits > 1 && facts.bits <= kMostBits) {
        facts.primality = primality_of(prime.get());
    }
    ERR_clear_error();
    return facts;
}

} // namespace fengsui::probe::tls
