// The webmail service, asked octet for octet by a browser of a few lines.
#include "sim/hosts/web_server.h"

#include "sim/mail/message.h"
#include "tests/support/host_bench.h"

#include <catch2/catch_test_macros.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::test;

namespace
{

MailServerConfig config_of_example_jp()
{
    MailServerConfig config;
    config.hostname = "mail.example.jp";
    config.domains.push_back({"example.jp", true, {}, {}});
    return config;
}

/// The service with a mail server behind it, and one connection to it.
class Service
{
public:
    explicit Service(std::uint64_t quota = 0)
    {
        host = bench.add_host("mail", "192.0.2.1");
        device = bench.add_host("laptop", "192.0.2.9");
        bob = *store.add_user("bob@example.jp", "secret", quota);
        carol = *store.add_user("carol@example.jp", "secret", 0);
        mail.emplace(host, config_of_example_jp(), Rng(1, "mail"));
        web.emplace(host, std::make_shared<const http::ServerOptions>(), "mail.example.jp",
                    std::vector<std::string>{"example.jp"}, Rng(1, "web"));
        bench.add_role(host, Role::WebServer, 0,
                       {[this](Env &env, const net::Event &event) {
                            web->on_network(env, 0, {store, *mail, 0}, event);
                        },
                        [this](Env &env, std::uint32_t session) {
                            web->on_timer(env, 0, {store, *mail, 0}, session);
                        },
                        {}});
        bench.listen(host, WebServer::port, Role::WebServer, 0);
        bench.add_role(device, Role::MailClient, 0,
                       {[this](Env &, const net::Event &event) {
                            if (event.kind == net::EventKind::DataArrived)
                                heard += event.data.view();
                        },
                        {},
                        {}});
    }

    /// Says octets on a new connection, gives what comes back.
    std::string say(const std::string &octets)
    {
        heard.clear();
        bench.order(device, [&](Env &env) {
            const net::Owner owner{static_cast<std::uint16_t>(Role::MailClient), 0, 0};
            connection =
                env.open({*parse_ipv4("192.0.2.1"), WebServer::port}, owner, Protocol::Http);
        });
        bench.run(1s);
        bench.order(device, [&](Env &env) {
            env.network.send(connection, SharedBytes::copy_of(octets), env.because);
        });
        bench.run(1s);
        return heard;
    }

    std::string ask(const std::string &method, const std::string &path,
                    const std::string &fields = "", const std::string &content = "")
    {
        return say(fmt::format("{} {} HTTP/1.1\r\nHost: mail.example.jp\r\n{}{}Content-Length: "
                               "{}\r\n\r\n{}",
                               method, path, fields, cookie, content.size(), content));
    }
    std::string get(const std::string &path) { return ask("GET", path); }
    nlohmann::json get_json(const std::string &path)
    {
        const std::string response = ask("GET", path, "Accept: application/json\r\n");
        return nlohmann::json::parse(response.substr(response.find("\r\n\r\n") + 4));
    }
    std::string post(const std::string &path, const std::string &form)
    {
        return ask("POST", path, "Content-Type: application/x-www-form-urlencoded\r\n", form);
    }

    void log_in()
    {
        const std::string response = post("/login", "user=bob&password=secret");
        const std::size_t at = response.find("session=");
        REQUIRE(at != std::string::npos);
        cookie = "Cookie: " + response.substr(at, response.find(';', at) - at) + "\r\n";
    }

    std::uint32_t deliver(const std::string &subject)
    {
        mail::Letter letter;
        letter.from = {"Alice", {"alice", "example.com"}};
        letter.to = {{"", {"bob", "example.jp"}}};
        letter.subject = subject;
        letter.text = "Hello <Bob>\n";
        letter.attachments = {{"写真.png", "image/png", SharedBytes::copy_of("octets")}};
        letter.message_id = "<" + std::to_string(store.mailbox(bob).inbox().uid_next()) + "@x>";
        return *store.deliver(bob,
                              {SharedBytes::copy_of(mail::build_message(letter)), {}, MessageId{}});
    }

    bool is_seen(std::uint32_t uid) const
    {
        return (store.mailbox(bob).inbox().find(uid)->flags & mail::letter_flag::seen) != 0;
    }

    HostBench bench;
    HostId host;
    HostId device;
    mail::Store store;
    mail::UserId bob;
    mail::UserId carol;
    std::optional<MailServer> mail;
    std::optional<WebServer> web;
    Handle connection;
    std::string heard;
    std::string cookie;
};

int status_of(const std::string &response) { return std::stoi(response.substr(9, 3)); }

bool contains(const std::string &text, const std::string &part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("Who is not logged in sees the login page and nothing else", "[hosts][webmail]")
{
    Service service;
    service.deliver("Secret");
    for (const char *path : {"/", "/mail", "/mail/1", "/mail/new", "/sent", "/mail/1/part/1"}) {
        const std::string response = service.get(path);
        CHECK(status_of(response) == 303);
        CHECK(contains(response, "Location: /login\r\n"));
    }
    CHECK(status_of(service.ask("GET", "/mail", "Accept: application/json\r\n")) == 403);
    CHECK(status_of(service.post("/mail/1/delete", "")) == 303);
    CHECK(service.store.mailbox(service.bob).inbox().size() == 1);
    CHECK(contains(service.get("/login"), "name=\"password\""));
}

TEST_CASE("A wrong password opens nothing", "[hosts][webmail]")
{
    Service service;
    for (const char *form : {"user=bob&password=wrong", "user=nobody&password=secret", "",
                             "user=bob", "user=bob@example.com&password=secret"}) {
        const std::string response = service.post("/login", form);
        CHECK(status_of(response) == 403);
        CHECK_FALSE(contains(response, "Set-Cookie"));
    }
    CHECK(service.web->logins().empty());
    service.cookie = "Cookie: session=\r\n";
    CHECK(status_of(service.get("/mail")) == 303);
}

TEST_CASE("The cookie stands for the session until it ends", "[hosts][webmail]")
{
    Service service;
    const std::string response = service.post("/login", "user=bob@example.jp&password=secret");
    CHECK(status_of(response) == 303);
    CHECK(contains(response, "; HttpOnly; SameSite=Strict\r\n"));
    service.log_in();
    CHECK(status_of(service.get("/mail")) == 200);
    SECTION("by logging out")
    {
        CHECK(status_of(service.post("/logout", "")) == 303);
        CHECK(status_of(service.get("/mail")) == 303);
    }
    SECTION("by time")
    {
        service.bench.run(29min);
        CHECK(status_of(service.get("/mail")) == 200);
        service.bench.run(31min);
        CHECK(status_of(service.get("/mail")) == 303);
        CHECK(service.bench.count(service.host, RecordKind::WebSessionClosed) == 1);
    }
    SECTION("and a second device has its own")
    {
        const std::string first = service.cookie;
        service.cookie.clear();
        service.log_in();
        CHECK(service.cookie != first);
        service.post("/logout", "");
        service.cookie = first;
        CHECK(status_of(service.get("/mail")) == 200);
    }
}

TEST_CASE("HTML and JSON show the same mailbox, the newest letter first", "[hosts][webmail]")
{
    Service service;
    service.deliver("First");
    service.deliver("Second <b>");
    service.log_in();
    const std::string page = service.get("/mail");
    CHECK(page.find("Second &lt;b&gt;") < page.find("First"));
    CHECK(contains(page, "Cache-Control: no-store\r\n"));
    CHECK(contains(page, "Content-Type: text/html; charset=utf-8\r\n"));
    const nlohmann::json list = service.get_json("/mail");
    REQUIRE(list["letters"].size() == 2);
    CHECK(list["letters"][0]["subject"] == "Second <b>");
    CHECK(list["letters"][0]["seen"] == false);
}

TEST_CASE("Reading marks a letter on the server, looking at its head does not", "[hosts][webmail]")
{
    Service service;
    const std::uint32_t uid = service.deliver("Hello");
    service.log_in();
    CHECK(status_of(service.ask("HEAD", "/mail/1")) == 200);
    CHECK_FALSE(service.is_seen(uid));
    CHECK(contains(service.get("/mail/1"), "Hello &lt;Bob&gt;"));
    CHECK(service.is_seen(uid));
    CHECK(service.get_json("/mail/1")["attachments"][0]["name"] == "写真.png");
    CHECK(status_of(service.get("/mail/2")) == 404);
}

TEST_CASE("An attachment comes as a file to be saved", "[hosts][webmail]")
{
    Service service;
    service.deliver("Hello");
    service.log_in();
    const auto part = service.get_json("/mail/1")["attachments"][0]["part"].get<int>();
    const std::string file = service.get("/mail/1/part/" + std::to_string(part));
    CHECK(contains(file, "Content-Type: image/png\r\n"));
    CHECK(contains(file, "Content-Disposition: attachment; filename*=UTF-8''%E5%86%99"));
    CHECK(file.substr(file.size() - 6) == "octets");
    CHECK(status_of(service.get("/mail/1/part/99")) == 404);
}

TEST_CASE("A letter is deleted by a form or by DELETE, once", "[hosts][webmail]")
{
    Service service;
    service.deliver("One");
    service.deliver("Two");
    service.log_in();
    CHECK(status_of(service.post("/mail/1/delete", "")) == 303);
    CHECK(status_of(service.post("/mail/1/delete", "")) == 404);
    CHECK(status_of(service.ask("DELETE", "/mail/2")) == 204);
    CHECK(service.store.mailbox(service.bob).inbox().empty());
    CHECK(service.bench.count(service.host, RecordKind::LetterRemoved) == 2);
}

TEST_CASE("A folder is made and a letter moved there, by forms and as JSON",
          "[hosts][webmail][folders]")
{
    Service service;
    service.deliver("One");
    service.deliver("Two");
    service.log_in();
    CHECK_FALSE(contains(service.get("/mail/1"), "/move"));
    CHECK(status_of(service.post("/folders", "name=%E5%90%88%E5%94%B1")) == 303);
    CHECK(status_of(service.post("/folders", "name=%E5%90%88%E5%94%B1")) == 409);
    CHECK(status_of(service.post("/folders", "name=")) == 422);
    CHECK(contains(service.get("/mail/1"), "<option>合唱</option>"));
    CHECK(status_of(service.post("/mail/1/move", "folder=%E5%90%88%E5%94%B1")) == 303);
    CHECK(status_of(service.post("/mail/1/move", "folder=%E5%90%88%E5%94%B1")) == 404);
    CHECK(status_of(service.post("/mail/2/move", "folder=Nowhere")) == 422);
    CHECK(status_of(service.post("/mail/2/move", "folder=Sent")) == 422);
    CHECK(service.bench.count(service.host, RecordKind::LetterMoved) == 1);

    const nlohmann::json folders = service.get_json("/folders")["folders"];
    REQUIRE(folders.size() == 1);
    CHECK(folders[0]["name"] == "合唱");
    CHECK(folders[0]["letters"] == 1);
    const std::string path = fmt::format("/folders/{}", folders[0]["id"].get<int>());
    CHECK(contains(service.get("/folders"), "href=\"" + path + "\">合唱</a> (1 letters, 0 unread"));
    CHECK(service.get_json(path)["letters"][0]["subject"] == "One");
    CHECK(contains(service.get(path), "<th scope=\"col\">From</th>"));
    CHECK(contains(service.get(path + "/1"), "Hello &lt;Bob&gt;"));
    CHECK(service.get(path + "/1/part/2").find("octets") != std::string::npos);
    CHECK(status_of(service.get("/folders/99")) == 404);
    CHECK(status_of(service.get("/folders/99/1")) == 404);
    CHECK(contains(service.post(path + "/1/delete", ""), "Location: " + path + "\r\n"));
    CHECK(service.get_json(path)["letters"].empty());
    CHECK(service.store.mailbox(service.bob).inbox().size() == 1);
}

TEST_CASE("Sending goes through the mail server and leaves a copy in Sent", "[hosts][webmail]")
{
    Service service;
    service.log_in();
    const std::string response =
        service.post("/mail", "to=carol%40example.jp&subject=%E5%86%99&text=Hi%0D%0AThere");
    CHECK(status_of(response) == 202);
    CHECK(contains(response, "queued as "));
    const mail::Folder &arrived = service.store.mailbox(service.carol).inbox();
    REQUIRE(arrived.size() == 1);
    const mail::ReadLetter letter = mail::read_message(arrived.find(1)->content.view());
    CHECK(letter.subject == "写");
    CHECK(letter.text.substr(0, 8) == "Hi\nThere");
    CHECK(mail::to_string(letter.from.at(0).address) == "bob@example.jp");
    CHECK(contains(std::string(arrived.find(1)->content.view()), "with HTTP"));
    CHECK(service.get_json("/sent")["letters"][0]["subject"] == "写");
    CHECK(service.mail->queue().counts.accepted == 1);
}

TEST_CASE("A letter that a submission would be refused for is refused here, too",
          "[hosts][webmail]")
{
    Service service;
    service.log_in();
    const std::string unknown = service.post("/mail", "to=dave%40example.jp&text=x");
    CHECK(status_of(unknown) == 422);
    CHECK(contains(unknown, "550 5.1.1"));
    CHECK(contains(service.post("/mail", "to=carol%40example.jp&from=carol%40example.jp"),
                   "553 5.7.1"));
    CHECK(contains(service.post("/mail", "to=no+address"), "501 5.1.3"));
    CHECK(status_of(service.post("/mail", "to=&subject=x")) == 422);
    CHECK(service.mail->queue().counts.accepted == 0);
    CHECK(service.store.mailbox(service.bob).find_folder("Sent") == nullptr);
}

TEST_CASE("What is typed never becomes a line of the header", "[hosts][webmail]")
{
    Service service;
    service.log_in();
    CHECK(status_of(service.post("/mail", "to=carol%40example.jp&subject=a%0D%0ABcc%3A+eve"
                                          "%40example.org%0D%0A%0D%0Abody")) == 202);
    const mail::Folder &arrived = service.store.mailbox(service.carol).inbox();
    REQUIRE(arrived.size() == 1);
    const mail::MessageView view(arrived.find(1)->content.view());
    CHECK(view.text_of("Bcc").empty());
}

TEST_CASE("A full mailbox sends, but keeps no copy", "[hosts][webmail]")
{
    Service service(200);
    service.log_in();
    const std::string response = service.post("/mail", "to=carol%40example.jp&text=x");
    CHECK(status_of(response) == 202);
    CHECK(contains(response, "No copy was kept: the mailbox is full."));
    CHECK(service.store.mailbox(service.carol).inbox().size() == 1);
}

TEST_CASE("What is not there or not possible is said", "[hosts][webmail]")
{
    Service service;
    service.log_in();
    CHECK(status_of(service.get("/nothing")) == 404);
    CHECK(status_of(service.get("/mail/")) == 404);
    CHECK(status_of(service.get("/mail/99999999999999")) == 404);
    const std::string wrong = service.ask("PUT", "/mail");
    CHECK(status_of(wrong) == 405);
    CHECK(contains(wrong, "Allow: GET, HEAD, POST\r\n"));
    CHECK(status_of(service.ask("OPTIONS", "/mail")) == 204);
    CHECK(status_of(service.ask("POST", "/mail", "Content-Type: text/plain\r\n", "x")) == 415);
    CHECK(status_of(service.say("EHLO laptop\r\n")) == 400);
    CHECK(service.bench.count(service.host, RecordKind::WrongProtocol) == 1);
}

TEST_CASE("A folder of many letters comes in pages", "[hosts][webmail]")
{
    Service service;
    for (std::size_t i = 0; i < WebServer::listed_max + 5; ++i)
        service.deliver("Letter " + std::to_string(i));
    service.log_in();
    const nlohmann::json first = service.get_json("/mail");
    CHECK(first["letters"].size() == WebServer::listed_max);
    const auto older = first["older_than"].get<std::uint32_t>();
    const nlohmann::json second = service.get_json("/mail?before=" + std::to_string(older));
    CHECK(second["letters"].size() == 5);
    CHECK(second["older_than"] == 0);
}
