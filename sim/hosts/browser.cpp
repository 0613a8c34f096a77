// A web browser on a device; see browser.h.
#include "sim/hosts/browser.h"

#include "sim/core/digest.h"
#include "sim/core/text.h"
#include "sim/mail/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

/// Redirections in a row before a browser suspects a circle; common ones stop at about twenty.
constexpr std::uint8_t redirections_max = 10;
/// Occurs in no file of this world by chance: a boundary must not (RFC 2046 5.1.1).
constexpr std::string_view boundary = "form-boundary-7d9f2c41e08b";
constexpr std::string_view accepted = "text/html";

bool has_file(const http::Form &form)
{
    return std::any_of(form.begin(), form.end(),
                       [](const http::FormField &field) { return !field.file_name.empty(); });
}

} // namespace

bool Browser::sends() const
{
    return task().wish == Wish::Send || task().wish == Wish::SendDraft || answers();
}

bool Browser::answers() const { return task().wish == Wish::Reply || task().wish == Wish::Forward; }

void Browser::finish_task()
{
    if (!tasks_.empty())
        tasks_.erase(tasks_.begin());
}

bool Browser::begin()
{
    redirections_ = 0;
    logging_in_ = false;
    acted_ = false;
    opened_ = false;
    if (task().wish == Wish::LogOut) {
        if (!has_session())
            return false;
        acted_ = true;
        post("/logout", {});
        return true;
    }
    get(first_page());
    return true;
}

/// The page from which the wish can be fulfilled.
std::string_view Browser::first_page() const
{
    const Wish wish = task().wish;
    if (wish == Wish::Send || (wish == Wish::SaveDraft && task().subject.empty()))
        return "/mail/new";
    if (wish == Wish::MakeFolder)
        return "/folders";
    const bool in_drafts =
        wish == Wish::OpenDrafts || wish == Wish::SaveDraft || wish == Wish::SendDraft;
    return in_drafts ? "/drafts" : "/mail";
}

std::string Browser::missing() const
{
    if (task().wish == Wish::MakeFolder)
        return "folder exists: " + task().folder;
    if (task().wish == Wish::Move && acted_)
        return "no folder: " + task().folder;
    const bool draft = task().wish == Wish::SaveDraft || task().wish == Wish::SendDraft;
    if (!task().subject.empty())
        return draft ? "no draft: " + task().subject : fmt::format("no letter: {}", task().subject);
    if (draft)
        return "no draft";
    return task().wish == Wish::Read ? "no unread letter" : "empty mailbox";
}

void Browser::get(std::string_view target)
{
    request_ = http::Request{};
    request_.target = target;
    request_.fields = {{"Accept", std::string(accepted)}};
    if (has_session())
        request_.fields.push_back({"Cookie", cookie_});
}

/// Sends a form as its page says: with files as multipart/form-data.
void Browser::post(std::string_view target, const http::Form &form)
{
    get(target);
    request_.method = http::Method::Post;
    const bool with_files = has_file(form);
    request_.fields.push_back(
        {"Content-Type", with_files ? fmt::format("multipart/form-data; boundary={}", boundary)
                                    : "application/x-www-form-urlencoded"});
    request_.content = SharedBytes::copy_of(with_files ? http::write_multipart(form, boundary)
                                                       : http::write_form(form));
}

Browser::Result Browser::take(const http::Response &response, std::string_view user,
                              std::string_view password)
{
    if (const std::string *cookie = http::find_field(response.fields, "Set-Cookie")) {
        const std::string pair = cookie->substr(0, cookie->find(';'));
        cookie_ = pair.empty() || pair.back() == '=' ? std::string() : pair;
    }
    const std::string *location = http::find_field(response.fields, "Location");
    if (response.status / 100 == 3 && location != nullptr) {
        const bool is_good = http::parse_target(*location) && location->front() == '/' &&
                             ++redirections_ <= redirections_max;
        if (!is_good)
            return Result::Failed;
        get(*location);
        return Result::GoOn;
    }
    page_ = web::read_page(response.content.view());
    return look(response.status, user, password);
}

/// What the person does now that a page is on the screen.
Browser::Result Browser::look(int status, std::string_view user, std::string_view password)
{
    const Wish wish = task().wish;
    if (page_.asks_login && wish != Wish::LogOut) {
        if (std::exchange(logging_in_, true))
            return Result::LoginRefused;
        post("/login",
             {{"user", std::string(user), {}, {}}, {"password", std::string(password), {}, {}}});
        return Result::GoOn;
    }
    logging_in_ = false;
    if (status == 422 && wish == Wish::Move)
        return Result::NotThere;
    if (status >= 400)
        return status == 422 ? Result::Refused : Result::Failed;
    if (acted_ || wish == Wish::Check)
        return Result::Done;
    if (!opened_ && request_.target != first_page()) { // after the login
        get(first_page());
        return Result::GoOn;
    }
    if (wish == Wish::OpenDrafts)
        return Result::Done;
    if (wish == Wish::MakeFolder)
        return make_folder();
    if (opened_ || first_page() == "/mail/new")
        return fill_in_letter();
    return look_at_list();
}

/// Types into the form on the screen, over what stands there, and presses a button.
Browser::Result Browser::fill_in_letter()
{
    http::Form form;
    const bool above = answers(); // what is written goes above the old text
    for (const auto &[name, value] : page_.filled_in) {
        const std::string written(http::value_of(task().form, name));
        if (above && name == "text")
            form.push_back({name, mail::text_above(written, value), {}, {}});
        else if (written.empty())
            form.push_back({name, value, {}, {}});
    }
    for (const http::FormField &field : task().form)
        if (!(above && field.name == "text" && !http::value_of(form, "text").empty()))
            form.push_back(field);
    acted_ = true;
    post(sends() ? "/mail" : "/drafts", form);
    return Result::GoOn;
}

Browser::Result Browser::make_folder()
{
    if (std::find(page_.folders.begin(), page_.folders.end(), task().folder) != page_.folders.end())
        return Result::NotThere;
    acted_ = true;
    post("/folders", {{"name", task().folder, {}, {}}});
    return Result::GoOn;
}

Browser::Result Browser::look_at_list()
{
    if (!choose())
        return Result::NotThere;
    if (first_page() == "/drafts") {
        opened_ = true;
        get(fmt::format("/drafts/{}", chosen_.uid));
        return Result::GoOn;
    }
    if (answers()) {
        opened_ = true;
        get(fmt::format("/mail/{}/{}", chosen_.uid,
                        task().wish == Wish::Reply ? "reply" : "forward"));
        return Result::GoOn;
    }
    acted_ = true;
    if (task().wish == Wish::Delete)
        post(fmt::format("/mail/{}/delete", chosen_.uid), {});
    else if (task().wish == Wish::Move)
        post(fmt::format("/mail/{}/move", chosen_.uid), {{"folder", task().folder, {}, {}}});
    else
        get(fmt::format("/mail/{}", chosen_.uid));
    return Result::GoOn;
}

/// The letter that the person means: the newest with that subject; when nothing is said, the
/// newest unread one to read, the newest of all for anything else.
bool Browser::choose()
{
    const std::string &subject = task().subject;
    for (const web::ListedLetter &letter : page_.letters) {
        const bool fits =
            subject.empty() ? task().wish != Wish::Read || !letter.seen : letter.subject == subject;
        if (!fits)
            continue;
        chosen_ = letter;
        return true;
    }
    return false;
}

void Browser::mix(Digest &digest) const
{
    digest.add(tasks_.size(), request_.target, page_.title, cookie_, redirections_, logging_in_,
               acted_, opened_);
}

} // namespace mailscope
