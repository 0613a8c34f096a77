// A scenario whose servers are offered to real programs.
#include "sim/scenario/serving.h"

#include "sim/hosts/mail_policy.h"

#include <utility>

namespace mailscope
{
namespace
{

void send_people_away(Scenario &scenario)
{
    scenario.story.clear();
    scenario.lesson.clear(); // It tells of their letters, and the remedies mend those.
    scenario.remedies.clear();
    for (PersonSpec &person : scenario.people)
        for (DeviceSpec &device : person.devices) {
            device.check_every.reset();
            device.stays_connected = false;
        }
}

} // namespace

Scenario as_served(Scenario scenario, ServedStory story)
{
    constexpr std::uint32_t crowd = 10'000;
    if (story == ServedStory::Waits)
        send_people_away(scenario);
    for (DomainSpec &domain : scenario.domains) {
        if (domain.has_mail && domain.servers.empty())
            domain.servers.resize(1);
        for (MailServerSpec &server : domain.servers)
            if (server.connections_max == MailPolicy{}.connections_max)
                server.connections_max = crowd;
    }
    return scenario;
}

void turn_tls_off(Scenario &scenario)
{
    for (DomainSpec &domain : scenario.domains)
        for (MailServerSpec &server : domain.servers)
            server.starttls = server.tls_required = false;
}

} // namespace mailscope
