// mailscope serve: the simulated servers on real sockets.
#include "sim/cli/capture_file.h"
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/serve_api.h"
#include "sim/live/door.h"
#include "sim/scenario/build.h"
#include "sim/scenario/serving.h"
#include "sim/trace/json_lines.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace mailscope::cli
{
namespace
{

/// 127.0.0.1, ::1 and their like.
bool is_loopback(const std::string &address)
{
    return address.empty() || address == "::1" || address.rfind("127.", 0) == 0;
}

/// What a program that starts this one needs to know, in one line of JSON.
std::string readiness(const Scenario &scenario, const live::Door &door, const ServeOptions &options)
{
    nlohmann::ordered_json line;
    line["ready"] = true;
    line["scenario"] = scenario.file;
    line["address"] = options.bind.empty() ? "127.0.0.1" : options.bind;
    nlohmann::ordered_json ports = nlohmann::ordered_json::array();
    for (const live::OpenPort &port : door.ports()) {
        if (!line.contains(port.service))
            line[port.service] = port.port;
        if (port.host.empty())
            continue;
        ports.push_back({{"service", port.service}, {"host", port.host}, {"port", port.port}});
    }
    line["ports"] = std::move(ports);
    nlohmann::ordered_json accounts = nlohmann::ordered_json::array();
    for (const DomainSpec &domain : scenario.domains)
        for (const MailboxSpec &mailbox : domain.mailboxes)
            accounts.push_back(
                {{"address", mailbox.user + "@" + domain.name}, {"password", mailbox.password}});
    line["accounts"] = std::move(accounts);
    line["certificate"] = door.certificate();
    return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<live::Wish> wishes_of(const ServeOptions &options)
{
    std::vector<live::Wish> wishes;
    for (const ServeOptions::Port &port : options.ports)
        wishes.push_back({port.service, port.port, true});
    return wishes.empty() ? live::all_services() : wishes;
}

/// The whole trace as JSON Lines.
bool write_trace(const std::string &path, const live::Simulation &simulation)
{
    const std::vector<std::string> hosts = host_names(simulation.world());
    const Records &records = simulation.records();
    std::string text;
    for (std::size_t i = 0; i < records.size(); ++i)
        append_json_line(text, records[i], records, hosts);
    return write_file(path, text);
}

/// The packets of real programs, as they pass their machine's wire. A packet that is captured at
/// several wires looks like a repeated one.
bool write_capture(const ServeOptions &options, const Scenario &scenario,
                   const live::Simulation &simulation)
{
    const Result<std::vector<Tap>> taps = taps_at(simulation.world(), {outside_name, ""});
    if (!taps)
        return false;
    const std::vector<std::string> hosts = host_names(simulation.world());
    const Catalogue catalogue = load_catalogue(options.language);
    Output nowhere;
    const Records &records = simulation.records();
    const Narrator narrator({scenario, records, hosts, catalogue, Detail::Packets, false}, nowhere);
    CaptureFile capture(simulation.world(), records, narrator, *taps);
    for (std::size_t i = 0; i < records.size(); ++i)
        capture.add(i);
    capture.settle();
    return write_file(options.capture_file, capture.take());
}

/// The files that were asked for; what cannot be written is said.
ExitStatus write_files(const ServeOptions &options, const Scenario &scenario,
                       const live::Simulation &simulation, Output &err)
{
    ExitStatus status = ExitStatus::Good;
    const auto check = [&](const std::string &file, bool written) {
        if (written)
            return;
        complain(err, file + ": cannot be written");
        status = ExitStatus::BadInput;
    };
    if (!options.trace_file.empty())
        check(options.trace_file, write_trace(options.trace_file, simulation));
    if (!options.capture_file.empty())
        check(options.capture_file, write_capture(options, scenario, simulation));
    return status;
}

} // namespace

ExitStatus serve(const ServeOptions &options, Streams streams)
{
    std::optional<Scenario> scenario = load_scenario(options.file, streams.err);
    if (!scenario)
        return ExitStatus::BadInput;
    if (!is_loopback(options.bind) && !options.yes_expose) {
        complain(streams.err, "--bind " + options.bind +
                                  ": others could reach these servers, whose passwords are "
                                  "public; add --yes-expose if that is wanted");
        return ExitStatus::BadInput;
    }
    if (!is_loopback(options.bind))
        complain(streams.err, "warning: others can reach these servers on " + options.bind);
    *scenario =
        as_served(std::move(*scenario), options.story ? ServedStory::Plays : ServedStory::Waits);
    if (options.no_tls)
        turn_tls_off(*scenario);
    Result<World> world = build_world(*scenario, options.seed);
    if (!world) {
        complain(streams.err, scenario->file + ": " + world.error().message);
        return ExitStatus::BadInput;
    }
    live::DoorOptions wanted;
    wanted.wishes = wishes_of(options);
    wanted.hosts = options.hosts;
    wanted.bind = options.bind;
    wanted.tls = !options.no_tls;
    wanted.speed = options.fast ? live::Speed::Fast : live::Speed::Real;
    // Causes lead through packets.
    const bool all =
        !options.trace_file.empty() || !options.capture_file.empty() || options.api_port;
    wanted.trace = all ? TraceLevel::Everything : TraceLevel::Nothing; // Nobody reads it.
    wanted.exit_after = options.exit_after;
    std::ifstream file(options.file, std::ios::binary);
    ServeApi api(*scenario, {std::istreambuf_iterator<char>(file), {}}, options.language);
    wanted.api = &api;
    wanted.api_port = options.api_port;
    wanted.api_exposed = !is_loopback(options.bind);
    Result<live::Door> door = live::Door::open(std::move(*world), wanted);
    if (!door) {
        complain(streams.err, door.error().message);
        return ExitStatus::BadInput;
    }
    streams.out.line(readiness(*scenario, *door, options));
    streams.out.flush();
    door->run();
    return write_files(options, *scenario, door->simulation(), streams.err);
}

} // namespace mailscope::cli
