// mailscope serve: the simulated servers on real sockets.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/serve_api.h"
#include "sim/cli/serve_files.h"
#include "sim/live/door.h"
#include "sim/scenario/build.h"
#include "sim/scenario/serving.h"

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
    wishes.reserve(options.ports.size());
    for (const ServeOptions::Port &port : options.ports)
        wishes.push_back({port.service, port.port, true});
    return wishes.empty() ? live::all_services() : wishes;
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
    wanted.heeds_signals = true;
    wanted.exit_after = options.exit_after;
    std::ifstream file(options.file, std::ios::binary);
    ServeApi api(*scenario, {std::istreambuf_iterator<char>(file), {}}, options.language);
    wanted.api = &api;
    wanted.api_port = options.api_port;
    wanted.api_exposed = !is_loopback(options.bind);
    ServeFiles files(options, *scenario);
    if (const std::optional<std::string> bad = files.open()) {
        complain(streams.err, *bad + ": cannot be written");
        return ExitStatus::BadInput;
    }
    wanted.witness = &files;
    Result<live::Door> door = live::Door::open(std::move(*world), wanted);
    if (!door) {
        complain(streams.err, door.error().message);
        return ExitStatus::BadInput;
    }
    if (!options.certificate_file.empty() &&
        !(std::ofstream(options.certificate_file) << door->certificate() << std::flush)) {
        complain(streams.err, options.certificate_file + ": cannot be written");
        return ExitStatus::BadInput;
    }
    streams.out.line(readiness(*scenario, *door, options));
    streams.out.flush();
    door->run();
    if (const std::optional<std::string> bad = files.finish(door->simulation())) {
        complain(streams.err, *bad + ": cannot be written");
        return ExitStatus::BadInput;
    }
    return ExitStatus::Good;
}

} // namespace mailscope::cli
