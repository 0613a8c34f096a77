// The words that scenario files use for enumerations, each list in one place.
//
// The parser reads by them, messages print by them, and a test compares them with the enumerations
// of scenarios/scenario.schema.json.
#pragma once

#include "sim/scenario/reading.h"
#include "sim/scenario/scenario.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mailscope::words
{

inline constexpr std::array<Word<MaintenanceSpec>, 3> maintenance{
    {{"none", MaintenanceSpec::None},
     {"try_later", MaintenanceSpec::TryLater},
     {"closed", MaintenanceSpec::Closed}}};

inline constexpr std::array<Word<UnknownDomainSpec>, 3> unknown_domain{
    {{"accept", UnknownDomainSpec::Accept},
     {"reply_temporary", UnknownDomainSpec::ReplyTemporary},
     {"reply_permanent", UnknownDomainSpec::ReplyPermanent}}};

inline constexpr std::array<Word<QuotaCheckSpec>, 2> quota_check{
    {{"at_delivery", QuotaCheckSpec::AtDelivery}, {"at_recipient", QuotaCheckSpec::AtRecipient}}};

inline constexpr std::array<Word<smtp::Dialect>, 2> software{
    {{"postfix", smtp::Dialect::Postfix}, {"exim", smtp::Dialect::Exim}}};

/// What a domain says about its mail servers in DNS.
enum class MxEntry : std::uint8_t
{
    Published,
    Missing,
    Null
};
inline constexpr std::array<Word<MxEntry>, 3> mx{
    {{"published", MxEntry::Published}, {"missing", MxEntry::Missing}, {"null", MxEntry::Null}}};

inline constexpr std::array<Word<DelegationSpec>, 3> delegation{
    {{"good", DelegationSpec::Good},
     {"missing", DelegationSpec::Missing},
     {"lame", DelegationSpec::Lame}}};

inline constexpr std::array<Word<std::string_view>, 7> record_type{{{"A", "A"},
                                                                    {"AAAA", "AAAA"},
                                                                    {"CNAME", "CNAME"},
                                                                    {"MX", "MX"},
                                                                    {"NS", "NS"},
                                                                    {"PTR", "PTR"},
                                                                    {"TXT", "TXT"}}};

inline constexpr std::array<Word<ReadsSpec>, 4> reads{{{"pop3", ReadsSpec::Pop3},
                                                       {"imap", ReadsSpec::Imap},
                                                       {"webmail", ReadsSpec::Webmail},
                                                       {"nothing", ReadsSpec::Nothing}}};

inline constexpr std::array<Word<FaultKindSpec>, 3> host_fault{
    {{"down", FaultKindSpec::HostDown},
     {"silent", FaultKindSpec::ServiceSilent},
     {"closed", FaultKindSpec::ServiceClosed}}};

inline constexpr std::array<Word<FaultKindSpec>, 3> link_fault{{{"cut", FaultKindSpec::LinkCut},
                                                                {"lossy", FaultKindSpec::LinkLoss},
                                                                {"slow", FaultKindSpec::LinkSlow}}};

/// A service and its port.
inline constexpr std::array<Word<std::uint16_t>, 9> service{{{"smtp", 25},
                                                             {"dns", 53},
                                                             {"webmail", 80},
                                                             {"pop3", 110},
                                                             {"imap", 143},
                                                             {"submission", 587},
                                                             {"submissions", 465},
                                                             {"imaps", 993},
                                                             {"pop3s", 995}}};

inline constexpr std::array<Word<ActionKind>, 17> action{{{"send", ActionKind::Send},
                                                          {"resend", ActionKind::Resend},
                                                          {"fetch", ActionKind::Fetch},
                                                          {"read", ActionKind::Read},
                                                          {"delete", ActionKind::Delete},
                                                          {"reply", ActionKind::Reply},
                                                          {"forward", ActionKind::Forward},
                                                          {"go_offline", ActionKind::GoOffline},
                                                          {"go_online", ActionKind::GoOnline},
                                                          {"hang_up", ActionKind::HangUp},
                                                          {"save_draft", ActionKind::SaveDraft},
                                                          {"send_draft", ActionKind::SendDraft},
                                                          {"open_drafts", ActionKind::OpenDrafts},
                                                          {"make_folder", ActionKind::MakeFolder},
                                                          {"move", ActionKind::Move},
                                                          {"retry", ActionKind::Retry},
                                                          {"wait", ActionKind::Wait}}};

/// Whether a letter is written in ISO-2022-JP.
inline constexpr std::array<Word<bool>, 2> charset{{{"utf-8", false}, {"iso-2022-jp", true}}};

inline constexpr std::array<Word<ChangeKind>, 2> mailbox_delete{
    {{"oldest", ChangeKind::DeleteOldest}, {"all", ChangeKind::EmptyMailbox}}};

inline constexpr std::array<Word<ChangeKind>, 1> end_maintenance{
    {{"none", ChangeKind::EndMaintenance}}};

inline constexpr std::array<Word<ChangeKind>, 1> serve_zone{{{"served", ChangeKind::ServeZone}}};

inline constexpr std::array<Word<ChangeKind>, 1> unlist{{{"clients", ChangeKind::UnlistClient}}};

inline constexpr std::array<Word<FolderSpec>, 3> folder{
    {{"inbox", FolderSpec::Inbox}, {"drafts", FolderSpec::Drafts}, {"sent", FolderSpec::Sent}}};

inline constexpr std::array<Word<ExpectationKind>, 11> expectation{
    {{"delivered", ExpectationKind::Delivered},
     {"not_delivered", ExpectationKind::NotDelivered},
     {"on_device", ExpectationKind::OnDevice},
     {"not_on_device", ExpectationKind::NotOnDevice},
     {"on_server", ExpectationKind::OnServer},
     {"not_on_server", ExpectationKind::NotOnServer},
     {"bounce", ExpectationKind::Bounce},
     {"delayed", ExpectationKind::Delayed},
     {"refused", ExpectationKind::Refused},
     {"queued", ExpectationKind::Queued},
     {"happened", ExpectationKind::Happened}}};

/// The word for a value, for messages; empty when there is none.
template <class E, std::size_t N>
constexpr std::string_view word_of(const std::array<Word<E>, N> &words, E value)
{
    for (const Word<E> &word : words)
        if (word.value == value)
            return word.text;
    return {};
}

} // namespace mailscope::words
