// Webmail in a whole World: the browser's connection, TLS, faults, and what is conserved.
#include "sim/world/conservation.h"
#include "sim/world/inspect.h"
#include "tests/support/worlds.h"

#include <algorithm>

using namespace mailscope;
using namespace mailscope::testing;

namespace
{

/// Alice writes to bob at one second; `story` follows. `server`, `client`: more keys of
/// example.jp's mail server and of bob's device, with a leading comma.
Play played(std::string_view story, std::string_view server = "", std::string_view client = "",
            std::string_view faults = "")
{
    const Scenario scenario = scenario_of(
        R"({"title": "t", "world": {"domains": [
             {"name": "example.com", "mailboxes": ["alice"]},
             {"name": "example.jp", "mailboxes": ["bob"],
              "mail": {"host": "mx.example.jp")" +
        std::string(server) + R"(}}],
           "people": [{"name": "alice", "address": "alice@example.com"},
                      {"name": "bob", "address": "bob@example.jp",
                       "client": {"reads": "webmail")" +
        std::string(client) + R"(}}])" + std::string(faults) + R"(}, "story": [
             {"at": "1s", "who": "alice", "does": "send", "to": "bob@example.jp",
              "subject": "Hello", "text": "x"})" +
        std::string(story) + "]}");
    Result<Play> play = mailscope::play(scenario, {});
    REQUIRE(play.has_value());
    CHECK(conservation_errors(play->world).empty());
    CHECK(conservation_errors(play->world, play->records).empty());
    return std::move(*play);
}

bool is_said(const Records &records, RecordKind kind, std::string_view text)
{
    bool found = false;
    records.for_each([&](const Record &record) {
        found = found || (record.kind == kind && record.text.view().find(text) != ByteView::npos);
    });
    return found;
}

constexpr std::string_view bob_looks = R"(, {"at": "1m", "who": "bob", "does": "fetch"})";

} // namespace

TEST_CASE("A browser keeps its connection, its session and no letter", "[scenario][webmail]")
{
    const Play play = played(R"(, {"at": "1m", "who": "bob", "does": "fetch"},
                                {"at": "70s", "who": "bob", "does": "read"},
                                {"at": "10m", "who": "bob", "does": "read", "subject": "Hello"})");
    CHECK(count(play.records, RecordKind::LetterRead) == 2);
    CHECK(count(play.records, RecordKind::WebSessionOpened) == 1);
    const std::vector<DeviceRow> devices = device_rows(play.world);
    REQUIRE(devices.size() == 2);
    CHECK(devices[1].letters == 0);
    CHECK(devices[1].reads == ReadsBy::Webmail);
    CHECK(devices[1].page == "Hello");
    std::size_t connections = 0; // the first two orders share one, ten minutes later it is gone
    play.records.for_each([&](const Record &record) {
        connections +=
            record.kind == RecordKind::ConnectionOpening && record.protocol == Protocol::Http ? 1U
                                                                                              : 0U;
    });
    CHECK(connections == 2);
    CHECK(count(play.records, RecordKind::FetchFailed) == 0);
}

TEST_CASE("With TLS nobody on the path reads password or letter", "[scenario][webmail]")
{
    const Play play = played(R"(, {"at": "1m", "who": "bob", "does": "read"})",
                             R"(, "starttls": true)", R"(, "starttls": true)");
    CHECK(count(play.records, RecordKind::LetterRead) == 1);
    CHECK(is_said(play.records, RecordKind::ReplySent, "; Secure"));
    bool in_clear = false;
    for (std::size_t i = 0; i < play.records.packet_count(); ++i) {
        const net::Packet &packet = play.records.packet(static_cast<std::uint32_t>(i));
        in_clear = in_clear || packet.payload.view().find("password=") != ByteView::npos;
    }
    CHECK_FALSE(in_clear);
}

TEST_CASE("Logging out ends the session on the server", "[scenario][webmail]")
{
    const Play play = played(R"(, {"at": "1m", "who": "bob", "does": "fetch"},
                                {"at": "2m", "who": "bob", "does": "hang_up"},
                                {"at": "3m", "who": "bob", "does": "fetch"})");
    CHECK(count(play.records, RecordKind::WebSessionClosed) == 1);
    CHECK(count(play.records, RecordKind::WebSessionOpened) == 2);
    CHECK(web_session_rows(play.world).size() == 1);
}

TEST_CASE("A service that does not answer is told", "[scenario][webmail]")
{
    const auto with_fault = [](std::string_view is) {
        return R"(, "faults": [{"host": "mx.example.jp", "is": ")" + std::string(is) +
               R"(", "service": "webmail"}])";
    };
    CHECK(is_said(played(bob_looks, "", "", with_fault("closed")).records, RecordKind::FetchFailed,
                  "connection refused"));
    CHECK(is_said(played(bob_looks, "", "", with_fault("silent")).records, RecordKind::FetchFailed,
                  "timed out"));
    CHECK(is_said(played(bob_looks, R"(, "webmail": false)").records, RecordKind::FetchFailed,
                  "connection refused"));
    CHECK(is_said(played(bob_looks, "", R"(, "incoming": "www.example.jp")").records,
                  RecordKind::FetchFailed, "name-error"));
    CHECK(is_said(
        played(bob_looks, "", R"(, "incoming": {"host": "mx.example.jp", "port": 110})").records,
        RecordKind::WrongProtocol, "+OK"));
}

TEST_CASE("Orders wait for each other, and offline none is done", "[scenario][webmail]")
{
    const Play play = played(R"(, {"at": "1m", "who": "bob", "does": "fetch"},
                                {"at": "1m", "who": "bob", "does": "read"},
                                {"at": "1m", "who": "bob", "does": "delete", "subject": "Hello"},
                                {"at": "1m", "who": "bob", "does": "read", "subject": "Hello"})");
    CHECK(count(play.records, RecordKind::LetterRead) == 1);
    CHECK(count(play.records, RecordKind::LetterDeleted) == 1);
    CHECK(is_said(play.records, RecordKind::ActionFailed, "no letter: Hello"));
    const Play offline = played(R"(, {"at": "1m", "who": "bob", "does": "fetch"},
                                   {"at": "1m", "who": "bob", "does": "read"},
                                   {"at": "60020ms", "who": "bob", "does": "go_offline"},
                                   {"at": "2m", "who": "bob", "does": "go_online"},
                                   {"at": "3m", "who": "bob", "does": "read"})");
    CHECK(is_said(offline.records, RecordKind::FetchFailed, "offline"));
    CHECK(is_said(offline.records, RecordKind::ActionFailed, "offline"));
    CHECK(count(offline.records, RecordKind::LetterRead) == 1);
}

TEST_CASE("A browser that looks by itself sees what has come", "[scenario][webmail]")
{
    const Play play = played("", "", R"(, "check_every": "10m")");
    CHECK(count(play.records, RecordKind::FetchEnded) >= 1);
    CHECK(count(play.records, RecordKind::WebSessionOpened) == 1);
}

TEST_CASE("A letter with a file and a report goes out by the form", "[scenario][webmail]")
{
    const Play play = played(R"(, {"at": "1m", "who": "bob", "does": "send",
        "to": ["alice@example.com"], "cc": "bob@example.jp", "subject": "写真", "text": "見て",
        "charset": "iso-2022-jp", "notify_success": true,
        "attach": {"name": "夏.png", "media_type": "image/png", "size": "300kB"}})");
    CHECK(count(play.records, RecordKind::SubmissionAccepted) == 2);
    CHECK(count(play.records, RecordKind::SuccessReported) == 2);
    const std::vector<LetterPlace> places = letter_places(play.world);
    const auto sent = std::find_if(places.begin(), places.end(), [](const LetterPlace &place) {
        return place.place == Place::Sent && place.subject == "写真";
    });
    REQUIRE(sent != places.end());
    CHECK(play.world.directory->name_of(sent->host) == "mx.example.jp");
    CHECK(sent->size > 300'000);
}

TEST_CASE("A copied World browses on in the same way", "[scenario][webmail]")
{
    const Scenario scenario = two_people(R"([
        {"at": "1s", "who": "alice", "does": "send", "to": "bob@example.jp", "subject": "Hello"},
        {"at": "1m", "who": "bob", "does": "fetch"},
        {"at": "61s", "who": "bob", "does": "read"}])");
    Scenario by_web = scenario;
    by_web.people[1].devices.resize(1);
    by_web.people[1].devices[0].reads = ReadsSpec::Webmail;
    World first = world_of(by_web);
    Records before;
    run_until(first, before, SimTime(60s + 50ms));
    World second = first;
    Records one;
    Records two;
    run_to_rest(first, one, SimTime(1h));
    run_to_rest(second, two, SimTime(1h));
    CHECK(fingerprint(one) == fingerprint(two));
    CHECK(fingerprint(first) == fingerprint(second));
    CHECK(count(one, RecordKind::LetterRead) == 1);
}
