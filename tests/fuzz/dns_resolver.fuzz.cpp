// A recursive resolver that is asked anything, and whose servers answer anything.
#include "sim/core/check.h"
#include "sim/protocol/dns/message.h"
#include "sim/protocol/dns/resolver.h"
#include "tests/fuzz/fuzz.h"

#include <string>
#include <vector>

namespace
{

using namespace mailscope;

/// Plays until nothing is under way; gives the number of answers to clients.
std::size_t play(dns::Resolver &resolver, std::string_view response)
{
    std::size_t answers = 0;
    SimTime now{};
    for (int turn = 0; turn < 1000; ++turn) {
        while (resolver.next_event()) {
        }
        bool sent = false;
        while (const std::optional<dns::Outgoing> out = resolver.next_outgoing()) {
            if (out->kind == dns::Outgoing::Kind::ToClient) {
                ++answers;
                MS_CHECK(dns::decode(out->bytes).has_value());
                continue;
            }
            sent = true;
            std::string reply(response);
            // Every third one is for somebody else (RFC 5452 4).
            if (reply.size() >= 2 && turn % 3 != 2)
                reply.replace(0, 2, out->bytes, 0, 2);
            resolver.receive_response(out->path, reply, now);
        }
        if (sent)
            continue;
        if (resolver.next_deadline() == time_never)
            break;
        now = resolver.next_deadline();
        resolver.on_time(now);
    }
    MS_CHECK(resolver.rows().empty());
    return answers;
}

} // namespace

void mailscope::fuzz::run(std::string_view input)
{
    const std::vector<dns::RootHint> hints = {
        {*dns::Name::parse("a.root.test"), Ipv4Address{0xC0000201U}}};
    // As a query: it is answered once, or it is none.
    dns::Resolver asked(hints, Rng(1, "fuzz"));
    asked.receive_query({1}, dns::Transport::Udp, input, SimTime{});
    MS_CHECK(play(asked, "") <= 1);
    // As what every server says to the question that it answers.
    const Result<dns::Message> message = dns::decode(input);
    if (!message || !message->question)
        return;
    dns::Message query;
    query.header.id = 7;
    query.header.recursion_desired = true;
    query.question = message->question;
    dns::Resolver answered(hints, Rng(1, "fuzz"));
    answered.receive_query({1}, dns::Transport::Udp, dns::encode(query), SimTime{});
    MS_CHECK(play(answered, input) == 1);
}
