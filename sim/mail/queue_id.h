// Queue ids and message ids, in the shape that Postfix gives them.
//
// A server names each message it holds by a short id that shows up in its replies, its Received
// field and its log; "9DF07A881F7" is microseconds of the second and a number that no other message
// of this server has. Ids come from the server's own random stream, so they are the same in every
// run.
#pragma once

#include "sim/core/rng.h"
#include "sim/core/time.h"
#include "sim/mail/date.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::mail
{

/// Gives out the queue ids of one server.
class QueueIds
{
public:
    QueueIds() : QueueIds(Rng()) {}
    explicit QueueIds(Rng rng);

    /// An id that this server has not given before: 5 hexadecimal digits of time, 6 or more of
    /// number.
    std::string next(SimTime now);

    /// The same in the shape that Exim 4.96 gives its ids: "1xVgqC-0001nN-1r", the second in six
    /// digits of base 62, the number in six, the fraction of the second in two.
    std::string next_in_base_62(DateTime date, SimTime now);

    /// For the digest: all that decides about ids to come.
    std::uint64_t state() const { return rng_.state() ^ number_; }

private:
    Rng rng_;
    std::uint64_t number_ = 0;
};

/// "<20261124030508.CBD65A8822A@mail.example.org>": date in UTC, queue id, host.
std::string make_message_id(DateTime date, std::string_view queue_id, std::string_view host);

} // namespace mailscope::mail
