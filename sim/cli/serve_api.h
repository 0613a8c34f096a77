// The JSON API of `mailscope serve`: what tests ask of a mail server that they write to.
//
//   GET    /api/letters?mailbox=&subject=     list; also folder=
//   GET    /api/letters/MAILBOX/UID           one, with its text and its source
//   GET    /api/letters/MAILBOX/UID/source    as it lies there
//   DELETE /api/letters?mailbox=  DELETE /api/letters/MAILBOX/UID
//   GET    /api/wait?...&count=1&timeout=10s  the list as soon as it has so many; 408 says why not
//   GET    /api/why                           the causes of the last trouble, from its root
//   GET    /api/queue                         what waits on mail servers
//   GET    /api/faults  POST  DELETE          as in a scenario's "world.faults"
//   POST   /api/changes                       as in a remedy's "change"
//   POST   /api/time                          {"skip": "10m"}
//   POST   /api/reset                         the scenario's start
//
// Faults and changes are read by the scenario's own parser, so they have its words and its errors.
// docs/serve.md is the manual.
#pragma once

#include "sim/live/api.h"
#include "sim/scenario/scenario.h"
#include "sim/text/catalogue.h"

#include <string>

namespace mailscope::cli
{

class ServeApi : public live::Api
{
public:
    /// `text`: the scenario's file, whose words faults and changes are read by.
    ServeApi(const Scenario &scenario, std::string text, std::string_view language);

    std::optional<http::Response> answer(const http::Request &request, live::Simulation &simulation,
                                         Duration waited) override;

private:
    http::Response set_fault(const http::Request &request, live::Simulation &simulation,
                             FaultOrder::Turn turn) const;
    http::Response change(const http::Request &request, live::Simulation &simulation) const;
    std::optional<http::Response> wait(const http::Request &request,
                                       const live::Simulation &simulation, Duration waited) const;

    const Scenario &scenario_;
    std::string text_;
    Catalogue catalogue_;
};

} // namespace mailscope::cli
