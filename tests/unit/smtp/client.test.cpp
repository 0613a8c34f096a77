// The client's decisions, told as short conversations with a scripted server.
#include "sim/protocol/smtp/client.h"

#include "tests/support/smtp_host.h"

#include <catch2/catch_test_macros.hpp>

#include <memory>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

namespace
{

constexpr std::string_view everything =
    "250-mx.example.org\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-8BITMIME\r\n250-DSN\r\n"
    "250-SMTPUTF8\r\n250 STARTTLS\r\n";

/// A client and the server's part of its conversation.
class Conversation
{
public:
    explicit Conversation(smtp::ClientOptions options)
        : client_(std::make_shared<const smtp::ClientOptions>(std::move(options)), SimTime{})
    {
    }

    /// The server says `bytes`; what the client says to that, with "|" for line ends.
    std::string hears(std::string_view bytes)
    {
        client_.receive(bytes, now_);
        return says();
    }

    std::string sends(smtp::Envelope envelope, std::string_view content, smtp::After after)
    {
        client_.begin(std::move(envelope), SharedBytes::copy_of(content), after, now_);
        return says();
    }

    /// Events since the last call.
    Lines events()
    {
        Lines lines;
        while (const auto event = client_.next_event())
            lines.push_back(describe(*event));
        return lines;
    }

    void waits_for_its_deadline()
    {
        now_ = client_.next_deadline();
        client_.on_time(now_);
    }

    void loses_the_connection() { client_.peer_closed(now_); }

    SimTime now() const { return now_; }
    smtp::Client &client() { return client_; }

private:
    std::string says()
    {
        std::string text(client_.output().bytes());
        client_.clear_output();
        for (std::size_t at = 0; (at = text.find("\r\n", at)) != std::string::npos;)
            text.replace(at, 2, "|");
        return text;
    }

    smtp::Client client_;
    SimTime now_{};
};

smtp::ClientOptions plain_client()
{
    smtp::ClientOptions options;
    options.hostname = "mail.example.net";
    options.tls = smtp::TlsUse::Never;
    return options;
}

smtp::ClientOptions with_tls(smtp::TlsUse use)
{
    smtp::ClientOptions options = plain_client();
    options.tls = use;
    return options;
}

smtp::Envelope letter_to(std::initializer_list<const char *> recipients)
{
    smtp::Envelope envelope;
    envelope.reverse_path = "alice@example.net";
    for (const char *address : recipients)
        envelope.recipients.push_back({address, {}, {}});
    return envelope;
}

/// A conversation that has come to Ready with a server that offers everything.
Conversation ready(smtp::ClientOptions options = plain_client())
{
    Conversation talk(std::move(options));
    talk.hears("220 mx.example.org\r\n");
    talk.hears(everything);
    REQUIRE(talk.events() == Lines{"Ready"});
    return talk;
}

/// A conversation whose letter to bob is sent up to the last dot.
Conversation letter_sent()
{
    Conversation talk = ready();
    talk.sends(letter_to({"bob@example.org"}), "hi\r\n", smtp::After::Wait);
    talk.hears("250 ok\r\n250 ok\r\n354 go\r\n");
    talk.events();
    return talk;
}

} // namespace

TEST_CASE("The client falls back to HELO when EHLO is not known", "[smtp][client]")
{
    Conversation talk(plain_client());
    CHECK(talk.hears("220 old.example.org\r\n") == "EHLO mail.example.net|");
    CHECK(talk.hears("500 what?\r\n") == "HELO mail.example.net|");
    CHECK(talk.hears("250 old.example.org\r\n").empty());
    CHECK(talk.events() == Lines{"Ready"});
    CHECK(talk.sends(letter_to({"bob@example.org"}), "hi\r\n", smtp::After::Quit) ==
          "MAIL FROM:<alice@example.net>|");
}

TEST_CASE("A group of commands goes out at once where pipelining is offered", "[smtp][client]")
{
    Conversation talk = ready();
    CHECK(talk.sends(letter_to({"bob@example.org", "carol@example.org"}), "hi\r\n",
                     smtp::After::Quit) ==
          "MAIL FROM:<alice@example.net> SIZE=4|RCPT TO:<bob@example.org>|"
          "RCPT TO:<carol@example.org>|DATA|");
    CHECK(talk.hears("250 2.1.0 ok\r\n250 2.1.5 ok\r\n550 5.1.1 no\r\n354 go\r\n") == "hi|.|QUIT|");
    CHECK(talk.events() ==
          Lines{"RecipientAccepted 0 250 2.1.5 ok", "RecipientRefused 1 550 5.1.1 no"});
    talk.hears("250 2.0.0 queued\r\n221 bye\r\n");
    CHECK(talk.events() == Lines{"MessageAccepted 250 2.0.0 queued"});
    CHECK(talk.client().wants_close());
}

TEST_CASE("DATA that is accepted without recipients gets a lone dot", "[smtp][client]")
{
    Conversation talk = ready();
    talk.sends(letter_to({"bob@example.org"}), "hi\r\n", smtp::After::Quit);
    CHECK(talk.hears("250 ok\r\n550 no\r\n354 go\r\n") == ".|");
    CHECK(talk.hears("250 nothing queued\r\n") == "QUIT|");
    CHECK(talk.events() == Lines{"RecipientRefused 0 550 no"});
}

TEST_CASE("A refused sender speaks for all recipients", "[smtp][client]")
{
    Conversation talk = ready();
    talk.sends(letter_to({"bob@example.org"}), "hi\r\n", smtp::After::Wait);
    CHECK(talk.hears("550 5.7.1 not you\r\n503 no\r\n503 no\r\n") == "RSET|");
    CHECK(talk.events() == Lines{"SenderRefused 550 5.7.1 not you"});
    talk.hears("250 ok\r\n");
    CHECK(talk.events() == Lines{"Ready"});
}

TEST_CASE("Letters follow one another in one session", "[smtp][client]")
{
    Conversation talk = letter_sent();
    talk.hears("250 queued\r\n");
    CHECK(talk.events() == Lines{"MessageAccepted 250 queued", "Ready"});
    CHECK(talk.sends(letter_to({"carol@example.org"}), "ho\r\n", smtp::After::Quit)
              .rfind("MAIL FROM:", 0) == 0);
}

TEST_CASE("Parameters are sent where the server offers them", "[smtp][client]")
{
    smtp::Envelope envelope = letter_to({"bob@example.org"});
    envelope.body = smtp::Body::EightBitMime;
    envelope.ret = smtp::Return::Full;
    envelope.envid = "id1";
    envelope.recipients[0].orcpt = "rfc822;bob@example.org";
    envelope.recipients[0].notify.never = true;
    Conversation rich = ready();
    CHECK(rich.sends(envelope, "hi\r\n", smtp::After::Quit) ==
          "MAIL FROM:<alice@example.net> SIZE=4 BODY=8BITMIME ENVID=id1 RET=FULL|"
          "RCPT TO:<bob@example.org> ORCPT=rfc822;bob@example.org NOTIFY=NEVER|DATA|");
    Conversation poor(plain_client());
    poor.hears("220 mx\r\n");
    poor.hears("250 mx\r\n");
    CHECK(poor.sends(envelope, "hi\r\n", smtp::After::Quit) == "MAIL FROM:<alice@example.net>|");
    CHECK(poor.hears("250 ok\r\n") == "RCPT TO:<bob@example.org>|");
}

TEST_CASE("A letter over the announced size is not tried", "[smtp][client]")
{
    Conversation talk = ready();
    CHECK(talk.sends(letter_to({"bob@example.org"}), std::string(1001, 'x'), smtp::After::Wait)
              .empty());
    CHECK(talk.events() ==
          Lines{"MessageUnsendable 5.3.4 message size 1001 exceeds size limit 1000 of the server",
                "Ready"});
}

TEST_CASE("A letter that needs SMTPUTF8 is not tried where it is not offered", "[smtp][client]")
{
    Conversation talk(plain_client());
    talk.hears("220 mx\r\n");
    talk.hears("250 mx\r\n");
    talk.events();
    smtp::Envelope envelope = letter_to({"太郎@example.org"});
    envelope.smtputf8 = true;
    CHECK(talk.sends(envelope, "hi\r\n", smtp::After::Quit) == "QUIT|");
    CHECK(talk.events() ==
          Lines{"MessageUnsendable 5.6.7 SMTPUTF8 is required, but was not offered by the server"});
}

TEST_CASE("Lines go out with CRLF and leading dots doubled", "[smtp][client]")
{
    Conversation talk = ready();
    talk.sends(letter_to({"bob@example.org"}), ".\r\na.b\n.c\r\n\n..d", smtp::After::Wait);
    CHECK(talk.hears("250 ok\r\n250 ok\r\n354 go\r\n") == "..|a.b|..c||...d|.|");
}

TEST_CASE("STARTTLS is used when it is offered, and EHLO is said again", "[smtp][client]")
{
    Conversation talk(with_tls(smtp::TlsUse::IfOffered));
    talk.hears("220 mx\r\n");
    CHECK(talk.hears(everything) == "STARTTLS|");
    // What follows the reply in the clear was not said inside (RFC 3207 4.2).
    CHECK(talk.hears("220 go\r\n250 forged\r\n") == "EHLO mail.example.net|");
    CHECK(talk.events() == Lines{"TlsStarted"});
    CHECK_FALSE(talk.client().offers().pipelining);
    talk.hears("250 mx\r\n");
    CHECK(talk.events() == Lines{"Ready"});
}

TEST_CASE("A client that must have TLS gives up without it", "[smtp][client]")
{
    Conversation not_offered(with_tls(smtp::TlsUse::Required));
    not_offered.hears("220 mx\r\n");
    CHECK(not_offered.hears("250 mx\r\n") == "QUIT|");
    CHECK(not_offered.events() == Lines{"TlsNotOffered 0"});
    Conversation refused(with_tls(smtp::TlsUse::Required));
    refused.hears("220 mx\r\n");
    refused.hears(everything);
    CHECK(refused.hears("454 4.7.0 not now\r\n") == "QUIT|");
    CHECK(refused.events() == Lines{"TlsNotOffered 454 4.7.0 not now"});
}

TEST_CASE("A client that may do without TLS goes on in the clear", "[smtp][client]")
{
    Conversation talk(with_tls(smtp::TlsUse::IfOffered));
    talk.hears("220 mx\r\n");
    talk.hears(everything);
    CHECK(talk.hears("454 4.7.0 not now\r\n").empty());
    CHECK(talk.events() == Lines{"Ready"});
}

TEST_CASE("LOGIN is used where PLAIN is not offered", "[smtp][client]")
{
    smtp::ClientOptions options = plain_client();
    options.credentials = smtp::Credentials{"alice", "sesame"};
    Conversation talk(options);
    talk.hears("220 mx\r\n");
    CHECK(talk.hears("250-mx\r\n250 AUTH LOGIN\r\n") == "AUTH LOGIN|");
    CHECK(talk.hears("334 VXNlcm5hbWU6\r\n") == "YWxpY2U=|");
    CHECK(talk.hears("334 UGFzc3dvcmQ6\r\n") == "c2VzYW1l|");
    CHECK(talk.hears("535 5.7.8 wrong\r\n") == "QUIT|");
    CHECK(talk.events() == Lines{"AuthFailed 535 5.7.8 wrong"});
}

TEST_CASE("Credentials that make AUTH too long wait for the server's go", "[smtp][client]")
{
    smtp::ClientOptions options = plain_client();
    options.credentials = smtp::Credentials{"alice", std::string(500, 'x')};
    Conversation talk(options);
    talk.hears("220 mx\r\n");
    CHECK(talk.hears("250-mx\r\n250 AUTH PLAIN\r\n") == "AUTH PLAIN|");
    CHECK(talk.hears("334 \r\n").size() > 600);
    talk.hears("235 2.7.0 welcome\r\n");
    CHECK(talk.events() == Lines{"AuthSucceeded 235 2.7.0 welcome", "Ready"});
}

TEST_CASE("A greeting that refuses ends the session with QUIT", "[smtp][client]")
{
    Conversation talk(plain_client());
    CHECK(talk.hears("554 5.7.1 no service\r\n") == "QUIT|");
    CHECK(talk.events() == Lines{"SessionRefused at initial server greeting 554 5.7.1 no service"});
    talk.hears("221 bye\r\n");
    CHECK(talk.client().wants_close());
}

TEST_CASE("421 ends the session wherever it comes", "[smtp][client]")
{
    Conversation talk = letter_sent();
    talk.hears("421 4.3.2 shutting down\r\n");
    CHECK(talk.events() == Lines{"SessionRefused at end of DATA 421 4.3.2 shutting down"});
    CHECK(talk.client().wants_close());
}

TEST_CASE("A connection lost after the last dot leaves the message undecided", "[smtp][client]")
{
    Conversation talk = letter_sent();
    talk.loses_the_connection();
    CHECK(talk.events() == Lines{"PeerVanished at end of DATA"});
}

TEST_CASE("Each wait has its own length", "[smtp][client]")
{
    Conversation greeting(plain_client());
    greeting.waits_for_its_deadline();
    CHECK(greeting.now() == SimTime{} + 5min);
    CHECK(greeting.events() == Lines{"TimedOut at initial server greeting"});
    Conversation end_of_data = letter_sent();
    end_of_data.waits_for_its_deadline();
    CHECK(end_of_data.now() == SimTime{} + 10min);
    CHECK(end_of_data.events() == Lines{"TimedOut at end of DATA"});
    CHECK(ready().client().next_deadline() == time_never);
}

TEST_CASE("A letter that is still being sent does not time out", "[smtp][client]")
{
    Conversation talk = letter_sent();
    talk.client().output_progressed(SimTime{} + 9min);
    CHECK(talk.client().next_deadline() == SimTime{} + 19min);
}

TEST_CASE("A server of another protocol is recognised by its first line", "[smtp][client]")
{
    Conversation talk(plain_client());
    CHECK(talk.hears("+OK POP3 ready\r\n").empty());
    CHECK(talk.events() == Lines{"ProtocolViolation at initial server greeting '+OK POP3 ready'"});
    CHECK(talk.client().wants_close());
}

TEST_CASE("A line without an end is a violation", "[smtp][client]")
{
    Conversation talk(plain_client());
    talk.hears("220 " + std::string(3000, 'x'));
    CHECK(talk.events().size() == 1);
    CHECK(talk.client().wants_close());
}

TEST_CASE("A copied client goes on by itself", "[smtp][client]")
{
    Conversation original = letter_sent();
    Conversation copy = original;
    copy.hears("250 queued\r\n");
    original.hears("552 5.3.4 too big\r\n");
    CHECK(copy.events() == Lines{"MessageAccepted 250 queued", "Ready"});
    CHECK(original.events() == Lines{"MessageRefused at end of DATA 552 5.3.4 too big", "Ready"});
}
