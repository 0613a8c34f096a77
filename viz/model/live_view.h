// What is open for programs outside while the app serves a scenario.
//
// Plain values: the live door fills them, the panel shows them. How fast live steps are shown is
// decided here, too, because packets come faster than anybody reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mailscope::viz
{

/// A port of this machine that a simulated server answers at.
struct LivePortRow
{
    std::string service; ///< "submission"
    std::string host;    ///< who answers; empty: the JSON API
    std::uint16_t port = 0;
};

struct LiveAccountRow
{
    std::string address; ///< also the user's name
    std::string password;
};

struct LiveView
{
    bool serves = false;
    std::string address; ///< of this machine, "127.0.0.1"
    std::vector<LivePortRow> ports;
    std::vector<LiveAccountRow> accounts;
};

/// How much faster than the reader's speed the steps of live traffic are shown when so many of them
/// wait. A few are shown at leisure; more, so that the screen is about two seconds behind at most.
float live_pace(std::size_t steps_waiting);

} // namespace mailscope::viz
