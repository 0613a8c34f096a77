// See pop3.h.
#include "tests/support/pop3.h"

#include "tests/support/overloaded.h"
#include "tests/support/reference.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <sstream>

namespace mailscope::test
{

namespace
{

bool is_question(const pop3::ServerEvent &event)
{
    return std::holds_alternative<pop3::LoginAsked>(event) ||
           std::holds_alternative<pop3::LetterAsked>(event) ||
           std::holds_alternative<pop3::UpdateAsked>(event);
}

} // namespace

std::string describe(const pop3::ServerEvent &event)
{
    using fmt::format;
    return std::visit(
        Overloaded{
            [](const pop3::LoginAsked &e) {
                return format("LoginAsked {} {}", e.user, e.password);
            },
            [](const pop3::LetterAsked &e) {
                return format("LetterAsked {}{}", e.index, e.top_only ? " top" : "");
            },
            [](const pop3::UpdateAsked &e) {
                return format("UpdateAsked {}", fmt::join(e.deleted, ","));
            },
            [](const pop3::TlsStarted &) { return std::string("TlsStarted"); },
            [](const pop3::LoggedIn &e) { return format("LoggedIn {}", e.user); },
            [](const pop3::LoginFailed &e) {
                return format("LoginFailed {} {}", e.user, static_cast<int>(e.reason));
            },
            [](const pop3::CommandRefused &e) {
                return format("CommandRefused {} {}", pop3::to_string(e.verb), e.line);
            },
            [](const pop3::LetterRetrieved &e) { return format("LetterRetrieved {}", e.index); },
            [](const pop3::LetterMarkedDeleted &e) {
                return format("LetterMarkedDeleted {}", e.index);
            },
            [](const pop3::MarksRemoved &) { return std::string("MarksRemoved"); },
            [](const pop3::SessionEnded &e) {
                return format("SessionEnded {}", e.updated ? "updated" : "without update");
            },
            [](const pop3::ClientDropped &e) {
                return format("ClientDropped {}", static_cast<int>(e.reason));
            },
            [](const pop3::ServerPeerVanished &e) {
                return format("PeerVanished {}", pop3::to_string(e.state));
            },
            [](const pop3::TimedOut &) { return std::string("TimedOut"); },
        },
        event);
}

std::string describe(const pop3::ClientEvent &event)
{
    using fmt::format;
    return std::visit(
        Overloaded{
            [](const pop3::SelectionAsked &e) {
                std::string text = "SelectionAsked";
                for (const pop3::ListedLetter &letter : e.listing)
                    text += format(" {}/{}/{}", letter.number, letter.size, letter.unique_id);
                return text;
            },
            [](const pop3::LetterReceived &e) {
                return format("LetterReceived {} {} {}", e.number, e.unique_id, e.content.view());
            },
            [](const pop3::TlsStarted &) { return std::string("TlsStarted"); },
            [](const pop3::LoginRefused &e) { return format("LoginRefused {}", e.reply); },
            [](const pop3::MailboxInUse &e) { return format("MailboxInUse {}", e.reply); },
            [](const pop3::TlsUnavailable &) { return std::string("TlsUnavailable"); },
            [](const pop3::RequestRefused &e) {
                return format("RequestRefused {} {} {}", pop3::to_string(e.verb), e.number,
                              e.reply);
            },
            [](const pop3::Done &e) {
                return format("Done listed {} received {} deleted {}", e.listed, e.received,
                              e.deleted);
            },
            [](const pop3::ClientPeerVanished &e) {
                return format("PeerVanished {}", pop3::to_string(e.stage));
            },
            [](const pop3::ProtocolViolation &e) { return format("ProtocolViolation {}", e.line); },
            [](const pop3::TimedOut &) { return std::string("TimedOut"); },
        },
        event);
}

PopHost::PopHost(pop3::ServerOptions options)
    : server(std::make_shared<const pop3::ServerOptions>(std::move(options)))
{
}

std::string PopHost::feed(ByteView bytes)
{
    if (server.state() == pop3::ServerState::Connected)
        server.start(now);
    server.receive(bytes, now);
    return settle();
}

std::string PopHost::settle()
{
    while (const std::optional<pop3::ServerEvent> event = server.next_event()) {
        (is_question(*event) ? asked : told).push_back(describe(*event));
        answer(*event);
    }
    std::string said(server.output().bytes());
    server.clear_output();
    return said;
}

void PopHost::answer(const pop3::ServerEvent &event)
{
    if (const auto *login = std::get_if<pop3::LoginAsked>(&event)) {
        if (broken)
            return server.login_refused(pop3::LoginRefusal::Temporary, now);
        if (login->user != user || !login->proves(password))
            return server.login_refused(pop3::LoginRefusal::WrongPassword, now);
        if (in_use)
            return server.login_refused(pop3::LoginRefusal::MailboxInUse, now);
        pop3::Maildrop maildrop;
        for (const PopLetter &letter : letters) {
            const auto size = static_cast<std::uint32_t>(letter.content.size());
            maildrop.push_back({letter.size != 0 ? letter.size : size, letter.unique_id});
        }
        server.login_accepted(std::move(maildrop), now);
    } else if (const auto *letter = std::get_if<pop3::LetterAsked>(&event)) {
        if (broken)
            return server.letter_missing(now);
        server.letter_found(SharedBytes::copy_of(letters[letter->index].content), now);
    } else if (const auto *update = std::get_if<pop3::UpdateAsked>(&event)) {
        if (!broken)
            remove(update->deleted);
        server.update_done(broken ? pop3::Server::Update::Failed : pop3::Server::Update::Succeeded,
                           now);
    }
}

void PopHost::remove(const std::vector<std::uint32_t> &deleted)
{
    for (auto index = deleted.rbegin(); index != deleted.rend(); ++index)
        letters.erase(letters.begin() + *index);
}

void play(PopHost host, const std::string &script, Play how)
{
    std::string said = host.feed("");
    std::string pending; // the client's lines not yet said
    std::vector<std::string> answers;
    std::vector<std::string> events;
    bool closed = false;
    const auto say_pending = [&] {
        if (how == Play::ByteByByte)
            for (const char &byte : pending)
                said += host.feed(ByteView(&byte, 1));
        else
            said += host.feed(pending);
        pending.clear();
    };
    std::istringstream lines(script);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind("C: ", 0) == 0)
            pending += line.substr(3) + "\r\n";
        else if (line.rfind("S: ", 0) == 0)
            answers.push_back(line.substr(3));
        else if (line.rfind("event: ", 0) == 0)
            events.push_back(line.substr(7));
        closed = closed || line == "closed";
        if (how != Play::Glued)
            say_pending();
    }
    say_pending();
    REQUIRE(split_lines(said) == answers);
    if (!events.empty())
        REQUIRE(host.told == events);
    REQUIRE(host.server.wants_close() == closed);
}

void play(const PopHost &host, const std::string &script)
{
    for (const Play how : {Play::Whole, Play::ByteByByte, Play::Glued}) {
        INFO("way of playing: " << static_cast<int>(how));
        play(host, script, how);
    }
}

} // namespace mailscope::test
