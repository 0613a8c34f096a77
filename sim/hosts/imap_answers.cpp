// Answers an IMAP engine's questions from the message store.
#include "sim/hosts/imap_answers.h"

#include "sim/core/text.h"

#include <algorithm>
#include <utility>
#include <variant>

namespace mailscope
{
namespace
{

using imap::Problem;

Problem problem_of(mail::StoreProblem problem)
{
    switch (problem) {
    case mail::StoreProblem::OverQuota:
        return Problem::OverQuota;
    case mail::StoreProblem::FolderExists:
        return Problem::AlreadyExists;
    case mail::StoreProblem::BadFolderName:
        return Problem::BadName;
    case mail::StoreProblem::UidsUsedUp:
    case mail::StoreProblem::TooManyKeywords:
        return Problem::Limit;
    default:
        return Problem::NoSuchMailbox;
    }
}

/// A date that a client gives an appended letter, as a moment; far ones are cut to what a moment
/// can hold.
SimTime moment_of(mail::DateTime date, mail::DateTime start)
{
    constexpr std::int64_t most = 9'000'000'000; // seconds, about 285 years
    const std::int64_t seconds = std::clamp(date.unix_seconds - start.unix_seconds, -most, most);
    return SimTime(Duration(seconds * 1'000'000'000));
}

/// Answers one question; one object per call.
class Answer
{
public:
    Answer(imap::Server &engine, ImapAccount &account, MessageId message, SimTime now)
        : engine_(engine), store_(account.store), user_(account.user), start_(account.start),
          message_(message), now_(now)
    {
    }

    void operator()(const imap::FoldersAsked &asked)
    {
        std::vector<imap::FolderEntry> entries;
        if (asked.subscriptions)
            for (const std::string &name : mailbox().subscriptions)
                entries.push_back({name, mail::SpecialUse::None});
        else
            for (const mail::Folder &folder : mailbox().folders)
                entries.push_back({folder.name(), folder.special_use()});
        engine_.folders_told(entries, now_);
    }

    void operator()(const imap::FolderAsked &asked)
    {
        if (const mail::Folder *folder = find(asked.name))
            engine_.folder_told(*folder, now_);
    }

    void operator()(const imap::SelectAsked &asked)
    {
        const mail::Folder *folder = find(asked.name);
        if (folder == nullptr)
            return;
        const mail::FolderId id = folder->id();
        const std::uint32_t recent = recent_of(id, asked.read_only);
        engine_.folder_opened(*store_.folder(user_, id), recent, now_);
    }

    void operator()(const imap::FolderChangeAsked &asked)
    {
        if (asked.verb == imap::Verb::Subscribe) {
            store_.subscribe(user_, asked.name);
        } else if (asked.verb == imap::Verb::Unsubscribe) {
            store_.unsubscribe(user_, asked.name);
        } else if (asked.verb == imap::Verb::Create) {
            const auto made = store_.create_folder(user_, asked.name);
            if (!made)
                return refuse(problem_of(made.error()));
        } else {
            const mail::Folder *folder = find(asked.name);
            if (folder == nullptr)
                return;
            const bool renamed = asked.verb == imap::Verb::Rename;
            const auto changed = renamed ? store_.rename_folder(user_, folder->id(), asked.new_name)
                                         : store_.delete_folder(user_, folder->id());
            if (!changed)
                return refuse(problem_of(changed.error()));
        }
        engine_.done(now_);
    }

    void operator()(const imap::AppendAnnounced &asked)
    {
        if (find(asked.folder) == nullptr)
            return;
        if (!store_.has_room(user_, asked.size))
            return refuse(Problem::OverQuota);
        engine_.done(now_);
    }

    void operator()(const imap::AppendAsked &asked)
    {
        const mail::Folder *folder = find(asked.folder);
        if (folder == nullptr)
            return;
        const mail::FolderId id = folder->id();
        if (!store_.has_room(user_, asked.content.size()))
            return refuse(Problem::OverQuota);
        const std::optional<std::uint32_t> flags = all_flags(id, asked.flags, asked.keywords);
        if (!flags)
            return;
        mail::NewLetter letter;
        letter.content = asked.content;
        letter.internal_date = asked.date ? moment_of(*asked.date, start_) : now_;
        letter.message = message_;
        letter.flags = *flags;
        const auto uid = store_.deliver(user_, id, std::move(letter));
        if (!uid)
            return refuse(problem_of(uid.error()));
        done.added.push_back({id, *uid, message_});
        tell();
        engine_.appended(store_.folder(user_, id)->uid_validity(), *uid, now_);
    }

    void operator()(const imap::FlagsAsked &asked)
    {
        const mail::FolderId id = selected();
        if (store_.folder(user_, id) == nullptr)
            return tell(); // Another session deleted it: BYE.
        const std::optional<std::uint32_t> flags = all_flags(id, asked.flags, asked.keywords);
        if (!flags)
            return;
        for (const std::uint32_t uid : asked.uids) {
            const mail::StoredLetter *letter = store_.folder(user_, id)->find(uid);
            if (letter == nullptr) // Another session removed it.
                continue;
            const std::uint32_t before = letter->flags;
            const MessageId message = letter->message;
            if (store_.change_flags(user_, id, uid, asked.change, *flags) != before)
                done.flagged.push_back({id, uid, message});
        }
        tell();
        engine_.done(now_);
    }

    void operator()(const imap::CopyAsked &asked)
    {
        const mail::Folder *target = find(asked.target);
        if (target == nullptr)
            return;
        const mail::FolderId to = target->id();
        const mail::FolderId from = selected();
        // All or none (RFC 3501 6.4.7).
        std::uint64_t bytes = 0;
        for (const std::uint32_t uid : asked.uids)
            if (const mail::StoredLetter *letter = letter_in(from, uid))
                bytes += letter->content.size();
        if (!asked.move && !store_.has_room(user_, bytes))
            return refuse(Problem::OverQuota);
        std::vector<std::uint32_t> new_uids;
        for (const std::uint32_t uid : asked.uids) {
            const mail::StoredLetter *letter = letter_in(from, uid);
            if (letter == nullptr)
                continue;
            const MessageId message = letter->message;
            const auto made = asked.move ? store_.move_letter(user_, from, uid, to)
                                         : store_.copy_letter(user_, from, uid, to);
            if (!made)
                return refuse(problem_of(made.error()));
            new_uids.push_back(*made);
            done.added.push_back({to, *made, message});
            if (asked.move)
                done.removed.push_back({from, uid, message});
        }
        tell();
        engine_.copied(store_.folder(user_, to)->uid_validity(), new_uids, now_);
    }

    void operator()(const imap::ExpungeAsked &asked)
    {
        const mail::FolderId id = selected();
        for (const std::uint32_t uid : asked.uids) {
            const mail::StoredLetter *letter = letter_in(id, uid);
            if (letter == nullptr)
                continue;
            done.removed.push_back({id, uid, letter->message});
            (void)store_.remove(user_, id, uid); // It is there.
        }
        tell();
        engine_.done(now_);
    }

    void operator()(const imap::QuotaAsked &asked)
    {
        if (asked.verb == imap::Verb::GetQuotaRoot && find(asked.name) == nullptr)
            return;
        if (asked.verb != imap::Verb::GetQuotaRoot && asked.name != imap::quota_root)
            return refuse(Problem::NoSuchQuota);
        if (asked.verb == imap::Verb::SetQuota)
            return refuse(Problem::Denied);
        engine_.quota_told({mailbox().used_bytes, mailbox().quota_bytes}, now_);
    }

    template <class Other> void operator()(const Other &) {} // No question, or LoginAsked.

    void tell()
    {
        const imap::SelectedMailbox *known = engine_.selected();
        if (known == nullptr)
            return;
        const mail::Folder *folder = store_.folder(user_, known->folder().id());
        if (folder == nullptr)
            return engine_.mailbox_deleted(now_);
        if (folder->modifications() == known->folder().modifications())
            return;
        const std::uint32_t recent = recent_of(folder->id(), known->read_only());
        engine_.mailbox_changed(*store_.folder(user_, known->folder().id()), recent, now_);
    }

    ImapDone done;

private:
    const mail::Mailbox &mailbox() const { return store_.mailbox(user_); }
    mail::FolderId selected() const { return engine_.selected()->folder().id(); }

    void refuse(Problem problem)
    {
        done.problem = problem;
        engine_.refused(problem, now_);
    }

    /// The folder, or nullptr after the question is refused.
    const mail::Folder *find(const std::string &name)
    {
        const mail::Folder *folder = mailbox().find_folder(name);
        if (folder == nullptr)
            refuse(Problem::NoSuchMailbox);
        return folder;
    }

    const mail::StoredLetter *letter_in(mail::FolderId id, std::uint32_t uid) const
    {
        const mail::Folder *folder = store_.folder(user_, id);
        return folder == nullptr ? nullptr : folder->find(uid);
    }

    /// Flags with those of the keywords; nothing after the question is refused.
    std::optional<std::uint32_t> all_flags(mail::FolderId id, std::uint32_t flags,
                                           const std::vector<std::string> &keywords)
    {
        for (const std::string &keyword : keywords) {
            const auto flag = store_.keyword_flag(user_, id, keyword);
            if (!flag) {
                refuse(problem_of(flag.error()));
                return std::nullopt;
            }
            flags |= *flag;
        }
        return flags;
    }

    /// EXAMINE looks at what is recent and leaves it so (RFC 3501 6.3.2).
    std::uint32_t recent_of(mail::FolderId id, bool read_only)
    {
        return read_only ? store_.folder(user_, id)->first_recent_uid()
                         : *store_.claim_recent(user_, id);
    }

    imap::Server &engine_;
    mail::Store &store_;
    mail::UserId user_;
    mail::DateTime start_;
    MessageId message_;
    SimTime now_;
};

} // namespace

ImapDone answer(imap::Server &engine, const imap::ServerEvent &question, ImapAccount &account,
                MessageId message, SimTime now)
{
    if (engine.wants_close())
        return {};
    Answer answerer(engine, account, message, now);
    std::visit(answerer, question);
    return std::move(answerer.done);
}

void tell_changes(imap::Server &engine, ImapAccount &account, SimTime now)
{
    Answer(engine, account, MessageId{}, now).tell();
}

} // namespace mailscope
