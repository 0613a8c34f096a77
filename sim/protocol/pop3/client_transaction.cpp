// The client's TRANSACTION state: listing, taking and removing letters, QUIT; see client.h.
#include "sim/core/check.h"
#include "sim/protocol/pop3/client.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::pop3
{

/// A reply of one line to LIST, UIDL (both refused), RETR (refused) or DELE.
void Client::handle_transaction(const Request &request, const Reply &reply, ByteView line)
{
    if (gave_up_) // UIDL, sent ahead, after LIST was refused.
        return;
    if (request.verb == Verb::Uidl) // Optional in RFC 1939 7: goes on without unique ids.
        return ask_selection();
    if (!reply.positive) {
        events_.push(RequestRefused{request.verb, request.number, std::string(line)});
        if (request.verb == Verb::List)
            return give_up();
    } else if (request.verb == Verb::Dele) {
        ++counts_.deleted;
    }
    pump();
}

/// A multi-line reply is here, in content_.
void Client::handle_content()
{
    const Request request = requests_.front();
    requests_.erase(requests_.begin());
    reading_content_ = false;
    if (gave_up_)
        return;
    switch (request.verb) {
    case Verb::Capa:
        read_capabilities();
        return after_capabilities();
    case Verb::List:
        read_scan_listing();
        if (wants_close() || !requests_.empty())
            return;
        if (offered_.uidl && !letters_.empty())
            return request_line(Verb::Uidl, 0, "");
        return ask_selection();
    case Verb::Uidl:
        read_unique_ids();
        return wants_close() ? void() : ask_selection();
    case Verb::Retr:
        deliver(request.number);
        return pump();
    default:
        MS_CHECK(false);
    }
}

/// Lines of a number and a size; what follows the size has no meaning (RFC 1939 5).
void Client::read_scan_listing()
{
    ByteView rest = content_;
    while (const std::optional<Line> line = first_line(rest)) {
        rest.remove_prefix(line->taken);
        ByteView text = line->text;
        const std::optional<std::uint32_t> number = take_number(text);
        const std::optional<std::uint32_t> size = take_number(text);
        const std::uint32_t last = letters_.empty() ? 0 : letters_.back().listed.number;
        if (!number || !size || *number <= last)
            return violation(line->text);
        Letter letter;
        letter.listed.number = *number;
        letter.listed.size = *size;
        letters_.push_back(std::move(letter));
    }
    counts_.listed = static_cast<std::uint32_t>(letters_.size());
}

/// Lines of a number and a unique id (RFC 1939 7).
void Client::read_unique_ids()
{
    ByteView rest = content_;
    while (const std::optional<Line> line = first_line(rest)) {
        rest.remove_prefix(line->taken);
        ByteView text = line->text;
        const std::optional<std::uint32_t> number = take_number(text);
        if (!number || text.empty() || text.size() > limits::unique_id_bytes_max)
            return violation(line->text);
        if (Letter *letter = find(*number))
            letter->listed.unique_id = text;
    }
}

void Client::ask_selection()
{
    if (letters_.empty()) {
        go(ClientInput::NothingThere);
        return request_line(Verb::Quit, 0, "");
    }
    SelectionAsked question;
    question.listing.reserve(letters_.size());
    for (const Letter &letter : letters_)
        question.listing.push_back(letter.listed);
    go(ClientInput::ListingRead);
    events_.push(std::move(question));
}

void Client::select(const Selection &selection, SimTime now)
{
    if (wants_close())
        return;
    go(ClientInput::Selected);
    heard_ = now;
    for (const std::uint32_t number : selection.retrieve) {
        Letter *letter = find(number);
        if (letter == nullptr || letter->wanted)
            continue;
        letter->wanted = true;
        letter->remove = !options_->keep_on_server;
        if (options_->letters_max == 0 || to_retrieve_.size() < options_->letters_max)
            to_retrieve_.push_back(number);
    }
    for (const std::uint32_t number : selection.remove) {
        Letter *letter = find(number);
        if (letter == nullptr || letter->remove)
            continue;
        letter->remove = true;
        if (!letter->wanted)
            to_delete_.push_back(number);
    }
    pump();
    work_kept_input();
}

/// Sends what may be sent now; says QUIT when every letter is dealt with.
void Client::pump()
{
    if (state_ != ClientState::Transfer)
        return;
    const std::size_t at_a_time = offered_.pipelining ? limits::pipelined_commands_max : 1;
    while (requests_.size() < at_a_time) {
        if (delete_next_ < to_delete_.size())
            request_letter(Verb::Dele, to_delete_[delete_next_++]);
        else if (retrieve_next_ < to_retrieve_.size())
            request_letter(Verb::Retr, to_retrieve_[retrieve_next_++]);
        else
            break;
    }
    if (requests_.empty() && with_owner_ == 0) {
        go(ClientInput::AllDone);
        request_line(Verb::Quit, 0, "");
    }
}

void Client::request_letter(Verb verb, std::uint32_t number)
{
    request_line(verb, number, fmt::format_int(number).c_str());
}

void Client::deliver(std::uint32_t number)
{
    Letter *letter = find(number);
    MS_CHECK(letter != nullptr);
    letter->with_owner = true;
    ++with_owner_;
    ++counts_.received;
    events_.push(LetterReceived{number, letter->listed.unique_id, SharedBytes::copy_of(content_)});
}

void Client::letter_stored(std::uint32_t number, SimTime now)
{
    if (const Letter *letter = take_back(number); letter != nullptr && letter->remove)
        to_delete_.push_back(number);
    answered(now);
}

void Client::letter_not_stored(std::uint32_t number, SimTime now)
{
    take_back(number);
    answered(now);
}

/// The letter for which the owner answers; nullptr when it owes no answer for it.
Client::Letter *Client::take_back(std::uint32_t number)
{
    Letter *letter = find(number);
    if (letter == nullptr || !letter->with_owner)
        return nullptr;
    letter->with_owner = false;
    --with_owner_;
    return letter;
}

void Client::answered(SimTime now)
{
    if (state_ != ClientState::Transfer)
        return;
    if (requests_.empty())
        heard_ = now;
    pump();
    work_kept_input();
}

void Client::handle_farewell(const Reply &reply, ByteView line)
{
    go(ClientInput::QuitAnswered);
    if (gave_up_)
        return;
    if (!reply.positive) {
        counts_.deleted = 0;
        events_.push(RequestRefused{Verb::Quit, 0, std::string(line)});
    }
    events_.push(counts_);
}

/// The letter of that number in the listing, whose numbers ascend.
Client::Letter *Client::find(std::uint32_t number)
{
    const auto found = std::lower_bound(
        letters_.begin(), letters_.end(), number,
        [](const Letter &letter, std::uint32_t wanted) { return letter.listed.number < wanted; });
    return found != letters_.end() && found->listed.number == number ? &*found : nullptr;
}

} // namespace mailscope::pop3
