// Trace fields: the stamps that servers put on top of a message (RFC 5321 4.4).
#include "sim/mail/trace_fields.h"

#include "sim/core/text.h"
#include "sim/mail/message.h"

#include <optional>

namespace mailscope::mail
{

namespace
{

/// From the id to the date.
void append_exim_end(std::string &out, const ReceivedStamp &stamp)
{
    out += stamp.id;
    if (stamp.recipient != nullptr)
        out += "\r\n\tfor " + to_string(*stamp.recipient);
    out += ";\r\n\t";
    append_date(out, stamp.date);
    out += "\r\n";
}

/// Room for a Received field with names of the usual length.
constexpr std::size_t received_octets_usual = 256;

} // namespace

std::string_view with_protocol(const SessionKind &kind)
{
    if (!kind.extended && !kind.lmtp)
        return "SMTP";
    constexpr std::string_view names[][4] = {
        {"ESMTP", "ESMTPS", "ESMTPA", "ESMTPSA"},
        {"LMTP", "LMTPS", "LMTPA", "LMTPSA"},
        {"UTF8SMTP", "UTF8SMTPS", "UTF8SMTPA", "UTF8SMTPSA"},
        {"UTF8LMTP", "UTF8LMTPS", "UTF8LMTPA", "UTF8LMTPSA"},
    };
    const std::size_t row = (kind.lmtp ? 1U : 0U) + (kind.utf8 ? 2U : 0U);
    const std::size_t column = (kind.tls ? 1U : 0U) + (kind.authenticated ? 2U : 0U);
    return names[row][column];
}

void append_received(std::string &out, const ReceivedStamp &stamp)
{
    out.reserve(out.size() + received_octets_usual);
    out += "Received: ";
    if (!stamp.helo.empty()) {
        out += "from ";
        out += stamp.helo;
        out += " (";
        out += stamp.client_name.empty() ? "unknown" : stamp.client_name;
        out += " [";
        out += stamp.client_ip;
        out += "])\r\n\t";
    }
    out += "by ";
    out += stamp.by;
    if (!stamp.software.empty()) {
        out += " (";
        out += stamp.software;
        out += ')';
    }
    if (!stamp.with.empty()) {
        out += " with ";
        out += stamp.with;
    }
    out += stamp.helo.empty() ? "\r\n\tid " : " id ";
    out += stamp.id;
    if (stamp.recipient != nullptr) {
        out += "\r\n\tfor ";
        append_path(out, *stamp.recipient);
        out += "; ";
    } else {
        out += stamp.helo.empty() ? "; " : ";\r\n\t";
    }
    append_trace_date(out, stamp.date);
    out += "\r\n";
}

void append_received_as_exim(std::string &out, const ReceivedStamp &stamp)
{
    if (stamp.helo.empty()) { // Debian's Exim runs as this user
        out += "Received: from Debian-exim by ";
        out += stamp.by;
        out += " with local (";
        out += stamp.software;
        out += ")\r\n\tid ";
        append_exim_end(out, stamp);
        return;
    }
    const std::string ip = "[" + std::string(stamp.client_ip) + "]";
    const bool named = !stamp.client_name.empty() && stamp.client_name != "unknown";
    out += "Received: from ";
    if (!named)
        out += ip + " (helo=" + std::string(stamp.helo) + ")";
    else if (equals_ignoring_case(stamp.client_name, stamp.helo))
        out += std::string(stamp.helo) + " (" + ip + ")";
    else
        out +=
            std::string(stamp.client_name) + " (" + ip + " helo=" + std::string(stamp.helo) + ")";
    out += "\r\n\tby ";
    out += stamp.by;
    out += " with ";
    out += to_lower(stamp.with);
    out += " (";
    out += stamp.software;
    out += ")\r\n\t(envelope-from <";
    out += stamp.envelope_from;
    out += ">)\r\n\tid ";
    append_exim_end(out, stamp);
}

void append_return_path(std::string &out, const Address &reverse_path)
{
    out += "Return-Path: ";
    append_path(out, reverse_path);
    out += "\r\n";
}

void append_delivered_to(std::string &out, const Address &recipient)
{
    out += "Delivered-To: ";
    append_address(out, recipient);
    out += "\r\n";
}

std::size_t count_received(ByteView message) { return count_fields(message, "Received"); }

bool was_delivered_to(ByteView message, const Address &recipient)
{
    FieldReader reader(message);
    while (const std::optional<HeaderField> field = reader.next())
        if (equals_ignoring_case(field->name, "Delivered-To") &&
            equals_ignoring_case(trim(field->raw_body), to_string(recipient)))
            return true;
    return false;
}

} // namespace mailscope::mail
