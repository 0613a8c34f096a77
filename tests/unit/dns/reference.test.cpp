// Recorded messages of NSD 4.6 and Unbound 1.17 (tests/dialogue/reference/dns) against our code.
//
// Every message decodes to what an independent library decoded, and encodes to an equal message: to
// the same octets, because both servers compress as this code does. Our name server answers the
// recorded queries from zones rebuilt out of the recorded answers; where it deliberately differs
// stands in tests/dialogue/reference/differences-dns.txt; an entry that no longer differs fails.
#include "sim/core/text.h"
#include "tests/unit/dns/internet.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

using namespace mailscope;
using namespace mailscope::dns;
using namespace mailscope::dns::test;
using nlohmann::json;

namespace
{

const std::filesystem::path folder =
    std::filesystem::path(MAILSCOPE_SOURCE_DIR) / "tests" / "dialogue" / "reference";

std::vector<json> cases()
{
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder / "dns"))
        files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<json> result;
    for (const auto &file : files) {
        std::ifstream in(file);
        result.push_back(json::parse(in));
    }
    REQUIRE(result.size() >= 38);
    return result;
}

std::string octets_of(const std::string &hex)
{
    std::string octets;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        octets += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    return octets;
}

/// All recorded messages, with what the other library read where that was recorded.
struct RecordedMessage
{
    std::string name;
    std::string octets;
    json decoded;
};

std::vector<RecordedMessage> messages()
{
    std::vector<RecordedMessage> result;
    for (const json &one : cases())
        for (const json &exchange : one["exchanges"])
            for (const std::string side : {"query", "response"})
                if (const json hex = exchange.value(side + "_hex", json()); hex.is_string())
                    result.push_back({one["case"].get<std::string>() + " " + side,
                                      octets_of(hex.get<std::string>()),
                                      exchange.value(side, json())});
    return result;
}

/// Record lines in a fixed order: sections are compared as sets.
std::vector<std::string> lines_of(const std::vector<ResourceRecord> &section)
{
    std::vector<std::string> lines;
    for (const ResourceRecord &record : section)
        lines.push_back(to_string(record.owner) + ' ' + std::to_string(record.ttl) + ' ' +
                        to_string(record.type) + ' ' + to_string(record.data));
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::vector<std::string> lines_of(const json &section)
{
    std::vector<std::string> lines;
    for (const json &set : section)
        for (const json &data : set["rdata"])
            lines.push_back(set["name"].get<std::string>() + ' ' + set["ttl"].dump() + ' ' +
                            set["type"].get<std::string>() + ' ' + data.get<std::string>());
    std::sort(lines.begin(), lines.end());
    return lines;
}

/// The zones of the recorded name server: what its answers show, and what they let one conclude.
std::vector<Zone> recorded_zones()
{
    std::map<std::string, std::vector<std::string>> rows;
    const std::string soa =
        " 3600 SOA ns1.example.test. hostmaster.example.test. 2026010101 3600 900 604800 300";
    for (const char *origin : {"example.test.", "sender.test.", "dnsbl.test.", "127.in-addr.arpa.",
                               "xn--wgv71a119e.test."}) {
        rows[origin] = {origin + soa, std::string(origin) + " 3600 NS ns1.example.test."};
    }
    // Seen only as an empty non-terminal.
    rows["example.test."].push_back("_submission._tcp.example.test. 3600 TXT below");
    for (const json &one : cases())
        for (const json &exchange : one["exchanges"]) {
            if (one["case"].get<std::string>().substr(0, 9) != "dns-auth-")
                continue;
            for (const char *section : {"answer", "authority", "additional"})
                for (const std::string &line : lines_of(exchange["response"][section]))
                    for (auto &[origin, zone] : rows)
                        if (parse_record(line)->owner.is_subdomain_of(Name::of(origin)) &&
                            parse_record(line)->type != Type::Soa)
                            zone.push_back(line);
        }
    std::vector<Zone> zones;
    for (const auto &[origin, zone] : rows)
        zones.push_back(zone_of(origin, zone));
    return zones;
}

std::vector<Zone> root_zones()
{
    std::vector<Zone> zones;
    zones.push_back(
        zone_of(".", {". 86400 SOA ns.root. root.root. 1 2 3 4 5", "test. 86400 NS ns.tld.test.",
                      "ns.tld.test. 86400 A 127.0.0.12"}));
    return zones;
}

std::vector<Zone> tld_zones()
{
    std::vector<Zone> zones;
    zones.push_back(zone_of(
        "test.",
        {"test. 86400 SOA ns.tld.test. hostmaster.test. 2026010101 1800 900 604800 900",
         "test. 86400 NS ns.tld.test.", "ns.tld.test. 86400 A 127.0.0.12",
         "example.test. 3600 NS ns1.example.test.", "example.test. 3600 NS ns2.example.test.",
         "ns1.example.test. 3600 A 127.0.0.13", "ns2.example.test. 3600 A 127.0.0.14"}));
    return zones;
}

std::string flags_of(const Message &message)
{
    const Header &header = message.header;
    return fmt::format("qr={} aa={} tc={} rd={} ra={} question={} edns={}", header.is_response,
                       header.authoritative, header.truncated, header.recursion_desired,
                       header.recursion_available, message.question.has_value(),
                       message.edns.has_value());
}

/// What differs between our response and the recorded one: "rcode REFUSED, NSD NOERROR".
std::vector<std::string> differences(const std::string &ours, const std::string &theirs)
{
    if (ours.empty() || theirs.empty())
        return ours == theirs ? std::vector<std::string>() : std::vector<std::string>{"silence"};
    const Message mine = decode(ours).value();
    const Message recorded = decode(theirs).value();
    std::vector<std::string> found;
    if (mine.header.rcode != recorded.header.rcode)
        found.push_back("rcode " + to_string(mine.header.rcode) + ", NSD " +
                        to_string(recorded.header.rcode));
    if (flags_of(mine) != flags_of(recorded))
        found.push_back("flags " + flags_of(mine) + ", NSD " + flags_of(recorded));
    if (mine.question != recorded.question)
        found.push_back("question");
    if (mine.edns != recorded.edns)
        found.push_back("edns");
    if (lines_of(mine.answer) != lines_of(recorded.answer))
        found.push_back("answer");
    if (lines_of(mine.authority) != lines_of(recorded.authority))
        found.push_back("authority");
    if (lines_of(mine.additional) != lines_of(recorded.additional))
        found.push_back("additional");
    return found;
}

/// "case | what" of every deliberate difference.
std::vector<std::string> listed_differences()
{
    std::vector<std::string> entries;
    std::ifstream in(folder / "differences-dns.txt");
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#')
            continue;
        const std::size_t reason = line.rfind(" | ");
        REQUIRE(reason != std::string::npos);
        REQUIRE(line.size() > reason + 3);
        entries.push_back(line.substr(0, reason));
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

} // namespace

TEST_CASE("Recorded messages decode to what another library read", "[dns][reference]")
{
    for (const RecordedMessage &recorded : messages()) {
        INFO(recorded.name);
        const Result<Message> message = decode(recorded.octets);
        REQUIRE(message.has_value());
        const json &other = recorded.decoded;
        if (other.is_null())
            continue;
        CHECK(message->header.id == other["id"]);
        CHECK(message->header.is_response == other["qr"]);
        CHECK(message->header.authoritative == other["aa"]);
        CHECK(message->header.truncated == other["tc"]);
        CHECK(message->header.recursion_desired == other["rd"]);
        CHECK(message->header.recursion_available == other["ra"]);
        CHECK(to_string(message->header.rcode) == other["rcode"]);
        REQUIRE(message->question.has_value() == !other["question"].empty());
        if (message->question) {
            CHECK(to_string(message->question->name) == other["question"][0]["name"]);
            CHECK(to_string(message->question->type) == other["question"][0]["type"]);
        }
        CHECK(lines_of(message->answer) == lines_of(other["answer"]));
        CHECK(lines_of(message->authority) == lines_of(other["authority"]));
        CHECK(lines_of(message->additional) == lines_of(other["additional"]));
        REQUIRE(message->edns.has_value() == other.contains("edns"));
        if (message->edns) {
            CHECK(message->edns->version == other["edns"]["version"]);
            CHECK(message->edns->udp_octets == other["edns"]["udp_size"]);
            CHECK(message->edns->options.empty());
        }
    }
}

TEST_CASE("Recorded messages encode to equal messages, and to the same octets", "[dns][reference]")
{
    for (const RecordedMessage &recorded : messages()) {
        INFO(recorded.name);
        const Message message = decode(recorded.octets).value();
        const std::string octets = encode(message);
        CHECK(decode(octets).value() == message);
        CHECK(octets == recorded.octets);
    }
}

TEST_CASE("Our name server answers as the recorded one, but for the listed differences",
          "[dns][reference]")
{
    const std::vector<Zone> zones = recorded_zones();
    std::vector<std::string> found;
    for (const json &one : cases()) {
        const std::string name = one["case"];
        if (one["server"] != "NSD")
            continue;
        const std::vector<Zone> &served = name == "dns-root-referral"       ? root_zones()
                                          : name.substr(0, 8) == "dns-tld-" ? tld_zones()
                                                                            : zones;
        for (const json &exchange : one["exchanges"]) {
            const json &recorded = exchange["response_hex"];
            const std::string theirs =
                recorded.is_null() ? std::string() : octets_of(recorded.get<std::string>());
            const Transport transport =
                exchange["transport"] == "tcp" ? Transport::Tcp : Transport::Udp;
            const std::string ours =
                respond(served, octets_of(exchange["query_hex"].get<std::string>()), transport);
            for (const std::string &difference : differences(ours, theirs))
                found.push_back(name + " | " + difference);
        }
    }
    std::sort(found.begin(), found.end());
    CHECK(found == listed_differences());
}

TEST_CASE("Our resolver says what the recorded one says, over the same zones", "[dns][reference]")
{
    // Compared: code, flags, answer and authority sections without the TTLs, which depend on when
    // the recording was made. Unbound also sends addresses it has by chance; ours sends none.
    Internet internet;
    internet.resolver = Resolver({RootHint{Name(), address_of("127.0.0.11")}}, Rng(1, "dns"));
    internet.serve("127.0.0.11",
                   zone_of(".", {". 86400 SOA ns.root. root.root. 1 2 3 4 5",
                                 "test. 86400 NS ns.tld.test.", "ns.tld.test. 86400 A 127.0.0.12",
                                 "127.in-addr.arpa. 86400 NS ns1.example.test."}));
    std::vector<std::string> tld = {
        "test. 86400 SOA ns.tld.test. hostmaster.test. 2026010101 1800 900 604800 900",
        "ns1.example.test. 3600 A 127.0.0.13", "ns.tld.test. 86400 A 127.0.0.12"};
    for (const char *zone : {"example.test", "sender.test", "nodata.test", "lame.test"})
        tld.push_back(std::string(zone) + ". 3600 NS ns1.example.test.");
    internet.serve("127.0.0.12", zone_of("test.", tld));
    const std::string soa =
        " 3600 SOA ns1.example.test. hostmaster.example.test. 2026010101 3600 900 604800 300";
    for (const Zone &zone : recorded_zones())
        if (to_string(zone.origin()) != "127.in-addr.arpa.")
            internet.servers[address_of("127.0.0.13").value].push_back(zone);
    internet.serve("127.0.0.13", zone_of("nodata.test.", {"nodata.test." + soa}));
    internet.serve("127.0.0.13", zone_of("127.in-addr.arpa.",
                                         {"127.in-addr.arpa." + soa,
                                          "30.0.0.127.in-addr.arpa. 3600 PTR mx.example.test."}));

    const auto without_ttl = [](std::vector<ResourceRecord> section) {
        for (ResourceRecord &record : section)
            record.ttl = 0;
        return lines_of(section);
    };
    std::size_t compared = 0;
    for (const json &one : cases()) {
        if (one["server"] != "Unbound")
            continue;
        for (const json &exchange : one["exchanges"]) {
            INFO(one["case"].get<std::string>());
            const Message recorded =
                decode(octets_of(exchange["response_hex"].get<std::string>())).value();
            internet.resolver.receive_query(
                ClientToken{++internet.last_client},
                exchange["transport"] == "tcp" ? Transport::Tcp : Transport::Udp,
                octets_of(exchange["query_hex"].get<std::string>()), internet.now);
            internet.run();
            const Message &ours = internet.answers[internet.last_client];
            CHECK(to_string(ours.header.rcode) == to_string(recorded.header.rcode));
            CHECK(flags_of(ours) == flags_of(recorded));
            CHECK(ours.header.id == recorded.header.id);
            CHECK(ours.question == recorded.question);
            CHECK(without_ttl(ours.answer) == without_ttl(recorded.answer));
            CHECK(without_ttl(ours.authority) == without_ttl(recorded.authority));
            ++compared;
        }
    }
    CHECK(compared >= 11);
}
