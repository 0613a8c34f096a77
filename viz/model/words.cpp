// Texts about records and hosts.
#include "viz/model/words.h"

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/scenario/names.h"
#include "sim/scenario/play.h"
#include "sim/trace/topic.h"
#include "sim/world/outside.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace mailscope::viz
{
namespace
{

Catalogue load(std::string_view language)
{
    Result<Catalogue> catalogue = Catalogue::load(language);
    MS_CHECK(catalogue.has_value());
    return *catalogue;
}

/// What a host is called where its region is written beside it.
std::string first_part(const std::string &name, const HostInfo &host, const Directory &directory)
{
    const std::string &region = directory.regions[host.region].name;
    if (name.size() > region.size() + 1 && name.ends_with("." + region))
        return name.substr(0, name.size() - region.size() - 1);
    if (host.kind == HostKind::Resolver)
        return name.substr(0, name.find('.'));
    if (name.starts_with("dns."))
        return name.substr(3);
    return name;
}

/// A letter, a page or a form, the rest of an answer, or what nobody on the way can read.
std::string_view name_of_content(const Record &record)
{
    if (record.kind == RecordKind::CiphertextSent)
        return "ciphertext";
    if (record.protocol == Protocol::Http)
        return "content.body";
    return record.protocol == Protocol::Smtp || !record.message.is_none() ? "content"
                                                                          : "content.rest";
}

} // namespace

Words::Words(std::string_view language, const Scenario &scenario, const Directory &directory)
    : catalogue_(load(language))
{
    for (const HostInfo &host : directory.hosts) {
        hosts_.push_back(host.name);
        std::string shown = first_part(host.name, host, directory);
        if (host.kind == HostKind::HomeRouter)
            shown = view("router");
        if (host.name == root_name_server)
            shown = view("root");
        if (host.name == outside_name)
            shown = view("your-computer");
        short_hosts_.push_back(std::move(shown));
    }
    for (const PersonSpec &person : scenario.people) {
        const std::vector<DeviceSpec> devices = devices_of(person);
        for (const DeviceSpec &device : devices) {
            const HostId host = directory.find(host_of_device(person.name, device.name));
            if (host.is_none())
                continue;
            std::string name = choose(person.display_name);
            if (name.empty())
                name = person.name;
            short_hosts_[host.value] =
                devices.size() == 1
                    ? name
                    : name + view("device-of") + view_or("device." + device.name, device.name);
            homes_[person.name + "-home"] = name;
        }
    }
}

std::string Words::view(std::string_view name) const { return view_or(name, name); }

std::string Words::view_or(std::string_view name, std::string_view otherwise) const
{
    const std::string_view found = catalogue_.ui("view." + std::string(name));
    return std::string(found.empty() ? otherwise : found);
}

std::string Words::view(std::string_view name, const TextValues &values) const
{
    return fill(view(name), values);
}

const std::string &Words::choose(const LocalText &text) const
{
    const bool japanese = language() == "ja";
    const std::string &wanted = japanese ? text.ja : text.en;
    return wanted.empty() ? (japanese ? text.en : text.ja) : wanted;
}

std::string Words::mark(Mark mark) const
{
    constexpr std::string_view names[] = {"SMTP",           "DNS",           "TCP", "POP3",
                                          "IMAP",           "HTTP",          "TLS", "mark.letter",
                                          "mark.temporary", "mark.permanent"};
    const auto index = static_cast<std::size_t>(mark);
    return index < std::size(names) ? view(names[index]) : std::string();
}

std::string Words::letters(std::size_t count) const
{
    return count == 1 ? view("letter") : view("letters", {{"count", std::to_string(count)}});
}

std::string Words::engine(std::string_view text) const
{
    if (language() != "ja")
        return std::string(text);
    const auto found = [&](std::string_view part) {
        return catalogue_.ui("engine-ja." + std::string(part));
    };
    if (const std::string_view whole = found(text); !whole.empty())
        return std::string(whole);
    // The section of a standard behind it is the same in every language.
    const std::size_t at = text.rfind(" (");
    const bool refers = at != std::string_view::npos && text.ends_with(')') &&
                        (text.substr(at + 2).starts_with("RFC") || is_ascii_digit(text[at + 2]));
    if (!refers)
        return std::string(text);
    const std::string_view words = text.substr(0, at);
    const std::string_view translated = found(words);
    return std::string(translated.empty() ? words : translated) + "（" +
           std::string(text.substr(at + 2, text.size() - at - 3)) + "）";
}

std::string Words::host(HostId id) const
{
    return !id.is_none() && id.value < hosts_.size() ? hosts_[id.value] : std::string("?");
}

std::string Words::place(const std::string &name) const
{
    const auto home = homes_.find(name);
    return home != homes_.end() ? view("home-of", {{"who", home->second}})
                                : view_or("place." + name, name);
}

std::string Words::short_host(HostId id) const
{
    return !id.is_none() && id.value < short_hosts_.size() ? short_hosts_[id.value]
                                                           : std::string("?");
}

const Entry *Words::entry(const Records &records, const Record &record) const
{
    const net::Packet *packet =
        record.packet < records.packet_count() ? &records.packet(record.packet) : nullptr;
    const std::vector<std::string> keys = topic_keys(record, packet);
    return catalogue_.find_first(keys);
}

const Entry *Words::code_entry(const Record &record) const
{
    const std::vector<std::string> keys = code_keys(record);
    return catalogue_.find_first(keys);
}

std::string Words::filled(std::string_view text, const Record &record) const
{
    return fill(text, topic_values(record, hosts_, language()));
}

std::string Words::sentence(const Records &records, const Record &record) const
{
    const Entry *found = entry(records, record);
    return found == nullptr ? std::string(info_of(record.kind).name) : filled(found->say, record);
}

std::string Words::headline(const Record &record) const
{
    const std::string_view text = trim(record.text.view());
    const bool scene = record.kind == RecordKind::SceneBegan;
    const std::string line(scene && language() == "ja"
                               ? text.substr(std::min(text.find('\n') + 1, text.size()))
                               : text.substr(0, text.find_first_of("\r\n")));
    const bool is_line = info_of(record.kind).layer == Layer::Line;
    if (record.kind == RecordKind::ContentSent || record.kind == RecordKind::CiphertextSent)
        return view(name_of_content(record), {{"size", std::to_string(record.text.size())}});
    if (scene || (is_line && !line.empty()))
        return printable(line);
    const Entry *found = catalogue_.find(info_of(record.kind).name);
    const std::string title(found == nullptr ? info_of(record.kind).name : found->title);
    return line.empty() || info_of(record.kind).layer == Layer::Story
               ? title
               : title + ": " + printable(line, 120);
}

std::string Words::short_headline(const Record &record) const
{
    const std::string_view text = trim(record.text.view());
    switch (record.kind) {
    case RecordKind::QuestionAsked:
    case RecordKind::QuerySent: // Behind "@" is the zone of whom it asks: that is where it leads.
        return printable(trim(text.substr(0, text.find('@')))) + "?";
    case RecordKind::ReferralReceived:
        return text.empty() ? headline(record) : printable(text);
    default:
        return headline(record);
    }
}

std::string printable(std::string_view text, std::size_t octets)
{
    std::string shown;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        if (shown.size() + std::max<std::size_t>(length, 1) > octets)
            return shown + "…";
        if (length == 0)
            shown += "\xEF\xBF\xBD";
        else if (static_cast<unsigned char>(text.front()) < 0x20 || text.front() == 0x7F)
            shown += ' ';
        else
            shown += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return shown;
}

std::vector<std::string> lines_of(std::string_view text)
{
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        lines.push_back(printable(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::string clock_text(SimTime time)
{
    const std::int64_t ms = nanoseconds_since_start(time) / 1'000'000;
    const std::int64_t seconds = ms / 1000;
    if (seconds < 60)
        return fmt::format("{}.{:03} s", seconds, ms % 1000);
    if (seconds < 3600)
        return fmt::format("{}:{:02}.{:03}", seconds / 60, seconds % 60, ms % 1000);
    if (seconds < 86'400)
        return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    return fmt::format("{} d {:02}:{:02}:{:02}", seconds / 86'400, seconds / 3600 % 24,
                       seconds / 60 % 60, seconds % 60);
}

Mark mark_of(Protocol protocol)
{
    switch (protocol) {
    case Protocol::Smtp:
        return Mark::Smtp;
    case Protocol::Dns:
        return Mark::Dns;
    case Protocol::Pop3:
        return Mark::Pop3;
    case Protocol::Imap:
        return Mark::Imap;
    case Protocol::Http:
        return Mark::Http;
    case Protocol::Tls:
        return Mark::Tls;
    case Protocol::Tcp:
    case Protocol::Udp:
        return Mark::Tcp;
    case Protocol::None:
        break;
    }
    return Mark::None;
}

Mark mark_of(const Record &record)
{
    switch (info_of(record.kind).layer) {
    case Layer::Dns:
        return Mark::Dns;
    case Layer::Connection:
        return record.kind == RecordKind::TlsEstablished || record.kind == RecordKind::TlsFailed
                   ? Mark::Tls
                   : Mark::Tcp;
    case Layer::Mail:
        return Mark::Letter;
    case Layer::Story:
        return Mark::None;
    case Layer::Packet:
    case Layer::Line:
        break;
    }
    if (record.kind == RecordKind::ContentSent && record.protocol == Protocol::Smtp)
        return Mark::Letter;
    return record.kind == RecordKind::CiphertextSent ? Mark::Tls : mark_of(record.protocol);
}

Mark trouble_mark(const Record &record)
{
    switch (trouble_of(record)) {
    case Trouble::Temporary:
        return Mark::Temporary;
    case Trouble::Permanent:
        return Mark::Permanent;
    case Trouble::None:
        break;
    }
    return Mark::None;
}

} // namespace mailscope::viz
