// The table of verdicts.
#include "sim/hosts/mail_words.h"

#include "sim/core/check.h"

#include <array>
#include <iterator>

namespace mailscope
{
namespace
{

using smtp::Words;

struct Row
{
    Verdict verdict = Verdict::Count;
    Words postfix;
    Words exim;
};

constexpr smtp::EnhancedStatus none{};

// Exim's words marked * were not recorded; they are its usual ones, or an administrator's.
// clang-format off
constexpr Row rows[] = {
    {Verdict::Welcome,
     {220, none, "{0} ESMTP Postfix"},
     {220, none, "{0} ESMTP Exim 4.96 {1}"}},
    {Verdict::TooManyConnections,
     {421, {4, 7, 0}, "{0} Error: too many connections from {1}"},
     {421, none, "Too many concurrent SMTP connections; please try again later."}},
    {Verdict::MaintenanceTryLater,
     {421, {4, 3, 2}, "{0} Service unavailable: system under maintenance, please try again later"},
     {421, none, "{0}: system under maintenance, please try again later"}}, // *
    {Verdict::MaintenanceClosed,
     {554, {5, 3, 2}, "{0} No SMTP service here: system under maintenance"},
     {554, none, "{0} No SMTP service here: system under maintenance"}}, // *
    {Verdict::ClientRefused,
     {554, {5, 7, 1}, "<{0}[{1}]>: Client host rejected: Access denied"},
     {550, none, "Administrative prohibition"}},
    {Verdict::NotLoggedIn,
     {553, {5, 7, 1}, "<{0}>: Sender address rejected: not logged in"},
     {550, none, "Administrative prohibition"}},
    {Verdict::NotOwned,
     {553, {5, 7, 1}, "<{0}>: Sender address rejected: not owned by user {1}"},
     {550, none, "Administrative prohibition"}},
    {Verdict::SenderDomainNullMx,
     {550, {5, 7, 27}, "<{0}>: Sender address rejected: Domain {1} does not accept mail (nullMX)"},
     {550, none, "Sender verify failed"}}, // *
    {Verdict::SenderDomainNotFound,
     {450, {4, 1, 8}, "<{0}>: Sender address rejected: Domain not found"},
     {550, none, "Sender verify failed"}}, // *
    {Verdict::SenderDomainNoAnswer,
     {450, {4, 1, 8}, "<{0}>: Sender address rejected: Domain not found"},
     {451, none, "Temporary local problem - please try later"}},
    {Verdict::RelayDenied,
     {554, {5, 7, 1}, "<{0}>: Relay access denied"},
     {550, none, "relay not permitted"}},
    {Verdict::RecipientDomainNullMx,
     {556, {5, 1, 10},
      "<{0}>: Recipient address rejected: Domain {1} does not accept mail (nullMX)"},
     {550, none, "Unrouteable address"}}, // *
    {Verdict::RecipientDomainUnknown,
     {550, {5, 1, 2}, "<{0}>: Recipient address rejected: Domain not found"},
     {550, none, "Unrouteable address"}}, // *
    {Verdict::RecipientDomainLater,
     {450, {4, 1, 2}, "<{0}>: Recipient address rejected: Domain not found"},
     {451, none, "Temporary local problem - please try later"}}, // *
    {Verdict::RecipientDomainSilent,
     {450, {4, 1, 2}, "<{0}>: Recipient address rejected: Domain not found"},
     {451, none, "Temporary local problem - please try later"}}, // *
    {Verdict::UserUnknown,
     {550, {5, 1, 1}, "<{0}>: Recipient address rejected: User unknown in virtual mailbox table"},
     {550, none, "Unrouteable address"}},
    {Verdict::UserMoved,
     {550, {5, 1, 6}, "<{0}>: Recipient address rejected: User has moved"},
     {550, none, "User has moved"}}, // *
    {Verdict::UserMovedTo,
     {550, {5, 1, 6}, "<{0}>: Recipient address rejected: User has moved to {1}"},
     {550, none, "User has moved to {1}"}}, // *
    {Verdict::UserNotLocal,
     {551, {5, 1, 6}, "<{0}>: Recipient address rejected: User not local"},
     {551, {5, 1, 6}, "User not local"}}, // *
    {Verdict::UserNotLocalTry,
     {551, {5, 1, 6}, "<{0}>: Recipient address rejected: User not local; please try <{1}>"},
     {551, {5, 1, 6}, "User not local; please try <{1}>"}}, // *
    {Verdict::WillForward,
     {251, {2, 1, 5}, "User not local; will forward to <{1}>"},
     {250, none, "Accepted"}},
    {Verdict::MailboxFull,
     {552, {5, 2, 2}, "<{0}>: Recipient address rejected: Mailbox full"},
     {552, {5, 2, 2}, "Mailbox full"}},
    {Verdict::Blocklisted,
     {554, {5, 7, 1}, "Service unavailable; Client host [{0}] blocked using {1}"},
     {550, none, "rejected because {0} is in a black list at {1}"}},
    {Verdict::BlocklistedWhy,
     {554, {5, 7, 1}, "Service unavailable; Client host [{0}] blocked using {1}; {2}"},
     {550, none, "rejected because {0} is in a black list at {1}\n{2}"}},
    {Verdict::Greylisted,
     {450, {4, 7, 1}, "<{0}>: Recipient address rejected: Greylisted for {1} seconds"},
     {451, none, "greylisted - please try again later"}},
    {Verdict::TooManyHops,
     {554, {5, 4, 0}, "Error: too many hops"},
     {550, none, "Too many \"Received\" headers - suspected mail loop"}}, // *
    {Verdict::Queued,
     {250, {2, 0, 0}, "Ok: queued as {0}"},
     {250, none, "OK id={0}"}},
};
// clang-format on

constexpr bool in_order()
{
    for (std::size_t i = 0; i < std::size(rows); ++i)
        if (static_cast<std::size_t>(rows[i].verdict) != i)
            return false;
    return std::size(rows) == static_cast<std::size_t>(Verdict::Count);
}
static_assert(in_order(), "the table follows the enumeration");

} // namespace

smtp::Reply say(smtp::Dialect dialect, Verdict verdict,
                std::initializer_list<std::string_view> arguments)
{
    const Row &row = rows[static_cast<std::size_t>(verdict)];
    const Words &said = dialect == smtp::Dialect::Exim ? row.exim : row.postfix;
    smtp::Reply reply{said.code, said.status, {}};
    std::string_view text = said.text;
    for (std::size_t gap = text.find('{'); gap != std::string_view::npos; gap = text.find('{')) {
        const auto number = static_cast<std::size_t>(text[gap + 1] - '0');
        MS_CHECK(number < arguments.size());
        reply.text += text.substr(0, gap);
        reply.text += arguments.begin()[number];
        text.remove_prefix(gap + 3);
    }
    reply.text += text;
    return reply;
}

} // namespace mailscope
