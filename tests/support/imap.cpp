// See imap.h.
#include "tests/support/imap.h"

#include "sim/hosts/imap_answers.h"
#include "tests/support/reference.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <sstream>

namespace mailscope::test
{

namespace
{

struct Describe
{
    std::string operator()(const imap::LoginAsked &e) const
    {
        return "LoginAsked " + e.user + ' ' + e.password;
    }
    std::string operator()(const imap::FoldersAsked &e) const
    {
        return e.subscriptions ? "FoldersAsked subscriptions" : "FoldersAsked";
    }
    std::string operator()(const imap::FolderAsked &e) const { return "FolderAsked " + e.name; }
    std::string operator()(const imap::SelectAsked &e) const
    {
        return "SelectAsked " + e.name + (e.read_only ? " read-only" : "");
    }
    std::string operator()(const imap::FolderChangeAsked &e) const
    {
        return fmt::format("FolderChangeAsked {} {} {}", to_string(e.verb), e.name, e.new_name);
    }
    std::string operator()(const imap::AppendAnnounced &e) const
    {
        return fmt::format("AppendAnnounced {} {}", e.folder, e.size);
    }
    std::string operator()(const imap::AppendAsked &e) const
    {
        return fmt::format("AppendAsked {} {}", e.folder, e.content.size());
    }
    std::string operator()(const imap::FlagsAsked &e) const
    {
        return "FlagsAsked " + imap::sequence_text(e.uids) + (e.by_reading ? " by reading" : "");
    }
    std::string operator()(const imap::CopyAsked &e) const
    {
        return fmt::format("CopyAsked {} {}{}", imap::sequence_text(e.uids), e.target,
                           e.move ? " move" : "");
    }
    std::string operator()(const imap::ExpungeAsked &e) const
    {
        return "ExpungeAsked " + imap::sequence_text(e.uids);
    }
    std::string operator()(const imap::QuotaAsked &e) const { return "QuotaAsked " + e.name; }
    std::string operator()(const imap::TlsStarted &) const { return "TlsStarted"; }
    std::string operator()(const imap::TimedOut &) const { return "TimedOut"; }
    std::string operator()(const imap::LoggedIn &e) const { return "LoggedIn " + e.user; }
    std::string operator()(const imap::LoginFailed &e) const { return "LoginFailed " + e.user; }
    std::string operator()(const imap::CommandRefused &e) const
    {
        return fmt::format("CommandRefused {} {}", to_string(e.verb), static_cast<int>(e.reason));
    }
    std::string operator()(const imap::LetterSent &e) const
    {
        return fmt::format("LetterSent {}", e.uid);
    }
    std::string operator()(const imap::IdleBegan &) const { return "IdleBegan"; }
    std::string operator()(const imap::IdleEnded &) const { return "IdleEnded"; }
    std::string operator()(const imap::SessionEnded &) const { return "SessionEnded"; }
    std::string operator()(const imap::ClientDropped &e) const
    {
        return e.reason == imap::DropReason::LineTooLong ? "ClientDropped LineTooLong"
                                                         : "ClientDropped TooManyBadCommands";
    }
    std::string operator()(const imap::ServerPeerVanished &e) const
    {
        return "ServerPeerVanished " + std::string(to_string(e.state));
    }
};

void play_one_way(ImapHost host, const std::string &script, ImapPlay how)
{
    INFO("play " << static_cast<int>(how));
    std::istringstream in(script);
    std::string said;
    std::string expected;
    std::string heard;
    const auto flush = [&] {
        if (how == ImapPlay::ByteByByte)
            for (const char &byte : said)
                heard += host.feed(ByteView(&byte, 1));
        else
            heard += host.feed(said);
        said.clear();
    };
    for (std::string line; std::getline(in, line);) {
        if (line.rfind("C: ", 0) == 0) {
            if (how != ImapPlay::Glued && !said.empty())
                flush();
            said += line.substr(3) + "\r\n";
        } else if (line.rfind("S: ", 0) == 0) {
            if (how != ImapPlay::Glued && !said.empty()) {
                flush();
                INFO(script);
                REQUIRE(heard.substr(0, expected.size()) == expected);
            }
            expected += line.substr(3) + "\r\n";
        }
    }
    flush();
    REQUIRE(split_lines(heard) == split_lines(expected));
}

/// The trace fields that the recorded server put before each letter.
std::string delivered_letter(const std::string &id, const std::string &rest)
{
    std::string letter = "Return-Path: <yamada@sender.test>\nDelivered-To: imap@example.test\n"
                         "Received: from mx.example.test ([127.0.0.1])\n"
                         "\tby mx.example.test with LMTP\n\tid wO2mCiwABWuaLwAAg+zDdQ" +
                         id +
                         "\n\t(envelope-from <yamada@sender.test>)\n"
                         "\tfor <imap@example.test>; Tue, 24 Nov 2026 03:10:36 +0000\n" +
                         rest;
    std::string crlf;
    for (const char c : letter)
        crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return crlf;
}

} // namespace

std::string describe(const imap::ServerEvent &event) { return std::visit(Describe(), event); }

ImapHost::ImapHost(imap::ServerOptions options)
    : options_(std::make_shared<const imap::ServerOptions>(std::move(options)))
{
    user = *store.add_user("bob", "", 0);
    sessions.emplace_back(options_);
}

std::size_t ImapHost::connect()
{
    sessions.emplace_back(options_);
    (void)feed("", sessions.size() - 1);
    return sessions.size() - 1;
}

std::string ImapHost::feed(ByteView bytes, std::size_t session)
{
    imap::Server &engine = sessions[session];
    if (engine.state() == imap::ServerState::Connected)
        engine.start(now);
    ImapAccount account{store, user, options_->start};
    tell_changes(engine, account, now);
    engine.receive(bytes, now);
    return settle(session);
}

std::string ImapHost::hear(std::size_t session)
{
    ImapAccount account{store, user, options_->start};
    tell_changes(sessions[session], account, now);
    return settle(session);
}

std::string ImapHost::settle(std::size_t session)
{
    imap::Server &engine = sessions[session];
    ImapAccount account{store, user, options_->start};
    while (const std::optional<imap::ServerEvent> event = engine.next_event()) {
        const std::string text = describe(*event);
        const bool question = text.find("Asked") != std::string::npos ||
                              std::holds_alternative<imap::AppendAnnounced>(*event);
        (question ? asked : told).push_back(text);
        if (const auto *login = std::get_if<imap::LoginAsked>(&*event)) {
            if (login->user == store.mailbox(user).user && login->password == password)
                engine.login_accepted(now);
            else
                engine.login_refused(imap::LoginRefusal::WrongPassword, now);
        }
        (void)answer(engine, *event, account, MessageId{}, now);
    }
    std::string said(engine.output().bytes());
    engine.clear_output();
    return said;
}

std::string ImapHost::select(std::size_t session)
{
    return feed(
        fmt::format("l LOGIN {} {}\r\ns SELECT INBOX\r\n", store.mailbox(user).user, password),
        session);
}

std::uint32_t ImapHost::deliver(const std::string &content, std::uint32_t flags)
{
    return *store.deliver(user, {SharedBytes::copy_of(content), now, MessageId{}, flags});
}

void play(const ImapHost &host, const std::string &script)
{
    play_one_way(host, script, ImapPlay::Whole);
    play_one_way(host, script, ImapPlay::ByteByByte);
    if (script.find("not glued\n") == std::string::npos)
        play_one_way(host, script, ImapPlay::Glued);
}

const std::vector<std::string> &reference_letters()
{
    static const std::vector<std::string> letters = {
        delivered_letter("", "From: yamada@sender.test\nTo: alice@example.test\nSubject: hello\n"
                             "Date: Thu, 01 Jan 2026 09:05:00 +0900\n"
                             "Message-ID: <plain@sender.test>\n\nHello, Alice.\n"),
        delivered_letter(":T2",
                         "From: =?UTF-8?B?5bGx55Sw5aSq6YOO?= <yamada@sender.test>\n"
                         "To: =?UTF-8?B?6Iqx5a2Q?= <hanako@example.test>\n"
                         "Subject: =?UTF-8?B?5Lya6K2w44Gu44GK55+l44KJ44Gb?=\n"
                         "Date: Thu, 01 Jan 2026 09:00:00 +0900\n"
                         "Message-ID: <jp-utf8@sender.test>\nMIME-Version: 1.0\n"
                         "Content-Type: text/plain; charset=UTF-8\n"
                         "Content-Transfer-Encoding: base64\n\n"
                         "44GT44KT44Gr44Gh44Gv44CCDQrmmI7ml6Xjga7kvJrorbDjga/ljYjliY3ljYHmmYLjgYvj"
                         "gonjgafjgZnjgIINCg==\n"),
        delivered_letter(":T3", "From: =?ISO-2022-JP?B?GyRCOzNFRBsoQg==?= <yamada@sender.test>\n"
                                "To: alice@example.test\n"
                                "Subject: =?ISO-2022-JP?B?GyRCJUYlOSVIGyhC?=\n"
                                "Date: Thu, 01 Jan 2026 09:01:00 +0900\n"
                                "Message-ID: <jp-jis@sender.test>\nMIME-Version: 1.0\n"
                                "Content-Type: text/plain; charset=ISO-2022-JP\n"
                                "Content-Transfer-Encoding: 7bit\n\n"
                                "\x1B$B$3$l$O\x1B(BJIS\x1B$B%3!<%I$NK\\J8$G$9!#\x1B(B\n"
                                "\x1B$BFs9TL\\!#\x1B(B\n"),
        delivered_letter(":T4", "From: yamada@sender.test\nTo: alice@example.test\n"
                                "Subject: =?UTF-8?Q?=E6=97=A5=E6=9C=AC=E8=AA=9E_Q?= "
                                "=?UTF-8?Q?=E7=AC=A6=E5=8F=B7=E5=8C=96?=\n"
                                "Date: Thu, 01 Jan 2026 09:02:00 +0900\n"
                                "Message-ID: <jp-qp@sender.test>\nMIME-Version: 1.0\n"
                                "Content-Type: text/plain; charset=UTF-8\n"
                                "Content-Transfer-Encoding: quoted-printable\n\n"
                                "=E3=81=93=E3=82=93=E3=81=AB=E3=81=A1=E3=81=AF=3D=\n!\n"),
        delivered_letter(":T5", "From: yamada@sender.test\nTo: alice@example.test\nSubject: dots\n"
                                "Date: Thu, 01 Jan 2026 09:03:00 +0900\n"
                                "Message-ID: <dots@sender.test>\n\n"
                                "first\n.\n..\n.hidden\nlast.\n"),
        delivered_letter(
            ":T6", "From: yamada@sender.test\nTo: alice@example.test\n"
                   "Cc: bob@example.test, \"Carol, C.\" <carol@example.test>\n"
                   "Reply-To: suzuki@sender.test\nSubject: parts\n"
                   "Date: Thu, 01 Jan 2026 09:04:00 +0900\nMessage-ID: <multi@sender.test>\n"
                   "In-Reply-To: <jp-utf8@sender.test>\nMIME-Version: 1.0\n"
                   "Content-Type: multipart/mixed; boundary=\"=_mix\"\n\n"
                   "This is a multi-part message.\n--=_mix\n"
                   "Content-Type: multipart/alternative; boundary=\"=_alt\"\n\n"
                   "--=_alt\nContent-Type: text/plain; charset=utf-8\n"
                   "Content-Transfer-Encoding: base64\n\n5pys5paH\n--=_alt\n"
                   "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 7bit\n\n"
                   "<p>hi</p>\n--=_alt--\n--=_mix\nContent-Type: application/octet-stream\n"
                   "Content-Disposition: attachment; filename*=UTF-8''%E8%B3%87%E6%96%99.bin\n"
                   "Content-Transfer-Encoding: base64\n\nAAECAwQF\n--=_mix--\n")};
    return letters;
}

} // namespace mailscope::test
