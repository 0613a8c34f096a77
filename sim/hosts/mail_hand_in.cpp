// A mail server's door for programs on its own machine: webmail.
#include "sim/hosts/mail_server.h"
#include "sim/mail/address.h"
#include "sim/mail/trace_fields.h"

#include <utility>

namespace mailscope
{

smtp::Reply MailServer::hand_in(Env &env, const mail::Store &store, const std::string &identity,
                                Ipv4Address origin, const smtp::Envelope &envelope,
                                const SharedBytes &content)
{
    ClientFacts client;
    client.address = origin;
    client.identity = identity;
    client.is_submission = true;
    if (const std::optional<smtp::Reply> refusal = refuse_sender(*config_, content.size()))
        return *refusal;
    for (const smtp::Recipient &recipient : envelope.recipients) {
        if (!mail::parse_address(recipient.address))
            return smtp::make_reply(config_->policy.dialect, smtp::Phrase::BadRecipient);
        const RecipientDecision decision =
            decide_recipient(*config_, store, client, envelope.reverse_path, recipient.address);
        if (const auto *refusal = std::get_if<smtp::Reply>(&decision))
            return *refusal;
    }
    QueuedMessage message = queued(env, envelope, content.view());
    const std::string address = to_string(origin);
    std::string stamp;
    append_stamp(stamp, {"[" + address + "]",
                         "",
                         address,
                         config_->hostname,
                         {},
                         "HTTP",
                         message.queue_id,
                         nullptr,
                         envelope.reverse_path,
                         env.date()});
    message.content = SharedBytes::joined(stamp, content.view());
    return take_over(env, env.record(RecordKind::MessageAccepted), std::move(message));
}

void MailServer::dispatch_handed_in(Env &env, mail::Store &store, std::uint16_t index)
{
    for (const Handle message : std::exchange(undispatched_, {}))
        dispatch({env, store, index}, message);
}

} // namespace mailscope
