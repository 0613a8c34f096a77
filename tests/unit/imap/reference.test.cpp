// Our engine against recorded sessions of Dovecot (tests/dialogue/reference/imap).
#include "tests/support/reference.h"

#include "sim/mail/date.h"
#include "tests/support/imap.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <regex>
#include <set>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

/// Extensions of Dovecot that we do not offer and do not announce.
const std::set<std::string> not_offered = {"LOGIN-REFERRALS",
                                           "ENABLE",
                                           "SORT",
                                           "SORT=DISPLAY",
                                           "THREAD=REFERENCES",
                                           "THREAD=REFS",
                                           "THREAD=ORDEREDSUBJECT",
                                           "MULTIAPPEND",
                                           "URL-PARTIAL",
                                           "CATENATE",
                                           "LIST-EXTENDED",
                                           "I18NLEVEL=1",
                                           "CONDSTORE",
                                           "QRESYNC",
                                           "ESEARCH",
                                           "ESORT",
                                           "SEARCHRES",
                                           "WITHIN",
                                           "CONTEXT=SEARCH",
                                           "LIST-STATUS",
                                           "BINARY",
                                           "SNIPPET=FUZZY",
                                           "PREVIEW=FUZZY",
                                           "PREVIEW",
                                           "STATUS=SIZE",
                                           "SAVEDATE",
                                           "NOTIFY"};

std::string without_extensions(const std::string &line)
{
    std::string result;
    std::istringstream words(line);
    for (std::string word; words >> word;)
        if (not_offered.count(word) == 0)
            result += (result.empty() ? "" : " ") + word;
    return result;
}

/// Numbers, times and names that differ from run to run.
std::string mask(const std::string &line)
{
    static const std::pair<std::regex, std::string> masks[] = {
        {std::regex(R"( \(\d\.\d+( \+ \d\.\d+)+ secs\))"), ""},
        {std::regex(R"((UIDVALIDITY|APPENDUID|COPYUID) \d+)"), "$1 N"},
        {std::regex(R"(\tid \S+)"), "\tid X"},
        {std::regex(R"(24 Nov 2026 \d\d:\d\d:\d\d)"), "24 Nov 2026 T"},
        {std::regex(R"(24-Nov-2026 \d\d:\d\d:\d\d)"), "24-Nov-2026 T"}};
    std::string masked = line;
    for (const auto &[pattern, by] : masks)
        masked = std::regex_replace(masked, pattern, by);
    return masked.find("CAPABILITY IMAP4rev1") == std::string::npos ? masked
                                                                    : without_extensions(masked);
}

/// How many letters the recorded mailbox held.
std::size_t letters_in(const ReferenceCase &recorded)
{
    for (const Recorded &line : recorded.lines)
        if (line.text.find(" EXISTS") != std::string::npos && line.text.rfind("* ", 0) == 0)
            return std::stoul(line.text.substr(2));
    for (const Recorded &line : recorded.lines)
        if (line.text.rfind("* STATUS INBOX (MESSAGES ", 0) == 0)
            return std::stoul(line.text.substr(25));
    return 0;
}

/// A host with the folders and letters that the recorded server had.
ImapHost rebuilt_host(const ReferenceCase &recorded)
{
    imap::ServerOptions options;
    options.greeting = "Dovecot (Debian) ready.";
    options.start = *mail::parse_date("Tue, 24 Nov 2026 03:10:35 +0000");
    ImapHost host(options);
    host.store = mail::Store(ImapHost::uid_validity);
    std::string user = "imap";
    if (recorded.name.find("quota") != std::string::npos)
        user = recorded.name.find("exceeded") != std::string::npos ? "few" : "quota";
    host.user = *host.store.add_user(user + "@example.test", "", 0);
    host.password = "secret-" + user;
    (void)host.store.create_folder(host.user, "Drafts", mail::SpecialUse::Drafts);
    (void)host.store.create_folder(host.user, "Sent", mail::SpecialUse::Sent);
    (void)host.store.create_folder(host.user, "Trash", mail::SpecialUse::Trash);
    const std::size_t count = letters_in(recorded);
    for (std::size_t i = 0; i < count; ++i)
        host.deliver(reference_letters().at(i));
    if (user == "few")
        host.store.set_quota(host.user, host.inbox().bytes());
    if (user == "quota")
        host.store.set_quota(host.user, 100U << 10U);
    return host;
}

/// What happened outside of a recorded conversation, while the client listened or was silent.
class Outside
{
public:
    Outside(const ReferenceCase &recorded, ImapHost &host) : name_(recorded.name), host_(host) {}

    std::string act(const std::string &said)
    {
        if (name_ == "imap-noop-new-mail" && said.find("a003 OK NOOP") != std::string::npos)
            host_.deliver(reference_letters().at(1));
        if (!host_.server().idling() || acted_)
            return {};
        acted_ = true;
        if (name_ == "imap-idle-new-mail")
            host_.deliver(reference_letters().at(1));
        if (name_ != "imap-idle-flag-change-and-expunge")
            return host_.hear();
        const std::size_t other = host_.connect();
        (void)host_.select(other);
        (void)host_.feed("1 STORE 1 +FLAGS (\\Seen)\r\n", other);
        std::string heard = host_.hear();
        (void)host_.feed("2 STORE 2 +FLAGS.SILENT (\\Deleted)\r\n3 EXPUNGE\r\n", other);
        return heard + host_.hear();
    }

private:
    std::string name_;
    ImapHost &host_;
    bool acted_ = false;
};

std::vector<std::string> masked(const std::vector<std::string> &lines)
{
    std::vector<std::string> result;
    for (const std::string &line : lines)
        result.push_back(mask(line));
    return result;
}

/// What the recording has, turn by turn. A turn in which we differ, as the list of differences
/// says, counts with what we say to it when it comes alone.
std::vector<std::string> lines_expected(const ReferenceCase &recorded)
{
    const std::vector<Difference> listed = listed_differences("imap");
    const bool is_listed = std::any_of(listed.begin(), listed.end(), [&](const Difference &each) {
        return each.name == "imap/" + recorded.name;
    });
    ImapHost host = rebuilt_host(recorded);
    std::vector<std::string> expected;
    for (const Turn &turn : turns_of(recorded, Side::Client)) {
        const std::vector<std::string> own = masked(split_lines(host.feed(turn.said)));
        const std::vector<std::string> theirs = masked(turn.answered);
        const std::vector<std::string> &lines = own != theirs && is_listed ? own : theirs;
        expected.insert(expected.end(), lines.begin(), lines.end());
    }
    return expected;
}

} // namespace

TEST_CASE("The letters of the recordings are whole", "[imap][reference]")
{
    const std::size_t sizes[] = {426, 695, 637, 649, 442, 1085};
    for (std::size_t i = 0; i < std::size(sizes); ++i)
        CHECK(reference_letters().at(i).size() == sizes[i]);
}

TEST_CASE("Our server says what Dovecot says, but for the listed differences", "[imap][reference]")
{
    for (const ReferenceCase &recorded : reference_family("imap")) {
        for (const Delivery delivery : {Delivery::Whole, Delivery::ByteByByte}) {
            INFO(recorded.name << ", delivery " << static_cast<int>(delivery));
            ImapHost host = rebuilt_host(recorded);
            Outside outside(recorded, host);
            const Feed feed = [&](ByteView bytes) {
                const std::string said = host.feed(bytes);
                return said + outside.act(said);
            };
            std::vector<std::string> found = replay(recorded, Side::Client, delivery, feed, mask);
            if (host.server().wants_close() != recorded.server_closed)
                found.push_back(recorded.server_closed ? "the connection stays open"
                                                       : "the connection is closed");
            CHECK(unexplained(recorded, found) == std::vector<std::string>());
        }
    }
}

TEST_CASE("To commands that come all at once our server says what Dovecot said to each",
          "[imap][reference]")
{
    // Something happens between two commands of these: they cannot be one piece.
    const std::set<std::string> with_others = {"imap-noop-new-mail", "imap-idle-new-mail",
                                               "imap-idle-flag-change-and-expunge"};
    for (const ReferenceCase &recorded : reference_family("imap")) {
        if (with_others.count(recorded.name) != 0)
            continue;
        INFO(recorded.name);
        ImapHost host = rebuilt_host(recorded);
        std::string glued;
        for (const Turn &turn : turns_of(recorded, Side::Client))
            glued += turn.said;
        const std::string greeting = host.feed({});
        CHECK(masked(split_lines(greeting + host.feed(glued))) == lines_expected(recorded));
    }
}
