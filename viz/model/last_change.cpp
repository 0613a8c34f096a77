// What changed a queue, a mailbox, a cache.
#include "viz/model/last_change.h"

#include "sim/core/text.h"
#include "viz/model/letter_view.h"
#include "viz/model/views.h"

namespace mailscope::viz
{
namespace
{

constexpr std::size_t records_back = 2000;

bool changes(RecordKind kind, Holds holds)
{
    switch (holds) {
    case Holds::Queue:
        return kind == RecordKind::MessageAccepted || kind == RecordKind::Deferred ||
               kind == RecordKind::FailureReported || kind == RecordKind::DelayReported ||
               kind == RecordKind::SuccessReported || kind == RecordKind::Expanded ||
               kind == RecordKind::SubmissionAccepted;
    case Holds::Mailbox:
        return kind == RecordKind::Delivered || kind == RecordKind::LetterRemoved ||
               kind == RecordKind::LetterAppended || kind == RecordKind::LetterCopied ||
               kind == RecordKind::LetterMoved;
    case Holds::Cache:
        return kind == RecordKind::ReferralReceived || kind == RecordKind::AnswerReceived ||
               kind == RecordKind::NegativeCached || kind == RecordKind::AliasFollowed;
    case Holds::Device:
        return kind == RecordKind::LetterFetched || kind == RecordKind::LetterWritten ||
               kind == RecordKind::LetterDeleted || kind == RecordKind::LetterMoved ||
               kind == RecordKind::SubmissionFailed;
    }
    return false;
}

template <class Matches> int last_record(const Moment &now, Matches matches)
{
    const std::size_t first = now.index() > records_back ? now.index() - records_back : 0;
    for (std::size_t i = now.records.empty() ? first : now.index() + 1; i-- > first;)
        if (matches(now.records[i]))
            return static_cast<int>(i);
    return -1;
}

} // namespace

int last_change(const Moment &now, const Holder &holder)
{
    return last_record(now, [&](const Record &record) {
        return record.host == holder.host && changes(record.kind, holder.holds) &&
               (holder.user.empty() ||
                record.text.view().find(holder.user) != std::string_view::npos);
    });
}

int arrival_of_letter(const Moment &now)
{
    if (now.records.empty())
        return -1;
    MessageId message = now.record().message;
    if (!now.state.letter.empty()) {
        // The letter is known by what was delivered: its Message-ID is in the last content sent.
        const std::string source = letter_source(now);
        const std::size_t at = source.find("\nMessage-ID:");
        const std::size_t end = source.find('\r', at == std::string::npos ? 0 : at);
        if (at == std::string::npos || end == std::string::npos)
            return -1;
        const std::string id = source.substr(at + 1, end - at - 1);
        const int sent = last_record(now, [&](const Record &record) {
            return record.kind == RecordKind::ContentSent &&
                   record.text.view().find(id) != std::string_view::npos;
        });
        if (sent < 0)
            return -1;
        message = now.records[static_cast<std::size_t>(sent)].message;
    }
    if (message.is_none())
        return -1;
    return last_record(now, [&](const Record &record) {
        return record.message == message && info_of(record.kind).layer == Layer::Mail;
    });
}

} // namespace mailscope::viz
