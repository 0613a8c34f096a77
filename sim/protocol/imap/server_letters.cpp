// Commands about the letters of the selected mailbox (RFC 3501 6.4); see server.h.
#include "sim/core/text.h"
#include "sim/protocol/imap/envelope.h"
#include "sim/protocol/imap/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace mailscope::imap
{

namespace
{

/// The day of a moment since 1970, in the zone of the server.
std::int64_t day_of(mail::DateTime start, SimTime time)
{
    const mail::CivilTime civil = mail::to_civil(mail::date_at(start, time));
    return mail::days_from_civil(civil.year, civil.month, civil.day);
}

} // namespace

/// The letters that a set names, as numbers. Numbers of letters that are not there are the client's
/// mistake; UIDs may well be of letters that are gone (RFC 3501 6.4.8).
bool Server::read_numbers(ByteView word)
{
    const std::optional<SequenceSet> set = parse_sequence_set(word);
    const auto exists = [this](const SequenceRange &range) {
        return std::max(range.first, range.last) <= selected_->size() && selected_->size() != 0;
    };
    if (!set || (!pending_.by_uid && !std::all_of(set->begin(), set->end(), exists))) {
        bad(Refusal::BadArgument, "Invalid messageset");
        return false;
    }
    const Naming naming = pending_.by_uid ? Naming::ByUid : Naming::ByNumber;
    const std::uint32_t largest = pending_.by_uid ? selected_->largest_uid() : selected_->size();
    pending_.numbers = selected_->numbers_in(resolved(*set, largest), naming);
    return true;
}

std::vector<std::uint32_t> Server::pending_uids() const
{
    std::vector<std::uint32_t> uids;
    uids.reserve(pending_.numbers.size());
    for (const std::uint32_t number : pending_.numbers)
        uids.push_back(selected_->uid_at(number));
    return uids;
}

// ---- CLOSE, UNSELECT, EXPUNGE

/// CLOSE removes what is marked without telling (RFC 3501 6.4.2).
void Server::close_mailbox()
{
    if (pending_.verb == Verb::Close && !selected_->read_only()) {
        for (std::uint32_t number = 1; number <= selected_->size(); ++number)
            if ((selected_->flags(number) & mail::letter_flag::deleted) != 0)
                pending_.numbers.push_back(number);
        return ask(ExpungeAsked{pending_uids()});
    }
    go(ServerInput::MailboxLeft);
    selected_.reset();
    completed();
}

/// EXPUNGE, and UID EXPUNGE of some (RFC 4315 2.1).
void Server::expunge(ArgumentReader &in)
{
    if (selected_->read_only())
        return no("[READ-ONLY] Mailbox is read-only");
    if (pending_.by_uid) {
        if (!read_numbers(in.rest()))
            return;
    } else {
        for (std::uint32_t number = 1; number <= selected_->size(); ++number)
            pending_.numbers.push_back(number);
    }
    std::erase_if(pending_.numbers, [this](std::uint32_t number) {
        return (selected_->flags(number) & mail::letter_flag::deleted) == 0;
    });
    if (pending_.numbers.empty())
        return completed();
    ask(ExpungeAsked{pending_uids()});
}

// ---- SEARCH

void Server::search(ArgumentReader &in)
{
    tl::expected<SearchProgram, SearchProblem> program = parse_search(in.rest());
    if (!program && program.error().unknown_charset)
        return no("[BADCHARSET] Unknown charset");
    if (!program)
        return bad(Refusal::BadArgument, program.error().message);
    bind(*program, {selected_->size(), selected_->largest_uid(), selected_->folder()});
    std::string out = "* SEARCH";
    for (std::uint32_t number = 1; number <= selected_->size(); ++number) {
        const mail::StoredLetter &letter = selected_->letter(number);
        const SearchedLetter searched{letter, number, letter.flags,
                                      selected_->is_recent(letter.uid),
                                      day_of(options_->start, letter.internal_date)};
        if (fits(*program, searched))
            out += fmt::format(" {}", pending_.by_uid ? letter.uid : number);
    }
    say(out + "\r\n");
    completed();
}

// ---- FETCH

void Server::fetch(ArgumentReader &in)
{
    const std::optional<ByteView> word = in.word();
    if (!word || !in.space() || in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    if (!read_numbers(*word))
        return;
    Result<std::vector<FetchItem>> items = parse_fetch_items(in.rest());
    if (!items)
        return bad(Refusal::BadArgument, items.error().message);
    const bool reads =
        std::any_of(items->begin(), items->end(), [](const FetchItem &item) { return !item.peek; });
    pending_.fetch_items = std::move(*items);
    std::vector<std::uint32_t> unseen;
    for (const std::uint32_t number : pending_.numbers) {
        if (!reads || selected_->read_only() ||
            (selected_->flags(number) & mail::letter_flag::seen) != 0)
            continue;
        pending_.changed.push_back(number);
        unseen.push_back(selected_->uid_at(number));
    }
    if (unseen.empty())
        return fetched();
    ask(FlagsAsked{std::move(unseen), mail::FlagChange::Add, mail::letter_flag::seen, {}, true});
}

/// All letters asked for, after their flags were changed where reading changes them.
void Server::fetched()
{
    auto changed = pending_.changed.begin();
    for (const std::uint32_t number : pending_.numbers) {
        const bool is_changed = changed != pending_.changed.end() && *changed == number;
        if (is_changed)
            ++changed;
        say_letter(number, is_changed);
    }
    completed();
}

/// One FETCH response; with its flags when the command itself changed them (RFC 3501 6.4.5).
void Server::say_letter(std::uint32_t number, bool with_flags)
{
    using What = FetchItem::What;
    const mail::StoredLetter letter = selected_->letter(number);
    std::string start = fmt::format("* {} FETCH (", number);
    const auto asks = [this](What what) {
        return std::any_of(pending_.fetch_items.begin(), pending_.fetch_items.end(),
                           [what](const FetchItem &item) { return item.what == what; });
    };
    bool first = true;
    if (pending_.by_uid) {
        start += fmt::format("UID {}", letter.uid);
        first = false;
    }
    if (with_flags && !asks(What::Flags)) {
        start += fmt::format("{}FLAGS {}", first ? "" : " ", selected_->flags_list(number));
        first = false;
    }
    say(start);
    if (with_flags || asks(What::Flags))
        selected_->flags_told(number, letter.flags);
    mail::PartTree parts;
    if (std::any_of(pending_.fetch_items.begin(), pending_.fetch_items.end(), needs_parts))
        parts = mail::parse_parts(letter.content.view());
    bool whole = false;
    for (const FetchItem &item : pending_.fetch_items) {
        if (item.what == What::Uid && pending_.by_uid)
            continue;
        if (!first)
            say(" ");
        first = false;
        say_item(item, number, parts);
        whole = whole || item.what == What::Rfc822 ||
                (item.what == What::Section && item.section.part.empty() && !item.offset &&
                 item.section.what == Section::What::All);
    }
    say(")\r\n");
    if (whole)
        events_.push(LetterSent{letter.uid});
}

void Server::say_item(const FetchItem &item, std::uint32_t number, const mail::PartTree &parts)
{
    using What = FetchItem::What;
    const mail::StoredLetter &letter = selected_->letter(number);
    std::string out = response_name(item) + ' ';
    switch (item.what) {
    case What::Flags:
        out += selected_->flags_list(number);
        break;
    case What::Uid:
        out += fmt::format("{}", letter.uid);
        break;
    case What::InternalDate:
        out += fmt::format("\"{}\"",
                           date_time_text(mail::date_at(options_->start, letter.internal_date)));
        break;
    case What::Size:
        out += fmt::format("{}", letter.content.size());
        break;
    case What::Envelope:
        append_envelope(out, letter.content.view());
        break;
    case What::Body:
    case What::BodyStructure:
        append_structure(out, letter.content.view(), parts, 0,
                         item.what == What::Body ? Structure::Basic : Structure::Extended);
        break;
    default:
        return say_section(item, letter.content.view(), parts);
    }
    say(out);
}

/// A literal, which is a stretch of output of its own.
void Server::say_section(const FetchItem &item, ByteView letter, const mail::PartTree &parts)
{
    std::string kept;
    ByteView text = section_of(letter, parts, item.section, kept);
    if (item.offset)
        text = text.substr(std::min<std::size_t>(*item.offset, text.size()), item.count);
    say(fmt::format("{} {{{}}}\r\n", response_name(item), text.size()));
    if (text.empty())
        return;
    output_.begin(OutputKind::Content);
    output_.append(text);
    in_reply_ = false;
}

// ---- STORE

/// Sorts names into system flags and keywords; refuses the command and gives false when one is
/// neither.
bool Server::read_flags(const std::vector<std::string> &names, std::uint32_t &flags,
                        std::vector<std::string> &keywords)
{
    for (const std::string &name : names) {
        const std::uint32_t flag = system_flag(name);
        flags |= flag;
        if (flag != 0)
            continue;
        if (name.front() == '\\') {
            bad(Refusal::BadArgument, "Invalid system flag " + to_upper(name));
            return false;
        }
        if (!is_keyword(name)) {
            bad(Refusal::BadArgument, "Invalid flag");
            return false;
        }
        keywords.push_back(name);
    }
    return true;
}

void Server::store(ArgumentReader &in)
{
    const std::optional<ByteView> word = in.word();
    if (!word || !in.space())
        return bad(Refusal::BadArgument, "Missing arguments");
    if (!read_numbers(*word))
        return;
    FlagsAsked asked;
    asked.change = in.take('+')   ? mail::FlagChange::Add
                   : in.take('-') ? mail::FlagChange::Remove
                                  : mail::FlagChange::Replace;
    const bool is_flags = in.take_word("FLAGS");
    pending_.silent = in.take_word(".SILENT");
    if (!is_flags || !in.space())
        return bad(Refusal::BadArgument, "Invalid arguments");
    std::vector<std::string> names;
    if (in.peek() == '(') {
        names = in.word_list(limits::flags_max).value_or(std::vector<std::string>());
    } else {
        do {
            const std::optional<ByteView> name = in.word();
            if (!name || names.size() == limits::flags_max)
                return bad(Refusal::BadArgument, "Invalid arguments");
            names.emplace_back(*name);
        } while (in.space());
    }
    if (!in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    if (!read_flags(names, asked.flags, asked.keywords))
        return;
    if (selected_->read_only())
        return finish("OK", "Store ignored with read-only mailbox.");
    asked.uids = pending_uids();
    if (asked.uids.empty())
        return completed();
    ask(std::move(asked));
}

/// Each letter's flags are told, changed or not, unless the client wants silence.
void Server::stored()
{
    std::string out;
    // New keywords are told before they are used.
    if (selected_->has_new_keywords())
        out += selected_->flags_lines();
    for (const std::uint32_t number : pending_.numbers) {
        selected_->flags_told(number, selected_->flags(number));
        if (pending_.silent)
            continue;
        const std::string flags = selected_->flags_list(number);
        if (pending_.by_uid)
            out += fmt::format("* {} FETCH (UID {} FLAGS {})\r\n", number,
                               selected_->uid_at(number), flags);
        else
            out += fmt::format("* {} FETCH (FLAGS {})\r\n", number, flags);
    }
    say(out);
    completed();
}

// ---- COPY and MOVE

void Server::copy(ArgumentReader &in)
{
    const std::optional<ByteView> word = in.word();
    if (!word || !in.space() || in.at_end())
        return bad(Refusal::BadArgument, "Missing arguments");
    if (!read_numbers(*word))
        return;
    const std::optional<std::string> target = mailbox_argument(in, "Missing arguments");
    if (!target)
        return;
    if (!in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    if (pending_.verb == Verb::Move && selected_->read_only())
        return no("[READ-ONLY] Mailbox is read-only");
    if (pending_.numbers.empty())
        return finish("OK", "No messages found.");
    ask(CopyAsked{pending_uids(), *target, pending_.verb == Verb::Move});
}

void Server::copied(std::uint32_t uid_validity, const std::vector<std::uint32_t> &uids, SimTime now)
{
    if (!answered(now))
        return;
    const std::string copy_uid = fmt::format("[COPYUID {} {} {}]", uid_validity,
                                             sequence_text(pending_uids()), sequence_text(uids));
    if (pending_.verb == Verb::Move) { // RFC 6851 4.3: before the numbers move
        say(fmt::format("* OK {} Moved UIDs.\r\n", copy_uid));
        completed();
    } else {
        say_changes();
        bad_commands_ = 0;
        finish("OK", fmt::format("{} Copy completed.", copy_uid));
    }
    work(now);
}

} // namespace mailscope::imap
