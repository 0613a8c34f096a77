// A stub resolver whose resolvers answer anything, with the right id or another.
#include "sim/core/check.h"
#include "sim/protocol/dns/message.h"
#include "sim/protocol/dns/stub.h"
#include "tests/fuzz/fuzz.h"

#include <array>
#include <string>
#include <variant>

void mailscope::fuzz::run(std::string_view input)
{
    const std::array<Ipv4Address, 2> servers = {Ipv4Address{0xC0000201U}, Ipv4Address{0xC0000202U}};
    dns::Stub stub(servers, Rng(1, "fuzz"));
    // The question that the input answers, so that it has something to say.
    const Result<dns::Message> message = dns::decode(input);
    dns::Question question{*dns::Name::parse("example.test"), dns::Type::Mx};
    if (message && message->question)
        question = *message->question;
    (void)stub.ask(question.name, question.type, SimTime{});
    std::size_t resolved = 0;
    SimTime now{};
    for (int turn = 0; turn < 100 && stub.pending() != 0; ++turn) {
        while (const std::optional<dns::Stub::Query> query = stub.next_outgoing()) {
            std::string response(input);
            // Every other one is for somebody else (RFC 5452 4).
            if (response.size() >= 2 && turn % 2 == 0)
                response.replace(0, 2, query->bytes, 0, 2);
            stub.receive(query->path, response, now);
        }
        while (const std::optional<dns::StubEvent> event = stub.next_event())
            resolved += std::holds_alternative<dns::Resolved>(*event) ? 1U : 0U;
        if (stub.pending() != 0) {
            now = stub.next_deadline();
            stub.on_time(now);
        }
    }
    while (const std::optional<dns::StubEvent> event = stub.next_event())
        resolved += std::holds_alternative<dns::Resolved>(*event) ? 1U : 0U;
    MS_CHECK(stub.pending() == 0);
    MS_CHECK(resolved == 1);
}
