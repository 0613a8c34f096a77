// What the server does when its owner takes time, goes away or is flooded.
#include "sim/protocol/smtp/server.h"

#include "tests/support/smtp_host.h"

#include <catch2/catch_test_macros.hpp>

#include <memory>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

smtp::Server greeted_server()
{
    auto options = std::make_shared<smtp::ServerOptions>();
    options->hostname = "mx.example.org";
    smtp::Server server(std::move(options));
    server.greet({220, {}, "mx.example.org ESMTP"}, SimTime{});
    server.clear_output();
    return server;
}

/// What the server has to say.
std::string says(smtp::Server &server)
{
    std::string text(server.output().bytes());
    server.clear_output();
    return text;
}

void drop_events(smtp::Server &server)
{
    while (server.next_event()) {
    }
}

} // namespace

TEST_CASE("Input waits while a question is open", "[smtp][server]")
{
    smtp::Server server = greeted_server();
    server.receive("MAIL FROM:<alice@example.net>\r\nRCPT TO:<bob@example.org>\r\n", SimTime{});
    CHECK(server.is_asking());
    CHECK(says(server).empty());
    CHECK(server.next_deadline() == time_never);
    server.answer({250, {2, 1, 0}, "Welcome"}, SimTime{} + 10s);
    CHECK(says(server) == "250 2.1.0 Welcome\r\n");
    CHECK(server.state() == smtp::ServerState::AskingRecipient);
    server.answer({450, {4, 2, 0}, "Later"}, SimTime{} + 20s);
    CHECK(says(server) == "450 4.2.0 Later\r\n");
    CHECK(server.next_deadline() == SimTime{} + 320s);
}

TEST_CASE("A client that talks before the greeting is heard after it", "[smtp][server]")
{
    auto options = std::make_shared<smtp::ServerOptions>();
    options->hostname = "mx.example.org";
    smtp::Server server(std::move(options));
    server.receive("HELO early.example.net\r\n", SimTime{});
    CHECK(says(server).empty());
    server.greet({220, {}, "mx.example.org"}, SimTime{});
    CHECK(says(server) == "220 mx.example.org\r\n250 mx.example.org\r\n");
}

TEST_CASE("An answer that comes after the connection is gone has no effect", "[smtp][server]")
{
    smtp::Server server = greeted_server();
    server.receive("MAIL FROM:<alice@example.net>\r\n", SimTime{});
    server.peer_closed(SimTime{});
    server.accept(SimTime{});
    CHECK(says(server).empty());
    CHECK(server.wants_close());
}

TEST_CASE("The owner can end a session with 421", "[smtp][server]")
{
    smtp::Server server = greeted_server();
    server.shut_down({421, {4, 3, 2}, "mx.example.org shutting down"}, SimTime{});
    CHECK(says(server) == "421 4.3.2 mx.example.org shutting down\r\n");
    CHECK(server.wants_close());
}

TEST_CASE("Recipients beyond the limit are put off, the others stay", "[smtp][server]")
{
    SmtpPolicy policy;
    policy.greeting = reply_of("220 mx");
    policy.options.recipients_max = 1;
    policy.relays = true;
    SmtpHost host(policy);
    host.feed("MAIL FROM:<>\r\nRCPT TO:<a@x.test>\r\nRCPT TO:<b@x.test>\r\n");
    CHECK(host.take_events().back() == "CommandRefused RCPT 452 4.5.3 Error: too many recipients");
    CHECK(host.server().transaction().recipients.size() == 1);
}

TEST_CASE("A letter arrives as it was sent", "[smtp][server]")
{
    SmtpPolicy policy;
    policy.greeting = reply_of("220 mx");
    policy.relays = true;
    SmtpHost host(policy);
    const std::string long_line(10'000, 'x');
    host.feed("MAIL FROM:<>\r\nRCPT TO:<a@x.test>\r\nDATA\r\n..dots\r\n." + long_line +
              "\r\nlf\n.\n\r\r\n.\r\n");
    REQUIRE(host.letters().size() == 1);
    CHECK(host.letters()[0].content == ".dots\r\n" + long_line + "\r\nlf\r\n\r\n\r\r\n");
    CHECK(host.letters()[0].envelope.recipients[0].address == "a@x.test");
}

TEST_CASE("A client that floods a waiting server is sent away", "[smtp][server]")
{
    smtp::Server server = greeted_server();
    server.receive("MAIL FROM:<alice@example.net>\r\n", SimTime{});
    server.receive(std::string(smtp::limits::waiting_input_max, 'x'), SimTime{});
    CHECK_FALSE(server.wants_close());
    server.receive("x", SimTime{});
    CHECK(server.wants_close());
    CHECK(says(server).rfind("421 4.7.0 ", 0) == 0);
}

TEST_CASE("AUTH is neither offered nor taken before TLS when it needs it", "[smtp][server]")
{
    SmtpPolicy policy;
    policy.greeting = reply_of("220 mx");
    policy.options.auth_plain = true;
    policy.options.auth_needs_tls = true;
    policy.options.starttls = true;
    SmtpHost host(policy);
    CHECK(host.feed("EHLO c\r\n").find("AUTH") == std::string::npos);
    CHECK(host.feed("AUTH PLAIN\r\n").rfind("538 5.7.11 ", 0) == 0);
    host.feed("STARTTLS\r\n");
    CHECK(host.feed("EHLO c\r\n").find("250-AUTH PLAIN\r\n") != std::string::npos);
}

TEST_CASE("Marks say where each reply begins", "[smtp][server]")
{
    smtp::Server server = greeted_server();
    server.receive("NOOP\r\nEHLO c\r\nNOOP\r\n", SimTime{});
    REQUIRE(server.output().marks().size() == 3);
    CHECK(server.output().marks()[1].kind == OutputKind::Reply);
    CHECK(server.output().bytes().substr(server.output().marks()[2].offset) == "250 2.0.0 Ok\r\n");
}

TEST_CASE("A copied server goes on by itself", "[smtp][server]")
{
    smtp::Server original = greeted_server();
    original.receive("MAIL FROM:<alice@example.net>\r\n", SimTime{});
    smtp::Server copy = original;
    original.accept(SimTime{});
    drop_events(original);
    CHECK(copy.is_asking());
    copy.answer({550, {5, 7, 1}, "No"}, SimTime{});
    CHECK(original.state() == smtp::ServerState::Sender);
    CHECK(copy.state() == smtp::ServerState::Connected);
}
