// The client engine against our server, and against lines recorded from Dovecot.
#include "sim/protocol/imap/client.h"

#include "tests/support/imap.h"
#include "tests/support/reference.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>

#include <map>
#include <set>

using namespace mailscope;
using namespace mailscope::imap;
using namespace mailscope::test;
using Strings = std::vector<std::string>;

namespace
{

struct DescribeClient
{
    std::string operator()(const FoldersListed &e) const
    {
        std::string text = "FoldersListed";
        for (const ListedFolder &folder : e.folders)
            text += fmt::format(" {}/{}", folder.name, static_cast<int>(folder.special_use));
        return text;
    }
    std::string operator()(const SelectionAsked &e) const
    {
        std::string text = "SelectionAsked " + e.folder;
        for (const ListedLetter &letter : e.listing)
            text += fmt::format(" {}:{}", letter.uid, letter.flags);
        return text;
    }
    std::string operator()(const LetterReceived &e) const
    {
        return fmt::format("LetterReceived {} {} {} octets", e.folder, e.uid, e.content.size());
    }
    std::string operator()(const FolderSynced &e) const { return "FolderSynced " + e.folder; }
    std::string operator()(const FlagsStored &e) const
    {
        return "FlagsStored " + e.folder + ' ' + sequence_text(e.uids);
    }
    std::string operator()(const LettersExpunged &e) const
    {
        return "LettersExpunged " + e.folder + ' ' + sequence_text(e.uids);
    }
    std::string operator()(const LetterAppended &e) const
    {
        return fmt::format("LetterAppended {} {}", e.folder, e.uid);
    }
    std::string operator()(const FolderCreated &e) const { return "FolderCreated " + e.folder; }
    std::string operator()(const LettersMoved &e) const
    {
        std::string text =
            fmt::format("LettersMoved {} {} to {}", e.folder, sequence_text(e.uids), e.target);
        for (const LettersMoved::NewUid &uid : e.new_uids)
            text += fmt::format(" {}>{}", uid.before, uid.now);
        return text;
    }
    std::string operator()(const ListeningBegan &) const { return "ListeningBegan"; }
    std::string operator()(const NewsHeard &e) const { return "NewsHeard " + e.folder; }
    std::string operator()(const LoginRefused &e) const { return "LoginRefused " + e.reply; }
    std::string operator()(const TlsUnavailable &) const { return "TlsUnavailable"; }
    std::string operator()(const RequestRefused &e) const
    {
        return fmt::format("RequestRefused {} {}{}", to_string(e.verb), e.folder,
                           e.over_quota ? " over quota" : "");
    }
    std::string operator()(const Done &) const { return "Done"; }
    std::string operator()(const SentAway &e) const { return "SentAway " + e.reply; }
    std::string operator()(const ClientPeerVanished &e) const
    {
        return "ClientPeerVanished " + std::string(to_string(e.stage));
    }
    std::string operator()(const ProtocolViolation &e) const
    {
        return "ProtocolViolation " + e.line;
    }
    std::string operator()(const TlsStarted &) const { return "TlsStarted"; }
    std::string operator()(const TimedOut &) const { return "TimedOut"; }
};

Client new_client(const std::string &user, const std::string &password, bool listens = false)
{
    ClientOptions options;
    options.user = user;
    options.password = password;
    options.starttls = StartTlsUse::Never;
    options.listens = listens;
    return Client(std::make_shared<const ClientOptions>(options));
}

/// A client with its owner: takes what it does not know, as a device with a copy does.
struct Device
{
    explicit Device(Client with) : client(std::move(with)) { client.start(SimTime()); }

    /// Lets the client hear bytes in pieces; gives what it says.
    std::string hear(ByteView bytes, std::size_t piece = 4096)
    {
        for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size())))
            client.receive(bytes.substr(0, piece), SimTime());
        return settle();
    }

    std::string settle()
    {
        while (const std::optional<ClientEvent> event = client.next_event()) {
            told.push_back(std::visit(DescribeClient(), *event));
            if (std::holds_alternative<FoldersListed>(*event)) {
                for (const std::string &folder : wanted)
                    client.sync_folder(folder);
                client.go_on(SimTime());
            } else if (const auto *asked = std::get_if<SelectionAsked>(&*event)) {
                std::vector<std::uint32_t> uids;
                for (const ListedLetter &letter : asked->listing)
                    if (known.insert({asked->folder, letter.uid}).second)
                        uids.push_back(letter.uid);
                client.retrieve(uids, SimTime());
            }
        }
        std::string said(client.output().bytes());
        client.clear_output();
        return said;
    }

    Client client;
    Strings wanted = {"INBOX"};
    Strings told;
    std::set<std::pair<std::string, std::uint32_t>> known;
};

/// Both talk until neither has anything to say; gives the client's lines.
std::string talk(Device &device, ImapHost &host, std::size_t session = 0, std::size_t piece = 4096)
{
    std::string said;
    std::string to_client = host.feed(device.settle(), session);
    for (int turn = 0; turn < 1000 && !to_client.empty(); ++turn) {
        const std::string line = device.hear(to_client, piece);
        said += line;
        to_client = host.feed(line, session);
    }
    return said;
}

/// The same with a server that does not announce some of what it can do.
std::string talk_without(const Strings &extensions, Device &device, ImapHost &host)
{
    std::string said;
    std::string to_client = host.feed("");
    for (int turn = 0; turn < 1000 && !to_client.empty(); ++turn) {
        for (const std::string &word : extensions)
            for (std::size_t at = 0; (at = to_client.find(word)) != std::string::npos;)
                to_client.erase(at, word.size());
        const std::string line = device.hear(to_client);
        said += line;
        to_client = host.feed(line);
    }
    return said;
}

} // namespace

TEST_CASE("A device copies its folders, changes flags, stores and removes letters", "[imap]")
{
    for (const std::size_t piece : {1U, 7U, 4096U}) {
        ImapHost host;
        (void)host.store.create_folder(host.user, "送信済み", mail::SpecialUse::Sent);
        host.deliver(reference_letters()[0]);
        host.deliver(reference_letters()[5]);
        Device device(new_client("bob", "secret"));
        device.wanted = {"INBOX", "送信済み"};
        device.client.store_flags("INBOX", {1}, mail::FlagChange::Add, mail::letter_flag::seen);
        device.client.append("送信済み", SharedBytes::copy_of("A: b\r\n\r\nx"),
                             mail::letter_flag::seen);
        device.client.expunge("INBOX", {2});
        talk(device, host, 0, piece);
        CHECK(device.told ==
              Strings{"FoldersListed 送信済み/2 INBOX/0", "FlagsStored INBOX 1",
                      "LetterAppended 送信済み 1", "LettersExpunged INBOX 2",
                      "SelectionAsked INBOX 1:1", "LetterReceived INBOX 1 426 octets",
                      "FolderSynced INBOX", "SelectionAsked 送信済み 1:1",
                      "LetterReceived 送信済み 1 9 octets", "FolderSynced 送信済み", "Done"});
        CHECK(device.client.wants_close());
        CHECK(host.inbox().size() == 1);
    }
}

TEST_CASE("A folder is made and letters are moved there, by what the server offers", "[imap]")
{
    ImapHost host;
    for (const std::size_t letter : {0U, 1U, 2U})
        host.deliver(reference_letters()[letter]);
    Device device(new_client("bob", "secret"));
    device.wanted = {};
    device.client.create_folder("合唱");
    device.client.move("INBOX", {1, 3}, "合唱");
    const auto lies_there = [&](std::size_t count) {
        CHECK(host.inbox().uids() == std::vector<std::uint32_t>{2});
        CHECK(host.store.mailbox(host.user).find_folder("合唱")->size() == count);
        CHECK(device.told[1] == "FolderCreated 合唱");
        CHECK(device.told.back() == "Done");
    };
    SECTION("MOVE (RFC 6851)")
    {
        const std::string said = talk(device, host);
        CHECK(said.find("a4 CREATE &VAhVMQ-\r\n") != std::string::npos);
        CHECK(said.find("a6 UID MOVE 1,3 &VAhVMQ-\r\na7 LOGOUT") != std::string::npos);
        CHECK(device.told[2] == "LettersMoved INBOX 1,3 to 合唱 1>1 3>2");
        lies_there(2);
    }
    SECTION("no MOVE: COPY, STORE and UID EXPUNGE")
    {
        const std::string said = talk_without({" MOVE"}, device, host);
        CHECK(said.find("a6 UID COPY 1,3 &VAhVMQ-\r\n"
                        "a7 UID STORE 1,3 +FLAGS.SILENT (\\Deleted)\r\n"
                        "a8 UID EXPUNGE 1,3\r\n") != std::string::npos);
        CHECK(device.told[2] == "LettersMoved INBOX 1,3 to 合唱 1>1 3>2");
        lies_there(2);
    }
    SECTION("neither MOVE nor UIDPLUS: nobody says what the new UIDs are")
    {
        const std::string said =
            talk_without({" MOVE", " UIDPLUS", "[COPYUID 1795489801 1,3 1:2] "}, device, host);
        CHECK(said.find("a8 EXPUNGE\r\n") != std::string::npos);
        CHECK(device.told[2] == "LettersMoved INBOX 1,3 to 合唱");
        lies_there(2);
    }
}

TEST_CASE("What cannot be made or moved is told with its folder", "[imap]")
{
    ImapHost host;
    host.deliver(reference_letters()[0]);
    Device device(new_client("bob", "secret"));
    device.wanted = {};
    device.client.create_folder("INBOX");
    device.client.move("INBOX", {1}, "Nowhere");
    talk(device, host);
    CHECK(device.told == Strings{"FoldersListed INBOX/0", "RequestRefused CREATE INBOX",
                                 "RequestRefused MOVE INBOX", "Done"});
    CHECK(host.inbox().size() == 1);
}

TEST_CASE("A listening device hears of a letter and takes only that", "[imap]")
{
    ImapHost host;
    host.deliver(reference_letters()[0]);
    Device phone(new_client("bob", "secret", true));
    talk(phone, host);
    REQUIRE(phone.client.state() == ClientState::Idling);
    phone.told.clear();
    host.deliver(reference_letters()[1]);
    CHECK(phone.hear(host.hear()).empty());
    CHECK(phone.told == Strings{"NewsHeard INBOX"});
    phone.client.sync_folder("INBOX");
    phone.client.go_on(SimTime());
    talk(phone, host);
    CHECK(phone.told == Strings{"NewsHeard INBOX", "SelectionAsked INBOX 1:0 2:0",
                                "LetterReceived INBOX 2 695 octets", "FolderSynced INBOX",
                                "ListeningBegan"});
    CHECK(phone.client.next_deadline() == SimTime() + 29min);
    // An order after a long silence has its own time to be answered.
    phone.client.sync_folder("INBOX");
    phone.client.go_on(SimTime() + 20min);
    CHECK(phone.client.next_deadline() == SimTime() + 22min);
}

TEST_CASE("A wrong password ends in LOGOUT and in words", "[imap]")
{
    ImapHost host;
    Device device(new_client("bob", "wrong"));
    talk(device, host);
    CHECK(device.told ==
          Strings{"LoginRefused a2 NO [AUTHENTICATIONFAILED] Authentication failed."});
    CHECK(device.client.wants_close());
}

TEST_CASE("A password that is no plain text is said by AUTHENTICATE", "[imap]")
{
    ImapHost host;
    host.password = "ひみつ";
    Device device(new_client("bob", "ひみつ"));
    talk(device, host);
    CHECK(device.told.back() == "Done");
}

TEST_CASE("A full mailbox refuses the copy of a sent letter before it travels", "[imap]")
{
    ImapHost host;
    host.deliver(reference_letters()[0]);
    host.store.set_quota(host.user, host.inbox().bytes());
    Device device(new_client("bob", "secret"));
    device.client.append("INBOX", SharedBytes::copy_of("A: b\r\n\r\nx"), 0);
    talk(device, host);
    CHECK(device.told[1] == "RequestRefused APPEND INBOX over quota");
    CHECK(device.told.back() == "Done");
}

TEST_CASE("What is no IMAP is told as such", "[imap]")
{
    for (const std::string greeting :
         {"+OK POP3 ready\r\n", "220 mx ESMTP\r\n", "\x16\x03\x01\r\n"}) {
        Device device(new_client("bob", "secret"));
        (void)device.hear(greeting);
        CHECK(device.client.wants_close());
        CHECK(device.told.size() == 1);
        CHECK(device.told[0].rfind("ProtocolViolation ", 0) == 0);
    }
    Device device(new_client("bob", "secret"));
    (void)device.hear("* OK ready\r\n" + std::string(70'000, 'x'));
    CHECK(device.client.wants_close());
}

TEST_CASE("Every state of the client is reached by a row with a note", "[imap]")
{
    std::set<ClientState> reached = {ClientState::Connected, ClientState::Any};
    for (const ClientTransition &row : client_transitions()) {
        INFO(to_string(row.state) << " " << to_string(row.input));
        REQUIRE(row.state != ClientState::Closed);
        REQUIRE_FALSE(row.note.empty());
        REQUIRE(find_transition(row.state, row.input) == &row);
        reached.insert(row.next);
    }
    REQUIRE(reached.size() == static_cast<std::size_t>(ClientState::Any) + 1);
}

namespace
{

/// What Dovecot answered to each command, without its tag. Of several cases, the first counts.
std::map<std::string, Strings> recorded_answers(const Strings &cases)
{
    std::map<std::string, Strings> answers;
    for (const std::string &name : cases) {
        for (const Turn &turn : turns_of(reference_case("imap", name), Side::Client)) {
            const std::string line = turn.said.substr(0, turn.said.find("\r\n"));
            const bool is_command = line.size() > 5 && line[0] == 'a' && line[4] == ' ';
            answers.emplace(is_command ? line.substr(5) : line, turn.answered);
        }
    }
    return answers;
}

/// Our client, told by `answers`; a command that was not recorded is answered with NO. `same`: our
/// command and the recorded one that asks the same.
Strings told_by(Device &device, std::map<std::string, Strings> answers,
                const std::map<std::string, std::string> &same)
{
    std::string said = device.hear(answers[""].front() + "\r\n");
    std::string tag; // of the last command: what follows "+" goes on with it
    for (int turn = 0; turn < 100 && !said.empty(); ++turn) {
        const std::string line = said.substr(0, said.find("\r\n"));
        const std::size_t space = line.find(' ');
        const bool is_command = line[0] == 'a' && space != std::string::npos;
        if (is_command)
            tag = line.substr(0, space);
        std::string command = is_command ? line.substr(space + 1) : line;
        if (const auto other = same.find(command); other != same.end())
            command = other->second;
        std::string answer;
        for (std::string heard : answers[command])
            answer += (heard.rfind("a0", 0) == 0 ? tag + heard.substr(4) : heard) + "\r\n";
        said = device.hear(answer.empty() ? tag + " NO not recorded\r\n" : answer, 3);
    }
    return device.told;
}

} // namespace

TEST_CASE("Our client understands Dovecot's sessions", "[imap][reference]")
{
    SECTION("login, folders, a listing, and a letter that cannot be had")
    {
        Device device(new_client("imap@example.test", "secret-imap"));
        const Strings told = told_by(
            device,
            recorded_answers({"imap-capability-login-select-logout", "imap-uid-fetch-ranges"}),
            {{"LIST \"\" \"*\"", "LIST \"\" \"*\""},
             {"UID FETCH 1:* (FLAGS)", "UID FETCH 1:* FLAGS"}});
        CHECK(told == Strings{"FoldersListed Drafts/1 Sent/2 Trash/3 INBOX/0",
                              "SelectionAsked INBOX 1:0 2:0 3:0 4:0 5:0 6:0",
                              "RequestRefused FETCH INBOX", "Done"});
    }
    SECTION("a letter whole")
    {
        Device device(new_client("imap@example.test", "secret-imap"));
        std::map<std::string, Strings> answers =
            recorded_answers({"imap-capability-login-select-logout", "imap-uid-fetch-ranges",
                              "imap-fetch-body-full"});
        answers["whole"] = answers["FETCH 1 BODY[]"];
        // The recorded command did not go by UID, which is told with the same items otherwise.
        std::string &first = answers["whole"].front();
        first = "* 1 FETCH (UID 1 " + first.substr(first.find('(') + 1);
        const Strings told = told_by(device, answers,
                                     {{"UID FETCH 1:* (FLAGS)", "UID FETCH 1:* FLAGS"},
                                      {"UID FETCH 1:6 (FLAGS INTERNALDATE BODY.PEEK[])", "whole"}});
        CHECK(told[2] == "LetterReceived INBOX 1 426 octets");
        CHECK(told[3] == "FolderSynced INBOX");
    }
    SECTION("a refused login")
    {
        Device device(new_client("imap@example.test", "wrong"));
        std::map<std::string, Strings> answers =
            recorded_answers({"imap-login-failures", "imap-capability-login-select-logout"});
        CHECK(told_by(device, answers, {}) ==
              Strings{"LoginRefused a2 NO [AUTHENTICATIONFAILED] Authentication failed."});
    }
    SECTION("a letter stored, and a new one heard of while listening")
    {
        Device device(new_client("imap@example.test", "secret-imap", true));
        device.wanted = {};
        device.client.append("Sent", SharedBytes::copy_of(std::string(76, 'x')),
                             mail::letter_flag::seen);
        std::map<std::string, Strings> answers = recorded_answers(
            {"imap-append-literal", "imap-capability-login-select-logout", "imap-idle-new-mail"});
        answers[std::string(76, 'x')] = {"a003 OK [APPENDUID 1795489860 1] Append completed."};
        const Strings told = told_by(device, answers, {});
        CHECK(told == Strings{"FoldersListed Drafts/1 Sent/2 Trash/3 INBOX/0",
                              "LetterAppended Sent 1", "ListeningBegan", "NewsHeard INBOX"});
        CHECK(device.client.state() == ClientState::Idling);
    }
}
