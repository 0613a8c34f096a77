// What programs may ask of a served World, besides mail: the door of tests and of their tools.
//
// The live door speaks HTTP by the engine of protocol/http and hands each request to an Api, which
// knows what it means (cli/serve_api). An answer may have to wait for something to happen.
#pragma once

#include "sim/live/simulation.h"
#include "sim/protocol/http/events.h"

#include <optional>

namespace mailscope::live
{

class Api
{
public:
    virtual ~Api() = default;

    /// The response; nothing when it is not there yet: the request is asked again when something
    /// has happened, and a while later at the latest. `waited`: since it came.
    virtual std::optional<http::Response> answer(const http::Request &request,
                                                 Simulation &simulation, Duration waited) = 0;
};

} // namespace mailscope::live
