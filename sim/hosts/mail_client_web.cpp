// How a person reads and writes mail with a browser: the connection that it needs, and what it
// comes to (RFC 9110). Nothing of it stays on the device.
#include "sim/core/text.h"
#include "sim/hosts/mail_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

std::shared_ptr<const http::ClientOptions> http_options_of(const MailClientSettings &settings)
{
    http::ClientOptions options;
    options.host = settings.incoming.host;
    options.user_agent = "mailscope-browser";
    return std::make_shared<const http::ClientOptions>(std::move(options));
}

std::string joined(const std::vector<std::string> &typed)
{
    std::string text;
    for (const std::string &each : typed)
        text += (text.empty() ? "" : ", ") + each;
    return text;
}

/// The code and status at the start of a reply that a page quotes: "550 5.1.1 ...".
void read_quoted_reply(Record &record, std::string_view text)
{
    const std::size_t space = text.find(' ');
    const std::optional<std::uint64_t> code = parse_decimal(text.substr(0, space));
    if (space != 3 || !code)
        return;
    record.code = static_cast<std::uint16_t>(*code);
    const std::string_view rest = text.substr(space + 1);
    record.status = parse_status(rest.substr(0, rest.find(' ')));
}

} // namespace

/// What a person types into the form for a letter; `from`: when nothing is said about it.
http::Form MailClient::web_form(const DraftChanges &written, std::string_view from) const
{
    http::Form form;
    const auto add = [&](std::string name, std::string value) {
        if (!value.empty())
            form.push_back({std::move(name), std::move(value), {}, {}});
    };
    add("to", joined(written.to.value_or(std::vector<std::string>())));
    add("cc", joined(written.cc.value_or(std::vector<std::string>())));
    add("from", written.from.value_or(std::string(from)));
    add("subject", written.subject.value_or(""));
    add("text", written.text.value_or(""));
    if (written.charset == mail::TextCharset::Iso2022Jp)
        add("charset", "iso-2022-jp");
    if (written.notify_success)
        add("report", "success");
    if (written.attachments)
        for (const DraftAttachment &file : *written.attachments)
            form.push_back(
                {"file", std::string(content_of(file).view()), file.name, file.media_type});
    return form;
}

void MailClient::order_web(Env &env, Browser::Task task)
{
    if (!online_)
        return give_up_action(env, "offline");
    task.because = env.because;
    Browser &browser = browser_->edit();
    browser.add(std::move(task));
    if (!web_busy_)
        begin_web_task(env);
}

/// Begins the next task that waits, if there is one.
void MailClient::begin_web_task(Env &env)
{
    Browser &browser = browser_->edit();
    while (!browser.idle()) {
        env.because = browser.task().because;
        if (!online_) {
            give_up_action(env, "offline");
            browser.finish_task();
            continue;
        }
        const std::string &service = settings_->incoming.host;
        if (browser.task().wish == Browser::Wish::Check)
            env.note(web_record(env, RecordKind::FetchBegan, service));
        else if (browser.sends())
            env.note(web_record(env, RecordKind::SubmissionBegan, service));
        if (browser.begin()) {
            web_busy_ = true;
            return send_web_request(env);
        }
        browser.finish_task();
    }
    web_busy_ = false;
}

/// Sends the request that is due, over the connection that is there or a new one.
void MailClient::send_web_request(Env &env)
{
    if (web_) {
        Web &web = web_->edit();
        if (!web.engine || web.session.stream.handshaking())
            return; // It is sent when the connection stands.
        if (web.engine->send(browser_->edit().request(), env.now))
            return flush_web(env);
        drop_web(env); // The server wanted no further exchange.
    }
    web_.emplace();
    look_up(env, web_->edit().session, web_session, settings_->incoming);
}

void MailClient::on_web(Env &env, const net::Event &event)
{
    Web &web = web_->edit();
    Session &session = web.session;
    switch (event.kind) {
    case net::EventKind::Connected:
        session.stage = Stage::Talking;
        web.engine.emplace(http_options_of(*settings_));
        if (settings_->incoming.tls == smtp::TlsUse::Required) {
            session.stream.start_tls(env, tls::Side::Client, session.host);
            return;
        }
        web.engine->start(env.now);
        return send_web_request(env);
    case net::EventKind::ConnectFailed:
        return abandon_web(env, reason_of(event.reason));
    case net::EventKind::DataArrived: {
        const Plain plain = read_stream(env, session, event.data.view());
        if (!plain.problem.empty())
            return abandon_web(env, plain.problem);
        if (plain.established) {
            web.engine->tls_established(env.now);
            web.engine->start(env.now);
            return send_web_request(env);
        }
        if (!plain.bytes.empty())
            web.engine->receive(plain.bytes, env.now);
        break;
    }
    case net::EventKind::PeerClosed:
    case net::EventKind::ConnectionLost:
        if (!web.engine || session.stream.handshaking())
            return abandon_web(env, reason_of(event.reason));
        web.engine->peer_closed(env.now);
        break;
    default:
        return;
    }
    take_web(env);
}

/// What the engine has to say after each input: responses, the end, its next deadline.
void MailClient::take_web(Env &env)
{
    Web &web = web_->edit();
    const bool was_used = web.answered;
    std::vector<http::ClientEvent> events;
    while (std::optional<http::ClientEvent> event = web.engine->next_event()) {
        web.answered = true;
        if (const auto *foreign = std::get_if<http::ProtocolViolation>(&*event))
            env.note(web_record(env, RecordKind::WrongProtocol, foreign->line));
        events.push_back(std::move(*event));
    }
    if (web.engine->wants_close())
        drop_web(env);
    else
        flush_web(env);
    for (const http::ClientEvent &event : events) {
        // A server may close a kept connection just when it is used again (RFC 9112 9.3.1).
        const bool try_again = was_used && web_busy_ &&
                               std::holds_alternative<http::ClientPeerVanished>(event) &&
                               (*browser_)->request().method == http::Method::Get;
        if (try_again)
            send_web_request(env);
        else
            on_http(env, event);
    }
}

/// A record about the service, and the connection with it while there is one.
Record MailClient::web_record(const Env &env, RecordKind kind, std::string_view text) const
{
    const Handle connection = web_ ? (*web_)->session.stream.connection() : Handle{};
    return env.connection_record(kind, connection, Protocol::Http, text);
}

void MailClient::flush_web(Env &env)
{
    Web &web = web_->edit();
    web.session.stream.send(env, Protocol::Http, web.engine->output(), MessageId{});
    web.engine->clear_output();
    web.session.timer.set(web.engine->next_deadline(), timer(env, web_session), env.queue);
}

void MailClient::drop_web(Env &env)
{
    Stream &stream = web_->edit().session.stream;
    if (env.network.find(stream.connection()) != nullptr)
        stream.close(env);
    web_.reset();
}

void MailClient::on_http(Env &env, const http::ClientEvent &event)
{
    if (const auto *received = std::get_if<http::ResponseReceived>(&event)) {
        if (web_busy_)
            on_response(env, received->response);
    } else if (std::holds_alternative<http::ProtocolViolation>(event)) {
        web_failed(env, "wrong protocol");
    } else if (std::holds_alternative<http::ClientPeerVanished>(event)) {
        web_failed(env, "connection lost");
    } else if (std::holds_alternative<http::TimedOut>(event)) {
        web_failed(env, "timed out");
    }
}

void MailClient::on_response(Env &env, const http::Response &response)
{
    using K = RecordKind;
    Browser &browser = browser_->edit();
    const Browser::Result result =
        browser.take(response, settings_->incoming.user, settings_->incoming.password);
    if (response.status / 100 != 3)
        note_page(env, response.content.size());
    switch (result) {
    case Browser::Result::GoOn:
        return send_web_request(env);
    case Browser::Result::Done:
        note_web_success(env);
        break;
    case Browser::Result::NotThere:
        give_up_action(env, browser.missing());
        break;
    case Browser::Result::LoginRefused:
        env.note(web_record(env, K::LoginFailed, settings_->incoming.user));
        show_problem(env, K::LoginFailed, 0, browser.page().problem);
        break;
    case Browser::Result::Refused: {
        Record refused = web_record(env, K::SubmissionRefused, browser.page().problem);
        read_quoted_reply(refused, browser.page().problem);
        const std::uint16_t code = refused.code;
        env.note(std::move(refused));
        show_problem(env, K::SubmissionRefused, code, browser.page().problem);
        break;
    }
    case Browser::Result::Failed:
        return web_failed(env, fmt::format("{} {}", response.status, response.reason));
    }
    next_web_task(env);
}

/// What the person sees now.
void MailClient::note_page(Env &env, std::size_t octets)
{
    const web::SeenPage &page = (*browser_)->page();
    const std::string text =
        page.problem.empty() ? page.title : fmt::format("{}: {}", page.title, page.problem);
    Record shown = web_record(env, RecordKind::PageShown, text);
    shown.value = static_cast<std::int64_t>(octets);
    env.note(std::move(shown));
}

void MailClient::note_web_success(Env &env)
{
    using K = RecordKind;
    const Browser &browser = **browser_;
    const web::SeenPage &page = browser.page();
    Record record = web_record(env, K::FetchEnded, {});
    std::string text;
    switch (browser.task().wish) {
    case Browser::Wish::Check:
        record.value = std::count_if(page.letters.begin(), page.letters.end(),
                                     [](const web::ListedLetter &each) { return !each.seen; });
        break;
    case Browser::Wish::Read:
    case Browser::Wish::Delete:
        record.kind = browser.task().wish == Browser::Wish::Read ? K::LetterRead : K::LetterDeleted;
        text = browser.chosen().subject;
        record.message = env.messages.name(browser.chosen().message_id);
        break;
    case Browser::Wish::Send:
    case Browser::Wish::Reply:
    case Browser::Wish::Forward:
    case Browser::Wish::SendDraft:
        record.kind = K::SubmissionAccepted;
        text = page.message;
        record.message = env.messages.name(page.message_id);
        read_quoted_reply(record, text);
        if (!page.problem.empty())
            show_problem(env, K::SubmissionAccepted, 0, page.problem);
        break;
    case Browser::Wish::OpenDrafts:
        record.kind = K::DraftsShown;
        record.value = static_cast<std::int64_t>(page.letters.size());
        break;
    case Browser::Wish::SaveDraft:
    case Browser::Wish::MakeFolder:
    case Browser::Wish::Move:
    case Browser::Wish::LogOut:
        return; // The server says it.
    }
    if (env.keeps(record.kind))
        record.text = SharedBytes::copy_of(text);
    env.note(std::move(record));
}

/// The task under way is not done and will not be.
void MailClient::web_failed(Env &env, std::string_view reason)
{
    using K = RecordKind;
    if (!web_busy_)
        return;
    switch ((*browser_)->task().wish) {
    case Browser::Wish::Check:
    case Browser::Wish::Send:
    case Browser::Wish::SendDraft: {
        const K kind = (*browser_)->sends() ? K::SubmissionFailed : K::FetchFailed;
        env.note(web_record(env, kind, reason));
        show_problem(env, kind, 0, reason);
        break;
    }
    default:
        give_up_action(env, reason);
    }
    next_web_task(env);
}

void MailClient::next_web_task(Env &env)
{
    browser_->edit().finish_task();
    begin_web_task(env);
}

/// Ends the connection at once, whatever its stage, and the task with it.
void MailClient::abandon_web(Env &env, std::string_view reason)
{
    if (web_) {
        env.network.abort((*web_)->session.stream.connection(), env.because, env.step());
        web_.reset();
    }
    web_failed(env, reason);
}

} // namespace mailscope
