// How DNS questions and outcomes stand in trace records.
//
// Protocol words, the same in every language and in one place, so that queries and explanations
// can rely on them. Nothing here is a sentence for people.
#pragma once

#include "sim/protocol/dns/events.h"
#include "sim/protocol/dns/message.h"

#include <string>
#include <string_view>

namespace mailscope
{

/// "example.jp MX": the name without its final dot, and the type.
std::string question_text(const dns::Question &question);

/// The name without its final dot; "." for the root.
std::string name_text(const dns::Name &name);

/// "answer", "no-data", "name-error", "server-failure", "refused", "timed-out".
std::string_view outcome_word(dns::OutcomeKind kind);

/// "example.jp MX: 10 mx.example.jp" or the outcome word where there are no records.
std::string outcome_text(const dns::Question &question, const dns::Outcome &outcome);

/// "server-exhausted" and the like, one word per reason.
std::string_view reason_word(dns::FailureReason reason);

} // namespace mailscope
