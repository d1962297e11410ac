// SMTP replies (RFC 5321 4.2), as broken servers really send them. Pure, fuzzed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fengsui::probe::smtp {

struct Reply {
    int code = 0;
    std::vector<std::string> lines; ///< without code and separator, UTF-8
};

/// Reads one reply piece by piece: at most 16 KiB and 100 lines of it. Bare LF is a line's end too.
class ReplyReader {
public:
    enum class State : std::uint8_t { reading, done, invalid };

    /// How many of `bytes` belong to this reply; the rest is the next one's.
    std::size_t feed(std::string_view bytes);
    [[nodiscard]] State state() const { return state_; }
    [[nodiscard]] const Reply& reply() const { return reply_; }

private:
    void read_line(std::string_view line);

    State state_ = State::reading;
    Reply reply_;
    std::string line_;
    std::size_t taken_ = 0;
};

/// The keywords of an EHLO answer with their parameters: the first line is the greeting. Keyword in
/// upper case.
std::vector<std::string> read_extensions(const Reply& ehlo);

/// Whether the keyword is among them.
bool has_extension(const std::vector<std::string>& extensions, std::string_view keyword);

} // namespace fengsui::probe::smtp
