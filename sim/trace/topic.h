// What a record is about, as keys of the text catalogue, and the words that its texts need.
//
// Explanations are data (assets/text): a record gives keys from special to general, and the first
// key with an entry explains it. A new kind of reply thus has its general explanation at once, and
// a better one as soon as somebody writes it. Nothing here is a sentence for a person.
#pragma once

#include "sim/net/packet.h"
#include "sim/trace/record.h"

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope
{

/// Keys from the most special to the kind's own name, which is always the last:
///
///   command-sent.smtp.EHLO, command-sent.smtp, command-sent
///   reply-sent.smtp.554.5.7.1.relay, reply-sent.smtp.554.5.7.1, reply-sent.smtp.554,
///       reply-sent.smtp.5xx, reply-sent.smtp, reply-sent
///   reply-sent.pop3.IN-USE, reply-sent.pop3.-ERR, reply-sent.pop3, reply-sent
///   question-answered.answer.MX, question-answered.answer, question-answered
///   query-sent.root, query-sent; also .tld and .authoritative, by the zone asked
///   recipient-refused.550.5.1.1, recipient-refused.550, recipient-refused
///   deferred.4.4.3, deferred.4.4, deferred
///   packet-dropped.link-cut, packet-dropped.syn, packet-dropped
///
/// `packet` is the record's packet where it is kept (Records::packet); nullptr when not known.
std::vector<std::string> topic_keys(const Record &record, const net::Packet *packet = nullptr);

/// Keys of the entries that explain the record's codes, from special to general: for a relay
/// refusal "code.554.5.7.1.relay", "code.554.5.7.1", "status.5.7.1", "code.554". Empty when it has
/// none.
std::vector<std::string> code_keys(const Record &record);

/// What stands for the names in the braces of a text about this record:
///
///   host, peer      where it happened and the other side, by name
///   text, line      the record's text, and its first line; of a scene's heading the words of
///                   `language` ("en" or "ja")
///   who, what       the first word of the text without brackets (recipient, sender, zone, name,
///                   person) and the second
///   why, rest       all after the first word, and all after the second
///   place           all before the last word (where a fault is)
///   zone            what follows the last "@": the zone that a name server was asked for
///   code, status, value; size, seconds, count, port: the value under the name that fits the kind
std::vector<std::pair<std::string_view, std::string>>
topic_values(const Record &record, std::span<const std::string> host_names,
             std::string_view language);

} // namespace mailscope
