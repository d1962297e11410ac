// The encodings of mail: pure text functions (RFC 2045, 2047, 2231). Private to net.
#pragma once

#include <string>
#include <string_view>

namespace fengsui::net {

/// Printable ASCII only, so that it may stand in a header as it is.
bool is_plain_ascii(std::string_view text);
/// One line: every run of line ends and other control characters becomes a space.
std::string one_line(std::string_view text);

/// `name: value` with its line end, folded before column 78 at spaces. The value is made one line first; what
/// is not ASCII becomes encoded words (RFC 2047), cut between characters.
std::string unstructured_header(std::string_view name, std::string_view value);
/// A display name as a phrase: an atom run, a quoted string, or encoded words.
std::string encode_phrase(std::string_view name);

/// Text with its line ends made CR LF, as quoted-printable lines of at most 76 characters.
std::string quoted_printable(std::string_view text);
/// Lines of 76 characters, each with its CR LF.
std::string base64_lines(std::string_view bytes);
/// Line ends made CR LF, one at the end of the text.
std::string with_crlf(std::string_view text);

/// `; filename=…` as RFC 2231 wants it: quoted, or percent-encoded in numbered sections, each on a line of
/// its own. Folders in the name are dropped.
std::string filename_parameter(std::string_view file_name);

} // namespace fengsui::net
