// A mailbox for measuring.
#include "sim/world/bench_mailbox.h"

#include "sim/core/check.h"
#include "sim/hosts/imap_answers.h"
#include "sim/hosts/pop_server.h"
#include "sim/mail/letter.h"
#include "sim/protocol/pop3/server.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

constexpr const char *user_name = "bob@receiver.example";
constexpr const char *password = "secret";
constexpr mail::DateTime long_ago{};
constexpr SimTime opened{};

imap::Server new_imap_session()
{
    imap::ServerOptions options;
    options.login = imap::LoginRule::InClear;
    return imap::Server(std::make_shared<const imap::ServerOptions>(std::move(options)));
}

std::string text_of(std::size_t bytes)
{
    std::string text;
    while (text.size() < bytes)
        text += "A line of a letter that is long enough to be worth reading.\n";
    return text;
}

} // namespace

BenchMailbox::BenchMailbox(std::uint32_t letters, std::size_t bytes)
    : body_(text_of(bytes)), imap_(new_imap_session())
{
    const mail::StoreResult<mail::UserId> user = store_.add_user(user_name, password, 0);
    MS_CHECK(user.has_value());
    user_ = *user;
    while (delivered_ < letters)
        deliver();
}

void BenchMailbox::deliver()
{
    ++delivered_;
    mail::Letter letter;
    letter.from = {"Alice", {"alice", "sender.example"}};
    letter.to.push_back({"Bob", {"bob", "receiver.example"}});
    letter.subject = fmt::format("Letter number {}", delivered_);
    letter.message_id = fmt::format("<{}@sender.example>", delivered_);
    letter.text = body_;
    letter.date = long_ago;
    mail::NewLetter stored;
    stored.content = SharedBytes::copy_of(mail::build_message(letter));
    MS_CHECK(store_.deliver(user_, std::move(stored)).has_value());
}

std::size_t BenchMailbox::say_by_imap(const std::string &line)
{
    std::size_t octets = 0;
    imap_.receive(line, opened);
    ImapAccount account{store_, user_, long_ago};
    while (const std::optional<imap::ServerEvent> event = imap_.next_event()) {
        if (std::holds_alternative<imap::LoginAsked>(*event))
            imap_.login_accepted(opened);
        else
            answer(imap_, *event, account, MessageId{}, opened);
        octets += imap_.output().bytes().size();
        imap_.clear_output();
    }
    octets += imap_.output().bytes().size();
    imap_.clear_output();
    return octets;
}

std::size_t BenchMailbox::select_by_imap()
{
    imap_ = new_imap_session();
    imap_.start(opened);
    return say_by_imap(fmt::format("a LOGIN {} {}\r\n", user_name, password)) +
           say_by_imap("b SELECT INBOX\r\n");
}

std::size_t BenchMailbox::fetch_by_imap(std::uint32_t letters)
{
    return say_by_imap(fmt::format("c FETCH 1:{} (FLAGS ENVELOPE)\r\n", letters));
}

std::size_t BenchMailbox::retrieve_by_pop3(std::uint32_t letters)
{
    const mail::Folder &inbox = store_.mailbox(user_).inbox();
    pop3::ServerOptions options;
    options.login = pop3::LoginRule::InClear;
    pop3::Server engine(std::make_shared<const pop3::ServerOptions>(std::move(options)));
    std::vector<std::uint32_t> uids;
    std::size_t octets = 0;
    const auto take = [&] {
        while (const std::optional<pop3::ServerEvent> event = engine.next_event()) {
            if (std::holds_alternative<pop3::LoginAsked>(*event))
                engine.login_accepted(maildrop_of(inbox, uids), opened);
            else if (const auto *asked = std::get_if<pop3::LetterAsked>(&*event))
                engine.letter_found(inbox.find(uids[asked->index])->content, opened);
            else if (std::holds_alternative<pop3::UpdateAsked>(*event))
                engine.update_done(pop3::Server::Update::Succeeded, opened);
        }
        octets += engine.output().bytes().size();
        engine.clear_output();
    };
    engine.start(opened);
    engine.receive(fmt::format("USER {}\r\nPASS {}\r\n", user_name, password), opened);
    take();
    for (std::uint32_t letter = 1; letter <= letters; ++letter) {
        engine.receive(fmt::format("RETR {}\r\n", letter), opened);
        take();
    }
    engine.receive("QUIT\r\n", opened);
    take();
    return octets;
}

} // namespace mailscope
