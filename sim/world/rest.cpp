// Rest.
#include "sim/world/rest.h"

#include <algorithm>

namespace mailscope
{

RestWatch::RestWatch(const World &world) : busy_at_(world.now)
{
    for (const MailClient &client : world.clients) {
        longest_poll_ = std::max(longest_poll_, client.settings().check_every.value_or(0s));
        if (client.settings().reads == ReadsBy::Imap && client.settings().stays_connected)
            longest_poll_ = std::max(longest_poll_, Duration(1min)); // It may listen for ever.
    }
}

bool RestWatch::is_at_rest(const World &world)
{
    if (longest_poll_ == Duration::zero())
        return false;
    const bool only_fetching = world.appointments_left == 0 &&
                               std::all_of(world.mail_servers.begin(), world.mail_servers.end(),
                                           [](const MailServerPlace &place) {
                                               return place.server.queue().messages.size() == 0;
                                           });
    if (only_fetching)
        return world.now - busy_at_ > 2 * longest_poll_ && !is_busy(world);
    busy_at_ = world.now;
    return false;
}

} // namespace mailscope
