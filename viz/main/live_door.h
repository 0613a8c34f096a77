// The live door as the app has it: opened, polled once in a frame, asked what is new.
//
// The one place of the app that touches sockets, by sim/live. It never waits and has no thread.
// Where the libraries of the live door are missing, live_door_absent.cpp stands in, and says so.
#pragma once

#include "sim/core/result.h"
#include "sim/scenario/scenario.h"
#include "sim/trace/records.h"
#include "sim/world/outside.h"
#include "viz/model/live_view.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mailscope::viz
{

struct LiveOptions
{
    std::vector<std::pair<std::string, std::uint16_t>> ports; ///< by service; empty: all, free ones
    bool tls = true;
    bool fast = false;          ///< waiting is skipped
    std::uint16_t api_port = 0; ///< of the JSON API (docs/serve.md); 0: any free one
    std::string language = "en";
};

class LiveDoor
{
public:
    /// Opens the ports for a scenario that was made ready (as_served in sim/scenario/serving.h).
    /// Fails as the live door does: a port is taken, a service is not there.
    [[nodiscard]] static Result<std::unique_ptr<LiveDoor>> open(const Scenario &scenario,
                                                                const LiveOptions &options);
    ~LiveDoor();
    LiveDoor(const LiveDoor &) = delete;
    LiveDoor &operator=(const LiveDoor &) = delete;

    /// The World as it was when the ports were opened, its outside machine with it.
    const World &start() const;
    const LiveView &view() const;

    /// Takes what programs have said, lets time pass, hands out what servers have said.
    void poll();
    const World &world() const;
    const Records &records() const;
    std::vector<TimedAct> take_acts();
    /// Whether somebody has set the World back to its start since the last call.
    bool take_reset();
    /// An order to the World that is served, now or after a while.
    void order(const Order &order, Duration after = Duration::zero());

private:
    struct Parts;

    explicit LiveDoor(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

} // namespace mailscope::viz
