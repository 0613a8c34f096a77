// How DNS questions and outcomes stand in trace records.
#include "sim/hosts/dns_text.h"

#include <array>
#include <cstddef>

namespace mailscope
{

std::string name_text(const dns::Name &name)
{
    std::string text = to_string(name);
    if (text.size() > 1)
        text.pop_back();
    return text;
}

std::string question_text(const dns::Question &question)
{
    return name_text(question.name) + " " + to_string(question.type);
}

std::string_view outcome_word(dns::OutcomeKind kind)
{
    constexpr std::array<std::string_view, 6> words = {"answer",         "no-data", "name-error",
                                                       "server-failure", "refused", "timed-out"};
    return words[static_cast<std::size_t>(kind)];
}

std::string outcome_text(const dns::Question &question, const dns::Outcome &outcome)
{
    std::string text = question_text(question) + ": ";
    if (outcome.kind != dns::OutcomeKind::Answer)
        return text.append(outcome_word(outcome.kind));
    std::string_view separator;
    for (const dns::ResourceRecord &record : outcome.records) {
        text.append(separator).append(to_string(record.data));
        separator = ", ";
    }
    return text;
}

std::string_view reason_word(dns::FailureReason reason)
{
    constexpr std::array<std::string_view, 7> words = {
        "servers-exhausted", "too-long",         "too-many-referrals",
        "too-many-aliases",  "too-many-queries", "too-deep",
        "too-busy"};
    return words[static_cast<std::size_t>(reason)];
}

} // namespace mailscope
