// Mail addresses: what envelopes carry and what header fields list.
//
// Two grammars meet here. Envelopes follow RFC 5321 4.1.2 and are read strictly, for a wrong path
// is answered with 501. Header fields follow RFC 5322 3.4 and are read leniently, for a mail
// client shows what it can. Both accept UTF-8 (RFC 6531 3.3, RFC 6532 3.2); whether a server takes
// such an address is the server's decision. Nothing here asks whether a mailbox exists.
#pragma once

#include "sim/core/result.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::mail
{

/// A mailbox address. Both parts empty: the null reverse-path "<>". Only the domain empty: the
/// local "postmaster" of RFC 5321 4.1.1.3.
struct Address
{
    std::string local_part; ///< without quotes and backslashes: `john smith`
    std::string domain;     ///< `example.org`, or a literal with its brackets: `[192.0.2.1]`

    bool is_null() const { return local_part.empty() && domain.empty(); }

    /// The local part by case, as RFC 5321 2.4 demands of all but its own server; the domain not.
    friend bool operator==(const Address &a, const Address &b);
    friend bool operator!=(const Address &a, const Address &b) { return !(a == b); }
};

/// Equal as servers compare their own mailboxes: neither part by case.
bool same_mailbox(const Address &a, const Address &b);

/// True when SMTPUTF8 is needed to carry the address (RFC 6531).
bool needs_utf8(const Address &address);

/// An address without brackets ("Mailbox" of RFC 5321 4.1.2), nothing before or after it. Fails
/// beyond the lengths of RFC 5321 4.5.3.1.
[[nodiscard]] Result<Address> parse_address(std::string_view text);

/// True when the text is a domain name (letters, digits, hyphens, UTF-8 labels) or an address
/// literal: what may follow "@", and what EHLO is followed by.
bool is_valid_domain(std::string_view text);

/// Where a path stands in the envelope.
enum class PathKind : unsigned char
{
    Reverse, ///< of MAIL FROM: "<>" is allowed
    Forward, ///< of RCPT TO: "<postmaster>" needs no domain
};

/// A path with its angle brackets; a source route before the address is accepted and ignored
/// (RFC 5321 4.1.2, appendix C).
[[nodiscard]] Result<Address> parse_path(std::string_view text, PathKind kind);

/// Length of the path that `text` begins with, through its ">"; quoted strings may hold a ">". 0
/// when it does not begin with "<" or no ">" closes it.
std::size_t path_length(std::string_view text);

/// Appends "john@example.org", quoted only where it must be; nothing for the null address.
void append_address(std::string &out, const Address &address);

/// Appends "<john@example.org>"; "<>" for the null address.
void append_path(std::string &out, const Address &address);

/// "john@example.org", quoted only where it must be; "" for the null address.
std::string to_string(const Address &address);

/// "<john@example.org>"; "<>" for the null address.
std::string to_path(const Address &address);

/// An address as a header field shows it.
struct NamedAddress
{
    std::string name; ///< display name, decoded to UTF-8; may be empty
    Address address;

    friend bool operator==(const NamedAddress &a, const NamedAddress &b)
    {
        return a.name == b.name && a.address == b.address;
    }
};

/// The addresses of From, To, Cc, Reply-To (RFC 5322 3.4), members of groups among the others.
/// Comments are dropped, except that `a@b (Name)` gives the name. What is no address is skipped.
std::vector<NamedAddress> parse_address_list(std::string_view field_body);

} // namespace mailscope::mail
