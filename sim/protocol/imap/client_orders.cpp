// Carrying out the owner's orders, and listening; see client.h.
#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/protocol/imap/client.h"
#include "sim/protocol/imap/mailbox_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::imap
{

namespace
{

std::string wire_argument(ByteView folder)
{
    std::string argument;
    append_astring(argument, to_wire_name(folder));
    return argument;
}

/// The numbers of a sequence set in their order, at most `most`; none when it is malformed.
std::vector<std::uint32_t> numbers_of(ByteView text, std::size_t most)
{
    std::vector<std::uint32_t> numbers;
    for (const SequenceRange &range : parse_sequence_set(text).value_or(SequenceSet()))
        for (std::uint64_t number = range.first; number <= range.last; ++number) {
            if (numbers.size() == most)
                return {};
            numbers.push_back(static_cast<std::uint32_t>(number));
        }
    return numbers;
}

} // namespace

void Client::sync_folder(std::string folder)
{
    Order order;
    order.folder = std::move(folder);
    orders_.push_back(std::move(order));
}

void Client::store_flags(std::string folder, std::vector<std::uint32_t> uids,
                         mail::FlagChange change, std::uint32_t flags)
{
    if (uids.empty())
        return;
    Order order{Order::What::Flags, std::move(folder), std::move(uids), change, flags, {}, {}};
    orders_.push_back(std::move(order));
}

void Client::expunge(std::string folder, std::vector<std::uint32_t> uids)
{
    if (uids.empty())
        return;
    Order order{Order::What::Expunge, std::move(folder), std::move(uids), {}, 0, {}, {}};
    orders_.push_back(std::move(order));
}

void Client::append(std::string folder, SharedBytes content, std::uint32_t flags)
{
    Order order{Order::What::Append, std::move(folder), {}, {}, flags, std::move(content), {}};
    orders_.push_back(std::move(order));
}

void Client::create_folder(std::string folder)
{
    Order order;
    order.what = Order::What::Create;
    order.folder = std::move(folder);
    orders_.push_back(std::move(order));
}

void Client::move(std::string folder, std::vector<std::uint32_t> uids, std::string target)
{
    if (uids.empty())
        return;
    Order order{Order::What::Move, std::move(folder), std::move(uids), {}, 0, {},
                std::move(target)};
    orders_.push_back(std::move(order));
}

void Client::log_out() { log_out_ = true; }

void Client::go_on(SimTime now)
{
    if (state_ == ClientState::Ready || state_ == ClientState::Idling)
        heard_ = now; // The wait for an answer begins now, however long it was silent.
    pump();
}

/// Begins the next order, listens or ends, when nothing is under way; stops listening when there
/// is something to do.
void Client::pump()
{
    if (state_ == ClientState::Idling && (!orders_.empty() || log_out_)) {
        go(ClientInput::IdleOver);
        return say("DONE");
    }
    if (state_ != ClientState::Ready)
        return;
    if (!orders_.empty())
        return begin_order(orders_.front());
    if (!options_->listens || !offered_.idle || log_out_)
        return request(ClientInput::LogoutWanted, Verb::Logout, "");
    if (selected_ != mail::inbox_name) // INBOX is the folder that letters come to.
        return request(ClientInput::SelectWanted, Verb::Select, mail::inbox_name);
    request(ClientInput::IdleWanted, Verb::Idle, "");
}

void Client::begin_order(const Order &order)
{
    const std::string wire = wire_argument(order.folder);
    if (order.what == Order::What::Append) {
        std::string flags = flags_text(order.flags, false, {});
        return request(ClientInput::AppendWanted, Verb::Append,
                       fmt::format("{} ({}) {{{}}}", wire, flags, order.content.size()));
    }
    if (order.what == Order::What::Create)
        return request(ClientInput::CreateWanted, Verb::Create, wire);
    if (selected_ != order.folder)
        return request(ClientInput::SelectWanted, Verb::Select, wire);
    switch (order.what) {
    case Order::What::Sync:
        listing_.clear();
        return request(ClientInput::ListingWanted, Verb::Unknown, "UID FETCH 1:* (FLAGS)");
    case Order::What::Flags: {
        const ByteView sign = order.change == mail::FlagChange::Add      ? "+"
                              : order.change == mail::FlagChange::Remove ? "-"
                                                                         : "";
        return request(ClientInput::StoreWanted, Verb::Unknown,
                       fmt::format("UID STORE {} {}FLAGS.SILENT ({})", sequence_text(order.uids),
                                   sign, flags_text(order.flags, false, {})));
    }
    case Order::What::Move:
        copy_uid_.clear();
        return request(ClientInput::MoveWanted, Verb::Unknown,
                       fmt::format("UID {} {} {}", offered_.move ? "MOVE" : "COPY",
                                   sequence_text(order.uids), wire_argument(order.target)));
    default:
        return mark_deleted();
    }
}

/// The first half of removing letters; UID EXPUNGE is the second (RFC 4315 2.1).
void Client::mark_deleted()
{
    marked_ = false;
    request(
        ClientInput::ExpungeWanted, Verb::Unknown,
        fmt::format("UID STORE {} +FLAGS.SILENT (\\Deleted)", sequence_text(orders_.front().uids)));
}

/// A FETCH response: a line of a listing, a letter, or another session's news.
void Client::handle_letter(const Response &response, ByteView text)
{
    std::optional<Fetched> fetched = parse_fetched(response.rest);
    if (!fetched)
        return violation(text);
    if (state_ == ClientState::ListingLetters && fetched->uid != 0 && fetched->flags) {
        if (listing_.size() == limits::listed_max)
            return violation(text);
        listing_.push_back({fetched->uid, *fetched->flags});
    } else if (state_ == ClientState::Retrieving && fetched->uid != 0 && fetched->body) {
        events_.push(LetterReceived{orders_.front().folder, fetched->uid,
                                    fetched->flags.value_or(0), fetched->date,
                                    SharedBytes::copy_of(*fetched->body)});
    }
}

void Client::listed()
{
    std::sort(listing_.begin(), listing_.end(),
              [](const ListedLetter &a, const ListedLetter &b) { return a.uid < b.uid; });
    go(ClientInput::LettersListed);
    events_.push(SelectionAsked{selected_, uid_validity_, std::exchange(listing_, {})});
}

void Client::retrieve(const std::vector<std::uint32_t> &uids, SimTime now)
{
    if (wants_close())
        return;
    heard_ = now;
    if (!uids.empty())
        return request(
            ClientInput::LettersWanted, Verb::Unknown,
            fmt::format("UID FETCH {} (FLAGS INTERNALDATE BODY.PEEK[])", sequence_text(uids)));
    go(ClientInput::NothingWanted);
    events_.push(FolderSynced{orders_.front().folder});
    order_over();
    pump();
    work();
}

/// A command for an order, or for listening, is answered.
void Client::order_answered(const Response &response, ByteView text)
{
    if (response.word != "OK") {
        refused(text);
        return pump();
    }
    switch (state_) {
    case ClientState::Selecting:
        selected_ = orders_.empty() ? std::string(mail::inbox_name) : orders_.front().folder;
        go(ClientInput::Selected);
        return pump();
    case ClientState::ListingLetters:
        return listed();
    case ClientState::Retrieving:
        events_.push(FolderSynced{orders_.front().folder});
        break;
    case ClientState::Storing:
        events_.push(
            FlagsStored{orders_.front().folder, orders_.front().uids, orders_.front().flags});
        break;
    case ClientState::Expunging:
        if (!std::exchange(marked_, true)) {
            tag_ = fmt::format("a{}", ++tags_);
            return say(offered_.uidplus ? fmt::format("{} UID EXPUNGE {}", tag_,
                                                      sequence_text(orders_.front().uids))
                                        : fmt::format("{} EXPUNGE", tag_));
        }
        if (orders_.front().what == Order::What::Move)
            letters_moved();
        else
            events_.push(LettersExpunged{orders_.front().folder, orders_.front().uids});
        break;
    case ClientState::Moving:
        if (!offered_.move) // The copies are there; now the letters are removed here.
            return mark_deleted();
        letters_moved();
        break;
    case ClientState::CreatingFolder:
        events_.push(FolderCreated{orders_.front().folder});
        break;
    case ClientState::SendingLetter: {
        LetterAppended appended{orders_.front().folder, 0, 0};
        ArgumentReader code(response.code);
        if (code.take_word("APPENDUID ")) {
            appended.uid_validity = code.number().value_or(0);
            (void)code.space();
            appended.uid = code.number().value_or(0);
        }
        events_.push(std::move(appended));
        break;
    }
    case ClientState::EndingIdle:
        go(ClientInput::OrderDone);
        if (std::exchange(news_, false))
            events_.push(NewsHeard{selected_});
        return pump();
    default: // An answer that comes before its time.
        return violation(text);
    }
    go(ClientInput::OrderDone);
    order_over();
    pump();
}

void Client::letters_moved()
{
    const Order &order = orders_.front();
    LettersMoved moved{order.folder, order.uids, order.target, 0, {}};
    ArgumentReader code(copy_uid_);
    moved.uid_validity = code.number().value_or(0);
    (void)code.space();
    const std::vector<std::uint32_t> before =
        numbers_of(code.word().value_or(ByteView()), order.uids.size());
    (void)code.space();
    const std::vector<std::uint32_t> now =
        numbers_of(code.word().value_or(ByteView()), order.uids.size());
    for (std::size_t i = 0; before.size() == now.size() && i < before.size(); ++i)
        moved.new_uids.push_back({before[i], now[i]});
    events_.push(std::move(moved));
}

void Client::refused(ByteView text)
{
    static constexpr ByteView over_quota = "[OVERQUOTA]";
    const bool listening = state_ == ClientState::AskingIdle || state_ == ClientState::EndingIdle;
    const bool for_order = !listening && !orders_.empty();
    const Verb verbs[] = {Verb::Fetch,  Verb::Store,  Verb::Expunge,
                          Verb::Append, Verb::Create, Verb::Move};
    RequestRefused refusal;
    refusal.verb = state_ == ClientState::Selecting ? Verb::Select
                   : for_order ? verbs[static_cast<std::size_t>(orders_.front().what)]
                               : Verb::Idle;
    refusal.folder = for_order ? orders_.front().folder : selected_;
    refusal.reply = text.substr(0, limits::quoted_bytes_max);
    refusal.over_quota = text.find(over_quota) != ByteView::npos;
    events_.push(std::move(refusal));
    if (state_ == ClientState::Selecting)
        selected_.clear();
    go(ClientInput::OrderRefused);
    if (for_order)
        order_over();
    else if (!listening || verb_ == Verb::Idle)
        log_out_ = true; // There is nothing to listen to.
}

} // namespace mailscope::imap
