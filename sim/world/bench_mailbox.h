// A mailbox for measuring: one user with as many letters as wanted, read by IMAP and by POP3.
//
// The engines and the answers are those of the servers in a World; there is no network between, so
// that reading alone is measured. The clock is the caller's.
#pragma once

#include "sim/mail/store.h"
#include "sim/protocol/imap/server.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace mailscope
{

class BenchMailbox
{
public:
    /// Delivers `letters`, each with words of its own, an octet count of about `bytes`, and the
    /// same body.
    BenchMailbox(std::uint32_t letters, std::size_t bytes);

    // What a server answers, in octets.
    /// A new IMAP session logs in and selects INBOX.
    std::size_t select_by_imap();
    /// FETCH of flags and envelopes of the first `letters`, in the session that select_by_imap()
    /// began.
    std::size_t fetch_by_imap(std::uint32_t letters);
    /// A POP3 session logs in, takes the first `letters` by RETR and goes.
    std::size_t retrieve_by_pop3(std::uint32_t letters);

    /// One letter more.
    void deliver();

    const mail::Store &store() const { return store_; }

private:
    std::size_t say_by_imap(const std::string &line);

    mail::Store store_{1};
    mail::UserId user_;
    std::uint32_t delivered_ = 0;
    std::string body_;
    imap::Server imap_;
};

} // namespace mailscope
