// The subcommands: what they end with and what they print.
#include "tests/support/command.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

using mailscope::cli::ExitStatus;
using mailscope::test::command;
using mailscope::test::CommandResult;

namespace
{

const std::string folder = std::string(MAILSCOPE_SOURCE_DIR) + "/tests/golden/";
const std::string letter = folder + "letter.json";
const std::string refused = folder + "refused.json";

/// A file in a folder of its own for this test's name; gone with the object.
class TemporaryFolder
{
public:
    explicit TemporaryFolder(const std::string &name)
        : path_(std::filesystem::temp_directory_path() / ("mailscope-test-" + name))
    {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder &) = delete;
    TemporaryFolder &operator=(const TemporaryFolder &) = delete;

    std::string file(const std::string &name) const { return (path_ / name).string(); }
    std::string write(const std::string &name, const std::string &text) const
    {
        std::ofstream(file(name)) << text;
        return file(name);
    }
    std::string read(const std::string &name) const
    {
        const std::ifstream stream(file(name));
        std::ostringstream text;
        text << stream.rdbuf();
        return text.str();
    }

private:
    std::filesystem::path path_;
};

std::vector<nlohmann::json> json_lines(const std::string &text)
{
    std::vector<nlohmann::json> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(nlohmann::json::parse(line));
    return lines;
}

bool contains(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

/// Whether tags are closed in the order in which they were opened, and text is escaped.
bool is_well_formed(const std::string &xml)
{
    std::vector<std::string> open;
    for (std::size_t at = xml.find('<'); at != std::string::npos; at = xml.find('<', at + 1)) {
        const std::size_t end = xml.find('>', at);
        if (end == std::string::npos || xml.find('<', at + 1) < end)
            return false;
        const std::string tag = xml.substr(at + 1, end - at - 1);
        const std::string name = tag.substr(0, tag.find_first_of(" /"));
        if (tag.front() == '?' || tag.back() == '/')
            continue;
        if (tag.front() != '/') {
            open.push_back(name);
            continue;
        }
        if (open.empty() || "/" + open.back() != tag)
            return false;
        open.pop_back();
    }
    for (std::size_t at = xml.find('&'); at != std::string::npos; at = xml.find('&', at + 1))
        if (xml.find(';', at) > at + 6)
            return false;
    return open.empty();
}

} // namespace

TEST_CASE("A good story ends with status 0 and is told", "[cli]")
{
    const CommandResult result = command({"run", letter});
    CHECK(result.status == ExitStatus::Good);
    CHECK(result.err.empty());
    CHECK(contains(result.out, "C: EHLO"));
}

TEST_CASE("What must not happen is told as what did not happen", "[cli]")
{
    const std::string journey = std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/journey.json";
    const CommandResult result = command({"run", journey});
    CHECK(result.status == ExitStatus::Good);
    CHECK(result.out.find("It did not happen: trouble:any") != std::string::npos);
    CHECK(result.out.find("It happened: trouble:any") == std::string::npos);
    CHECK(result.out.find("It happened: kind:letter-read host:bob-laptop") != std::string::npos);
}

TEST_CASE("An expectation that fails ends with status 1 and says what was found", "[cli]")
{
    const TemporaryFolder temporary("expectation");
    std::ifstream source(letter);
    nlohmann::json scenario = nlohmann::json::parse(source);
    scenario["expect"] = {{{"delivered", {{"to", "carol@example.jp"}}}}};
    scenario["world"]["domains"][1]["mailboxes"].push_back({{"user", "carol"}});
    const std::string file = temporary.write("fails.json", scenario.dump(2));

    CHECK(command({"run", file, "--format", "none"}).status == ExitStatus::ExpectationFailed);
    const CommandResult result = command({"test", file});
    CHECK(result.status == ExitStatus::ExpectationFailed);
    CHECK(contains(result.out, "fails.json:"));
    CHECK(contains(result.out, "expected: delivered to carol@example.jp"));
    CHECK(contains(result.out, "instead: found 0"));
    CHECK(contains(result.out, "0 of 1 scenarios good"));
}

TEST_CASE("Bad input ends with status 2 and says where", "[cli]")
{
    const TemporaryFolder temporary("bad");
    const std::string file = temporary.write("bad.json", "{\"titel\": 1}\n");
    for (const char *const name : {"run", "test", "check", "why", "inspect"}) {
        const CommandResult result = command({name, file});
        CHECK(result.status == ExitStatus::BadInput);
        CHECK(contains(result.err + result.out, "bad.json:1:"));
    }
    CHECK(command({"run", temporary.file("missing.json")}).status == ExitStatus::BadInput);
    CHECK(command({"test", temporary.file("")}).status == ExitStatus::BadInput);
}

TEST_CASE("A wrong command line ends with status 2", "[cli]")
{
    CHECK(command({}).status == ExitStatus::BadInput);
    CHECK(command({"fly"}).status == ExitStatus::BadInput);
    CHECK(command({"run"}).status == ExitStatus::BadInput);
    CHECK(command({"run", letter, "--until", "soon"}).status == ExitStatus::BadInput);
    CHECK(command({"run", letter, "--lang", "la"}).status == ExitStatus::BadInput);
    CHECK(command({"run", letter, "--filter", "colour:red"}).status == ExitStatus::BadInput);
    CHECK(command({"run", letter, "--remedy", "magic"}).status == ExitStatus::BadInput);
    CHECK(command({"why", letter, "99999999"}).status == ExitStatus::BadInput);
    CHECK(command({"diff", letter}).status == ExitStatus::BadInput);
    CHECK(command({"states", "smtp-sever"}).status == ExitStatus::BadInput);
    CHECK(contains(command({"states", "smtp-sever"}).err, "smtp-server?"));
}

TEST_CASE("Help is good and shows examples", "[cli]")
{
    const CommandResult result = command({"--help"});
    CHECK(result.status == ExitStatus::Good);
    CHECK(contains(result.out, "mailscope run scenarios/journey.json"));
    CHECK(contains(command({"run", "--help"}).out, "--remedy"));
}

TEST_CASE("JSON Lines hold every record, each caused by an earlier one", "[cli]")
{
    const CommandResult result = command({"run", letter, "--format", "jsonl"});
    const std::vector<nlohmann::json> lines = json_lines(result.out);
    REQUIRE(lines.size() > 100);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        CHECK(lines[i]["id"] == i);
        if (lines[i].contains("because"))
            CHECK(lines[i]["because"] < lines[i]["id"]);
    }
    const auto delivered =
        std::count_if(lines.begin(), lines.end(),
                      [](const nlohmann::json &line) { return line["kind"] == "delivered"; });
    CHECK(delivered == 1);
}

TEST_CASE("An opened report is shown as its reader sees it, with what it says for machines",
          "[cli]")
{
    const std::string scenario =
        std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/errors-550-user-unknown.json";
    const CommandResult run = command({"run", scenario, "--lang", "en"});
    const std::size_t opened = run.out.find("alice opens a letter");
    REQUIRE(opened != std::string::npos);
    const std::string reading = run.out.substr(opened);
    CHECK(contains(reading, "From: Mail Delivery System <MAILER-DAEMON@example.com>"));
    CHECK(contains(reading, "Final-Recipient: rfc822; bbo@example.jp"));
    CHECK(contains(reading, "Status: 5.1.1"));
}

TEST_CASE("What IMAP hands over belongs to the letter that it is", "[cli]")
{
    const std::string scenario =
        std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/two-devices-imap.json";
    std::size_t handed_over = 0;
    for (const nlohmann::json &record :
         json_lines(command({"run", scenario, "--format", "jsonl"}).out))
        if (record["kind"] == "content-sent" && record["protocol"] == "imap") {
            CHECK(record.contains("message"));
            ++handed_over;
        }
    CHECK(handed_over > 0);
}

TEST_CASE("A filter keeps what matches", "[cli]")
{
    const std::vector<nlohmann::json> lines = json_lines(
        command({"run", letter, "--format", "jsonl", "--filter", "kind:reply-sent"}).out);
    REQUIRE(!lines.empty());
    for (const nlohmann::json &line : lines)
        CHECK(line["kind"] == "reply-sent");
}

TEST_CASE("The same scenario and seed give the same bytes", "[cli][determinism]")
{
    const auto trace = [](const char *seed) {
        return command({"run", letter, "--format", "jsonl", "--seed", seed}).out;
    };
    CHECK(trace("7") == trace("7"));
    CHECK(trace("7") != trace("8"));
}

TEST_CASE("The causes of a bounce lead back to what a person did", "[cli]")
{
    const CommandResult result = command({"why", refused, "--lang", "en"});
    CHECK(result.status == ExitStatus::Good);
    CHECK(contains(result.out.substr(0, result.out.find('\n')), "action-taken: alice send"));
    CHECK(contains(result.out, "recipient-refused"));
    CHECK(contains(result.out, "failure-reported"));
}

TEST_CASE("Two stories are compared up to where they part", "[cli]")
{
    const CommandResult result = command({"diff", refused, "--remedy", "right-address"});
    CHECK(result.status == ExitStatus::Good);
    CHECK(contains(result.out, "action-taken: alice resend"));
    CHECK(contains(result.out, "bob@example.jp"));
    const CommandResult same = command({"diff", letter, letter});
    CHECK(same.status == ExitStatus::Good);
    CHECK(!contains(same.out, "action-taken"));
}

TEST_CASE("A remedy makes the letter arrive", "[cli]")
{
    const CommandResult result = command({"run", refused, "--remedy", "right-address"});
    CHECK(result.status == ExitStatus::Good);
    CHECK(contains(result.out, "C: RCPT TO:<bob@example.jp>"));
}

TEST_CASE("Exported pictures are well-formed and load nothing from outside", "[cli]")
{
    const TemporaryFolder temporary("export");
    const std::string svg = temporary.file("a.svg");
    const std::string mermaid = temporary.file("a.mmd");
    const std::string lines = temporary.file("a.jsonl");
    REQUIRE(command({"export", refused, "--sequence", svg, "--jsonl", lines}).status ==
            ExitStatus::Good);
    REQUIRE(command({"export", refused, "--sequence", mermaid}).status == ExitStatus::Good);
    const std::string picture = temporary.read("a.svg");
    CHECK(is_well_formed(picture));
    CHECK(contains(picture, "RCPT TO:&lt;bbo@example.jp&gt;"));
    CHECK(!contains(picture, "href"));
    CHECK(temporary.read("a.mmd").find("sequenceDiagram\n    participant") != std::string::npos);
    CHECK(json_lines(temporary.read("a.jsonl")).size() > 100);
    CHECK(command({"export", refused, "--sequence", temporary.file("a.gif")}).status ==
          ExitStatus::BadInput);
}

TEST_CASE("A capture begins as pcapng does, and one of a host holds less than one of all", "[cli]")
{
    const TemporaryFolder temporary("capture");
    const std::string all = temporary.file("all.pcapng");
    const std::string one = temporary.file("one.pcapng");
    const std::string wire = temporary.file("wire.pcapng");
    REQUIRE(command({"export", letter, "--pcapng", all, "--all"}).status == ExitStatus::Good);
    REQUIRE(command({"export", letter, "--pcapng", one, "--host", "alice-laptop"}).status ==
            ExitStatus::Good);
    REQUIRE(command({"export", letter, "--pcapng", wire, "--link", "alice-home-router:alice-laptop",
                     "--lang", "ja"})
                .status == ExitStatus::Good);
    CHECK(temporary.read("all.pcapng").substr(0, 4) == "\n\r\r\n");
    CHECK(temporary.read("one.pcapng").size() < temporary.read("all.pcapng").size() / 2);
    CHECK(contains(temporary.read("one.pcapng"), "alice-laptop sends SYN"));
    CHECK(contains(temporary.read("wire.pcapng"), "SYN を送"));
}

TEST_CASE("A capture at a place that is not there is refused with a near name", "[cli]")
{
    const TemporaryFolder temporary("capture-refused");
    const std::string file = temporary.file("a.pcapng");
    const CommandResult host =
        command({"export", letter, "--pcapng", file, "--host", "alice-labtop"});
    CHECK(host.status == ExitStatus::BadInput);
    CHECK(contains(host.err,
                   "\"alice-labtop\": there is no such host; did you mean \"alice-laptop\"?"));
    const CommandResult link =
        command({"export", letter, "--pcapng", file, "--link", "alice-laptop:alice-home-ruoter"});
    CHECK(link.status == ExitStatus::BadInput);
    CHECK(contains(link.err, "did you mean \"alice-laptop:alice-home-router\"?"));
    CHECK(command({"export", letter, "--host", "alice-laptop"}).status == ExitStatus::BadInput);
    CHECK(command({"export", letter, "--pcapng", file, "--host", "alice-laptop", "--all"}).status ==
          ExitStatus::BadInput);
}

TEST_CASE("The state tables of an engine are printed with a diagram", "[cli]")
{
    const CommandResult result = command({"states", "smtp-server"});
    CHECK(result.status == ExitStatus::Good);
    CHECK(contains(result.out, "AskingRecipient"));
    CHECK(contains(result.out, "stateDiagram-v2"));
}

TEST_CASE("What is true at a moment stands in tables", "[cli]")
{
    const CommandResult early = command({"inspect", letter, "--at", "30s", "--lang", "en"});
    CHECK(early.status == ExitStatus::Good);
    CHECK(contains(early.out, "bob@example.jp"));
    CHECK(contains(early.out, "seconds left"));
    CHECK(contains(early.out, "Address translation"));
}

TEST_CASE("A test report in JUnit's form is well-formed", "[cli]")
{
    const TemporaryFolder temporary("junit");
    const std::string file = temporary.file("report.xml");
    CHECK(command({"test", letter, refused, "--junit", file, "--jobs", "2"}).status ==
          ExitStatus::Good);
    const std::string report = temporary.read("report.xml");
    CHECK(is_well_formed(report));
    CHECK(contains(report, "failures=\"0\""));
}

TEST_CASE("Benches really do what they measure, and say so in one line of JSON", "[cli]")
{
    const std::string each = "300"; // octets of a letter's text
    const CommandResult mailbox = command({"bench", "mailbox", "--letters", "20", "--bytes", each});
    CHECK(mailbox.status == ExitStatus::Good);
    const nlohmann::json read = json_lines(mailbox.out).at(0);
    CHECK(read["read"] == 20);
    CHECK(read["octets"] > 20 * 300);

    const CommandResult delivery =
        command({"bench", "delivery", "--messages", "20", "--bytes", each});
    CHECK(delivery.status == ExitStatus::Good);
    CHECK(json_lines(delivery.out).at(0)["messages"] == 20);

    const CommandResult kernel = command({"bench", "kernel", "--pending", "10", "--events", "100"});
    CHECK(kernel.status == ExitStatus::Good);
    CHECK(json_lines(kernel.out).at(0)["events"] >= 100);
}

TEST_CASE("The parts that mail is made of are explained by their usual names, with lessons",
          "[cli]")
{
    struct Part
    {
        const char *en;
        const char *ja;
        const char *en_title;
        const char *ja_title;
    };
    const Part parts[] = {
        {"mail client", "メーラー", "Mail client (MUA)", "メールソフト"},
        {"webmail", "Webメール", "Webmail", "Webメール"},
        {"mail server", "メールサーバー", "Mail server", "メールサーバー"},
        {"submission server", "送信サーバー", "Submission server", "送信サーバー"},
        {"relay", "中継", "Relay", "中継サーバー"},
        {"delivery", "配送", "Delivery", "配送"},
        {"message store", "メールボックス", "Mailbox", "メールボックス"},
        {"internet service provider", "プロバイダ", "Internet service provider", "プロバイダ"},
        {"protocol", "通信プロトコル", "Protocol", "通信プロトコル"},
        {"SMTP", "SMTP", "SMTP", "SMTP"},
        {"POP3", "POP3", "POP3", "POP3"},
        {"IMAP", "IMAP", "IMAP", "IMAP"},
        {"DNS", "DNS", "DNS", "DNS"},
        {"HTTP", "HTTP", "HTTP", "HTTP"},
        {"IP address", "IPアドレス", "IP address", "IP アドレス"},
        {"global IP address", "グローバルIPアドレス", "IP address", "IP アドレス"},
        {"private IP address", "プライベートIPアドレス", "Private address", "プライベート"},
        {"domain name", "ドメイン名", "Domain name", "ドメイン名"},
        {"MX record", "MXレコード", "MX record", "MX レコード"},
    };
    for (const Part &part : parts) {
        INFO(part.en);
        const CommandResult en = command({"explain", part.en, "--lang", "en"});
        CHECK(en.status == ExitStatus::Good);
        CHECK(en.out.rfind(part.en_title, 0) == 0);
        CHECK(en.out.find("mailscope run scenarios/") != std::string::npos);
        const CommandResult ja = command({"explain", part.ja, "--lang", "ja"});
        CHECK(ja.status == ExitStatus::Good);
        CHECK(ja.out.rfind(part.ja_title, 0) == 0);
    }
}
