// The JSON API of `mailscope serve`.
#include "sim/cli/serve_api.h"

#include "sim/cli/causes.h"
#include "sim/cli/loading.h"
#include "sim/cli/narrator.h"
#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/protocol/http/uri.h"
#include "sim/scenario/parse.h"
#include "sim/scenario/play.h"
#include "sim/scenario/values.h"
#include "sim/world/inspect.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace mailscope::cli
{
namespace
{

using Json = nlohmann::ordered_json;

http::Response respond(int status, std::string_view type, std::string_view content)
{
    http::Response response;
    response.status = status;
    response.fields = {{"Content-Type", std::string(type)}, {"Cache-Control", "no-store"}};
    response.content = SharedBytes::copy_of(content);
    return response;
}

http::Response respond(int status, const Json &json)
{
    // Octets that are no UTF-8 are replaced: letters may have any.
    return respond(status, "application/json",
                   json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

http::Response problem(int status, std::string_view what)
{
    return respond(status, Json{{"error", what}});
}

/// A letter, and where it lies.
struct Found
{
    std::size_t store = 0;
    mail::UserId user;
    const mail::Folder *folder = nullptr;
    const mail::StoredLetter *letter = nullptr;
};

/// Which letters are meant; what is empty does not count.
struct Wanted
{
    std::string mailbox;
    std::string folder;
    std::string subject;
    std::uint32_t uid = 0;
};

/// Letters that came since the start: those that a scenario fills a mailbox with are old.
std::vector<Found> find_letters(const World &world, const Wanted &wanted)
{
    std::vector<Found> found;
    for (std::size_t i = 0; i < world.stores.size(); ++i) {
        const mail::Store &store = world.stores[i];
        for (std::uint32_t number = 0; number < store.user_count(); ++number) {
            const mail::Mailbox &mailbox = store.mailbox(mail::UserId{number});
            if (!wanted.mailbox.empty() && !equals_ignoring_case(mailbox.user, wanted.mailbox))
                continue;
            for (const mail::Folder &folder : mailbox.folders) {
                if (!wanted.folder.empty() && !equals_ignoring_case(folder.name(), wanted.folder))
                    continue;
                folder.for_each([&](const mail::StoredLetter &letter) {
                    const bool old = letter.internal_date == SimTime{};
                    if (old || (wanted.uid != 0 && letter.uid != wanted.uid))
                        return;
                    if (!wanted.subject.empty() &&
                        mail::read_message(letter.content.view()).subject.find(wanted.subject) ==
                            std::string::npos)
                        return;
                    found.push_back({i, mail::UserId{number}, &folder, &letter});
                });
            }
        }
    }
    return found;
}

Wanted wanted_of(const http::Request &request)
{
    const http::Form form = http::parse_form(request.query);
    return {std::string(value_of(form, "mailbox")), std::string(value_of(form, "folder")),
            std::string(value_of(form, "subject")), 0};
}

Json addresses(const std::vector<mail::NamedAddress> &list)
{
    Json names = Json::array();
    for (const mail::NamedAddress &one : list)
        names.push_back(to_string(one.address));
    return names;
}

double seconds_of(SimTime time) { return static_cast<double>(nanoseconds_since_start(time)) / 1e9; }

Json summary_of(const World &world, const Found &found)
{
    const std::string &user = world.stores[found.store].mailbox(found.user).user;
    const mail::ReadLetter letter = mail::read_message(found.letter->content.view());
    const std::string uid = std::to_string(found.letter->uid);
    std::string url = "/api/letters/" + http::percent_encode(user) + "/" + uid;
    if (found.folder->name() != mail::inbox_name)
        url += "?folder=" + http::percent_encode(found.folder->name());
    return {{"mailbox", user},
            {"folder", found.folder->name()},
            {"uid", found.letter->uid},
            {"from", addresses(letter.from)},
            {"to", addresses(letter.to)},
            {"subject", letter.subject},
            {"message_id", letter.message_id},
            {"size", found.letter->content.size()},
            {"seen", (found.letter->flags & mail::letter_flag::seen) != 0},
            {"received", seconds_of(found.letter->internal_date)},
            {"url", url}};
}

Json details_of(const World &world, const Found &found)
{
    Json json = summary_of(world, found);
    const mail::ReadLetter letter = mail::read_message(found.letter->content.view());
    json["cc"] = addresses(letter.cc);
    json["text"] = letter.text;
    Json files = Json::array();
    for (const mail::AttachmentSummary &file : letter.attachments)
        files.push_back(
            {{"name", file.name}, {"media_type", file.media_type}, {"size", file.size}});
    json["attachments"] = std::move(files);
    json["source"] = found.letter->content.view();
    return json;
}

Json list_of(const World &world, const std::vector<Found> &letters)
{
    Json list = Json::array();
    for (const Found &found : letters)
        list.push_back(summary_of(world, found));
    return {{"letters", std::move(list)}};
}

void remove(live::Simulation &simulation, const std::vector<Found> &letters)
{
    struct Place
    {
        std::size_t store;
        mail::UserId user;
        mail::FolderId folder;
        std::uint32_t uid;
    };
    std::vector<Place> places; // Removing moves letters; places stay.
    places.reserve(letters.size());
    for (const Found &found : letters)
        places.push_back({found.store, found.user, found.folder->id(), found.letter->uid});
    for (const Place &place : places)
        simulation.remove_letter(place.store, place.user, place.folder, place.uid);
}

/// "/api/letters/MAILBOX/UID" and what may follow.
std::optional<http::Response> one_letter(const http::Request &request, live::Simulation &simulation)
{
    std::string_view rest(request.path);
    rest.remove_prefix(std::string_view("/api/letters/").size());
    const std::size_t slash = rest.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    Wanted wanted = wanted_of(request);
    wanted.mailbox = http::percent_decode(rest.substr(0, slash));
    if (wanted.folder.empty())
        wanted.folder = std::string(mail::inbox_name);
    rest.remove_prefix(slash + 1);
    const bool source = rest.size() > 7 && rest.substr(rest.size() - 7) == "/source";
    if (source)
        rest.remove_suffix(7);
    wanted.uid = static_cast<std::uint32_t>(parse_decimal(rest).value_or(0));
    const std::vector<Found> found = find_letters(simulation.world(), wanted);
    if (wanted.uid == 0 || found.size() != 1)
        return problem(404, "no such letter");
    if (request.method == http::Method::Delete) {
        remove(simulation, found);
        return respond(200, Json{{"deleted", 1}});
    }
    if (source)
        return respond(200, "message/rfc822", found.front().letter->content.view());
    return respond(200, details_of(simulation.world(), found.front()));
}

http::Response letters(const http::Request &request, live::Simulation &simulation)
{
    const std::vector<Found> found = find_letters(simulation.world(), wanted_of(request));
    if (request.method != http::Method::Delete)
        return respond(200, list_of(simulation.world(), found));
    remove(simulation, found);
    return respond(200, Json{{"deleted", found.size()}});
}

http::Response queue(const live::Simulation &simulation)
{
    Json rows = Json::array();
    const World &world = simulation.world();
    for (const QueueRow &row : queue_rows(world))
        rows.push_back({{"host", world.directory->name_of(row.host)},
                        {"queue_id", row.queue_id},
                        {"sender", row.sender},
                        {"recipient", row.recipient},
                        {"attempts", row.attempt},
                        {"next_attempt_in", seconds_of(SimTime(row.next_attempt - world.now))},
                        {"status", to_string_status(row.status)},
                        {"problem", row.problem}});
    return respond(200, Json{{"queue", std::move(rows)}});
}

/// From the root to what is wondered at: a step each, packets left out.
Json causes(const Scenario &scenario, const live::Simulation &simulation,
            const Catalogue &catalogue)
{
    const Records &records = simulation.records();
    const std::vector<std::string> hosts = host_names(simulation.world());
    Output nowhere;
    const Narrator narrator({scenario, records, hosts, catalogue, Detail::Packets}, nowhere);
    Json steps = Json::array();
    const std::optional<std::size_t> index = most_wondered_at(records);
    if (!index)
        return steps;
    const std::vector<std::size_t> chain = chain_of(records, *index);
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
        const Record &record = records[*it];
        if (info_of(record.kind).layer == Layer::Packet && trouble_of(record) == Trouble::None)
            continue;
        steps.push_back({{"record", record.id.value},
                         {"at", seconds_of(record.at)},
                         {"kind", info_of(record.kind).name},
                         {"trouble", trouble_of(record) != Trouble::None},
                         {"what", narrator.summary(record)},
                         {"means", narrator.sentence(record)}});
    }
    return steps;
}

Json fault_row(const FaultSpec &fault)
{
    if (fault.host.empty())
        return {{"link", {fault.from, fault.to}}};
    return {{"host", fault.host}, {"port", fault.port}};
}

http::Response skip(const http::Request &request, live::Simulation &simulation)
{
    const Json body = Json::parse(request.content.view(), nullptr, false);
    std::optional<Duration> time;
    if (body.is_object() && body.contains("skip") && body["skip"].is_string())
        time = parse_duration(body["skip"].get<std::string>());
    if (!time)
        return problem(400, "expected {\"skip\": \"10m\"}");
    simulation.skip(*time);
    return respond(200, Json{{"now", seconds_of(simulation.world().now)}});
}

/// What is wrong, in the words of the scenario's parser.
http::Response refuse(const std::vector<Diagnostic> &diagnostics)
{
    Json list = Json::array();
    for (const Diagnostic &one : diagnostics)
        list.push_back({{"path", one.path},
                        {"found", one.found},
                        {"expected", one.expected},
                        {"suggestion", one.suggestion}});
    return respond(400, Json{{"error", "not understood"}, {"problems", std::move(list)}});
}

} // namespace

ServeApi::ServeApi(const Scenario &scenario, std::string text, std::string_view language)
    : scenario_(scenario), text_(std::move(text)), catalogue_(load_catalogue(language))
{
}

std::optional<http::Response> ServeApi::answer(const http::Request &request,
                                               live::Simulation &simulation, Duration waited)
{
    using http::Method;
    const std::string &path = request.path;
    const bool get = request.method == Method::Get || request.method == Method::Head;
    const bool post = request.method == Method::Post;
    const bool erase = request.method == Method::Delete;
    if (path == "/api/letters" && (get || erase))
        return letters(request, simulation);
    if (path.rfind("/api/letters/", 0) == 0 && (get || erase))
        if (std::optional<http::Response> response = one_letter(request, simulation))
            return response;
    if (path == "/api/wait" && get)
        return wait(request, simulation, waited);
    if (path == "/api/why" && get)
        return respond(200, Json{{"why", causes(scenario_, simulation, catalogue_)}});
    if (path == "/api/queue" && get)
        return queue(simulation);
    if (path == "/api/faults" && get) {
        Json list = Json::array();
        for (const FaultSpec &fault : simulation.world().faults)
            list.push_back(fault_row(fault));
        return respond(200, Json{{"faults", std::move(list)}});
    }
    if (path == "/api/faults" && (post || erase))
        return set_fault(request, simulation,
                         post ? FaultOrder::Turn::Begins : FaultOrder::Turn::Ends);
    if (path == "/api/changes" && post)
        return change(request, simulation);
    if (path == "/api/time" && post)
        return skip(request, simulation);
    if (path == "/api/reset" && post) {
        simulation.reset();
        return respond(200, Json{{"reset", true}});
    }
    return problem(404, "no such thing; docs/serve.md has the list");
}

std::optional<http::Response> ServeApi::wait(const http::Request &request,
                                             const live::Simulation &simulation,
                                             Duration waited) const
{
    const http::Form form = http::parse_form(request.query);
    const std::size_t count = static_cast<std::size_t>(
        std::max<std::uint64_t>(parse_decimal(value_of(form, "count")).value_or(1), 1));
    const std::string_view time = value_of(form, "timeout");
    const std::optional<Duration> timeout = time.empty() ? Duration(10s) : parse_duration(time);
    if (!timeout || *timeout > std::chrono::minutes(10))
        return problem(400, "timeout: expected a time such as 10s, at most 10m");
    const std::vector<Found> found = find_letters(simulation.world(), wanted_of(request));
    if (found.size() >= count)
        return respond(200, list_of(simulation.world(), found));
    if (waited < *timeout)
        return std::nullopt;
    Json json = list_of(simulation.world(), found);
    json["error"] = std::to_string(found.size()) + " of " + std::to_string(count) +
                    " letters came in " + std::to_string(whole_seconds(*timeout)) + " seconds";
    json["why"] = causes(scenario_, simulation, catalogue_);
    return respond(408, json);
}

/// The fault stands in the scenario instead of its own; so names are checked, too.
http::Response ServeApi::set_fault(const http::Request &request, live::Simulation &simulation,
                                   FaultOrder::Turn turn) const
{
    if (turn == FaultOrder::Turn::Ends && request.content.empty()) {
        for (const FaultSpec &fault : std::vector<FaultSpec>(simulation.world().faults))
            simulation.order(FaultOrder{fault, turn});
        return respond(200, Json{{"faults", Json::array()}});
    }
    Json scenario = Json::parse(text_, nullptr, false);
    const Json body = Json::parse(request.content.view(), nullptr, false);
    if (body.is_discarded())
        return problem(400, "the body is no JSON");
    scenario["world"]["faults"] = Json::array({body});
    const ParseResult parsed = parse_scenario(scenario.dump(), "request");
    if (!parsed.is_good())
        return refuse(parsed.diagnostics);
    for (const FaultSpec &fault : parsed.scenario.faults) {
        simulation.order(FaultOrder{fault, turn},
                         turn == FaultOrder::Turn::Begins ? fault.begins : Duration::zero());
        if (turn == FaultOrder::Turn::Begins && fault.ends)
            simulation.order(FaultOrder{fault, FaultOrder::Turn::Ends}, *fault.ends);
    }
    return respond(200, Json{{"ok", true}});
}

http::Response ServeApi::change(const http::Request &request, live::Simulation &simulation) const
{
    Json scenario = Json::parse(text_, nullptr, false);
    const Json body = Json::parse(request.content.view(), nullptr, false);
    if (body.is_discarded())
        return problem(400, "the body is no JSON");
    scenario.erase("expect"); // They may be about remedies that are not there now.
    scenario["remedies"] = Json::array({{{"id", "change"}, {"label", "change"}, {"change", body}}});
    const ParseResult parsed = parse_scenario(scenario.dump(), "request");
    if (!parsed.is_good())
        return refuse(parsed.diagnostics);
    for (const ChangeSpec &spec : parsed.scenario.remedies.front().changes)
        simulation.order(spec);
    return respond(200, Json{{"ok", true}});
}

} // namespace mailscope::cli
