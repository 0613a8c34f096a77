// Answers an IMAP engine's questions from the message store.
//
// What IMAP may do with a mailbox is decided here and nowhere else: which folders there are,
// whether a letter still fits the quota, what a move costs. It works on one store and one engine at
// a time and knows no network and no trace; the role that owns the sessions (imap_server.h) records
// what was done. Passwords are that role's.
#pragma once

#include "sim/mail/store.h"
#include "sim/protocol/imap/server.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace mailscope
{

/// What an answer did to the store.
struct ImapDone
{
    struct Letter
    {
        mail::FolderId folder;
        std::uint32_t uid = 0;
        MessageId message;
    };
    std::optional<imap::Problem> problem; ///< why nothing was done
    std::vector<Letter> added;
    std::vector<Letter> removed;
    std::vector<Letter> flagged; ///< whose flags changed
};

/// The user behind a session, and the letters' home.
struct ImapAccount
{
    mail::Store &store;
    mail::UserId user;
    mail::DateTime start; ///< the date at which time is zero
};

/// Answers every question but LoginAsked; other events are passed over. `message`: the journey of a
/// letter that comes by APPEND.
ImapDone answer(imap::Server &engine, const imap::ServerEvent &question, ImapAccount &account,
                MessageId message, SimTime now);

/// Tells an engine what others did to its selected folder since it was told last. Before input, and
/// while it idles. Cost: O(1) when nothing changed.
void tell_changes(imap::Server &engine, ImapAccount &account, SimTime now);

} // namespace mailscope
