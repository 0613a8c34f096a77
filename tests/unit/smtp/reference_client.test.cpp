// Our client against recorded clients: it hears what the recorded server said, is given the letter
// that the recorded client sent, and has to say the same commands.
#include "sim/protocol/smtp/client.h"
#include "tests/support/reference.h"
#include "tests/support/smtp_host.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <memory>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

/// A message as the recorded client sent it.
struct Message
{
    smtp::Envelope envelope;
    std::string content;
};

bool begins(const std::string &line, std::string_view start) { return line.rfind(start, 0) == 0; }

void read_mail(const std::string &line, smtp::Envelope &envelope)
{
    const smtp::ParsedPath path =
        smtp::parse_path(std::string_view(line).substr(10), smtp::PathSyntax::Strict).value();
    envelope.reverse_path = path.mailbox;
    std::string_view rest = path.rest;
    while (const auto parameter = smtp::take_parameter(rest)) {
        if (parameter->keyword == "ENVID")
            envelope.envid = parameter->value;
        if (parameter->text == "RET=HDRS")
            envelope.ret = smtp::Return::Headers;
        if (parameter->text == "BODY=8BITMIME")
            envelope.body = smtp::Body::EightBitMime;
    }
}

void read_rcpt(const std::string &line, smtp::Envelope &envelope)
{
    const smtp::ParsedPath path =
        smtp::parse_path(std::string_view(line).substr(8), smtp::PathSyntax::Strict).value();
    smtp::Recipient recipient;
    recipient.address = path.mailbox;
    std::string_view rest = path.rest;
    while (const auto parameter = smtp::take_parameter(rest)) {
        if (parameter->keyword == "ORCPT")
            recipient.orcpt = parameter->value;
        if (parameter->keyword == "NOTIFY")
            recipient.notify = smtp::parse_notify(parameter->value).value();
    }
    envelope.recipients.push_back(recipient);
}

std::vector<Message> messages_of(const ReferenceCase &recorded)
{
    std::vector<Message> messages;
    bool in_data = false;
    for (const Recorded &line : recorded.lines) {
        if (line.side == Side::Server) {
            in_data = in_data || begins(line.text, "354");
        } else if (in_data) {
            in_data = line.text != ".";
            if (in_data)
                messages.back().content += line.text.substr(line.text[0] == '.' ? 1 : 0) + "\r\n";
        } else if (begins(line.text, "MAIL FROM:")) {
            messages.emplace_back();
            read_mail(line.text, messages.back().envelope);
        } else if (begins(line.text, "RCPT TO:")) {
            read_rcpt(line.text, messages.back().envelope);
        }
    }
    return messages;
}

/// The declared size is an estimate (RFC 1870 6), and each client has its own.
std::string without_size(const std::string &line)
{
    const std::size_t size = line.find(" SIZE=");
    if (size == std::string::npos)
        return line;
    return line.substr(0, size) + line.substr(std::min(line.find(' ', size + 1), line.size()));
}

smtp::ClientOptions options_of(const ReferenceCase &recorded)
{
    smtp::ClientOptions options;
    options.tls = smtp::TlsUse::Never;
    for (const Recorded &line : recorded.lines)
        if (begins(line.text, "EHLO "))
            options.hostname = line.text.substr(5);
        else if (begins(line.text, "AUTH PLAIN"))
            options.credentials = smtp::Credentials{"yamada@sender.test", "secret-yamada"};
    // The scripted clients of the other families wait for each reply.
    options.pipelining = recorded.family == "relay";
    return options;
}

/// Plays the recorded server to our client; gives the differences, and the events as text.
std::vector<std::string> play(const ReferenceCase &recorded, Delivery delivery,
                              std::vector<std::string> &events)
{
    smtp::Client client(std::make_shared<const smtp::ClientOptions>(options_of(recorded)),
                        SimTime{});
    const std::vector<Message> messages = messages_of(recorded);
    std::size_t next = 0;
    const auto feed = [&](ByteView bytes) {
        client.receive(bytes, SimTime{});
        while (const auto event = client.next_event()) {
            events.push_back(describe(*event));
            if (!std::holds_alternative<smtp::Ready>(*event))
                continue;
            const Message &message = messages.at(next++);
            const bool last = next == messages.size();
            client.begin(message.envelope, SharedBytes::copy_of(message.content),
                         last ? smtp::After::Quit : smtp::After::Wait, SimTime{});
        }
        std::string said(client.output().bytes());
        client.clear_output();
        return said;
    };
    return replay(recorded, Side::Server, delivery, feed, without_size);
}

void check_case(const ReferenceCase &recorded)
{
    for (const Delivery delivery : {Delivery::Whole, Delivery::ByteByByte}) {
        std::vector<std::string> events;
        std::vector<std::string> found = play(recorded, delivery, events);
        INFO(recorded.family << '/' << recorded.name << ", delivery " << int(delivery));
        if (recorded.family == "relay")
            found = unexplained(recorded, std::move(found));
        CHECK(found == std::vector<std::string>{});
    }
}

} // namespace

TEST_CASE("The client says what Postfix says when it relays", "[smtp][reference]")
{
    for (const ReferenceCase &recorded : reference_family("relay"))
        check_case(recorded);
}

TEST_CASE("The client talks to a recorded server one command at a time", "[smtp][reference]")
{
    for (const char *name :
         {"smtp-ehlo-delivery", "smtp-8bitmime", "smtp-dot-stuffing", "smtp-japanese-iso2022jp",
          "smtp-nullsender-bounce-envelope", "smtp-two-messages-one-connection",
          "smtp-multi-recipient-one-bad-of-two-domains"})
        check_case(reference_case("smtp", name));
}

TEST_CASE("The client logs in and submits as recorded", "[smtp][reference]")
{
    check_case(reference_case("submission", "submission-auth-plain-delivery"));
}

TEST_CASE("The client learns of each recorded refusal of a recipient", "[smtp][reference]")
{
    for (const ReferenceCase &recorded : reference_family("relay")) {
        std::vector<std::string> events;
        play(recorded, Delivery::Whole, events);
        INFO(recorded.name);
        for (const Recorded &line : recorded.lines) {
            const bool refusal = line.side == Side::Server &&
                                 (line.text[0] == '4' || line.text[0] == '5') &&
                                 !begins(line.text, "554 5.5.1");
            if (refusal)
                CHECK(std::count(events.begin(), events.end(), "RecipientRefused 0 " + line.text) ==
                      1);
        }
    }
}
