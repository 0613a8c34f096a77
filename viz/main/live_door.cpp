// The live door as the app has it.
#include "viz/main/live_door.h"

#include "sim/cli/serve_api.h"
#include "sim/live/door.h"
#include "sim/scenario/build.h"

#include <fstream>
#include <iterator>
#include <utility>

namespace mailscope::viz
{

struct LiveDoor::Parts
{
    Parts(const Scenario &served, const std::string &text, std::string_view language)
        : scenario(served), api(scenario, text, language)
    {
    }

    Scenario scenario;
    cli::ServeApi api;
    std::optional<live::Door> door;
    World start;
    LiveView view;
    std::uint32_t resets = 0; ///< told of
};

Result<std::unique_ptr<LiveDoor>> LiveDoor::open(const Scenario &scenario,
                                                 const LiveOptions &options)
{
    Result<World> world = build_world(scenario);
    if (!world)
        return tl::unexpected<Error>(world.error());
    live::DoorOptions wanted;
    wanted.wishes = live::all_services();
    if (!options.ports.empty())
        wanted.wishes.clear();
    for (const auto &[service, port] : options.ports)
        wanted.wishes.push_back({service, port, true});
    wanted.tls = options.tls;
    wanted.speed = options.fast ? live::Speed::Fast : live::Speed::Real;
    wanted.trace = TraceLevel::Everything;
    wanted.keep_acts = true;
    std::ifstream file(scenario.file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    auto parts = std::make_unique<Parts>(scenario, text, options.language);
    wanted.api = &parts->api;
    wanted.api_port = options.api_port;
    Result<live::Door> door = live::Door::open(std::move(*world), wanted);
    if (!door)
        return tl::unexpected<Error>(door.error());
    parts->start = door->simulation().world();
    parts->door = std::move(*door);
    LiveView &view = parts->view;
    view.serves = true;
    view.address = "127.0.0.1";
    for (const live::OpenPort &port : parts->door->ports())
        view.ports.push_back({port.service, port.host, port.port});
    for (const DomainSpec &domain : scenario.domains)
        for (const MailboxSpec &mailbox : domain.mailboxes)
            view.accounts.push_back({mailbox.user + "@" + domain.name, mailbox.password});
    return std::unique_ptr<LiveDoor>(new LiveDoor(std::move(parts)));
}

LiveDoor::LiveDoor(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LiveDoor::~LiveDoor() = default;

const World &LiveDoor::start() const { return parts_->start; }
const LiveView &LiveDoor::view() const { return parts_->view; }
void LiveDoor::poll() { parts_->door->poll(); }
const World &LiveDoor::world() const { return parts_->door->simulation().world(); }
const Records &LiveDoor::records() const { return parts_->door->simulation().records(); }
std::vector<TimedAct> LiveDoor::take_acts() { return parts_->door->take_acts(); }

bool LiveDoor::take_reset()
{
    const std::uint32_t now = parts_->door->simulation().resets();
    return std::exchange(parts_->resets, now) != now;
}

void LiveDoor::order(const Order &order, Duration after) { parts_->door->order(order, after); }

} // namespace mailscope::viz
