// Trace fields: the stamps that servers put on top of a message (RFC 5321 4.4, RFC 5322 3.6.7).
//
// Every server on the way adds a Received field, the last one adds Return-Path; a reader follows
// them from bottom to top. The layout is Postfix's, or Exim's where a server speaks like Exim.
// Fields are appended to a buffer that the server then puts before the content in one go. How many
// hops are too many is the server's decision; `count_received` is what it decides upon.
#pragma once

#include "sim/core/bytes.h"
#include "sim/mail/address.h"
#include "sim/mail/date.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace mailscope::mail
{

/// What a session used, as the "with" clause names it (RFC 3848, RFC 6531 4.3).
struct SessionKind
{
    bool extended = false;      ///< EHLO was said
    bool lmtp = false;          ///< LMTP rather than SMTP (RFC 2033)
    bool tls = false;           ///< STARTTLS was done
    bool authenticated = false; ///< AUTH was done
    bool utf8 = false;          ///< MAIL had SMTPUTF8
};

/// "SMTP", "ESMTP", "ESMTPSA", "UTF8SMTPA", "LMTP" ... The letters need `extended`.
std::string_view with_protocol(const SessionKind &kind);

/// What a Received field says. Views need to hold only during the call.
struct ReceivedStamp
{
    std::string_view helo;              ///< what the client called itself; empty: made on this host
    std::string_view client_name;       ///< the client's name by DNS; empty: "unknown"
    std::string_view client_ip;         ///< "192.0.2.1"
    std::string_view by;                ///< this host's name
    std::string_view software;          ///< in parentheses after the name; may be empty
    std::string_view with;              ///< `with_protocol`
    std::string_view id;                ///< queue id
    const Address *recipient = nullptr; ///< for a single recipient only (RFC 5321 7.2)
    std::string_view envelope_from{};   ///< in Exim's layout only
    DateTime date;
};

/// Appends a Received field in three folded lines; in two when the message was made on this host.
void append_received(std::string &out, const ReceivedStamp &stamp);

/// The same in Exim's layout, one clause on a line.
void append_received_as_exim(std::string &out, const ReceivedStamp &stamp);

/// Appends "Return-Path: <...>" CRLF.
void append_return_path(std::string &out, const Address &reverse_path);

/// Appends "Delivered-To: address" CRLF.
void append_delivered_to(std::string &out, const Address &recipient);

/// How many Received fields the message has (RFC 5321 6.3). Reads the header only.
std::size_t count_received(ByteView message);

/// True when a Delivered-To field already names `recipient`: the message goes round in a circle.
bool was_delivered_to(ByteView message, const Address &recipient);

} // namespace mailscope::mail
