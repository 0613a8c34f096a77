// A device of bob's among the mail hosts, what its person orders, and what happened there.
//
// Tests of POP3 and of IMAP give the same orders; how the device reads is in its settings.
#pragma once

#include "sim/hosts/mail_client.h"
#include "tests/support/mail_hosts.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope::test
{

struct Device
{
    Device(MailHosts &all, std::string_view name, MailClientSettings settings)
        : hosts(all), client(all.add_device(name, std::move(settings)))
    {
    }

    /// Carries out an order, `order(client, env)`; what follows from it waits for the bench.
    template <class Order> void does(Order order)
    {
        hosts.bench.order(client.settings().host, [&](Env &env) { order(client, env); });
    }
    void orders_fetch()
    {
        does([](MailClient &mine, Env &env) { mine.fetch(env); });
    }
    void fetches(Duration how_long = std::chrono::minutes(1))
    {
        orders_fetch();
        hosts.bench.run(how_long);
    }
    std::vector<std::string> story() const { return hosts.bench.story(client.settings().host); }
    std::size_t count(RecordKind kind) const
    {
        return hosts.bench.count(client.settings().host, kind);
    }

    MailHosts &hosts;
    MailClient &client;
};

} // namespace mailscope::test
