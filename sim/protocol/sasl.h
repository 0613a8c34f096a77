// The message of AUTH PLAIN (RFC 4616), which SMTP, POP3 and IMAP carry in the same way.
//
// It stands here once because the engines know nothing of each other. Who is let in is the owner's
// matter.
#pragma once

#include "sim/core/bytes.h"

#include <optional>

namespace mailscope
{

/// A PLAIN message taken apart; views into it.
struct PlainLogin
{
    ByteView authzid; ///< as whom to act; mostly empty
    ByteView user;    ///< never empty
    ByteView password;
};

/// RFC 4616 2: [authzid] NUL authcid NUL passwd. Nothing when it is anything else.
inline std::optional<PlainLogin> parse_sasl_plain(ByteView message)
{
    const std::size_t first = message.find('\0');
    const std::size_t second =
        first == ByteView::npos ? ByteView::npos : message.find('\0', first + 1);
    if (second == ByteView::npos || second == first + 1)
        return std::nullopt;
    const PlainLogin login{message.substr(0, first), message.substr(first + 1, second - first - 1),
                           message.substr(second + 1)};
    if (login.password.find('\0') != ByteView::npos)
        return std::nullopt;
    return login;
}

} // namespace mailscope
