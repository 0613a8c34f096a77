// The trace record: one thing that happened, with time, place, what, and because of what.
//
// Every view, writer, expectation and explanation reads records and nothing else (and, for what is
// true at a moment, world/inspect). A record is a flat value of one shape for all kinds; the table
// in record.cpp says for each kind what its name is and what its fields mean. `because` names the
// record that caused it, so that "why?" is answered by walking back to the root. Records live
// outside the World (records.h).
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/id.h"
#include "sim/core/time.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mailscope
{

/// What a record is about, from the wire upwards. Also the grain at which traces are kept.
enum class Layer : std::uint8_t
{
    Story,      ///< what people do, what breaks and is repaired
    Mail,       ///< what becomes of letters
    Dns,        ///< what resolvers and name servers do
    Line,       ///< protocol lines as they are
    Connection, ///< TCP connections begin and end
    Packet,     ///< packets on links
};

/// Their words in JSON Lines and in queries, in their order.
inline constexpr std::array<std::string_view, 6> layer_names = {"story", "mail",       "dns",
                                                                "line",  "connection", "packet"};

/// The conversation that a record belongs to.
enum class Protocol : std::uint8_t
{
    None,
    Tcp,
    Udp,
    Dns,
    Smtp,
    Pop3,
    Imap,
    Http,
    Tls,
};

/// "smtp"; the word used in queries and files.
std::string_view to_string(Protocol protocol);
std::optional<Protocol> parse_protocol(std::string_view word);

enum class RecordKind : std::uint8_t
{
    // Story
    SceneBegan,
    ActionTaken,
    ActionFailed,
    FaultBegan,
    FaultEnded,
    ChangeMade,
    // Packet
    PacketSent,
    PacketForwarded,
    PacketTranslated,
    PacketDropped,
    PacketArrived,
    PortClosed,
    SegmentRepeated,
    // Connection
    ConnectionOpening,
    ConnectionAccepted,
    ConnectionEstablished,
    ConnectionFailed,
    ConnectionEnding,
    ConnectionLost,
    TlsEstablished,
    TlsFailed,
    // Line
    CommandSent,
    ReplySent,
    ContentSent,
    CiphertextSent,
    WrongProtocol,
    // Dns
    QuestionAsked,
    QueryReceived,
    CacheHit,
    CacheMiss,
    QuerySent,
    ReferralReceived,
    AliasFollowed,
    AnswerReceived,
    NegativeCached,
    ServerTimedOut,
    LameServer,
    RetriedOverTcp,
    ResponseIgnored,
    ResolutionFailed,
    AnswerSent,
    NameServerAnswered,
    QuestionAnswered,
    // Mail
    LetterWritten,
    SubmissionBegan,
    SubmissionAccepted,
    SubmissionRefused,
    SubmissionFailed,
    LoginSucceeded,
    LoginFailed,
    SenderRefused,
    RecipientRefused,
    Greylisted,
    MessageAccepted,
    MessageRefused,
    DeliveryBegan,
    Relayed,
    PossiblyRelayed,
    Deferred,
    HostSkipped,
    Expanded,
    Delivered,
    DeliveryFailed,
    LoopStopped,
    DelayReported,
    FailureReported,
    SuccessReported,
    ReportDiscarded,
    FetchBegan,
    MailboxLocked,
    LetterFetched,
    LetterRemoved,
    FetchEnded,
    FetchFailed,
    LetterRead,
    LetterDeleted,
    PageShown,
    WebSessionOpened,
    WebSessionClosed,
    MailboxOpened,
    ListeningBegan,
    FlagsChanged,
    FlagsLearned,
    LetterAppended,
    AppendRefused,
    LetterCopied,
    CopyRefused,
    LetterVanished,
    DraftSaved,
    DraftOpened,
    DraftRemoved,
    DraftsShown,
    FolderMade,
    LetterMoved,
    Count, ///< how many kinds there are; no kind
};

/// Whether something went wrong, and for how long.
enum class Trouble : std::uint8_t
{
    None,
    Temporary, ///< may go well later: 4xx, time-outs, broken links
    Permanent, ///< will not go well without a change: 5xx
};

/// What a kind is called and what its fields mean. Empty meanings: the field is not used.
struct KindInfo
{
    RecordKind kind;
    std::string_view name; ///< "recipient-refused": in files, queries, topic keys
    Layer layer;
    Trouble trouble;        ///< beyond what the reply code says
    std::string_view text;  ///< meaning of `text`
    std::string_view value; ///< meaning of `value`
};

/// The row of a kind.
const KindInfo &info_of(RecordKind kind);
std::span<const KindInfo> record_kinds();
std::optional<RecordKind> parse_kind(std::string_view name);

/// An enhanced status code (RFC 3463) in one number, 0 for none: 5.1.1 is 5'001'001.
using StatusNumber = std::uint32_t;
constexpr StatusNumber status_number(unsigned kind, unsigned subject, unsigned detail)
{
    return kind * 1'000'000U + subject * 1'000U + detail;
}
/// "5.1.1"; empty for none.
std::string to_string_status(StatusNumber status);
StatusNumber parse_status(std::string_view text);

struct Record
{
    SimTime at;
    RecordId id;
    RecordId because;
    RecordKind kind = RecordKind::ActionTaken;
    Protocol protocol = Protocol::None;
    std::uint16_t code = 0; ///< reply code (SMTP), response code (DNS), net::Reason
    StatusNumber status = 0;
    HostId host; ///< where it happened
    HostId peer; ///< the other side
    ConnectionId conversation;
    MessageId message;
    LinkId link;
    std::uint32_t packet = 0xFFFFFFFFU; ///< index into Records::packets()
    std::int64_t value = 0;
    SharedBytes text;
};

/// Whether the record tells of trouble: by its kind or by its reply code.
Trouble trouble_of(const Record &record);

} // namespace mailscope
