// A web browser on a device, as far as a person reads mail with it.
//
// It knows what its person wants, which page is on the screen, and one cookie: which request comes
// next and what a response means follows from these. It finds its way as a person does: by the
// links and forms of the pages (web_pages.h). Connections are its owner's, MailClient's. It keeps
// no letter: what was shown is gone with the next page.
#pragma once

#include "sim/core/id.h"
#include "sim/hosts/web_pages.h"
#include "sim/protocol/http/events.h"
#include "sim/protocol/http/uri.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

class Digest;

class Browser
{
public:
    /// What a person wants.
    enum class Wish : std::uint8_t
    {
        Check,  ///< look at the inbox
        Read,   ///< open a letter
        Delete, ///< delete a letter
        Send,
        Reply,      ///< answer a letter
        Forward,    ///< pass a letter on
        OpenDrafts, ///< look at the drafts
        SaveDraft,
        SendDraft,
        MakeFolder, ///< make a folder of one's own
        Move,       ///< move a letter to such a folder
        LogOut,
    };

    struct Task
    {
        Wish wish = Wish::Check;
        /// Of the letter to read, delete, move, answer or pass on, the draft to send; empty: the
        /// newest (unread) one. Of the draft that is gone on with before it is saved; empty: it is
        /// a new one.
        std::string subject;
        http::Form form;      ///< what is typed into the form for a letter
        RecordId because;     ///< the order
        std::string folder{}; ///< to be made, or moved to
    };

    /// What a response comes to.
    enum class Result : std::uint8_t
    {
        GoOn,         ///< another request follows
        Done,         ///< the task is done
        NotThere,     ///< there is no such letter or folder, or there is one already
        LoginRefused, ///< wrong user or password
        Refused,      ///< the letter is not taken
        Failed,       ///< the service cannot do it
    };

    /// A task to be done after those that wait.
    void add(Task task) { tasks_.push_back(std::move(task)); }
    bool idle() const { return tasks_.empty(); }
    /// The task under way; there must be one.
    const Task &task() const { return tasks_.front(); }
    /// Whether it is to send a letter.
    bool sends() const;
    /// What is in the way, when the result was NotThere.
    std::string missing() const;
    /// The next task begins, if there is one.
    void finish_task();
    void drop_all_tasks() { tasks_.clear(); }

    /// Begins the task under way with its first request. False: there is nothing to be done for it.
    bool begin();
    /// The request that is due now.
    const http::Request &request() const { return request_; }
    /// Takes the response to it. `user`, `password`: what the person types where a page asks.
    Result take(const http::Response &response, std::string_view user, std::string_view password);

    /// The page on the screen; empty before the first.
    const web::SeenPage &page() const { return page_; }
    /// The letter that was read, deleted or moved, as the list showed it.
    const web::ListedLetter &chosen() const { return chosen_; }
    bool has_session() const { return !cookie_.empty(); }

    void mix(Digest &digest) const;

private:
    Result look(int status, std::string_view user, std::string_view password);
    std::string_view first_page() const;
    bool answers() const;
    Result fill_in_letter();
    Result look_at_list();
    Result make_folder();
    bool choose();
    void get(std::string_view target);
    void post(std::string_view target, const http::Form &form);

    std::vector<Task> tasks_;
    http::Request request_;
    web::SeenPage page_;
    web::ListedLetter chosen_;
    std::string cookie_; ///< "session=..."
    std::uint8_t redirections_ = 0;
    bool logging_in_ = false; ///< the last form sent was the one for user and password
    bool acted_ = false;      ///< the request that fulfils the wish was sent
    bool opened_ = false;     ///< the form for what is gone on with, or answered, is on the screen
};

} // namespace mailscope
