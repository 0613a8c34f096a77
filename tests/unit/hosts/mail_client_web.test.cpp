// What a browser on a device does with a service's answers: pages, cookies, redirections, failures.
#include "sim/hosts/mail_client.h"
#include "sim/hosts/web_server.h"
#include "sim/protocol/http/server.h"
#include "tests/support/host_bench.h"

#include <catch2/catch_test_macros.hpp>

#include <functional>
#include <map>
#include <memory>

using namespace mailscope;
using namespace mailscope::test;
using Lines = std::vector<std::string>;

namespace
{

http::Response page(std::string_view html, int status = 200)
{
    http::Response response;
    response.status = status;
    response.fields = {{"Content-Type", "text/html"}};
    response.content = SharedBytes::copy_of(html);
    return response;
}

http::Response redirect(std::string_view where)
{
    http::Response response;
    response.status = 303;
    response.fields = {{"Location", std::string(where)}};
    return response;
}

constexpr std::string_view login_page = "<title>Log in</title><form action=\"/login\"></form>";
constexpr std::string_view inbox_page =
    "<title>Inbox</title><table><tbody><tr class=\"unread\" data-message-id=\"&lt;1@x&gt;\">"
    "<td>Alice</td><td><a href=\"/mail/7\">Hello</a></td></tr></tbody></table>";

/// Bob's browser and a service that answers as the test says.
class Visit
{
public:
    Visit()
    {
        service_ = bench.add_host("www", "192.0.2.1");
        bench.add_name("www.example.jp. 300 A 192.0.2.1");
        bench.add_role(service_, Role::WebServer, 0,
                       {[this](Env &env, const net::Event &event) { serve(env, event); }, {}, {}});
        bench.listen(service_, 80, Role::WebServer, 0);
        MailClientSettings settings;
        settings.person = "bob";
        settings.address = "bob@example.jp";
        settings.reads = ReadsBy::Webmail;
        settings.incoming = {"www.example.jp", 80, "bob", "secret"};
        settings.host = bench.add_host("laptop", "192.0.2.9");
        client = std::make_unique<MailClient>(0, std::move(settings));
        bench.add_role(
            client->settings().host, Role::MailClient, 0,
            {[this](Env &env, const net::Event &event) { client->on_network(env, event); },
             [this](Env &env, std::uint32_t session) { client->on_timer(env, session); },
             [this](Env &env, const DnsAnswer &answer) { client->on_dns(env, answer); }});
    }

    template <class Order> void does(Order order)
    {
        bench.order(client->settings().host, [&](Env &env) { order(*client, env); });
        bench.run(10min);
    }
    void checks()
    {
        does([](MailClient &mine, Env &env) { mine.fetch(env); });
    }
    Lines story() const { return bench.story(client->settings().host); }

    HostBench bench;
    std::unique_ptr<MailClient> client;
    std::function<http::Response(const http::Request &)> answers;
    Lines asked; ///< "GET /mail", with "+cookie" when one came along
    /// Closes each connection after so many answers, without saying so before.
    std::size_t answers_per_connection = 100;

private:
    struct Conversation
    {
        http::Server engine{nullptr};
        std::size_t answered = 0;
    };

    void serve(Env &env, const net::Event &event)
    {
        const std::uint32_t place = event.connection.index;
        if (event.kind == net::EventKind::Accepted) {
            Conversation &fresh = conversations_[place] = Conversation();
            fresh.engine = http::Server(std::make_shared<const http::ServerOptions>());
            fresh.engine.start(env.now);
            return;
        }
        if (event.kind == net::EventKind::PeerClosed)
            return env.network.close(event.connection, env.because);
        if (event.kind != net::EventKind::DataArrived)
            return;
        Conversation &here = conversations_[place];
        if (here.answered == answers_per_connection)
            return env.network.close(event.connection, env.because);
        here.engine.receive(event.data.view(), env.now);
        while (const std::optional<http::ServerEvent> what = here.engine.next_event())
            if (const auto *request = std::get_if<http::RequestAsked>(&*what)) {
                const bool cookie = http::find_field(request->request.fields, "Cookie") != nullptr;
                asked.push_back(std::string(to_string(request->request.method)) + " " +
                                request->request.target + (cookie ? " +cookie" : ""));
                here.engine.respond(answers(request->request), env.now);
                ++here.answered;
            }
        env.network.send(event.connection, SharedBytes::copy_of(here.engine.output().bytes()),
                         env.because);
        here.engine.clear_output();
    }

    HostId service_;
    std::map<std::uint32_t, Conversation> conversations_;
};

} // namespace

TEST_CASE("A browser logs in where a page asks for it and shows its cookie afterwards",
          "[hosts][webmail]")
{
    Visit visit;
    bool logged_in = false;
    visit.answers = [&](const http::Request &request) {
        if (request.method == http::Method::Post) {
            CHECK(request.content.view() == "user=bob&password=secret");
            logged_in = true;
            http::Response response = redirect("/mail");
            response.fields.push_back({"Set-Cookie", "session=abc; HttpOnly"});
            return response;
        }
        return request.path == "/login" ? page(login_page)
               : logged_in              ? page(inbox_page)
                                        : redirect("/login");
    };
    visit.checks();
    CHECK(visit.asked == Lines{"GET /mail", "GET /login", "POST /login", "GET /mail +cookie"});
    CHECK(visit.story() == Lines{"fetch-began: www.example.jp", "page-shown: Log in",
                                 "page-shown: Inbox", "fetch-ended"});
    CHECK(visit.client->inbox().empty());
}

TEST_CASE("A browser types a refused password only once", "[hosts][webmail]")
{
    Visit visit;
    visit.answers = [](const http::Request &) { return page(login_page); };
    visit.checks();
    CHECK(visit.asked == Lines{"GET /mail", "POST /login"});
    CHECK(visit.story().back() == "login-failed: bob");
    CHECK(visit.client->idle());
}

TEST_CASE("A browser leaves a circle of redirections, and never follows one to another site",
          "[hosts][webmail]")
{
    Visit circle;
    circle.answers = [](const http::Request &) { return redirect("/mail"); };
    circle.checks();
    CHECK(circle.asked.size() == 11);
    CHECK(circle.story().back() == "fetch-failed: 303 See Other");
    Visit elsewhere;
    elsewhere.answers = [](const http::Request &) { return redirect("http://www.example.com/"); };
    elsewhere.checks();
    CHECK(elsewhere.asked.size() == 1);
    CHECK(elsewhere.story().back() == "fetch-failed: 303 See Other");
}

TEST_CASE("A page that was asked for on a connection that just closed is asked for again",
          "[hosts][webmail]")
{
    Visit visit;
    visit.answers_per_connection = 1;
    visit.answers = [](const http::Request &) { return page(inbox_page); };
    visit.checks();
    CHECK(visit.asked.size() == 1);
    visit.does([](MailClient &mine, Env &env) { CHECK(mine.read(env, "Hello").has_value()); });
    CHECK(visit.asked == Lines{"GET /mail", "GET /mail", "GET /mail/7"});
    CHECK(visit.story().back() == "letter-read: Hello");
}

TEST_CASE("A form is never sent twice by itself", "[hosts][webmail]")
{
    Visit visit;
    visit.answers_per_connection = 1;
    visit.answers = [](const http::Request &) { return page("<title>Write</title>"); };
    Draft draft;
    draft.to = {"carol@example.jp"};
    visit.does([&](MailClient &mine, Env &env) { mine.write_and_send(env, draft); });
    CHECK(visit.asked == Lines{"GET /mail/new"});
    CHECK(visit.story().back() == "submission-failed: connection lost");
}

TEST_CASE("What a service cannot do is told with its own words", "[hosts][webmail]")
{
    Visit visit;
    visit.answers = [](const http::Request &) { return page("<title>Sorry</title>", 503); };
    visit.checks();
    CHECK(visit.story().back() == "fetch-failed: 503 Service Unavailable");
    visit.does([](MailClient &mine, Env &env) { CHECK(mine.read(env, "Hello").has_value()); });
    CHECK(visit.story().back() == "action-failed: 503 Service Unavailable");
    CHECK(visit.client->last_problem().text == "503 Service Unavailable");
}

TEST_CASE("A letter that is not in the list cannot be read or deleted", "[hosts][webmail]")
{
    Visit visit;
    visit.answers = [](const http::Request &) { return page(inbox_page); };
    visit.does([](MailClient &mine, Env &env) { CHECK(mine.read(env, "Other").has_value()); });
    CHECK(visit.client->last_problem().text == "no letter: Other");
    visit.does(
        [](MailClient &mine, Env &env) { CHECK(mine.delete_letter(env, "Other").has_value()); });
    CHECK(visit.asked == Lines{"GET /mail", "GET /mail"});
}

TEST_CASE("A draft is taken from its list, filled in where something is said, and sent on",
          "[hosts][webmail]")
{
    Visit visit;
    std::string posted;
    visit.answers = [&](const http::Request &request) {
        if (request.method == http::Method::Post)
            posted = request.content.view();
        if (request.path == "/drafts/7")
            return page("<title>Draft</title><form method=\"post\" action=\"/mail\">"
                        "<input name=\"to\" value=\"a@b.example\"><input name=\"subject\" "
                        "value=\"Hello\"><input name=\"draft\" type=\"hidden\" value=\"7\">"
                        "</form>");
        return page("<title>Drafts</title><table><tbody><tr data-message-id=\"\"><td>a</td>"
                    "<td><a href=\"/drafts/7\">Hello</a></td></tr></tbody></table>");
    };
    DraftChanges changes;
    changes.text = "Hi";
    visit.does([&](MailClient &mine, Env &env) {
        CHECK(mine.send_draft(env, changes, "Hello").has_value());
    });
    CHECK(visit.asked == Lines{"GET /drafts", "GET /drafts/7", "POST /mail"});
    CHECK(posted == "to=a%40b.example&subject=Hello&draft=7&text=Hi");
}

TEST_CASE("A browser that loses its network gives up what it was doing", "[hosts][webmail]")
{
    Visit visit;
    visit.answers = [](const http::Request &) { return page(inbox_page); };
    visit.bench.order(visit.client->settings().host, [&](Env &env) {
        visit.client->fetch(env);
        visit.client->go_offline(env);
    });
    visit.bench.run(1min);
    CHECK(visit.story() == Lines{"fetch-began: www.example.jp", "fetch-failed: offline"});
    visit.checks();
    CHECK(visit.client->last_problem().text == "offline");
    CHECK(visit.asked.empty());
}

TEST_CASE("A service that speaks SMTP, or is not there, is told to the person", "[hosts][webmail]")
{
    Visit closed;
    closed.client->edit_settings().incoming.port = 81;
    closed.checks();
    CHECK(closed.story().back() == "fetch-failed: connection refused");
    Visit unknown;
    unknown.client->edit_settings().incoming.host = "web.example.jp";
    unknown.checks();
    CHECK(unknown.story().back() == "fetch-failed: web.example.jp: name-error");
}
