// The live door of an app that was built without its libraries: never opens, and says so.
#include "viz/main/live_door.h"

#include <utility>

namespace mailscope::viz
{

struct LiveDoor::Parts
{
    World world;
    Records records;
    LiveView view;
};

Result<std::unique_ptr<LiveDoor>> LiveDoor::open(const Scenario &, const LiveOptions &)
{
    return fail("built without Asio or OpenSSL: nothing can be served (docs/hacking.md)");
}

LiveDoor::LiveDoor(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
LiveDoor::~LiveDoor() = default;

const World &LiveDoor::start() const { return parts_->world; }
const LiveView &LiveDoor::view() const { return parts_->view; }
void LiveDoor::poll() {}
const World &LiveDoor::world() const { return parts_->world; }
const Records &LiveDoor::records() const { return parts_->records; }
std::vector<TimedAct> LiveDoor::take_acts() { return {}; }
bool LiveDoor::take_reset() { return false; }
void LiveDoor::order(const Order &, Duration) {}

} // namespace mailscope::viz
