#include "template/signature.h"

#include "base/hash.h"
#include "base/text.h"
#include "template/bytes.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

namespace fengsui::templates {

namespace {

constexpr std::string_view kMark = "# digest: ";
/// The public point and the name (MD5 of its X) of the key that signs the official templates, from the
/// certificate that nuclei 3.10 carries.
constexpr std::string_view kOfficialPoint =
    "04936a2138d47ecb5ae74548c09f9ea82e40cc04b5eeddcff1517cada599ecc4d3"
    "6c3e236570712de3e5c3f035aa9844026442193afbb962d06a46f5f6f5d45b36";

using KeyPtr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

KeyPtr key_of(std::string_view point) {
    KeyPtr key(EVP_PKEY_new(), EVP_PKEY_free);
    EVP_PKEY* made = nullptr;
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr);
    std::string bytes(point);
    char group[] = "P-256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string("group", group, 0),
        OSSL_PARAM_construct_octet_string("pub", bytes.data(), bytes.size()),
        OSSL_PARAM_construct_end()};
    if (context != nullptr && EVP_PKEY_fromdata_init(context) == 1) {
        EVP_PKEY_fromdata(context, &made, EVP_PKEY_PUBLIC_KEY, parameters);
    }
    EVP_PKEY_CTX_free(context);
    return {made, EVP_PKEY_free};
}

std::string name_of(std::string_view point) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    EVP_Digest(point.data() + 1, 32, out.data(), &size, EVP_md5(), nullptr);
    return base::hex({reinterpret_cast<const char*>(out.data()), size});
}

bool is_signed(EVP_PKEY& key, const std::string& text, std::string_view signature) {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const bool verified = context != nullptr
                          && EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, &key) == 1
                          && EVP_DigestVerify(
                                 context,
                                 reinterpret_cast<const unsigned char*>(signature.data()),
                                 signature.size(),
                                 reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size()
                             ) == 1;
    EVP_MD_CTX_free(context);
    return verified;
}

/// Go's gob of a []byte: message length, type, zero, length of the bytes; all below 128 here.
std::string_view from_gob(std::string_view bytes) {
    if (bytes.size() < 5 || static_cast<std::size_t>(bytes[0]) + 1 != bytes.size() || bytes[1] != 0x0a
        || bytes[2] != 0 || static_cast<std::size_t>(bytes[3]) + 4 != bytes.size()) {
        return {};
    }
    return bytes.substr(4);
}

std::string signed_text(std::string_view content, const std::vector<std::string>& imports) {
    std::string text;
    content = base::trim(content);
    for (std::size_t i = 0; i < content.size(); ++i) {
        if (content[i] != '\r' || i + 1 == content.size() || content[i + 1] != '\n') {
            text += content[i];
        }
    }
    for (const auto& import : imports) {
        text.append("\n").append(import);
    }
    return text;
}

} // namespace

SignatureStatus verify_signature_with(
    std::string_view yaml, const std::vector<std::string>& imports, std::string_view point
) {
    const auto at = yaml.rfind(kMark);
    if (at == std::string_view::npos || point.size() != 65) {
        return SignatureStatus::absent;
    }
    const auto line = base::trim(yaml.substr(at + kMark.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || line.substr(colon + 1) != name_of(point)) {
        return SignatureStatus::unverified;
    }
    std::string gob;
    const KeyPtr key = key_of(point);
    if (key == nullptr || !decode_hex(line.substr(0, colon), gob)) {
        return SignatureStatus::invalid;
    }
    const bool verified = is_signed(*key, signed_text(yaml.substr(0, at), imports), from_gob(gob));
    return verified ? SignatureStatus::verified : SignatureStatus::invalid;
}

SignatureStatus verify_signature(std::string_view yaml, const std::vector<std::string>& imports) {
    std::string point;
    decode_hex(kOfficialPoint, point);
    return verify_signature_with(yaml, imports, point);
}

} // namespace fengsui::templates
