// Whole scenario files: what the good ones become and what the bad ones are told.
#include "sim/scenario/parse.h"

#include "tests/unit/scenario/scenario_files.h"

#include <catch2/catch_test_macros.hpp>

#include <cstdlib>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

Scenario given(const char *name)
{
    ParseResult result = parse_scenario_file((scenario_files / "good" / name).string());
    INFO(printed(result));
    REQUIRE(result.is_good());
    return std::move(result.scenario);
}

} // namespace

TEST_CASE("Good scenario files have no diagnostics", "[scenario]")
{
    for (const auto &path : files_in(scenario_files / "good", ".json")) {
        INFO(path.filename());
        CHECK(printed(parse_scenario_file(path.string())) == "");
    }
}

TEST_CASE("Bad scenario files are told exactly what is wrong", "[scenario]")
{
    const bool update = std::getenv("UPDATE_GOLDEN") != nullptr;
    for (const auto &path : files_in(scenario_files / "bad", ".json")) {
        std::filesystem::path golden = path;
        golden.replace_extension(".txt");
        const ParseResult result = parse_scenario(read_text(path), path.filename().string());
        CHECK_FALSE(result.is_good());
        if (update)
            std::ofstream(golden, std::ios::binary) << printed(result);
        CHECK(printed(result) == read_text(golden));
    }
}

TEST_CASE("A minimal scenario gets defaults for what is not said", "[scenario]")
{
    const Scenario scenario = given("minimal.json");
    CHECK(scenario.title.en == "A letter travels");
    CHECK(scenario.title.ja == "A letter travels");
    CHECK(scenario.seed == 1);
    REQUIRE(scenario.domains.size() == 2);
    CHECK(scenario.domains[1].mailboxes[0].user == "bob");
    CHECK(scenario.domains[1].has_mail);
    REQUIRE(scenario.story.size() == 1);
    CHECK(scenario.story[0].at == 1s);
    CHECK(scenario.story[0].to == std::vector<std::string>{"bob@example.jp"});
    REQUIRE(scenario.expect.size() == 1);
    CHECK(scenario.expect[0].line == 12);
}

TEST_CASE("The head of a scenario is read", "[scenario]")
{
    const Scenario scenario = given("full.json");
    CHECK(scenario.topics == std::vector<std::string>{"journey", "552.mailbox-full"});
    CHECK(scenario.difficulty == 3);
    CHECK(scenario.minutes == 10);
    CHECK(scenario.seed == 7);
    CHECK(scenario.start_unix_seconds == 1'775'001'600);
    CHECK(scenario.utc_offset_minutes == 540);
    CHECK(scenario.runs_for == 60h);
}

TEST_CASE("Mail servers are read with all their settings", "[scenario]")
{
    const Scenario scenario = given("full.json");
    const MailServerSpec &server = scenario.domains[1].servers.at(0);
    CHECK(server.preference == 5);
    CHECK(server.size_limit == 10'000'000);
    CHECK(server.hop_limit == 30);
    CHECK(server.greylist == 5min);
    CHECK(server.maintenance == MaintenanceSpec::TryLater);
    CHECK(server.unknown_recipient_domain == UnknownDomainSpec::ReplyPermanent);
    CHECK(server.refuse_unknown_sender_domain);
    CHECK(server.quota_check == QuotaCheckSpec::AtRecipient);
    CHECK(server.dnsbl == "bl.example");
    CHECK(server.refused_clients.size() == 3);
    CHECK(server.retry == std::vector<Duration>{5min, 15min, 1h});
    CHECK(server.give_up == 120h);
    SECTION("a further one is preferred less, where nothing is said")
    {
        CHECK(scenario.domains[1].servers.at(1).preference == 20);
        CHECK(scenario.domains[1].servers.at(1).backup);
    }
}

TEST_CASE("A domain's users and records are read", "[scenario]")
{
    const Scenario scenario = given("full.json");
    const DomainSpec &domain = scenario.domains[1];
    CHECK(domain.mailboxes[0].quota == 1'000'000);
    CHECK(domain.mailboxes[0].filled == 1'020'000);
    CHECK(domain.mailboxes[1].quota == 2'000'000);
    CHECK(domain.moved[0].code == 551);
    CHECK(domain.moved[1].to.empty());
    CHECK(domain.dns.name_servers.size() == 2);
    CHECK(domain.dns.records[0].ttl == 1min);
    CHECK(domain.dns.records[2].data == "50 fallback.example.net");
    CHECK(scenario.domains[3].dns.null_mx);
    CHECK(scenario.domains[3].dns.delegation == DelegationSpec::Lame);
    CHECK_FALSE(scenario.domains[2].has_mail);
}

TEST_CASE("People, devices, links and faults are read", "[scenario]")
{
    const Scenario scenario = given("full.json");
    CHECK(scenario.people[0].display_name.ja == "アリス");
    CHECK(scenario.people[0].devices.at(0).submission.port == 587);
    CHECK(scenario.people[0].devices.at(0).incoming.host == "mx.example.com");
    CHECK(scenario.people[1].devices.at(1).reads == ReadsSpec::Nothing);
    CHECK(scenario.links.at(0).bits_per_second == 1'500'000);
    CHECK(scenario.links.at(0).loss_per_million == 5'000);
    REQUIRE(scenario.faults.size() == 4);
    CHECK(scenario.faults[0].kind == FaultKindSpec::ServiceSilent);
    CHECK(scenario.faults[0].port == 53);
    CHECK(scenario.faults[0].ends == 20min);
    CHECK(scenario.faults[2].loss_per_million == 50'000);
    CHECK(scenario.faults[3].from == "isp-a");
    CHECK(scenario.faults[3].latency == 500ms);
}

TEST_CASE("An action without a time happens with the one before it", "[scenario]")
{
    const Scenario scenario = given("full.json");
    REQUIRE(scenario.story.size() == 17);
    CHECK(scenario.story[3].does == ActionKind::Fetch);
    CHECK(scenario.story[3].at == scenario.story[2].at);
    CHECK(scenario.story[0].iso_2022_jp);
    CHECK(scenario.story[0].attach.at(0).size == 300'000);
    CHECK(scenario.story[13].host == "mail.example.com");
}

TEST_CASE("In a remedy the story's last sender acts where nobody is named", "[scenario]")
{
    const Scenario scenario = given("full.json");
    CHECK(scenario.remedies[0].then.at(0).does == ActionKind::Resend);
    CHECK(scenario.remedies[0].then.at(0).who == "alice");
    CHECK(scenario.remedies[1].then.at(0).who == "alice");
    CHECK(scenario.remedies[1].then.at(1).who == "bob");
}

TEST_CASE("Several keys of one change are several changes", "[scenario]")
{
    const Scenario scenario = given("full.json");
    const std::vector<ChangeSpec> &changes = scenario.remedies[1].changes;
    REQUIRE(changes.size() == 22);
    CHECK(changes[0].kind == ChangeKind::EmptyMailbox);
    CHECK(changes[1].kind == ChangeKind::SetQuota);
    CHECK(changes[1].number == 5'000'000);
    CHECK(changes[2].value == "bob@example.com");
    CHECK(changes[3].kind == ChangeKind::CreateMailbox);
    CHECK(changes[7].domain == "bl.example");
    CHECK(changes[7].value == "mail.example.com");
    CHECK(changes[8].record.data == "192.0.2.81");
    CHECK(changes[10].to == "alice-home-router");
    CHECK(changes[11].setting == "from");
    CHECK(changes[16].setting == "submission_port");
    CHECK(changes[16].value == "587");
    CHECK(changes[21].kind == ChangeKind::ServeZone);
}

TEST_CASE("Expectations know their line and what they count", "[scenario]")
{
    const Scenario scenario = given("full.json");
    CHECK(scenario.expect[0].status == "5.2.2");
    CHECK(scenario.expect[0].by == 10min);
    CHECK(scenario.expect[5].count_min == 2);
    CHECK(scenario.expect[5].count_max == 2U);
    CHECK(scenario.expect[6].count_max == 9U);
    CHECK(scenario.expect[7].after == "free-space");
    CHECK(scenario.expect[1].line == scenario.expect[0].line + 1);
}

TEST_CASE("A file that cannot be read is a diagnostic", "[scenario]")
{
    for (const char *path : {"/no/such/file.json", "/"}) {
        const ParseResult result = parse_scenario_file(path);
        REQUIRE(result.diagnostics.size() == 1);
        CHECK(to_string(result.diagnostics[0]) ==
              std::string(path) +
                  ": error: found no file that can be read, expected a scenario file\n");
    }
}
