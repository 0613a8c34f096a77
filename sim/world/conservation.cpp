// The checker that nothing is lost.
#include "sim/world/conservation.h"

#include <map>
#include <utility>

namespace mailscope
{
namespace
{

/// What a server did for one message, counted in recipients.
struct Account
{
    std::int64_t taken = 0;
    std::int64_t ended = 0;
};

} // namespace

std::vector<std::string> conservation_errors(const World &world)
{
    std::vector<std::string> errors;
    for (const MailServerPlace &place : world.mail_servers) {
        const MailQueue &queue = place.server.queue();
        const std::uint64_t taken = queue.counts.accepted + queue.counts.made;
        const std::uint64_t held = queue.count_pending();
        if (taken != queue.counts.ended() + held)
            errors.push_back(world.directory->name_of(place.server.host()) + " took " +
                             std::to_string(taken) + " recipients, but " +
                             std::to_string(queue.counts.ended()) + " ended and " +
                             std::to_string(held) + " wait");
        queue.messages.for_each([&](Handle handle, const QueuedMessage &message) {
            std::size_t pending = 0;
            for (const QueuedRecipient &recipient : message.recipients)
                pending += recipient.fate == Fate::Pending ? 1U : 0U;
            std::size_t cared_for = 0;
            queue.deliveries.for_each([&](Handle, const Delivery &delivery) {
                if (delivery.message == handle)
                    cared_for += delivery.recipients.size();
            });
            if (pending != cared_for)
                errors.push_back(message.queue_id + " has " + std::to_string(pending) +
                                 " recipients pending and deliveries for " +
                                 std::to_string(cared_for));
        });
    }
    for (const mail::Store &store : world.stores) {
        for (std::uint32_t i = 0; i < store.user_count(); ++i) {
            const mail::Mailbox &mailbox = store.mailbox(mail::UserId{i});
            std::uint64_t bytes = 0;
            for (const mail::Folder &folder : mailbox.folders)
                bytes += folder.bytes();
            if (bytes != mailbox.used_bytes)
                errors.push_back(mailbox.user + " is said to use " +
                                 std::to_string(mailbox.used_bytes) + " octets, but uses " +
                                 std::to_string(bytes));
        }
    }
    return errors;
}

std::vector<std::string> conservation_errors(const World &world, const Records &records)
{
    std::map<std::pair<std::uint32_t, std::uint32_t>, Account> accounts; // by host and message
    const auto account = [&](HostId host, std::uint32_t message) -> Account & {
        return accounts[{host.value, message}];
    };
    records.for_each([&](const Record &record) {
        Account &own = account(record.host, record.message.value);
        switch (record.kind) {
        case RecordKind::MessageAccepted:
            own.taken += record.value;
            break;
        case RecordKind::Expanded:
            own.taken += record.value;
            own.ended += 1;
            break;
        case RecordKind::FailureReported:
        case RecordKind::DelayReported:
        case RecordKind::SuccessReported:
            account(record.host, static_cast<std::uint32_t>(record.value)).taken += 1;
            break;
        case RecordKind::Delivered:
        case RecordKind::Relayed:
        case RecordKind::DeliveryFailed:
            own.ended += 1;
            break;
        default:
            break;
        }
    });
    for (const MailServerPlace &place : world.mail_servers)
        place.server.queue().messages.for_each([&](Handle, const QueuedMessage &message) {
            for (const QueuedRecipient &recipient : message.recipients)
                account(place.server.host(), message.message.value).ended +=
                    recipient.fate == Fate::Pending ? 1 : 0;
        });
    std::vector<std::string> errors;
    for (const auto &[key, sums] : accounts)
        if (sums.taken != sums.ended)
            errors.push_back(world.directory->hosts[key.first].name + " took message " +
                             std::to_string(key.second) + " for " + std::to_string(sums.taken) +
                             " recipients and accounts for " + std::to_string(sums.ended));
    return errors;
}

std::size_t possible_duplicates(const Records &records)
{
    std::size_t count = 0;
    records.for_each([&](const Record &record) {
        count += record.kind == RecordKind::PossiblyRelayed ? 1U : 0U;
    });
    return count;
}

} // namespace mailscope
