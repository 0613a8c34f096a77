// Drawings of what went wrong.
#include "viz/model/map_faults.h"

#include "sim/core/text.h"
#include "viz/model/views.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t causes_read = 40; ///< for the size of a letter

/// "302 kB", "10.2 MB".
std::string size_text(std::uint64_t octets)
{
    if (octets < 1'000'000)
        return fmt::format("{} kB", (octets + 999) / 1000);
    return fmt::format("{}.{} MB", octets / 1'000'000, octets / 100'000 % 10);
}

/// What stands after `key` as a number.
std::optional<std::uint64_t> number_after(std::string_view text, std::string_view key)
{
    const std::size_t at = text.find(key);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::size_t end = at + key.size();
    while (end < text.size() && is_ascii_digit(text[end]))
        ++end;
    return parse_decimal(text.substr(at + key.size(), end - at - key.size()));
}

bool is_in_address(char c)
{
    return is_ascii_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_' || c == '@';
}

/// The last address in the text, such as the one that a server suggests.
std::string last_address(std::string_view text)
{
    const std::size_t at = text.rfind('@');
    if (at == std::string_view::npos)
        return {};
    std::size_t start = at;
    std::size_t end = at + 1;
    while (start > 0 && is_in_address(text[start - 1]))
        --start;
    while (end < text.size() && is_in_address(text[end]))
        ++end;
    return std::string(text.substr(start, end - start));
}

/// The first address in the text: whom a refusal is about.
std::string first_address(std::string_view text)
{
    const std::size_t at = text.find('@');
    if (at == std::string_view::npos)
        return {};
    std::size_t end = at;
    while (end < text.size() && is_in_address(text[end]))
        ++end;
    return last_address(text.substr(0, end));
}

class Finder
{
public:
    Finder(const Moment &now, const std::vector<Point> &places)
        : now_(now), places_(places), record_(now.record()), text_(record_.text.view())
    {
    }

    std::vector<FaultRow> find()
    {
        if (record_.status == status_number(5, 1, 3) || record_.status == status_number(5, 1, 7)) {
            add_bad_address();
        } else if (record_.kind == RecordKind::ServerTimedOut ||
                   record_.status == status_number(4, 4, 3)) {
            add_silence();
        } else if (record_.code == 551 || record_.status == status_number(5, 1, 6)) {
            add_arrow();
        } else if (record_.status == status_number(5, 3, 4)) {
            add_gate(FaultShape::TooLarge);
        } else if (record_.status == status_number(5, 1, 2) ||
                   record_.status == status_number(5, 4, 4)) {
            add_missing_domain();
        } else if (record_.status == status_number(5, 7, 1) ||
                   record_.status == status_number(5, 3, 2)) {
            add_gate(FaultShape::Gate);
        }
        return std::move(rows_);
    }

private:
    const MailServerPlace *server_at(HostId host) const;
    void add(FaultShape shape, HostId at, HostId to, std::string text);
    void add_gate(FaultShape shape);
    std::string sizes(HostId server) const;
    void add_arrow();
    void add_missing_domain();
    void add_silence();
    void add_bad_address();

    const Moment &now_;
    const std::vector<Point> &places_;
    const Record &record_;
    std::string_view text_;
    std::vector<FaultRow> rows_;
};

const MailServerPlace *Finder::server_at(HostId host) const
{
    for (const MailServerPlace &place : now_.world.mail_servers)
        if (place.server.host() == host)
            return &place;
    return nullptr;
}

void Finder::add(FaultShape shape, HostId at, HostId to, std::string text)
{
    if (at.is_none())
        return;
    const Point from = places_[at.value];
    rows_.push_back({shape, from, to.is_none() ? from : places_[to.value], std::move(text), {}});
}

/// In front of the server, on the way by which the client comes.
void Finder::add_gate(FaultShape shape)
{
    const HostId server = refusing_server(now_);
    const MailServerPlace *place = server_at(server);
    if (place == nullptr)
        return;
    const HostId client = server == record_.host ? record_.peer : record_.host;
    const std::vector<HostId> way = path_between(now_.world, server, client);
    if (way.size() > 1)
        add(shape, server, way[1], shape == FaultShape::TooLarge ? sizes(server) : std::string());
}

/// "302 kB > 200 kB": the letter and what the server takes.
std::string Finder::sizes(HostId server) const
{
    const std::uint64_t limit = server_at(server)->server.config().policy.size_limit;
    std::optional<std::uint64_t> size = number_after(text_, "message size ");
    const std::vector<std::size_t> causes = causes_of(now_.records, now_.index());
    for (std::size_t i = 0; i < std::min(causes.size(), causes_read) && !size; ++i) {
        const Record &cause = now_.records[causes[i]];
        size = number_after(cause.text.view(), "SIZE=");
        if (!size && cause.kind == RecordKind::ContentSent)
            size = cause.text.size();
    }
    return size ? size_text(*size) + " > " + size_text(limit) : "> " + size_text(limit);
}

/// To the server of the address that is suggested.
void Finder::add_arrow()
{
    const std::string address = last_address(text_.substr(0, text_.find(" (in reply")));
    const HostId from = refusing_server(now_);
    for (const MailServerPlace &place : now_.world.mail_servers)
        if (!from.is_none() && place.server.host() != from &&
            place.server.config().find_domain(domain_of(address)) != nullptr)
            return add(FaultShape::Moved, from, place.server.host(), address);
}

/// A domain that nobody knows; the resolver looked for it.
void Finder::add_missing_domain()
{
    std::string domain(domain_of(first_address(text_)));
    constexpr std::string_view key = "for name=";
    if (const std::size_t at = text_.find(key); at != std::string_view::npos)
        domain = text_.substr(at + key.size(), text_.find(' ', at + key.size()) - at - key.size());
    for (const std::size_t index : causes_of(now_.records, now_.index())) {
        for (const HostId host : {now_.records[index].host, now_.records[index].peer})
            if (!domain.empty() && !host.is_none() &&
                now_.world.directory->hosts[host.value].kind == HostKind::Resolver)
                return add(FaultShape::NoDomain, host, {}, domain);
    }
    if (!domain.empty())
        add(FaultShape::NoDomain, record_.host, {}, domain);
}

/// From the resolver to the name server that keeps silent.
void Finder::add_silence()
{
    for (const std::size_t index : causes_of(now_.records, now_.index())) {
        const Record &cause = now_.records[index];
        if (cause.kind == RecordKind::ServerTimedOut && !cause.peer.is_none())
            return add(FaultShape::Silence, cause.host, cause.peer, {});
    }
}

/// At the machine that said it in MAIL or RCPT.
void Finder::add_bad_address()
{
    for (const std::size_t index : causes_of(now_.records, now_.index())) {
        const Record &command = now_.records[index];
        const std::string_view said = command.text.view();
        const std::size_t colon = said.find(':');
        if (command.kind != RecordKind::CommandSent || colon == std::string_view::npos)
            continue;
        std::string_view path =
            trim(said.substr(colon + 1, said.find_first_of("\r\n") - colon - 1));
        path = path.substr(0, path.find("> ")); // Parameters follow.
        while (!path.empty() && (path.front() == '<' || path.front() == ' '))
            path.remove_prefix(1);
        while (!path.empty() && (path.back() == '>' || path.back() == ' '))
            path.remove_suffix(1);
        add(FaultShape::BadAddress, command.host, command.peer, printable(path, 60));
        if (!rows_.empty())
            rows_.back().wrong = wrong_octets(rows_.back().text);
        return;
    }
}

} // namespace

HostId refusing_server(const Moment &now)
{
    const Record &record = now.record();
    switch (record.kind) {
    case RecordKind::ReplySent:
    case RecordKind::RecipientRefused:
    case RecordKind::SenderRefused:
    case RecordKind::MessageRefused:
        return record.host;
    case RecordKind::SubmissionRefused:
        return record.peer;
    default:
        break;
    }
    const std::string_view text = record.text.view();
    for (const MailServerPlace &place : now.world.mail_servers)
        if (place.server.host() != record.host &&
            text.find(now.words.host(place.server.host()) + "[") != std::string_view::npos)
            return place.server.host();
    return {};
}

std::vector<std::size_t> wrong_octets(std::string_view address)
{
    constexpr std::string_view also_in_atoms = "!#$%&'*+-/=?^_`{|}~"; // RFC 5322 3.2.3
    std::vector<std::size_t> wrong;
    const std::size_t at = address.rfind('@');
    for (std::size_t i = 0; i < address.size(); ++i) {
        const char c = address[i];
        const bool local = at == std::string_view::npos || i < at;
        const bool edge = i == 0 || i + 1 == address.size() || i + 1 == at || i == at + 1;
        const bool good = is_ascii_digit(c) || is_ascii_letter(c) ||
                          (static_cast<unsigned char>(c) & 0x80U) != 0 ||
                          (i == at && i != 0 && i + 1 != address.size()) ||
                          (c == '.' && !edge && address[i - 1] != '.') ||
                          (local && also_in_atoms.find(c) != std::string_view::npos) ||
                          (!local && c == '-' && !edge);
        if (!good)
            wrong.push_back(i);
    }
    // Each by itself may stand there: it is the whole that is none.
    if (wrong.empty())
        for (std::size_t i = 0; i < address.size(); ++i)
            wrong.push_back(i);
    return wrong;
}

std::vector<FaultRow> fault_rows(const Moment &now, const std::vector<Point> &places)
{
    return now.records.empty() ? std::vector<FaultRow>() : Finder(now, places).find();
}

} // namespace mailscope::viz
