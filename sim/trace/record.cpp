// The table of record kinds.
#include "sim/trace/record.h"

#include "sim/core/check.h"
#include "sim/core/text.h"

#include <array>
#include <cstddef>

namespace mailscope
{
namespace
{

using K = RecordKind;
using L = Layer;
using T = Trouble;

constexpr std::array kinds = {
    KindInfo{K::SceneBegan, "scene-began", L::Story, T::None,
             "heading: English, line feed, Japanese", "number of the scene"},
    KindInfo{K::ActionTaken, "action-taken", L::Story, T::None, "who does what", ""},
    KindInfo{K::ActionFailed, "action-failed", L::Story, T::Temporary, "what is in the way", ""},
    KindInfo{K::FaultBegan, "fault-began", L::Story, T::Temporary, "what broke", ""},
    KindInfo{K::FaultEnded, "fault-ended", L::Story, T::None, "what works again", ""},
    KindInfo{K::ChangeMade, "change-made", L::Story, T::None, "what was changed", ""},
    KindInfo{K::PacketSent, "packet-sent", L::Packet, T::None, "", "octets"},
    KindInfo{K::PacketForwarded, "packet-forwarded", L::Packet, T::None, "", "octets"},
    KindInfo{K::PacketTranslated, "packet-translated", L::Packet, T::None, "", "octets"},
    KindInfo{K::PacketDropped, "packet-dropped", L::Packet, T::Temporary, "reason", "octets"},
    KindInfo{K::PacketArrived, "packet-arrived", L::Packet, T::None, "", "octets"},
    KindInfo{K::PortClosed, "port-closed", L::Packet, T::Temporary, "", "port"},
    KindInfo{K::SegmentRepeated, "segment-repeated", L::Packet, T::None, "", "how often"},
    KindInfo{K::ConnectionOpening, "connection-opening", L::Connection, T::None, "address and port",
             "port"},
    KindInfo{K::ConnectionAccepted, "connection-accepted", L::Connection, T::None,
             "address of the peer", "port"},
    KindInfo{K::ConnectionEstablished, "connection-established", L::Connection, T::None,
             "address and port", "port"},
    KindInfo{K::ConnectionFailed, "connection-failed", L::Connection, T::Temporary, "reason",
             "port"},
    KindInfo{K::ConnectionEnding, "connection-ending", L::Connection, T::None, "", ""},
    KindInfo{K::ConnectionLost, "connection-lost", L::Connection, T::Temporary, "reason", ""},
    KindInfo{K::TlsEstablished, "tls-established", L::Connection, T::None, "name of the peer", ""},
    KindInfo{K::TlsFailed, "tls-failed", L::Connection, T::Permanent, "reason", ""},
    KindInfo{K::CommandSent, "command-sent", L::Line, T::None, "the line", ""},
    KindInfo{K::ReplySent, "reply-sent", L::Line, T::None, "the reply", ""},
    KindInfo{K::ContentSent, "content-sent", L::Line, T::None, "the content", "octets"},
    KindInfo{K::CiphertextSent, "ciphertext-sent", L::Line, T::None, "the octets", "octets"},
    KindInfo{K::WrongProtocol, "wrong-protocol", L::Line, T::Permanent, "what was said", ""},
    KindInfo{K::QuestionAsked, "question-asked", L::Dns, T::None, "name and type", ""},
    KindInfo{K::QueryReceived, "query-received", L::Dns, T::None, "name and type", ""},
    KindInfo{K::CacheHit, "cache-hit", L::Dns, T::None, "name and type", "seconds left"},
    KindInfo{K::CacheMiss, "cache-miss", L::Dns, T::None, "name and type", ""},
    KindInfo{K::QuerySent, "query-sent", L::Dns, T::None, "name and type, zone asked", "attempt"},
    KindInfo{K::ReferralReceived, "referral-received", L::Dns, T::None, "zone and its servers", ""},
    KindInfo{K::AliasFollowed, "alias-followed", L::Dns, T::None, "alias and target", ""},
    KindInfo{K::AnswerReceived, "answer-received", L::Dns, T::None, "outcome", ""},
    KindInfo{K::NegativeCached, "negative-cached", L::Dns, T::None, "name and type", "seconds"},
    KindInfo{K::ServerTimedOut, "server-timed-out", L::Dns, T::Temporary, "address", "attempt"},
    KindInfo{K::LameServer, "lame-server", L::Dns, T::Temporary, "zone", ""},
    KindInfo{K::RetriedOverTcp, "retried-over-tcp", L::Dns, T::None, "address", ""},
    KindInfo{K::ResponseIgnored, "response-ignored", L::Dns, T::None, "reason", ""},
    KindInfo{K::ResolutionFailed, "resolution-failed", L::Dns, T::Temporary, "name and reason", ""},
    KindInfo{K::AnswerSent, "answer-sent", L::Dns, T::None, "", "records"},
    KindInfo{K::NameServerAnswered, "name-server-answered", L::Dns, T::None, "name and type",
             "records"},
    KindInfo{K::QuestionAnswered, "question-answered", L::Dns, T::None, "name, type and result",
             "records"},
    KindInfo{K::LetterWritten, "letter-written", L::Mail, T::None, "subject", "octets"},
    KindInfo{K::SubmissionBegan, "submission-began", L::Mail, T::None, "server", ""},
    KindInfo{K::SubmissionAccepted, "submission-accepted", L::Mail, T::None, "reply", ""},
    KindInfo{K::SubmissionRefused, "submission-refused", L::Mail, T::Permanent, "reply", ""},
    KindInfo{K::SubmissionFailed, "submission-failed", L::Mail, T::Temporary, "reason", ""},
    KindInfo{K::LoginSucceeded, "login-succeeded", L::Mail, T::None, "user", ""},
    KindInfo{K::LoginFailed, "login-failed", L::Mail, T::Permanent, "user", ""},
    KindInfo{K::SenderRefused, "sender-refused", L::Mail, T::None, "sender and reply", ""},
    KindInfo{K::RecipientRefused, "recipient-refused", L::Mail, T::None, "recipient and reply", ""},
    KindInfo{K::Greylisted, "greylisted", L::Mail, T::Temporary, "recipient", "seconds to wait"},
    KindInfo{K::MessageAccepted, "message-accepted", L::Mail, T::None, "queue id", "recipients"},
    KindInfo{K::MessageRefused, "message-refused", L::Mail, T::None, "reply", ""},
    KindInfo{K::DeliveryBegan, "delivery-began", L::Mail, T::None, "queue id and domain",
             "attempt"},
    KindInfo{K::Relayed, "relayed", L::Mail, T::None, "recipient", ""},
    KindInfo{K::PossiblyRelayed, "possibly-relayed", L::Mail, T::Temporary, "recipient", ""},
    KindInfo{K::Deferred, "deferred", L::Mail, T::Temporary, "recipient and reason",
             "seconds to the next attempt"},
    KindInfo{K::HostSkipped, "host-skipped", L::Mail, T::Temporary, "host and reason", ""},
    KindInfo{K::Expanded, "expanded", L::Mail, T::None, "recipient and new recipients",
             "new recipients"},
    KindInfo{K::Delivered, "delivered", L::Mail, T::None, "mailbox", "uid"},
    KindInfo{K::DeliveryFailed, "delivery-failed", L::Mail, T::Permanent, "recipient and reason",
             ""},
    KindInfo{K::LoopStopped, "loop-stopped", L::Mail, T::Permanent, "recipient", "hops"},
    KindInfo{K::DelayReported, "delay-reported", L::Mail, T::None, "sender", ""},
    KindInfo{K::FailureReported, "failure-reported", L::Mail, T::None, "sender", ""},
    KindInfo{K::SuccessReported, "success-reported", L::Mail, T::None, "sender", ""},
    KindInfo{K::ReportDiscarded, "report-discarded", L::Mail, T::Permanent, "reason", ""},
    KindInfo{K::FetchBegan, "fetch-began", L::Mail, T::None, "server", ""},
    KindInfo{K::MailboxLocked, "mailbox-locked", L::Mail, T::Temporary, "user", ""},
    KindInfo{K::LetterFetched, "letter-fetched", L::Mail, T::None, "subject", "octets"},
    KindInfo{K::LetterRemoved, "letter-removed", L::Mail, T::None, "mailbox", "uid"},
    KindInfo{K::FetchEnded, "fetch-ended", L::Mail, T::None, "", "letters"},
    KindInfo{K::FetchFailed, "fetch-failed", L::Mail, T::Temporary, "reason", ""},
    KindInfo{K::LetterRead, "letter-read", L::Mail, T::None, "subject", ""},
    KindInfo{K::LetterDeleted, "letter-deleted", L::Mail, T::None, "subject", ""},
    KindInfo{K::PageShown, "page-shown", L::Mail, T::None, "title, and the problem told", "octets"},
    KindInfo{K::WebSessionOpened, "web-session-opened", L::Mail, T::None, "user",
             "seconds it lasts unused"},
    KindInfo{K::WebSessionClosed, "web-session-closed", L::Mail, T::None, "user and reason", ""},
    KindInfo{K::MailboxOpened, "mailbox-opened", L::Mail, T::None, "mailbox and folder", "letters"},
    KindInfo{K::ListeningBegan, "listening-began", L::Mail, T::None, "user", ""},
    KindInfo{K::FlagsChanged, "flags-changed", L::Mail, T::None, "mailbox and flags", "uid"},
    KindInfo{K::FlagsLearned, "flags-learned", L::Mail, T::None, "flags and subject", ""},
    KindInfo{K::LetterAppended, "letter-appended", L::Mail, T::None, "mailbox and folder", "uid"},
    KindInfo{K::AppendRefused, "append-refused", L::Mail, T::Permanent, "mailbox", ""},
    KindInfo{K::LetterCopied, "letter-copied", L::Mail, T::None, "mailbox and folder", "uid"},
    KindInfo{K::CopyRefused, "copy-refused", L::Mail, T::Permanent, "mailbox", ""},
    KindInfo{K::LetterVanished, "letter-vanished", L::Mail, T::None, "subject", ""},
    KindInfo{K::DraftSaved, "draft-saved", L::Mail, T::None, "subject", "octets"},
    KindInfo{K::DraftOpened, "draft-opened", L::Mail, T::None, "subject", "octets"},
    KindInfo{K::DraftRemoved, "draft-removed", L::Mail, T::None, "subject", "octets"},
    KindInfo{K::DraftsShown, "drafts-shown", L::Mail, T::None, "", "drafts"},
    KindInfo{K::FolderMade, "folder-made", L::Mail, T::None, "folder", ""},
    KindInfo{K::LetterMoved, "letter-moved", L::Mail, T::None, "folder and subject", ""},
};

static_assert(kinds.size() == static_cast<std::size_t>(RecordKind::Count));

constexpr bool in_order()
{
    for (std::size_t i = 0; i < kinds.size(); ++i)
        if (static_cast<std::size_t>(kinds[i].kind) != i)
            return false;
    return true;
}

static_assert(in_order(), "the table follows the enumeration");

constexpr std::array<std::string_view, 9> protocol_names = {"none", "tcp",  "udp",  "dns", "smtp",
                                                            "pop3", "imap", "http", "tls"};

} // namespace

std::string_view to_string(Protocol protocol)
{
    return protocol_names[static_cast<std::size_t>(protocol)];
}

std::optional<Protocol> parse_protocol(std::string_view word)
{
    for (std::size_t i = 0; i < protocol_names.size(); ++i)
        if (equals_ignoring_case(protocol_names[i], word))
            return static_cast<Protocol>(i);
    return std::nullopt;
}

const KindInfo &info_of(RecordKind kind)
{
    MS_CHECK(kind < RecordKind::Count);
    return kinds[static_cast<std::size_t>(kind)];
}

std::span<const KindInfo> record_kinds() { return kinds; }

std::optional<RecordKind> parse_kind(std::string_view name)
{
    for (const KindInfo &row : kinds)
        if (row.name == name)
            return row.kind;
    return std::nullopt;
}

std::string to_string_status(StatusNumber status)
{
    if (status == 0)
        return std::string();
    return std::to_string(status / 1'000'000U) + "." + std::to_string(status / 1'000U % 1'000U) +
           "." + std::to_string(status % 1'000U);
}

StatusNumber parse_status(std::string_view text)
{
    StatusNumber parts[3] = {0, 0, 0};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t dot = text.find('.');
        const std::optional<std::uint64_t> number = parse_decimal(text.substr(0, dot));
        if (!number || *number > 999 || (dot == std::string_view::npos) != (i == 2))
            return 0;
        parts[i] = static_cast<StatusNumber>(*number);
        text.remove_prefix(i == 2 ? text.size() : dot + 1);
    }
    return status_number(parts[0], parts[1], parts[2]);
}

Trouble trouble_of(const Record &record)
{
    const bool has_reply_code = record.protocol == Protocol::Smtp && record.code >= 400;
    if (has_reply_code && record.code < 600)
        return record.code < 500 ? Trouble::Temporary : Trouble::Permanent;
    return info_of(record.kind).trouble;
}

} // namespace mailscope
