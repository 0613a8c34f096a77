// The test host's policy, and events as text.
#include "tests/support/smtp_host.h"

#include "sim/core/text.h"
#include "sim/hosts/lmtp_words.h"
#include "sim/hosts/mail_words.h"
#include "tests/support/overloaded.h"

#include <algorithm>
#include <memory>

namespace mailscope::test
{

namespace
{

std::string text_of(smtp::Body body)
{
    return body == smtp::Body::Unsaid ? "" : body == smtp::Body::SevenBit ? " 7bit" : " 8bit";
}

std::string text_of(smtp::Stage stage) { return std::string(to_string(stage)); }

bool holds(const std::vector<std::string> &list, const std::string &entry)
{
    return std::find(list.begin(), list.end(), entry) != list.end();
}

/// Whose mailbox an address names: the domain behind the last "@" or, where there is a "%" before
/// it, the domain it routes to.
std::string domain_of(const std::string &address)
{
    const std::size_t at = address.rfind('@');
    const std::size_t percent = address.find('%');
    if (percent != std::string::npos && percent < at)
        return address.substr(percent + 1, at == std::string::npos ? at : at - percent - 1);
    return at == std::string::npos ? "" : address.substr(at + 1);
}

} // namespace

smtp::Reply reply_of(std::string_view line)
{
    smtp::ReplyParser parser;
    while (parser.add(line.substr(0, line.find('\n'))) == smtp::ReplyParser::Status::Incomplete)
        line.remove_prefix(line.find('\n') + 1);
    return parser.reply();
}

std::string describe(const smtp::ServerEvent &event)
{
    return std::visit(
        Overloaded{
            [](const smtp::SenderAsked &e) {
                return "SenderAsked <" + e.reverse_path + ">" +
                       (e.size != 0 ? " size=" + std::to_string(e.size) : "") + text_of(e.body) +
                       (e.smtputf8 ? " utf8" : "") +
                       (e.ret == smtp::Return::Unsaid ? ""
                        : e.ret == smtp::Return::Full ? " ret=full"
                                                      : " ret=hdrs") +
                       (e.envid.empty() ? "" : " envid=" + e.envid);
            },
            [](const smtp::RecipientAsked &e) {
                const std::string notify = to_string(e.recipient.notify);
                return "RecipientAsked <" + e.recipient.address + ">" +
                       (notify.empty() ? "" : " notify=" + notify) +
                       (e.recipient.orcpt.empty() ? "" : " orcpt=" + e.recipient.orcpt);
            },
            [](const smtp::ContentAsked &e) {
                return "ContentAsked " + std::to_string(e.content.size()) + " octets" +
                       (e.chunked ? " in chunks" : "");
            },
            [](const smtp::AuthAsked &e) {
                return "AuthAsked " + e.mechanism + " [" + e.authzid + "] [" + e.user + "] [" +
                       e.password + "]";
            },
            [](const smtp::VerifyAsked &e) { return "VerifyAsked <" + e.address + ">"; },
            [](const smtp::PeerIdentified &e) {
                return "PeerIdentified " + e.name + (e.esmtp ? " esmtp" : "");
            },
            [](const smtp::CommandRefused &e) {
                return "CommandRefused " + std::string(to_string(e.verb)) + " " +
                       to_string(e.reply);
            },
            [](const smtp::TransactionStarted &) { return std::string("TransactionStarted"); },
            [](const smtp::TransactionReset &) { return std::string("TransactionReset"); },
            [](const smtp::TlsStarted &) { return std::string("TlsStarted"); },
            [](const smtp::ClientQuit &) { return std::string("ClientQuit"); },
            [](const smtp::TimedOut &e) { return "TimedOut at " + text_of(e.stage); },
            [](const smtp::PeerVanished &e) { return "PeerVanished at " + text_of(e.stage); }},
        event);
}

std::string describe(const smtp::ClientEvent &event)
{
    return std::visit(
        Overloaded{
            [](const smtp::Ready &) { return std::string("Ready"); },
            [](const smtp::SenderRefused &e) { return "SenderRefused " + to_string(e.reply); },
            [](const smtp::RecipientAccepted &e) {
                return "RecipientAccepted " + std::to_string(e.index) + " " + to_string(e.reply);
            },
            [](const smtp::RecipientRefused &e) {
                return "RecipientRefused " + std::to_string(e.index) + " " + to_string(e.reply);
            },
            [](const smtp::MessageAccepted &e) { return "MessageAccepted " + to_string(e.reply); },
            [](const smtp::MessageRefused &e) {
                return "MessageRefused at " + text_of(e.stage) + " " + to_string(e.reply);
            },
            [](const smtp::MessageUnsendable &e) {
                return "MessageUnsendable " + to_string(e.status) + " " + e.reason;
            },
            [](const smtp::SessionRefused &e) {
                return "SessionRefused at " + text_of(e.stage) + " " + to_string(e.reply);
            },
            [](const smtp::AuthSucceeded &e) { return "AuthSucceeded " + to_string(e.reply); },
            [](const smtp::AuthFailed &e) { return "AuthFailed " + to_string(e.reply); },
            [](const smtp::TlsStarted &) { return std::string("TlsStarted"); },
            [](const smtp::TlsNotOffered &e) { return "TlsNotOffered " + to_string(e.reply); },
            [](const smtp::TimedOut &e) { return "TimedOut at " + text_of(e.stage); },
            [](const smtp::PeerVanished &e) { return "PeerVanished at " + text_of(e.stage); },
            [](const smtp::ProtocolViolation &e) {
                return "ProtocolViolation at " + text_of(e.stage) + " '" + e.line + "'";
            }},
        event);
}

SmtpHost::SmtpHost(SmtpPolicy policy)
    : policy_(std::move(policy)),
      server_(std::make_shared<const smtp::ServerOptions>(policy_.options), "127.0.0.1")
{
}

std::string SmtpHost::feed(ByteView bytes, SimTime now)
{
    if (!greeted_)
        server_.greet(policy_.greeting, now);
    greeted_ = true;
    server_.receive(bytes, now);
    return drain(now);
}

std::string SmtpHost::drain(SimTime now)
{
    while (const std::optional<smtp::ServerEvent> event = server_.next_event()) {
        events_.push_back(describe(*event));
        decide(*event, now);
    }
    std::string said(server_.output().bytes());
    server_.clear_output();
    return said;
}

const smtp::Reply *SmtpHost::listed(const std::string &name) const
{
    const auto found = policy_.answers.find(to_lower(name));
    return found == policy_.answers.end() ? nullptr : &found->second;
}

std::optional<smtp::Reply> SmtpHost::refusal_of_recipient(const std::string &address) const
{
    if (policy_.any_recipient)
        return policy_.any_recipient;
    if (policy_.unauthenticated && server_.identity().empty())
        return policy_.unauthenticated;
    for (const std::string &name :
         {server_.peer_name(), server_.transaction().reverse_path, address})
        if (const smtp::Reply *reply = listed(name))
            return *reply;
    const std::string lower = to_lower(address);
    const std::string domain = domain_of(lower);
    const bool local = domain.empty() || domain.front() == '[' || holds(policy_.domains, domain);
    if (!local && !policy_.relays && server_.identity().empty())
        return say(policy_.options.dialect, Verdict::RelayDenied, {address});
    const bool unknown = local && !holds(policy_.users, lower.substr(0, lower.find('@')));
    if (unknown && policy_.options.lmtp)
        return lmtp_user_unknown(address);
    if (unknown)
        return say(policy_.options.dialect, Verdict::UserUnknown, {address});
    return std::nullopt;
}

std::vector<smtp::Reply> SmtpHost::deliveries(const Letter &letter) const
{
    std::vector<smtp::Reply> replies;
    for (const smtp::Recipient &recipient : letter.envelope.recipients) {
        const auto room =
            policy_.room.find(recipient.address.substr(0, recipient.address.find('@')));
        const bool full = room != policy_.room.end() && letter.content.size() > room->second;
        replies.push_back(full ? lmtp_mailbox_full(recipient.address)
                               : lmtp_saved(recipient.address, "1234567890"));
    }
    return replies;
}

void SmtpHost::decide(const smtp::ServerEvent &event, SimTime now)
{
    const auto settle = [this, now](const std::optional<smtp::Reply> &refusal) {
        if (refusal)
            server_.answer(*refusal, now);
        else
            server_.accept(now);
    };
    if (const auto *sender = std::get_if<smtp::SenderAsked>(&event)) {
        const std::uint64_t limit = policy_.options.size_limit;
        const auto refused = policy_.senders.find(sender->reverse_path);
        if (refused != policy_.senders.end())
            settle(refused->second);
        else
            settle(limit != 0 && sender->size > limit
                       ? std::optional(
                             make_reply(policy_.options.dialect, smtp::Phrase::SizeAnnounced))
                       : std::nullopt);
    } else if (const auto *recipient = std::get_if<smtp::RecipientAsked>(&event)) {
        settle(refusal_of_recipient(recipient->recipient.address));
    } else if (const auto *verify = std::get_if<smtp::VerifyAsked>(&event)) {
        settle(refusal_of_recipient(verify->address));
    } else if (const auto *auth = std::get_if<smtp::AuthAsked>(&event)) {
        const auto found = policy_.passwords.find(auth->user);
        const bool right = found != policy_.passwords.end() && found->second == auth->password;
        settle(right
                   ? std::nullopt
                   : std::optional(make_reply(policy_.options.dialect, smtp::Phrase::AuthFailed)));
    } else if (const auto *letter = std::get_if<smtp::ContentAsked>(&event)) {
        if (policy_.content && !policy_.content->is_positive()) {
            server_.answer(*policy_.content, now);
            return;
        }
        letters_.push_back({server_.take_transaction(), std::string(letter->content.view())});
        if (policy_.options.lmtp) {
            server_.answer_each(deliveries(letters_.back()), now);
            return;
        }
        const std::string size =
            letter->chunked ? std::to_string(letter->content.size()) + " bytes " : "";
        smtp::Reply taken = say(policy_.options.dialect, Verdict::Queued, {"1234567890"});
        taken.text.insert(taken.text.find(' ') + 1, size);
        server_.answer(taken, now);
    }
}

} // namespace mailscope::test
