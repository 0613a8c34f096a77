// Character sets of mail: us-ascii, utf-8, iso-8859-1 and iso-2022-jp (RFC 1468).
//
// Inside, text is UTF-8; mail in Japan still comes in ISO-2022-JP. The escape sequences are
// handled here; the table of JIS X 0208 comes from POSIX iconv, by way of EUC-JP, whose results
// are the same in every C library. This is the only file that knows iconv.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/result.h"

#include <string>
#include <string_view>

namespace mailscope::mail
{

/// The text of `bytes` in UTF-8. Fails for a charset not named above and for bytes that do not
/// belong to it. Names are compared without case.
[[nodiscard]] Result<std::string> to_utf8(std::string_view charset, ByteView bytes);

/// The UTF-8 `text` in `charset`. Fails when the charset lacks a character, so that the caller can
/// choose another.
[[nodiscard]] Result<std::string> from_utf8(std::string_view charset, std::string_view text);

/// `to_utf8`, or, where that fails, the text with U+FFFD for every octet that is no valid UTF-8:
/// what a mail client shows rather than nothing.
std::string to_utf8_for_display(std::string_view charset, ByteView bytes);

} // namespace mailscope::mail
