// What is true in a World, read from its parts.
#include "sim/world/inspect.h"

#include "sim/mail/encoded_word.h"
#include "sim/mail/message.h"
#include "sim/mail/mime.h"
#include "sim/mail/status_report.h"

#include <array>
#include <utility>

namespace mailscope
{
namespace
{

/// The mail server that delivers into a store.
HostId host_of_store(const World &world, std::size_t store)
{
    for (const MailServerPlace &place : world.mail_servers)
        if (place.store == store)
            return place.server.host();
    return HostId{};
}

LetterPlace place_of(Place place, HostId host, std::string owner, const mail::StoredLetter &letter)
{
    LetterPlace row;
    row.message = letter.message;
    row.place = place;
    row.host = host;
    row.owner = std::move(owner);
    row.size = letter.content.size();
    // The header says it; bodies may be long, and this is asked for every frame.
    const mail::MessageView message(letter.content.view());
    row.subject = mail::decode_words(message.text_of("Subject"));
    row.seen = (letter.flags & mail::letter_flag::seen) != 0;
    row.is_report =
        mail::parse_parts(message.header()).parts.front().type.value == "multipart/report" &&
        mail::parse_status_report(message.bytes()).has_value();
    return row;
}

Place place_of_folder(const mail::Folder &folder)
{
    if (folder.special_use() == mail::SpecialUse::Drafts)
        return Place::Draft;
    return folder.special_use() == mail::SpecialUse::Sent ? Place::Sent : Place::Mailbox;
}

/// Folders that their owner made, on a server.
std::vector<const mail::Folder *> own_folders(const mail::Mailbox &mailbox)
{
    std::vector<const mail::Folder *> own;
    for (const mail::Folder &each : mailbox.folders)
        if (each.special_use() == mail::SpecialUse::None && each.id() != mailbox.inbox().id())
            own.push_back(&each);
    return own;
}

std::vector<FolderRow> rows_of(const std::vector<const mail::Folder *> &folders)
{
    std::vector<FolderRow> rows;
    for (const mail::Folder *each : folders)
        rows.push_back({each->name(), each->size()});
    return rows;
}

std::size_t count_unread(const mail::Folder &folder)
{
    std::size_t count = 0;
    folder.for_each([&](const mail::StoredLetter &letter) {
        count += (letter.flags & mail::letter_flag::seen) == 0 ? 1U : 0U;
    });
    return count;
}

} // namespace

std::string_view to_string(Place place)
{
    constexpr std::array<std::string_view, 6> names = {"outbox", "queue", "mailbox",
                                                       "device", "sent",  "draft"};
    return names[static_cast<std::size_t>(place)];
}

std::size_t letters_in(const std::vector<FolderRow> &folders)
{
    std::size_t letters = 0;
    for (const FolderRow &folder : folders)
        letters += folder.letters;
    return letters;
}

std::vector<QueueRow> queue_rows(const World &world)
{
    std::vector<QueueRow> rows;
    for (const MailServerPlace &place : world.mail_servers) {
        const MailQueue &queue = place.server.queue();
        queue.deliveries.for_each([&](Handle, const Delivery &delivery) {
            const QueuedMessage *message = queue.messages.find(delivery.message);
            if (message == nullptr)
                return;
            for (const DeliveryRecipient &recipient : delivery.recipients) {
                QueueRow row;
                row.host = place.server.host();
                row.queue_id = message->queue_id;
                row.message = message->message;
                row.sender = message->reverse_path;
                row.recipient = message->recipients[recipient.index].who.address;
                row.state = delivery.state;
                row.attempt = delivery.attempt;
                row.arrived = message->arrived;
                row.next_attempt = delivery.next_attempt;
                row.status = recipient.problem.status;
                row.problem = recipient.problem.text;
                rows.push_back(std::move(row));
            }
        });
    }
    return rows;
}

std::vector<MailboxRow> mailbox_rows(const World &world)
{
    std::vector<MailboxRow> rows;
    for (std::size_t i = 0; i < world.stores.size(); ++i) {
        const mail::Store &store = world.stores[i];
        for (std::uint32_t user = 0; user < store.user_count(); ++user) {
            const mail::Mailbox &mailbox = store.mailbox(mail::UserId{user});
            rows.push_back({host_of_store(world, i), mailbox.user, mailbox.inbox().size(),
                            mailbox.used_bytes, mailbox.quota_bytes, mailbox.locked_by != 0,
                            rows_of(own_folders(mailbox))});
        }
    }
    return rows;
}

std::vector<DeviceRow> device_rows(const World &world)
{
    std::vector<DeviceRow> rows;
    for (const MailClient &client : world.clients) {
        const MailClientSettings &settings = client.settings();
        rows.push_back({settings.host, settings.person, settings.address, client.online(),
                        client.inbox().size(), count_unread(client.inbox()), client.outbox().size(),
                        client.last_problem().text, settings.reads,
                        client.browser() == nullptr ? "" : client.browser()->page().title,
                        client.folder(MailClient::drafts_name).size(),
                        rows_of(client.own_folders())});
    }
    return rows;
}

std::vector<LetterPlace> letter_places(const World &world)
{
    std::vector<LetterPlace> rows;
    const auto add_folder = [&](Place place, HostId host, const std::string &owner,
                                const mail::Folder &folder, const std::string &name = {}) {
        folder.for_each([&](const mail::StoredLetter &letter) {
            if (letter.message.is_none())
                return;
            rows.push_back(place_of(place, host, owner, letter));
            rows.back().folder = name;
        });
    };
    for (const MailClient &client : world.clients) {
        const MailClientSettings &settings = client.settings();
        add_folder(Place::Outbox, settings.host, settings.person,
                   client.folder(MailClient::outbox_name));
        add_folder(Place::Sent, settings.host, settings.person,
                   client.folder(MailClient::sent_name));
        add_folder(Place::Draft, settings.host, settings.person,
                   client.folder(MailClient::drafts_name));
        add_folder(Place::Device, settings.host, settings.person, client.inbox());
        for (const mail::Folder *own : client.own_folders())
            add_folder(Place::Device, settings.host, settings.person, *own, own->name());
    }
    for (const MailServerPlace &place : world.mail_servers) {
        const MailQueue &queue = place.server.queue();
        queue.messages.for_each([&](Handle, const QueuedMessage &message) {
            for (const QueuedRecipient &recipient : message.recipients) {
                if (recipient.fate != Fate::Pending)
                    continue;
                mail::StoredLetter letter;
                letter.content = message.content;
                letter.message = message.message;
                rows.push_back(
                    place_of(Place::Queue, place.server.host(), recipient.who.address, letter));
            }
        });
    }
    for (std::size_t i = 0; i < world.stores.size(); ++i)
        for (std::uint32_t user = 0; user < world.stores[i].user_count(); ++user) {
            const mail::Mailbox &mailbox = world.stores[i].mailbox(mail::UserId{user});
            const HostId host = host_of_store(world, i);
            for (const mail::Folder &folder : mailbox.folders)
                if (folder.special_use() != mail::SpecialUse::None ||
                    folder.id() == mailbox.inbox().id())
                    add_folder(place_of_folder(folder), host, mailbox.user, folder);
            for (const mail::Folder *own : own_folders(mailbox))
                add_folder(Place::Mailbox, host, mailbox.user, *own, own->name());
        }
    return rows;
}

std::vector<ContactRow> contact_rows(const World &world)
{
    std::vector<ContactRow> rows;
    for (const MailClient &client : world.clients)
        for (const mail::NamedAddress &each : client.address_book())
            rows.push_back({client.settings().host, client.settings().person, each.name,
                            mail::to_string(each.address)});
    for (const WebServerPlace &place : world.web_servers)
        for (const WebServer::AddressBook &book : place.server.address_books())
            for (const mail::NamedAddress &each : book.entries)
                rows.push_back(
                    {place.server.host(), book.user, each.name, mail::to_string(each.address)});
    return rows;
}

std::vector<CachedRow> cache_rows(const World &world)
{
    std::vector<CachedRow> rows;
    for (const ResolverHost &resolver : world.resolvers)
        for (dns::CacheRow &entry : resolver.engine().cache().rows(world.now))
            rows.push_back({resolver.host(), std::move(entry)});
    return rows;
}

std::vector<TranslationRow> translation_rows(const World &world)
{
    std::vector<TranslationRow> rows;
    const std::vector<net::NetHost> &hosts = world.network.hosts();
    for (std::uint32_t i = 0; i < hosts.size(); ++i) {
        if (hosts[i].outside_interface >= world.network.interfaces().size())
            continue;
        const Ipv4Address outside = world.network.interfaces()[hosts[i].outside_interface].address;
        for (const net::Translation &translation : hosts[i].nat.translations())
            rows.push_back({HostId{i}, translation, outside});
    }
    return rows;
}

std::vector<ConnectionRow> connection_rows(const World &world)
{
    std::vector<ConnectionRow> rows;
    world.network.connections().for_each([&](Handle, const net::TcpConnection &end) {
        rows.push_back({end.host, world.directory->at(end.remote.address), end.local, end.remote,
                        end.state, end.conversation, end.outstanding()});
    });
    return rows;
}

std::vector<WebSessionRow> web_session_rows(const World &world)
{
    std::vector<WebSessionRow> rows;
    for (const WebServerPlace &place : world.web_servers)
        for (const WebServer::Login &login : place.server.logins())
            if (world.now - login.used <= WebServer::session_max)
                rows.push_back({place.server.host(),
                                world.stores[place.store].mailbox(login.user).user, login.token,
                                login.used, login.used + WebServer::session_max});
    return rows;
}

std::vector<EngineRow> engine_rows(const World &world)
{
    std::vector<EngineRow> rows;
    const auto peer_of = [&](const Stream &stream) {
        const net::TcpConnection *end = world.network.find(stream.connection());
        return end == nullptr ? HostId{} : world.directory->at(end->remote.address);
    };
    const auto add = [&](HostId host, const Stream &stream, std::string_view engine,
                         std::string_view state) {
        rows.push_back({host, peer_of(stream), engine, state});
    };
    for (const MailClient &client : world.clients) {
        const HostId host = client.settings().host;
        if (const MailClient::Submission *session = client.submission();
            session != nullptr && session->engine)
            add(host, session->session.stream, "smtp-client",
                smtp::to_string(session->engine->state()));
        if (const MailClient::Fetch *session = client.fetching();
            session != nullptr && session->engine)
            add(host, session->session.stream, "pop3-client",
                pop3::to_string(session->engine->state()));
        else if (session != nullptr && session->imap)
            add(host, session->session.stream, "imap-client",
                imap::to_string(session->imap->state()));
        if (const MailClient::Web *web = client.web(); web != nullptr && web->engine)
            add(host, web->session.stream, "http-client", http::to_string(web->engine->state()));
    }
    for (const MailServerPlace &place : world.mail_servers) {
        const HostId host = place.server.host();
        place.server.receptions().for_each([&](Handle, const ReceptionSession &session) {
            if (session.engine)
                add(host, session.stream, "smtp-server", smtp::to_string(session.engine->state()));
        });
        place.server.relays().for_each([&](Handle, const RelaySession &session) {
            if (session.engine)
                add(host, session.stream, "smtp-client", smtp::to_string(session.engine->state()));
        });
    }
    for (const PopServerPlace &place : world.pop_servers)
        place.server.sessions().for_each([&](Handle, const PopServer::Session &session) {
            add(place.server.host(), session.stream, "pop3-server",
                pop3::to_string(session.engine.state()));
        });
    for (const WebServerPlace &place : world.web_servers)
        place.server.sessions().for_each([&](Handle, const WebServer::Session &session) {
            add(place.server.host(), session.stream, "http-server",
                http::to_string(session.engine.state()));
        });
    for (const ImapServerPlace &place : world.imap_servers)
        place.server.sessions().for_each([&](Handle, const ImapServer::Session &session) {
            add(place.server.host(), session.stream, "imap-server",
                imap::to_string(session.engine.state()));
        });
    return rows;
}

} // namespace mailscope
