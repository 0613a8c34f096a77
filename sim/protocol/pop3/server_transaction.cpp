// The server's TRANSACTION state: commands about letters, and the update at QUIT; see server.h.
#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/protocol/pop3/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mailscope::pop3
{

void Server::obey_in_transaction(const Command &command)
{
    switch (command.verb) {
    case Verb::Capa:
        return capabilities();
    case Verb::Noop:
        return reply("+OK");
    case Verb::Stat:
        return statistics();
    case Verb::List:
    case Verb::Uidl:
        return list(command);
    case Verb::Retr:
    case Verb::Top:
        return ask_letter(command);
    case Verb::Dele:
        return mark_deleted(command.argument);
    case Verb::Rset:
        deleted_.clear();
        events_.push(MarksRemoved{});
        return reply("+OK");
    case Verb::Quit:
        return ask_update();
    default:
        MS_CHECK(false);
    }
}

bool Server::is_deleted(std::uint32_t index) const { return !deleted_.empty() && deleted_[index]; }

/// The letter that a command's first argument names; refuses the command when it names none.
std::optional<std::uint32_t> Server::letter_index(ByteView &argument)
{
    const std::optional<std::uint32_t> number = take_number(argument);
    if (!number) {
        refuse(Refusal::BadArgument, "-ERR Invalid message number.");
        return std::nullopt;
    }
    if (*number == 0 || *number > maildrop_->size()) {
        refuse(Refusal::NoSuchLetter, fmt::format("-ERR There's no message {}.", *number));
        return std::nullopt;
    }
    if (is_deleted(*number - 1)) {
        refuse(Refusal::NoSuchLetter, "-ERR Message is deleted.");
        return std::nullopt;
    }
    return *number - 1;
}

bool Server::has_noise(ByteView argument)
{
    if (argument.empty())
        return false;
    refuse(Refusal::BadArgument, "-ERR Noise after message number.");
    return true;
}

void Server::statistics()
{
    std::uint32_t count = 0;
    std::uint64_t size = 0;
    for (std::uint32_t i = 0; i < maildrop_->size(); ++i) {
        if (!is_deleted(i)) {
            ++count;
            size += (*maildrop_)[i].size;
        }
    }
    reply(fmt::format("+OK {} {}", count, size));
}

/// LIST and UIDL, of one letter or all.
void Server::list(const Command &command)
{
    const bool sizes = command.verb == Verb::List;
    const auto append_line = [&](fmt::memory_buffer &out, std::uint32_t index) {
        const MaildropEntry &entry = (*maildrop_)[index];
        if (sizes)
            fmt::format_to(std::back_inserter(out), "{} {}", index + 1, entry.size);
        else
            fmt::format_to(std::back_inserter(out), "{} {}", index + 1, entry.unique_id);
    };
    fmt::memory_buffer text;
    ByteView argument = command.argument;
    if (!argument.empty()) {
        const std::optional<std::uint32_t> index = letter_index(argument);
        if (!index || has_noise(argument))
            return;
        fmt::format_to(std::back_inserter(text), "+OK ");
        append_line(text, *index);
        return reply(ByteView(text.data(), text.size()));
    }
    std::uint32_t count = 0;
    for (std::uint32_t i = 0; i < maildrop_->size(); ++i) {
        if (is_deleted(i))
            continue;
        append_line(text, i);
        text.push_back('\r');
        text.push_back('\n');
        ++count;
    }
    reply(sizes ? fmt::format("+OK {} messages:", count) : "+OK");
    content(ByteView(text.data(), text.size()));
}

void Server::ask_letter(const Command &command)
{
    ByteView argument = command.argument;
    const std::optional<std::uint32_t> index = letter_index(argument);
    if (!index)
        return;
    top_only_ = command.verb == Verb::Top;
    if (top_only_) {
        const std::optional<std::uint32_t> lines = take_number(argument);
        if (!lines)
            return refuse(Refusal::BadArgument, "-ERR Invalid line count.");
        top_lines_ = *lines;
    }
    if (has_noise(argument))
        return;
    asked_index_ = *index;
    go(input_of(command.verb));
    events_.push(LetterAsked{asked_index_, top_only_});
}

void Server::letter_found(const SharedBytes &letter, SimTime now)
{
    if (wants_close())
        return;
    go(ServerInput::LetterAnswered);
    last_command_ = now;
    if (top_only_) {
        reply("+OK");
        content(top_of(letter.view(), top_lines_));
    } else {
        reply(fmt::format("+OK {} octets", letter.size()));
        content(letter.view());
        events_.push(LetterRetrieved{asked_index_});
    }
    work(now);
}

void Server::letter_missing(SimTime now)
{
    if (wants_close())
        return;
    go(ServerInput::LetterAnswered);
    last_command_ = now;
    refuse(Refusal::NotPossible, "-ERR [SYS/TEMP] Message cannot be read.");
    work(now);
}

void Server::mark_deleted(ByteView argument)
{
    const std::optional<std::uint32_t> index = letter_index(argument);
    if (!index || has_noise(argument))
        return;
    deleted_.resize(maildrop_->size());
    deleted_[*index] = true;
    events_.push(LetterMarkedDeleted{*index});
    reply("+OK Marked to be deleted.");
}

void Server::ask_update()
{
    UpdateAsked question;
    for (std::uint32_t i = 0; i < deleted_.size(); ++i)
        if (deleted_[i])
            question.deleted.push_back(i);
    go(ServerInput::Quit);
    events_.push(std::move(question));
}

void Server::update_done(Update update, SimTime now)
{
    go(ServerInput::UpdateAnswered);
    const bool ok = update == Update::Succeeded;
    const bool any = std::find(deleted_.begin(), deleted_.end(), true) != deleted_.end();
    if (!ok)
        reply("-ERR [SYS/TEMP] Some deleted messages not removed.");
    else
        reply(any ? "+OK Logging out, messages deleted." : "+OK Logging out.");
    events_.push(SessionEnded{ok});
    work(now);
}

} // namespace mailscope::pop3
