// The webmail side of a mail server: connections, and who is logged in.
#include "sim/hosts/web_server.h"

#include "sim/core/digest.h"
#include "sim/core/text.h"
#include "sim/hosts/web_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

constexpr std::string_view cookie_name = "session";

/// Whether a client would rather have JSON: it names it before HTML (RFC 9110 12.5.1). What it
/// names by wildcards is HTML.
bool prefers_json(const http::Fields &fields)
{
    const std::string *accept = http::find_field(fields, "Accept");
    if (accept == nullptr)
        return false;
    const std::string wanted = to_lower(*accept);
    return wanted.find("application/json") < wanted.find("text/html");
}

/// The numbers in a path that has the pattern's form; nothing when it has not.
std::optional<std::vector<std::uint32_t>> match(std::string_view pattern, std::string_view path)
{
    std::vector<std::uint32_t> numbers;
    while (!pattern.empty() || !path.empty()) {
        const std::size_t digits = std::min(path.find('/'), path.size());
        if (!pattern.empty() && pattern.front() == '#') {
            const std::optional<std::uint64_t> number = parse_decimal(path.substr(0, digits));
            if (!number || *number > 0xFFFFFFFFU)
                return std::nullopt;
            numbers.push_back(static_cast<std::uint32_t>(*number));
            pattern.remove_prefix(1);
            path.remove_prefix(digits);
            continue;
        }
        if (pattern.empty() || path.empty() || pattern.front() != path.front())
            return std::nullopt;
        pattern.remove_prefix(1);
        path.remove_prefix(1);
    }
    return numbers;
}

} // namespace

WebServer::WebServer(const WebServer &) = default;
WebServer::WebServer(WebServer &&) noexcept = default;
WebServer &WebServer::operator=(const WebServer &) = default;
WebServer &WebServer::operator=(WebServer &&) noexcept = default;
WebServer::~WebServer() = default;

WebServer::WebServer(HostId host, std::shared_ptr<const http::ServerOptions> options,
                     std::string hostname, std::vector<std::string> domains, Rng rng)
    : host_(host), options_(std::move(options)), hostname_(std::move(hostname)),
      domains_(std::move(domains)), rng_(rng)
{
}

void WebServer::add_address_book(AddressBook book)
{
    for (const AddressBook &each : *address_books_)
        if (each.user == book.user)
            return;
    address_books_.edit().push_back(std::move(book));
}

void WebServer::on_network(Env &env, std::uint16_t index, Backend backend, const net::Event &event)
{
    if (event.kind == net::EventKind::Accepted)
        return accept(env, index, backend, event.connection);
    const Handle handle = sessions_.handle_at(event.owner.session);
    Session *session = sessions_.find(handle);
    if (session == nullptr || session->stream.connection() != event.connection)
        return;
    if (event.kind == net::EventKind::DataArrived) {
        receive(env, index, backend, handle, event.data.view());
    } else if (event.kind == net::EventKind::PeerClosed) {
        session->engine.peer_closed(env.now);
        take(env, index, backend, handle);
    } else if (event.kind == net::EventKind::ConnectionLost) {
        sessions_.erase(handle);
    }
}

void WebServer::on_timer(Env &env, std::uint16_t index, Backend backend, std::uint32_t number)
{
    const Handle handle = sessions_.handle_at(number);
    Session *session = sessions_.find(handle);
    if (session == nullptr)
        return;
    const Event event = env.timer_event(Role::WebServer, index, number);
    if (!session->timer.fired(env.now, event, env.queue))
        return;
    session->engine.on_time(env.now);
    take(env, index, backend, handle);
}

void WebServer::accept(Env &env, std::uint16_t index, Backend backend, Handle connection)
{
    const net::TcpConnection *end = env.network.find(connection);
    if (end == nullptr)
        return;
    const bool with_tls = end->local.port == tls_port;
    const Handle handle = sessions_.insert(Session{});
    Session &session = sessions_[handle];
    session.stream = Stream(connection);
    session.engine = http::Server(options_);
    env.network.set_session(connection, handle.index);
    if (with_tls)
        session.stream.start_tls(env, tls::Side::Server, hostname_);
    else
        session.engine.start(env.now);
    take(env, index, backend, handle);
}

void WebServer::receive(Env &env, std::uint16_t index, Backend backend, Handle handle,
                        ByteView bytes)
{
    Session &session = sessions_[handle];
    const ByteView plain = session.stream.receive(env, bytes);
    while (const std::optional<tls::ChannelEvent> event = session.stream.take_tls_event(env)) {
        if (std::holds_alternative<tls::Established>(*event)) {
            session.engine.tls_established(env.now);
            session.engine.start(env.now);
        } else if (std::holds_alternative<tls::Failed>(*event)) {
            env.network.close(session.stream.connection(), env.because);
            return sessions_.erase(handle);
        }
    }
    if (!plain.empty())
        session.engine.receive(plain, env.now);
    take(env, index, backend, handle);
}

/// What the engine has to say after each input: requests, output, the end, its next deadline.
void WebServer::take(Env &env, std::uint16_t index, Backend backend, Handle handle)
{
    Session &session = sessions_[handle];
    while (const std::optional<http::ServerEvent> event = session.engine.next_event()) {
        if (const auto *asked = std::get_if<http::RequestAsked>(&*event)) {
            const http::Response response = visit(env, backend, session, asked->request);
            session.engine.respond(response, env.now);
        } else if (const auto *refused = std::get_if<http::RequestRefused>(&*event)) {
            if (refused->reason == http::Refusal::BadRequestLine)
                env.note(env.connection_record(RecordKind::WrongProtocol,
                                               session.stream.connection(), Protocol::Http,
                                               refused->line));
        }
        // One exchange after the other, so that each response follows from its own request.
        session.stream.send(env, Protocol::Http, session.engine.output(), session.message);
        session.engine.clear_output();
        session.message = MessageId{};
        backend.mail.dispatch_handed_in(env, backend.store, backend.mail_index);
    }
    session.stream.send(env, Protocol::Http, session.engine.output(), MessageId{});
    session.engine.clear_output();
    if (session.engine.wants_close()) {
        session.stream.close(env);
        return sessions_.erase(handle);
    }
    session.timer.set(session.engine.next_deadline(),
                      env.timer_event(Role::WebServer, index, handle.index), env.queue);
}

http::Response WebServer::visit(Env &env, Backend &backend, Session &session,
                                const http::Request &request)
{
    Visit visit{env, backend, session, request, prefers_json(request.fields), {}, {}, {}};
    find_session(visit);
    http::Response response = route(visit);
    response.fields.insert(response.fields.begin(), {"Date", web::http_date(env.date())});
    return response;
}

http::Response WebServer::route(Visit &visit)
{
    for (const Route &route : routes()) {
        std::optional<std::vector<std::uint32_t>> numbers =
            match(route.pattern, visit.request.path);
        if (!numbers)
            continue;
        visit.numbers = std::move(*numbers);
        const http::Fields allowed = {{"Allow", std::string(route.methods)}};
        if (visit.request.method == http::Method::Options)
            return {204, allowed, {}, false, false, {}};
        if (!http::has_member(allowed, "Allow", to_string(visit.request.method))) {
            http::Response response = web::notice(
                405, {{"Not possible", ""}, "This cannot be done here."}, visit.wants_json);
            response.fields.push_back(allowed.front()); // RFC 9110 15.5.6
            return response;
        }
        if (!route.is_open && !visit.user && visit.wants_json)
            return web::notice(403, {{"Log in", ""}, "Please log in."}, true);
        if (!route.is_open && !visit.user)
            return web::redirect("/login");
        return (this->*route.serve)(visit);
    }
    return web::notice(404, {{"Not found", ""}, "There is no such page."}, visit.wants_json);
}

/// Who the cookie says that this is. A session that was not used for long is none.
void WebServer::find_session(Visit &visit)
{
    const std::string *field = http::find_field(visit.request.fields, "Cookie");
    const std::optional<std::string> token =
        field == nullptr ? std::nullopt : http::find_cookie(*field, cookie_name);
    if (!token)
        return;
    const auto login = std::find_if(logins_.begin(), logins_.end(),
                                    [&](const Login &each) { return each.token == *token; });
    if (login == logins_.end())
        return;
    visit.token = *token;
    visit.user = login->user;
    if (visit.env.now - login->used > session_max)
        return close_login(visit, "expired");
    login->used = visit.env.now;
}

/// 128 bits that nobody can guess in the simulated world.
std::string WebServer::new_token()
{
    const std::uint64_t high = rng_.next();
    return fmt::format("{:016x}{:016x}", high, rng_.next());
}

void WebServer::close_login(Visit &visit, std::string_view reason)
{
    visit.env.note(visit.env.connection_record(
        RecordKind::WebSessionClosed, visit.session.stream.connection(), Protocol::Http,
        fmt::format("{} {}", visit.backend.store.mailbox(*visit.user).user, reason)));
    std::erase_if(logins_, [&](const Login &login) { return login.token == visit.token; });
    visit.user.reset();
    visit.token.clear();
}

void WebServer::mix(Digest &digest) const
{
    sessions_.for_each([&](Handle handle, const Session &session) {
        digest.add(handle.index, handle.generation, session.engine.state(),
                   session.timer.deadline());
    });
    for (const Login &login : logins_)
        digest.add(login.token, login.user.value, login.used);
    if (letters_ != 0 || !logins_.empty())
        digest.add(rng_.state(), letters_);
}

} // namespace mailscope
