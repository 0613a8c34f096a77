// View models as plain values, for real stories.
#include "viz/model/views.h"

#include "tests/unit/model/reader.h"
#include "viz/model/callout_place.h"
#include "viz/model/map_faults.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>
#include <set>
#include <string>

using namespace mailscope;
using namespace mailscope::viz;
using mailscope::testing::Reader;

namespace
{

const HostRow *named(const MapView &map, std::string_view key)
{
    const auto found = std::find_if(map.hosts.begin(), map.hosts.end(),
                                    [&](const HostRow &row) { return row.key == key; });
    return found == map.hosts.end() ? nullptr : &*found;
}

} // namespace

TEST_CASE("The refusal of an unknown user shows a mailbox that is not there", "[views]")
{
    Reader reader("errors-550-user-unknown");
    const MapView map = map_view(reader.at("reply:550 kind:reply-sent"), reader.layout);
    const HostRow *ghost = named(map, "ghost");
    REQUIRE(ghost != nullptr);
    CHECK(ghost->name == "bbo");
    CHECK(ghost->shape == HostShape::GhostMailbox);
    REQUIRE(map.flights.size() == 1);
    CHECK(map.flights[0].trouble == Mark::Permanent);
    CHECK(map.flights[0].path.size() >= 4); // by way of the providers' routers
}

TEST_CASE("A full mailbox is drawn full", "[views]")
{
    Reader reader("errors-552-mailbox-full");
    const MapView map = map_view(reader.at("status:5.2.2"), reader.layout);
    const auto full = std::find_if(map.hosts.begin(), map.hosts.end(),
                                   [](const HostRow &row) { return row.is_full; });
    REQUIRE(full != map.hosts.end());
    CHECK(full->name == "bob");
    CHECK(full->filled > 0.8F);
}

TEST_CASE("Each kind of refusal has its picture at the place where it happened", "[views]")
{
    struct Case
    {
        const char *scenario;
        const char *query;
        FaultShape shape;
        const char *at; ///< a host
        const char *text;
    };
    const Case cases[] = {
        {"errors-554-client-refused", "reply:554 kind:reply-sent", FaultShape::Gate,
         "mx.example.jp", ""},
        {"errors-554-relay-denied", "reply:554 kind:reply-sent", FaultShape::Gate, "mx.example.jp",
         ""},
        {"errors-552-message-too-large", "reply:552 kind:reply-sent", FaultShape::TooLarge,
         "mx.example.com", " > "},
        {"errors-552-message-too-large-recipient", "status:5.3.4 kind:delivery-failed",
         FaultShape::TooLarge, "mx.example.jp", "302 kB > 200 kB"},
        {"errors-551-user-moved", "reply:551 kind:reply-sent", FaultShape::Moved, "mx.example.jp",
         "hana@studio.example"},
        {"errors-550-user-moved", "reply:550 kind:reply-sent", FaultShape::Moved, "mx.example.jp",
         "hana@studio.example"},
        {"errors-550-host-unknown", "status:5.4.4", FaultShape::NoDomain, "resolver.isp-a",
         "bakrey.example"},
        {"errors-550-host-unknown-at-once", "reply:550 kind:reply-sent", FaultShape::NoDomain,
         "resolver.isp-a", "bakrey.example"},
        {"errors-451-name-server-timeout", "status:4.4.3 kind:deferred", FaultShape::Silence,
         "resolver.isp-a", ""},
    };
    for (const Case &wanted : cases) {
        INFO(wanted.scenario);
        Reader reader(wanted.scenario);
        const MapView map = map_view(reader.at(wanted.query), reader.layout);
        REQUIRE(map.faults.size() == 1);
        CHECK(map.faults[0].shape == wanted.shape);
        const HostRow *host = named(map, wanted.at);
        REQUIRE(host != nullptr);
        CHECK(map.faults[0].at.x == host->at.x);
        CHECK(map.faults[0].at.y == host->at.y);
        CHECK(map.faults[0].text.find(wanted.text) != std::string::npos);
    }
    // Where nothing is wrong nothing is drawn.
    Reader journey("journey");
    CHECK(map_view(journey.at("reply:250 kind:reply-sent"), journey.layout).faults.empty());
}

TEST_CASE("A letter that waits for its next attempt shows how long that is off", "[views]")
{
    Reader reader("errors-450-greylisting");
    const Moment now = reader.at("kind:deferred");
    const HostRow *mx = nullptr;
    const MapView map = map_view(now, reader.layout);
    for (const HostRow &row : map.hosts)
        if (row.host == static_cast<int>(now.record().host.value) && !row.badges.empty())
            mx = &row;
    REQUIRE(mx != nullptr);
    CHECK(mx->badges[0].wait > 0);
    CHECK(mx->badges[0].wait <= 1);
}

TEST_CASE("Exactly one thing on the map says now", "[views]")
{
    Reader reader("journey");
    for (const StoryStep &step : reader.story->steps()) {
        reader.state.record = step.record;
        reader.timeline.seek_record(step.record);
        const MapView map = map_view(reader.moment(), reader.layout);
        std::size_t marks = map.flights.size();
        for (const HostRow &row : map.hosts)
            marks += row.is_now ? 1U : 0U;
        INFO("record " << step.record);
        CHECK(marks <= 1);
        CHECK((marks == 1 || step.from.is_none()));
    }
}

TEST_CASE("Hosts have places of their own in every scenario", "[views]")
{
    for (const char *name : {"journey", "mail-loop", "several-recipients", "backup-mx", "nat",
                             "errors-554-blocklisted", "pop3-race", "forwarding"}) {
        INFO(name);
        const Reader reader(name);
        const auto box = [](Point at) { return Rect{at.x - 18, at.y - 17, 36, 34}; };
        const std::vector<Point> &hosts = reader.layout.hosts;
        for (std::size_t i = 0; i < hosts.size(); ++i) {
            CHECK(hosts[i].x > 0);
            CHECK(hosts[i].x < reader.layout.width);
            CHECK(hosts[i].y > 0);
            CHECK(hosts[i].y < reader.layout.height);
            for (std::size_t j = i + 1; j < hosts.size(); ++j) {
                INFO(reader.words->hosts()[i] << " and " << reader.words->hosts()[j]);
                CHECK(overlap_of(box(hosts[i]), box(hosts[j])) == 0);
            }
        }
        for (std::size_t i = 0; i < reader.layout.regions.size(); ++i)
            for (std::size_t j = i + 1; j < reader.layout.regions.size(); ++j)
                CHECK(overlap_of(reader.layout.regions[i].area, reader.layout.regions[j].area) ==
                      0);
    }
}

TEST_CASE("The dialog has the lines of one conversation up to now", "[views]")
{
    Reader reader("errors-550-user-unknown");
    const DialogView dialog = dialog_view(reader.at("reply:550 kind:reply-sent"));
    CHECK(dialog.title == "mx.example.com ⇄ mx.example.jp");
    REQUIRE(dialog.rows.size() > 5);
    CHECK(dialog.rows.back().is_now);
    CHECK(dialog.rows.back().lines[0].starts_with("550 5.1.1"));
    CHECK(dialog.rows.back().trouble == Mark::Permanent);
}

TEST_CASE("Every field of a packet lies inside its bytes and its layer", "[views]")
{
    Reader reader("errors-550-user-unknown");
    for (const char *query : {"reply:550 kind:reply-sent", "kind:query-sent", "kind:packet-sent"}) {
        const InspectorView view = inspector_view(reader.at(query));
        INFO(query);
        REQUIRE(view.layers.size() >= 2);
        for (const FieldRow &field : view.fields) {
            const LayerRow &layer = view.layers[field.layer];
            INFO(layer.name << " " << field.name);
            CHECK(field.offset >= layer.offset);
            CHECK(field.offset + field.length <= layer.offset + layer.length);
            CHECK(field.offset + field.length <= view.bytes.size());
        }
    }
}

TEST_CASE("What a packet carries has its name where a router passes it on, too", "[views]")
{
    const auto names_seen = [](const char *scenario) {
        Reader reader(scenario);
        std::set<std::string> names;
        const Records &records = reader.timeline.records();
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (records[i].kind != RecordKind::PacketForwarded)
                continue;
            const net::Packet &packet = records.packet(records[i].packet);
            const bool mail = packet.source.port == 587 || packet.destination.port == 587 ||
                              packet.source.port == 25 || packet.destination.port == 25;
            if (!mail || packet.payload.view().empty())
                continue;
            reader.state.record = i;
            names.insert(inspector_view(reader.moment()).layers.back().name);
        }
        return names;
    };
    CHECK(names_seen("journey") == std::set<std::string>{"SMTP"});
    CHECK(names_seen("starttls") == std::set<std::string>{"SMTP", "TLS"});
}

TEST_CASE("An error has the anatomy of its code, a chain of causes and a remedy", "[views]")
{
    for (const char *language : {"en", "ja"}) {
        Reader reader("errors-550-user-unknown", language);
        const Moment now = reader.at("reply:550 kind:reply-sent");
        const LessonView lesson = lesson_view(now, {}, {{"x", "Try", -1}});
        REQUIRE(lesson.anatomy.size() == 4);
        CHECK(lesson.anatomy[0].digits == "5");
        CHECK(lesson.anatomy[3].digits == "5.1.1");
        CHECK_FALSE(lesson.anatomy[3].meaning.empty());
        CHECK(lesson.mark == Mark::Permanent);
        REQUIRE(lesson.why.size() >= 2);
        CHECK(lesson.why.size() <= 5);
        CHECK(lesson.why.front().is_now);
        CHECK(lesson.why.back().is_root);
        CHECK_FALSE(lesson.fault.empty());
        CHECK(lesson.remedies.size() == 1);
    }
}

TEST_CASE("Settings that are written are read back", "[state]")
{
    UiState state;
    state.language = "ja";
    state.dark = false;
    state.scale = 1.5F;
    state.done["journey.json"] = -1;
    state.moved_hosts["mx.example.jp"] = {12, 34};
    UiState again;
    read_settings("unknown key\n" + write_settings(state), again);
    CHECK(again.language == "ja");
    CHECK_FALSE(again.dark);
    CHECK(again.scale == 1.5F);
    CHECK(again.done.at("journey.json") == -1);
    CHECK(again.moved_hosts.at("mx.example.jp").y == 34);
}

TEST_CASE("A remedy's branch is called by the remedy's label in the language in use", "[views]")
{
    for (const char *language : {"en", "ja"}) {
        Reader reader("errors-550-user-unknown", language);
        const RemedySpec &remedy = reader.parsed.scenario.remedies.front();
        reader.timeline.fork(remedy.id, {}, {});
        const TimelineView view = timeline_view(reader.moment(), reader.timeline);
        REQUIRE(view.branches.size() == 2);
        CHECK(view.branches[0].name.empty());
        CHECK(view.branches[1].name == reader.words->choose(remedy.label));
        CHECK(view.branches[1].name != remedy.id);
    }
}

TEST_CASE("The library begins with the journey, and the easy lessons of a topic come first",
          "[views]")
{
    Reader reader("journey");
    std::vector<CardRow> cards;
    for (const char *name : {"dns-cache", "errors-552-mailbox-full", "errors-450-greylisting",
                             "home-line-cut", "journey", "japanese-letter", "pop3-offline"})
        cards.push_back(card_of(Reader(name).parsed.scenario, "en"));
    const LibraryView library = library_view(std::move(cards), *reader.words);
    std::vector<std::string> order;
    for (const CardRow &card : library.cards) {
        const std::size_t slash = card.file.rfind('/') + 1;
        order.push_back(card.file.substr(slash, card.file.size() - slash - 5));
    }
    CHECK(order == std::vector<std::string>{"journey", "home-line-cut", "japanese-letter",
                                            "dns-cache", "pop3-offline", "errors-450-greylisting",
                                            "errors-552-mailbox-full"});
}

TEST_CASE("The small map of a lesson is lit where its story happens", "[views]")
{
    const auto thumb = [](const char *name) {
        return card_of(Reader(name).parsed.scenario, "en").thumb;
    };
    CHECK(thumb("errors-550-user-unknown").at == ThumbPlace::Box);
    CHECK(thumb("errors-550-host-unknown").at == ThumbPlace::Names);
    CHECK(thumb("errors-451-name-server-timeout").at == ThumbPlace::Names);
    CHECK(thumb("errors-552-mailbox-full").full);
    CHECK(thumb("errors-552-mailbox-full").at == ThumbPlace::Box);
    CHECK_FALSE(thumb("errors-552-message-too-large").full);
    CHECK(thumb("errors-552-message-too-large").at == ThumbPlace::Submission);
    CHECK(thumb("errors-552-message-too-large-recipient").at == ThumbPlace::Relay);
    CHECK(thumb("errors-551-user-moved").moved);
    CHECK(thumb("errors-535-wrong-password").at == ThumbPlace::Submission);
    CHECK(thumb("two-devices-pop3").devices);
    CHECK(thumb("two-devices-pop3").reading == Mark::Pop3);
    CHECK(thumb("two-devices-pop3").first == ThumbPlace::Box);
    CHECK(thumb("nat").home);
    CHECK(thumb("dns-cache").names);
    const ThumbRow journey = thumb("journey");
    CHECK(journey.names);
    CHECK(journey.first == ThumbPlace::Writer);
    CHECK(journey.last == ThumbPlace::Reader);
}

TEST_CASE("An engine's state diagram has edges between known states, and the present one is lit",
          "[views]")
{
    Reader reader("errors-550-user-unknown");
    const Moment now = reader.at("kind:command-sent text:RCPT");
    const HostId server = now.record().peer;
    reader.state.tab = InspectorTab::State;
    reader.state.host = static_cast<int>(server.value);
    const InspectorView view = inspector_view(reader.moment());
    REQUIRE_FALSE(view.engines.empty());
    for (const EngineView &engine : view.engines) {
        INFO(engine.title);
        REQUIRE(engine.states.size() > 4);
        CHECK(std::count_if(engine.states.begin(), engine.states.end(),
                            [](const StateNode &state) { return state.is_now; }) == 1);
        CHECK(engine.edges.size() >= engine.states.size() - 2);
        for (const StateEdge &edge : engine.edges) {
            REQUIRE(edge.from < engine.states.size());
            REQUIRE(edge.to < engine.states.size());
            CHECK(edge.is_exit == engine.states[edge.from].is_now);
        }
        CHECK_FALSE(engine.exits.empty());
    }
    const EngineView &smtp = view.engines.front();
    CHECK(smtp.title.starts_with("smtp-server"));
    CHECK(smtp.states.front().name == "Opening");
}

TEST_CASE("The inspector tells what is set on a host", "[views]")
{
    Reader reader("errors-550-user-unknown");
    reader.at("reply:550 kind:reply-sent");
    reader.state.tab = InspectorTab::Host;
    const auto told = [&](std::string_view host, std::string_view value) {
        reader.state.host = static_cast<int>(reader.timeline.world().directory->find(host).value);
        const InspectorView view = inspector_view(reader.moment());
        return std::any_of(view.host.begin(), view.host.end(), [&](const FactRow &row) {
            return row.value.find(value) != std::string::npos;
        });
    };
    CHECK(told("mx.example.jp", "Postfix"));
    CHECK(told("mx.example.jp", "10240000 B"));
    CHECK(told("ns1.example.jp", "10 mx.example.jp."));
    CHECK(told("alice-laptop", "alice@example.com"));
}

TEST_CASE("Fields of a packet have Japanese names in Japanese", "[views]")
{
    Reader reader("errors-550-user-unknown", "ja");
    const InspectorView view = inspector_view(reader.at("reply:550 kind:reply-sent"));
    REQUIRE_FALSE(view.fields.empty());
    CHECK(std::any_of(view.fields.begin(), view.fields.end(),
                      [](const FieldRow &field) { return field.name == "送信元"; }));
    for (const FieldRow &field : view.fields)
        CHECK(field.name.find("address") == std::string::npos);
}

TEST_CASE("Every packet under way is on the map close up, and as a flow from afar", "[views]")
{
    Reader reader("errors-552-mailbox-full");
    const Traffic traffic(reader.timeline.records());
    REQUIRE(traffic.size() > 50);
    const std::size_t busiest = traffic.busiest();
    reader.state.record = busiest;
    reader.timeline.seek_record(busiest);
    const std::size_t count = traffic.count_at(busiest);
    REQUIRE(count >= 1);
    Moment now = reader.moment();
    now.traffic = &traffic;
    reader.state.camera.zoom = 2;
    const MapView near = map_view(now, reader.layout);
    CHECK(near.others.size() >= count);
    CHECK(near.flows.empty());
    for (const FlightRow &flight : near.others) {
        CHECK(flight.at > 0);
        CHECK(flight.at < 1);
    }
    reader.state.camera.zoom = 0.6F;
    const MapView far = map_view(now, reader.layout);
    CHECK(far.others.empty());
    std::size_t sum = 0;
    for (const FlowRow &flow : far.flows)
        sum += flow.count;
    CHECK(sum >= count);
}

TEST_CASE("A home is its person's, and any other place goes by its own name", "[views]")
{
    const auto names = [](const std::string &scenario, const char *language) {
        Reader reader(scenario, language);
        std::set<std::string> all;
        for (const RegionRow &region : map_view(reader.go_to(0), reader.layout).regions)
            all.insert(region.name);
        return all;
    };
    CHECK(names("two-devices-pop3", "en").count("Hana’s home") == 1);
    CHECK(names("two-devices-pop3", "ja").count("ハナの家") == 1);
    CHECK(names("nat", "ja").count("会社") == 1);
    CHECK(names("imap-tls", "ja").count("喫茶店") == 1);
    CHECK(names("imap-tls", "en").count("Hana’s home") == 0);
}

TEST_CASE("A device of several is named in the reader's language", "[views]")
{
    const Reader reader("two-devices-pop3", "ja");
    const HostId phone = reader.timeline.world().directory->find("hana-phone");
    CHECK(reader.words->short_host(phone) == "ハナのスマートフォン");
}

TEST_CASE("A packet is under way from one end of its wire to the other", "[views]")
{
    Reader reader("journey");
    const Records &records = reader.timeline.records();
    const Traffic traffic(records);
    std::size_t sent = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].kind != RecordKind::PacketSent)
            continue;
        ++sent;
        const std::vector<Hop> hops = traffic.at(i);
        REQUIRE_FALSE(hops.empty());
        CHECK(hops.back().start == i);
        CHECK(hops.back().from == records[i].host);
    }
    CHECK(sent > 20);
    CHECK(traffic.count_at(records.size() - 1) == 0);
}

TEST_CASE("A bad address is shown where it was said, with what is wrong in it", "[views]")
{
    CHECK(wrong_octets("bob@@example.jp") == std::vector<std::size_t>{3});
    CHECK(wrong_octets("bob smith@example.jp") == std::vector<std::size_t>{3});
    CHECK(wrong_octets("bob..b@exa_mple.jp") == std::vector<std::size_t>{4, 10});
    CHECK(wrong_octets("bob@example.jp.") == std::vector<std::size_t>{14});
    CHECK(wrong_octets("bob").size() == 3);

    // Only a program from outside says such a thing: the simulated ones read it first.
    Reader reader("errors-550-user-unknown", "en", Reader::Outside::Machine);
    World world = Reader::world_of(reader.parsed.scenario, Reader::Outside::Machine);
    Records records;
    const auto act = [&](const OutsideAct &what) {
        const OutsideResult result = act_outside(world, records, what);
        const SimTime limit = world.now + std::chrono::seconds(2);
        while (step(world, records, limit)) {
        }
        return result.session;
    };
    const HostInfo &mx = world.directory->hosts[world.directory->find("mx.example.jp").value];
    const Handle session = act(OutsideConnect{{mx.address, 25}, Protocol::Smtp});
    for (const char *line : {"EHLO here.example\r\n", "MAIL FROM:<carol@here.example>\r\n",
                             "RCPT TO:<bob@@example.jp>\r\n"})
        act(OutsideSay{session, SharedBytes::copy_of(line)});
    std::size_t refusal = 0;
    for (std::size_t i = 0; i < records.size(); ++i)
        if (records[i].status == status_number(5, 1, 3))
            refusal = i;
    REQUIRE(refusal > 0);
    const Story story(records);
    reader.state.record = refusal;
    const Moment now{reader.parsed.scenario, records, world, story, *reader.words, reader.state};
    const MapView map = map_view(now, lay_out_map(reader.parsed.scenario, world));
    REQUIRE(map.faults.size() == 1);
    CHECK(map.faults[0].shape == FaultShape::BadAddress);
    CHECK(map.faults[0].text == "bob@@example.jp");
    CHECK(map.faults[0].wrong == std::vector<std::size_t>{3});
    const HostRow *outside = named(map, outside_name);
    REQUIRE(outside != nullptr);
    CHECK(map.faults[0].at.x == outside->at.x);
}

TEST_CASE("A mailbox that is not there stands where it was looked for", "[views]")
{
    Reader reader("errors-550-user-unknown");
    // The sender's server tells of it, the recipient's has looked.
    const MapView map = map_view(reader.at("kind:delivery-failed"), reader.layout);
    const HostRow *ghost = named(map, "ghost");
    const HostRow *asked = named(map, "mx.example.jp");
    REQUIRE(ghost != nullptr);
    REQUIRE(asked != nullptr);
    CHECK(ghost->host == asked->host);
    CHECK(ghost->at.x > asked->at.x);
}

TEST_CASE("Content is said by who sent it, and is decrypted only where it was encrypted", "[views]")
{
    Reader imap("imap-two-devices");
    const DialogView plain = dialog_view(imap.at("kind:content-sent protocol:imap"));
    REQUIRE_FALSE(plain.rows.empty());
    CHECK(plain.rows.back().chip == "S");
    CHECK(plain.rows.back().filled);
    CHECK(plain.rows.back().mark == Mark::Imap);
    CHECK(plain.note.empty());
    const DialogView smtp = dialog_view(imap.at("kind:content-sent protocol:smtp"));
    CHECK(smtp.rows.back().chip == "C");
    CHECK(smtp.rows.back().mark == Mark::Letter);
    Reader page("two-devices-webmail");
    CHECK(dialog_view(page.at("kind:content-sent protocol:http text:DOCTYPE")).rows.back().chip ==
          "S");
    CHECK(dialog_view(page.at("kind:content-sent protocol:http text:user=hana")).rows.back().chip ==
          "C");
    Reader tls("starttls");
    const std::size_t secret = tls.at("kind:tls-established").index();
    const Records &records = tls.timeline.records();
    std::size_t told = 0;
    for (std::size_t i = secret; i < records.size(); ++i)
        if (records[i].kind == RecordKind::ContentSent &&
            records[i].conversation == records[secret].conversation) {
            CHECK_FALSE(dialog_view(tls.go_to(i)).note.empty());
            ++told;
        }
    CHECK(told > 0);
}

TEST_CASE("A provider's region has the address of its network", "[views]")
{
    const Reader reader("journey");
    for (const RegionRow &region : reader.layout.regions) {
        INFO(region.name);
        CHECK(region.network == (region.name == "isp-a"   ? "198.51.100.0/26"
                                 : region.name == "isp-b" ? "203.0.113.0/26"
                                                          : ""));
    }
}

TEST_CASE("A region where nothing happens is dimmed", "[views]")
{
    Reader reader("journey");
    const MapView map = map_view(reader.at("kind:letter-written"), reader.layout);
    const auto lit = std::count_if(map.regions.begin(), map.regions.end(),
                                   [](const RegionRow &region) { return !region.dimmed; });
    CHECK(lit == 1);
}

TEST_CASE("Packets close behind each other are one mark with their number", "[views]")
{
    Reader reader("errors-552-mailbox-full");
    const Traffic traffic(reader.timeline.records());
    Moment now = reader.at("kind:delivery-failed");
    now.traffic = &traffic;
    const MapView map = map_view(now, reader.layout);
    std::size_t sum = 0;
    std::size_t most = 0;
    for (const FlightRow &flight : map.others) {
        sum += flight.count;
        most = std::max(most, flight.count);
    }
    CHECK(map.under_way > 10);
    CHECK(map.others.size() < sum);
    CHECK(sum <= map.under_way);
    CHECK(most > 1);
}

TEST_CASE("A refusal's title begins with its reply code", "[views]")
{
    const auto title = [](const char *scenario, const char *query) {
        Reader reader(scenario);
        return lesson_view(reader.at(query), {}, {}).title;
    };
    CHECK(title("errors-551-user-moved", "reply:551 kind:reply-sent").starts_with("551 "));
    CHECK(title("errors-553-not-authenticated", "reply:553 kind:reply-sent").starts_with("553 "));
    CHECK(title("errors-552-mailbox-full", "kind:delivery-failed").starts_with("5.2.2 "));
}
