// From a scenario to a World: mailboxes, and people with their devices.
#include "sim/scenario/build_people.h"

#include "sim/core/text.h"
#include "sim/scenario/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope
{
namespace
{

/// Old letters that together have about `octets` octets. A World is the same whatever language it
/// is looked at in, so their subjects are in both.
std::vector<std::string> old_letters(std::string_view to, std::uint64_t octets,
                                     mail::DateTime start)
{
    constexpr std::uint64_t letter_max = 200'000;
    std::vector<std::string> letters;
    std::uint64_t left = octets;
    for (std::uint32_t number = 1; left > 0; ++number) {
        mail::Letter letter;
        letter.from = {"Old Friend", {"friend", "example.org"}};
        letter.to = {{"", {std::string(to.substr(0, to.rfind('@'))), std::string(domain_of(to))}}};
        letter.subject = fmt::format("Old letter {0} (以前のメール {0})", number);
        letter.date = {start.unix_seconds - 86'400 * (40 - std::int64_t{number % 40}),
                       start.offset_minutes};
        letter.message_id = "<old-" + std::to_string(number) + "." + std::string(to) + ">";
        const std::uint64_t size = std::min(left, letter_max);
        std::string text;
        while (text.size() < size)
            text += "A line of an old letter that nobody has deleted yet, kept for later.\n";
        text.resize(static_cast<std::size_t>(size));
        for (int pass = 0; pass < 2; ++pass) { // the header takes its part of the size
            letter.text = text;
            const std::size_t built = mail::build_message(letter).size();
            text.resize(built > size ? text.size() - std::min(text.size(), built - size)
                                     : text.size());
        }
        letter.text = text;
        letters.push_back(mail::build_message(letter));
        left -= std::min<std::uint64_t>(left, std::max<std::uint64_t>(letters.back().size(), 1));
        if (left < 500) // less than a header
            break;
    }
    return letters;
}

/// Whether one of its owner's devices does.
bool reads_by_imap(const Scenario &scenario, std::string_view address)
{
    for (const PersonSpec &person : scenario.people)
        if (equals_ignoring_case(person.address, address))
            for (const DeviceSpec &device : person.devices)
                if (device.reads == ReadsSpec::Imap)
                    return true;
    return false;
}

/// Where a device looks for its mail when nothing else is said.
std::uint16_t usual_port(const DeviceSpec &device)
{
    const bool tls_first = device.implicit_tls;
    switch (device.reads) {
    case ReadsSpec::Webmail:
        return tls_first || device.starttls ? WebServer::tls_port : WebServer::port;
    case ReadsSpec::Imap:
        return tls_first ? ImapServer::tls_port : ImapServer::port;
    default:
        return tls_first ? PopServer::tls_port : PopServer::port;
    }
}

ReadsBy reads_by(ReadsSpec reads)
{
    if (reads == ReadsSpec::Webmail)
        return ReadsBy::Webmail;
    return reads == ReadsSpec::Imap ? ReadsBy::Imap : ReadsBy::Pop3;
}

/// What the person's own domain says about servers and password.
struct UsualServers
{
    std::string submission;
    std::string incoming;
    std::string password = "secret";
};

UsualServers usual_servers(const Scenario &scenario, const PersonSpec &person)
{
    UsualServers usual;
    const std::string own_domain(domain_of(person.address));
    for (const DomainSpec &domain : scenario.domains) {
        if (!equals_ignoring_case(domain.name, own_domain))
            continue;
        usual.submission = submission_host_of(domain);
        usual.incoming = domain.has_mail ? mail_servers_of(domain).front() : std::string();
        for (const MailboxSpec &mailbox : domain.mailboxes)
            if (equals_ignoring_case(mailbox.user + "@" + domain.name, person.address))
                usual.password = mailbox.password;
        break;
    }
    return usual;
}

ServerAccount account_of(const PersonSpec &person, const DeviceSpec &device,
                         const UsualServers &usual)
{
    ServerAccount account;
    account.user = device.user.empty() ? person.address : device.user;
    account.password = device.password.empty() ? usual.password : device.password;
    if (device.starttls || device.implicit_tls)
        account.tls = smtp::TlsUse::Required;
    account.implicit_tls = device.implicit_tls;
    return account;
}

std::vector<mail::NamedAddress> address_book_of(const PersonSpec &person)
{
    std::vector<mail::NamedAddress> book;
    for (const ContactSpec &contact : person.address_book)
        if (const Result<mail::Address> address = mail::parse_address(contact.address))
            book.push_back({contact.name, *address});
    return book;
}

MailClientSettings settings_of(const World &world, const PersonSpec &person,
                               const DeviceSpec &device, const UsualServers &usual)
{
    MailClientSettings settings;
    settings.person = person.name;
    settings.host = world.directory->find(host_of_device(person.name, device.name));
    settings.address = person.address;
    settings.display_name =
        person.display_name.en.empty() ? person.display_name.ja : person.display_name.en;
    settings.from = device.from;
    settings.submission = account_of(person, device, usual);
    settings.submission.host =
        device.submission.host.empty() ? usual.submission : device.submission.host;
    const std::uint16_t submission =
        device.implicit_tls ? MailServer::submissions_port : MailServer::submission_port;
    settings.submission.port = device.submission.port == 0 ? submission : device.submission.port;
    settings.incoming = account_of(person, device, usual);
    settings.incoming.host = device.incoming.host.empty() ? usual.incoming : device.incoming.host;
    settings.incoming.port = device.incoming.port == 0 ? usual_port(device) : device.incoming.port;
    settings.reads = reads_by(device.reads);
    settings.authenticates = device.authenticates;
    settings.apop = device.apop;
    settings.leave_on_server = device.leave_on_server;
    settings.capacity_bytes = device.capacity;
    settings.check_every = device.check_every;
    settings.stays_connected = device.stays_connected;
    settings.address_book = address_book_of(person);
    return settings;
}

/// A browser has no address book: the service keeps it.
void give_to_service(World &world, const MailClientSettings &settings)
{
    const HostId service = world.directory->find(settings.incoming.host);
    if (settings.reads != ReadsBy::Webmail || settings.address_book.empty())
        return;
    for (WebServerPlace &place : world.web_servers)
        if (place.server.host() == service)
            place.server.add_address_book({to_lower(settings.address), settings.address_book});
}

} // namespace

void fill_mailboxes(World &world, mail::Store &store, const Scenario &scenario,
                    const DomainSpec &domain)
{
    for (const MailboxSpec &mailbox : domain.mailboxes) {
        const std::string address = to_lower(mailbox.user + "@" + domain.name);
        const mail::StoreResult<mail::UserId> user = store.add_user(address, mailbox.password, 0);
        if (!user)
            continue;
        if (reads_by_imap(scenario, address)) { // Others have no use for folders.
            (void)store.create_folder(*user, "Drafts", mail::SpecialUse::Drafts);
            (void)store.create_folder(*user, "Sent", mail::SpecialUse::Sent);
            (void)store.create_folder(*user, "Trash", mail::SpecialUse::Trash);
        }
        for (const std::string &text : old_letters(address, mailbox.filled, world.start)) {
            mail::NewLetter letter;
            letter.content = SharedBytes::copy_of(text);
            letter.message = world.messages.name_of(text);
            static_cast<void>(store.deliver(*user, std::move(letter)));
        }
        store.set_quota(*user, mailbox.quota);
    }
}

void add_people(World &world, const Scenario &scenario)
{
    for (const PersonSpec &person : scenario.people) {
        const UsualServers usual = usual_servers(scenario, person);
        for (const DeviceSpec &device : devices_of(person)) {
            MailClientSettings settings = settings_of(world, person, device, usual);
            give_to_service(world, settings);
            world.clients.emplace_back(static_cast<std::uint16_t>(world.clients.size()),
                                       std::move(settings));
        }
    }
}

} // namespace mailscope
