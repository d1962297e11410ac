// SMTP replies (RFC 5321 4.2) as a relay gives them. Pure and bounded. Private to net.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fengsui::net {

struct SmtpReply {
    int code = 0;                   ///< 200–599
    std::vector<std::string> lines; ///< without code and separator, UTF-8, each at most 500 bytes

    [[nodiscard]] bool is_positive() const { return code / 100 == 2; }
    [[nodiscard]] bool is_permanent() const { return code / 100 == 5; }
    /// Code and text in one line, for people.
    [[nodiscard]] std::string text() const;
};

/// Takes one reply piece by piece: at most 32 KiB and 100 lines of it; a bare LF ends a line, too.
class SmtpReplyReader {
public:
    enum class State { reading, done, invalid };

    /// How many of `bytes` belong to this reply.
    std::size_t feed(std::string_view bytes);
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] SmtpReply take() { return std::move(reply_); }

private:
    void end_line();

    State state_ = State::reading;
    SmtpReply reply_;
    std::string line_;
    std::size_t taken_ = 0;
};

/// What the relay can do, from its answer to EHLO.
struct SmtpExtensions {
    bool starttls = false;
    bool utf8 = false; ///< SMTPUTF8 (RFC 6531) together with 8BITMIME
    bool eight_bit = false;
    bool auth_plain = false;
    bool auth_login = false;
    std::size_t size_limit = 0; ///< SIZE (RFC 1870); 0: none said
    bool has_size = false;
};
SmtpExtensions read_smtp_extensions(const SmtpReply& ehlo);

/// The message as DATA carries it: a dot put before each line that begins with one, the final dot after
/// (RFC 5321 4.5.2). Lone CR and LF become CR LF, so that nothing can end the data early.
std::string stuff_dots(std::string_view message);

} // namespace fengsui::net
