// Finite-field Diffie-Hellman moduli: their size, name and primality (OpenSSL's big numbers behind).
#pragma once

#include "model/tls.h"

#include <string_view>

namespace fengsui::probe::tls {

/// Bits, published name and Miller-Rabin on p and (p-1)/2. Takes up to a second: not on the I/O thread.
/// Moduli of more than 4096 bits without a name are not tested.
model::DhFacts judge_modulus(std::string_view big_endian);

} // namespace fengsui::probe::tls
