// Commands about folders, and APPEND (RFC 3501 6.3); see server.h.
#include "sim/core/text.h"
#include "sim/protocol/imap/mailbox_name.h"
#include "sim/protocol/imap/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace mailscope::imap
{

namespace
{

constexpr ByteView special_use_names[] = {"",         " \\Drafts", " \\Sent",
                                          " \\Trash", " \\Junk",   " \\Archive"};

/// Items of STATUS in the order in which Dovecot answers them.
constexpr ByteView status_names[] = {"MESSAGES", "RECENT", "UIDNEXT", "UIDVALIDITY", "UNSEEN"};

/// A name in the tree of folders.
struct Node
{
    bool exists = false;
    bool has_children = false;
    mail::SpecialUse special_use = mail::SpecialUse::None;
};

struct ByName
{
    bool operator()(const std::string &a, const std::string &b) const
    {
        const bool a_last = a == mail::inbox_name;
        const bool b_last = b == mail::inbox_name;
        if (a_last != b_last)
            return b_last;
        const int order = to_lower(a).compare(to_lower(b));
        return order != 0 ? order < 0 : a < b;
    }
};

/// The names told and those above them, by name without case and INBOX last, as Dovecot lists them.
std::map<std::string, Node, ByName> tree_of(const std::vector<FolderEntry> &folders)
{
    std::map<std::string, Node, ByName> tree;
    const auto node = [&](const std::string &name) -> Node & { return tree[to_wire_name(name)]; };
    for (const FolderEntry &folder : folders) {
        for (std::size_t end = folder.name.find(mail::folder_separator); end != std::string::npos;
             end = folder.name.find(mail::folder_separator, end + 1))
            node(folder.name.substr(0, end)).has_children = true;
        Node &own = node(folder.name);
        own.exists = true;
        own.special_use = folder.special_use;
    }
    return tree;
}

} // namespace

/// Reads a folder's name; refuses the command, and gives nothing, when there is none.
std::optional<std::string> Server::mailbox_argument(ArgumentReader &in, ByteView otherwise)
{
    const std::optional<std::string> name = in.astring();
    if (!name) {
        bad(Refusal::BadArgument, otherwise);
        return std::nullopt;
    }
    pending_.mailbox = *name;
    std::optional<std::string> utf8 = from_wire_name(*name);
    if (!utf8)
        no("Mailbox name is not valid mUTF-7");
    return utf8;
}

// ---- SELECT and EXAMINE

void Server::select(ArgumentReader &in)
{
    const std::optional<std::string> name = mailbox_argument(in, "Invalid arguments");
    if (!name)
        return;
    if (!in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    if (selected_) { // It is left whatever comes of this (RFC 3501 6.3.1).
        selected_.reset();
        say("* OK [CLOSED] Previous mailbox closed.\r\n");
    }
    pending_.read_only = pending_.verb == Verb::Examine;
    go(input_of(pending_.verb));
    ask(SelectAsked{*name, pending_.read_only});
}

void Server::folder_opened(const mail::Folder &folder, std::uint32_t first_recent, SimTime now)
{
    if (wants_close())
        return;
    last_command_ = now;
    go(ServerInput::MailboxOpened);
    selected_.emplace(folder, first_recent, pending_.read_only);
    say(selected_->flags_lines());
    say(fmt::format("* {} EXISTS\r\n* {} RECENT\r\n", selected_->size(),
                    selected_->recent_count()));
    if (const std::uint32_t unseen = selected_->first_unseen(); unseen != 0)
        say(fmt::format("* OK [UNSEEN {}] First unseen.\r\n", unseen));
    say(fmt::format("* OK [UIDVALIDITY {}] UIDs valid\r\n* OK [UIDNEXT {}] Predicted next UID\r\n",
                    folder.uid_validity(), folder.uid_next()));
    bad_commands_ = 0;
    finish("OK", pending_.read_only ? "[READ-ONLY] Examine completed."
                                    : "[READ-WRITE] Select completed.");
    work(now);
}

// ---- CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE

void Server::change_folder(ArgumentReader &in)
{
    FolderChangeAsked asked;
    asked.verb = pending_.verb;
    std::optional<std::string> name = mailbox_argument(in, "Missing arguments");
    if (!name)
        return;
    asked.name = std::move(*name);
    if (asked.verb == Verb::Rename) {
        const std::string old_name = pending_.mailbox; // Errors are about it.
        name = in.space() ? mailbox_argument(in, "Missing arguments") : std::nullopt;
        if (!name && pending_.mailbox == old_name)
            return bad(Refusal::BadArgument, "Missing arguments");
        if (!name)
            return;
        asked.new_name = std::move(*name);
        pending_.mailbox = old_name;
    }
    if (!in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    // "a/" only says that there will be folders inside "a" (RFC 3501 6.3.3).
    if (asked.verb == Verb::Create && asked.name.size() > 1 &&
        asked.name.back() == mail::folder_separator)
        asked.name.pop_back();
    if (asked.name.empty())
        return no("[CANNOT] Invalid mailbox name: Name is empty");
    ask(std::move(asked));
}

// ---- LIST and LSUB

void Server::list(ArgumentReader &in)
{
    const std::optional<std::string> reference = in.astring();
    const bool more = in.space();
    const std::optional<std::string> pattern = in.list_pattern();
    if (!reference || !more || !pattern || !in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    if (pattern->empty()) { // Only the separator is asked for (RFC 3501 6.3.8).
        say(fmt::format("* {} (\\Noselect) \"/\" \"\"\r\n", to_string(pending_.verb)));
        return completed();
    }
    pending_.pattern = *reference + *pattern;
    ask(FoldersAsked{pending_.verb == Verb::Lsub});
}

void Server::folders_told(const std::vector<FolderEntry> &folders, SimTime now)
{
    if (!answered(now))
        return;
    const bool subscribed = pending_.verb == Verb::Lsub;
    // A name above a subscribed one is told only to "%", which does not reach below it (6.3.9).
    const bool above = !subscribed || pending_.pattern.find('%') != std::string::npos;
    std::string out;
    for (const auto &[wire, node] : tree_of(folders)) {
        if (!matches(wire, pending_.pattern, mail::folder_separator) || (!node.exists && !above))
            continue;
        out += fmt::format("* {} (", to_string(pending_.verb));
        if (!node.exists)
            out += subscribed ? "\\Noselect" : "\\Noselect ";
        if (!subscribed)
            out += fmt::format("{}{}", node.has_children ? "\\HasChildren" : "\\HasNoChildren",
                               special_use_names[static_cast<std::size_t>(node.special_use)]);
        out += ") \"/\" ";
        append_astring(out, wire);
        out += "\r\n";
    }
    say(out);
    completed();
    work(now);
}

// ---- STATUS

void Server::status(ArgumentReader &in)
{
    const std::optional<std::string> name = mailbox_argument(in, "Missing arguments");
    if (!name)
        return;
    if (!in.space())
        return bad(Refusal::BadArgument, "Missing arguments");
    std::optional<std::vector<std::string>> items = in.word_list(limits::fetch_items_max);
    if (!items || items->empty() || !in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    for (std::string &item : *items) {
        item = to_upper(item);
        if (std::find(std::begin(status_names), std::end(status_names), item) ==
            std::end(status_names))
            return bad(Refusal::BadArgument, "Invalid status item " + item);
    }
    pending_.status_items = std::move(*items);
    ask(FolderAsked{*name});
}

void Server::folder_told(const mail::Folder &folder, SimTime now)
{
    if (!answered(now))
        return;
    std::uint32_t recent = 0;
    std::uint32_t unseen = 0;
    folder.for_each([&](const mail::StoredLetter &letter) {
        recent += letter.uid >= folder.first_recent_uid() ? 1U : 0U;
        unseen += (letter.flags & mail::letter_flag::seen) == 0 ? 1U : 0U;
    });
    const std::uint64_t values[] = {folder.size(), recent, folder.uid_next(), folder.uid_validity(),
                                    unseen};
    std::string out = "* STATUS ";
    append_astring(out, pending_.mailbox);
    for (std::size_t i = 0; i < std::size(status_names); ++i)
        if (std::find(pending_.status_items.begin(), pending_.status_items.end(),
                      status_names[i]) != pending_.status_items.end())
            out += fmt::format("{}{} {}", out.find('(') == std::string::npos ? " (" : " ",
                               status_names[i], values[i]);
    say(out + ")\r\n");
    completed();
    work(now);
}

// ---- Quota (RFC 9208)

void Server::quota(ArgumentReader &in)
{
    const std::optional<std::string> name = in.astring();
    if (!name)
        return bad(Refusal::BadArgument, "Invalid arguments");
    pending_.mailbox = *name;
    if (pending_.verb != Verb::GetQuotaRoot)
        return ask(QuotaAsked{pending_.verb, *name});
    const std::optional<std::string> folder = from_wire_name(*name);
    if (!folder)
        return no("Mailbox name is not valid mUTF-7");
    ask(QuotaAsked{pending_.verb, *folder});
}

void Server::quota_told(const Quota &quota, SimTime now)
{
    if (!answered(now))
        return;
    if (pending_.verb == Verb::GetQuotaRoot) {
        std::string root = "* QUOTAROOT ";
        append_astring(root, pending_.mailbox);
        say(fmt::format("{} \"{}\"\r\n", root, quota_root));
    }
    const auto units = [](std::uint64_t bytes) { return (bytes + 1023) / 1024; };
    say(fmt::format("* QUOTA \"{}\" ({})\r\n", quota_root,
                    quota.limit_bytes == 0 ? std::string()
                                           : fmt::format("STORAGE {} {}", units(quota.used_bytes),
                                                         units(quota.limit_bytes))));
    completed();
    work(now);
}

// ---- APPEND

/// Reads folder, flags and date; refuses the command and gives false when something is wrong.
bool Server::append_start(ArgumentReader &in, AppendAsked &asked)
{
    const auto refuse = [this](ByteView message) {
        bad(Refusal::BadArgument, message);
        return false;
    };
    std::optional<std::string> folder = mailbox_argument(in, "Missing mailbox name");
    if (!folder)
        return false;
    asked.folder = std::move(*folder);
    if (!in.space())
        return refuse("Missing message size");
    if (in.peek() == '(') {
        const std::optional<std::vector<std::string>> names = in.word_list(limits::flags_max);
        if (!names || (!in.at_end() && !in.space()))
            return refuse("Missing ')'");
        if (!read_flags(*names, asked.flags, asked.keywords))
            return false;
    }
    if (in.peek() == '"') {
        const std::optional<std::string> date = in.string();
        asked.date = date ? parse_date_time(*date) : std::nullopt;
        if (!asked.date || !in.space())
            return refuse("Invalid internal date");
    }
    return in.peek() == '{' ? true : refuse("Missing message size");
}

/// The letter is announced and the client waits: the owner may refuse it before it travels.
Server::Literal Server::announce_append(ArgumentReader &in, const LiteralAnnounced &literal)
{
    AppendAsked asked;
    if (!append_start(in, asked))
        return wants_close() ? Literal::OwnerAsked : Literal::Refused;
    if (literal.size == 0) {
        no("Can't save a zero byte message");
        return Literal::Refused;
    }
    pending_.announced = true;
    ask(AppendAnnounced{asked.folder, literal.size});
    return Literal::OwnerAsked;
}

void Server::append(ArgumentReader &in)
{
    AppendAsked asked;
    if (!append_start(in, asked))
        return;
    const std::optional<std::string> content = in.string();
    if (!content || !in.at_end())
        return bad(Refusal::BadArgument, "Invalid arguments");
    if (content->empty())
        return no("Can't save a zero byte message");
    asked.content = SharedBytes::copy_of(*content);
    ask(std::move(asked));
}

void Server::appended(std::uint32_t uid_validity, std::uint32_t uid, SimTime now)
{
    if (!answered(now))
        return;
    say_changes();
    bad_commands_ = 0;
    finish("OK", fmt::format("[APPENDUID {} {}] Append completed.", uid_validity, uid));
    work(now);
}

// ---- IDLE (RFC 2177)

void Server::idle()
{
    if (!options_->offer_idle)
        return bad(Refusal::NotOffered, "Unknown command");
    go(ServerInput::Idle);
    say("+ idling\r\n");
    in_reply_ = false;
    say_changes();
    in_reply_ = false;
    events_.push(IdleBegan{});
}

} // namespace mailscope::imap
