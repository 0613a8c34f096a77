// How a device hands its letters to the submission server, against a scripted one.
#include "sim/hosts/mail_client.h"
#include "tests/support/mail_hosts.h"

#include <catch2/catch_test_macros.hpp>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

namespace
{

/// Bob's laptop and the server that takes his letters.
struct Desk
{
    Desk() : client(hosts.add_device("laptop", hosts.settings())) {}

    template <class Order> void does(Order order)
    {
        hosts.bench.order(client.settings().host, [&](Env &env) { order(env); });
    }
    void writes(std::vector<std::string> to, std::string subject = "Hello")
    {
        Draft draft;
        draft.to = std::move(to);
        draft.subject = std::move(subject);
        draft.text = "How are you?\n";
        does([&](Env &env) { client.write_and_send(env, draft); });
    }
    void waits(Duration how_long = 1min) { hosts.bench.run(how_long); }
    Lines story() const { return hosts.bench.story(client.settings().host); }
    std::size_t sent() const { return client.folder(MailClient::sent_name).size(); }

    MailHosts hosts;
    MailClient &client;
};

} // namespace

TEST_CASE("A letter that the server takes moves from the Outbox to Sent", "[hosts]")
{
    Desk desk;
    desk.writes({"Carol <carol@example.jp>"});
    CHECK(desk.client.outbox().size() == 1);
    desk.waits();
    CHECK(desk.story() == Lines{"letter-written: Hello", "submission-began: mail.example.jp",
                                "submission-accepted 250: 250 2.0.0 Ok: queued as 1234567890"});
    CHECK(desk.client.outbox().empty());
    CHECK(desk.client.folder(MailClient::outbox_name).empty());
    CHECK(desk.sent() == 1);
    CHECK(desk.client.idle());
    REQUIRE(desk.hosts.submitted().size() == 1);
    const SmtpHost::Letter letter = desk.hosts.submitted().front();
    CHECK(letter.envelope.reverse_path == "bob@example.jp");
    CHECK(letter.envelope.recipients.front().address == "carol@example.jp");
    CHECK(letter.content.find("To: Carol <carol@example.jp>\r\n") != std::string::npos);
    CHECK(letter.content.find("Message-ID: <20261124120000.1.0@example.jp>\r\n") !=
          std::string::npos);
    CHECK(desk.client.address_book().front().name == "Carol");
}

TEST_CASE("One refused recipient keeps the letter from all, until it is corrected", "[hosts]")
{
    Desk desk;
    desk.hosts.submission.options.pipelining = true;
    desk.writes({"carol@example.jp", "carlo@example.jp"});
    desk.waits();
    CHECK(desk.hosts.submitted().empty());
    CHECK(desk.story().back() ==
          "submission-refused 550: 550 5.1.1 <carlo@example.jp>: Recipient address rejected: User "
          "unknown in virtual mailbox table");
    CHECK(desk.client.last_problem().code == 550);
    REQUIRE(desk.client.outbox().size() == 1);
    CHECK(desk.client.outbox().front().state == MailClient::OutboxState::Held);

    DraftChanges changes;
    changes.to = std::vector<std::string>{"carol@example.jp"};
    desk.does([&](Env &env) { CHECK(desk.client.resend(env, changes)); });
    desk.waits();
    CHECK(desk.hosts.submitted().size() == 1);
    CHECK(desk.client.outbox().empty());
}

TEST_CASE("Letters that are written while one leaves go out one by one", "[hosts]")
{
    Desk desk;
    for (int i = 0; i < 3; ++i)
        desk.writes({"carol@example.jp"});
    CHECK(desk.client.outbox().size() == 3);
    desk.waits();
    CHECK(desk.hosts.submitted().size() == 3);
    CHECK(desk.sent() == 3);
}

TEST_CASE("A refused letter does not stop the next", "[hosts]")
{
    Desk desk;
    desk.writes({"nobody@example.jp"}, "First");
    desk.writes({"carol@example.jp"}, "Second");
    desk.waits();
    CHECK(desk.hosts.submitted().size() == 1);
    REQUIRE(desk.client.outbox().size() == 1);
    CHECK(desk.client.rows(MailClient::outbox_name).front().subject == "First");
}

TEST_CASE("What is written offline leaves when the device is online again", "[hosts]")
{
    Desk desk;
    desk.does([&](Env &env) { desk.client.go_offline(env); });
    desk.writes({"carol@example.jp"});
    desk.waits();
    CHECK(desk.story() == Lines{"letter-written: Hello"});
    CHECK(desk.client.outbox().size() == 1);
    desk.does([&](Env &env) { desk.client.go_online(env); });
    desk.waits();
    CHECK(desk.hosts.submitted().size() == 1);
}

TEST_CASE("A wrong password keeps the letter in the Outbox", "[hosts]")
{
    Desk desk;
    desk.client.edit_settings().submission.password = "guess";
    desk.writes({"carol@example.jp"});
    desk.waits();
    CHECK(desk.client.last_problem().code == 535);
    CHECK(desk.hosts.submitted().empty());
    CHECK(desk.client.outbox().size() == 1);
}

TEST_CASE("A server that cannot be reached is tried again with the next round", "[hosts]")
{
    Desk desk;
    desk.client.edit_settings().submission.port = 2525;
    desk.writes({"carol@example.jp"});
    desk.waits();
    CHECK(desk.story().back() == "submission-failed: connection refused");
    desk.client.edit_settings().submission.host = "smtp.example.jp";
    desk.does([&](Env &env) { desk.client.send_outbox(env); });
    desk.waits();
    CHECK(desk.story().back() == "submission-failed: smtp.example.jp: name-error");
    desk.client.edit_settings().submission.host = "192.0.2.1";
    desk.client.edit_settings().submission.port = 587;
    desk.does([&](Env &env) { desk.client.send_outbox(env); });
    desk.waits();
    CHECK(desk.hosts.submitted().size() == 1);
}

TEST_CASE("A POP server at the submission port speaks the wrong protocol", "[hosts]")
{
    Desk desk;
    desk.client.edit_settings().submission.port = 110;
    desk.writes({"carol@example.jp"});
    desk.waits();
    CHECK(desk.hosts.bench.count(desk.client.settings().host, RecordKind::WrongProtocol) == 1);
    CHECK(desk.story().back() == "submission-failed: wrong protocol");
}

TEST_CASE("A letter too large for the server is not sent, with a smaller file it is", "[hosts]")
{
    Desk desk;
    desk.hosts.submission.options.size_limit = 100'000;
    Draft draft;
    draft.to = {"carol@example.jp"};
    draft.subject = "写真";
    draft.attachments = {{"photo.jpg", "image/jpeg", 90'000}};
    desk.does([&](Env &env) { desk.client.write_and_send(env, draft); });
    desk.waits();
    CHECK(desk.story().back() ==
          "submission-refused 552: 552 5.3.4 Message size exceeds fixed limit");
    DraftChanges changes;
    changes.attachments = std::vector<DraftAttachment>{{"photo.jpg", "image/jpeg", 30'000}};
    desk.does([&](Env &env) { CHECK(desk.client.resend(env, changes)); });
    desk.waits();
    CHECK(desk.hosts.submitted().size() == 1);
}

TEST_CASE("What is no address is refused by the server, not by the program", "[hosts]")
{
    Desk desk;
    desk.writes({"carol@@example"});
    desk.waits();
    CHECK(desk.client.last_problem().kind == RecordKind::SubmissionRefused);
    CHECK(desk.client.last_problem().code / 100 == 5);
    desk.does([&](Env &env) { desk.client.write_and_send(env, Draft{}); });
    CHECK(desk.story().back() == "action-failed: no recipient");
}

TEST_CASE("A wire cut while a letter leaves keeps it for later", "[hosts]")
{
    Desk desk;
    desk.writes({"carol@example.jp"});
    desk.waits(35ms);
    desk.hosts.bench.wire(desk.client.settings().host).cut = true;
    desk.waits(2h);
    REQUIRE(desk.client.outbox().size() == 1);
    CHECK(desk.client.outbox().front().state == MailClient::OutboxState::Waiting);
    CHECK(desk.client.last_problem().kind == RecordKind::SubmissionFailed);
    desk.hosts.bench.wire(desk.client.settings().host).cut = false;
    desk.does([&](Env &env) { desk.client.send_outbox(env); });
    desk.waits();
    CHECK(desk.client.outbox().empty());
    CHECK(desk.hosts.submitted().size() == 1);
}
