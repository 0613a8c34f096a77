// Writing a capture: names, interfaces, packets and what the lesson says about them.
#include "sim/cli/capture_file.h"

#include "sim/cli/text_layout.h"
#include "sim/net/wire.h"
#include "sim/scenario/diagnostics.h"

#include <algorithm>
#include <map>

namespace mailscope::cli
{
namespace
{

constexpr std::uint64_t nanoseconds_per_second = 1'000'000'000;

struct Ends
{
    net::Interface first;
    net::Interface second;
};

Ends ends_of(const World &world, LinkId link)
{
    const net::Link &wire = world.network.link(link);
    return {world.network.interfaces()[wire.interfaces[0]],
            world.network.interfaces()[wire.interfaces[1]]};
}

std::string name_of_link(const World &world, LinkId link)
{
    const Ends ends = ends_of(world, link);
    return world.directory->name_of(ends.first.host) + ":" +
           world.directory->name_of(ends.second.host);
}

std::vector<LinkId> all_links(const World &world)
{
    std::vector<LinkId> links;
    links.reserve(world.network.links().size());
    for (std::uint32_t i = 0; i < world.network.links().size(); ++i)
        links.push_back(LinkId{i});
    return links;
}

std::string not_there(std::string_view what, const std::string &found,
                      const std::vector<std::string> &names)
{
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string_view near = nearest_name(found, candidates);
    std::string text = in_quotes(found) + ": there is no such " + std::string(what);
    if (!near.empty())
        return text + "; did you mean " + in_quotes(near) + "?";
    text += "; there are";
    for (const std::string &name : names)
        text += " " + name;
    return text;
}

Result<std::vector<Tap>> taps_of_host(const World &world, const std::string &name)
{
    const HostId host = world.directory->find(name);
    std::vector<Tap> taps;
    if (!host.is_none())
        for (const std::uint32_t interface : world.network.hosts()[host.value].interfaces)
            taps.push_back({host, world.network.interfaces()[interface].link});
    if (!taps.empty())
        return taps;
    std::vector<std::string> names;
    for (const HostInfo &info : world.directory->hosts)
        names.push_back(info.name);
    return fail(not_there("host", name, names));
}

/// What an interface is called in the file: the wire, or the host, with the neighbour where the
/// host has several.
std::string name_of_tap(const World &world, const Tap &tap)
{
    if (tap.host.is_none())
        return name_of_link(world, tap.link);
    std::string name = world.directory->name_of(tap.host);
    if (world.network.hosts()[tap.host.value].interfaces.size() == 1)
        return name;
    const Ends ends = ends_of(world, tap.link);
    const HostId neighbour = ends.first.host == tap.host ? ends.second.host : ends.first.host;
    return name + ":" + world.directory->name_of(neighbour);
}

/// The names of all addresses. Several homes may use one private address: it is named after the
/// machine beside a tap, and not at all when that is not one machine.
std::vector<pcapng::HostName> names_for(const World &world, const std::vector<Tap> &taps)
{
    struct Holders
    {
        std::vector<HostId> all;
        std::vector<HostId> near;
    };
    std::map<Ipv4Address, Holders> holders;
    for (const net::Interface &interface : world.network.interfaces()) {
        Holders &of = holders[interface.address];
        if (std::find(of.all.begin(), of.all.end(), interface.host) != of.all.end())
            continue;
        of.all.push_back(interface.host);
        if (std::any_of(taps.begin(), taps.end(),
                        [&](const Tap &tap) { return tap.link == interface.link; }))
            of.near.push_back(interface.host);
    }
    std::vector<pcapng::HostName> names;
    for (const auto &[address, of] : holders) {
        const std::vector<HostId> &hosts = of.all.size() == 1 ? of.all : of.near;
        if (hosts.size() == 1)
            names.push_back({address, world.directory->name_of(hosts.front())});
    }
    return names;
}

} // namespace

Result<std::vector<Tap>> taps_at(const World &world, const CapturePlace &place)
{
    if (!place.host.empty())
        return taps_of_host(world, place.host);
    std::vector<Tap> taps;
    std::vector<std::string> names;
    for (const LinkId link : all_links(world)) {
        const Ends ends = ends_of(world, link);
        const std::string name = name_of_link(world, link);
        const std::string other_way = world.directory->name_of(ends.second.host) + ":" +
                                      world.directory->name_of(ends.first.host);
        if (place.link.empty() || place.link == name || place.link == other_way)
            taps.push_back({HostId{}, link});
        names.push_back(name);
        names.push_back(other_way);
    }
    if (taps.empty())
        return fail(not_there("link", place.link, names));
    return taps;
}

CaptureFile::CaptureFile(const World &world, const Records &records, const Narrator &narrator,
                         const std::vector<Tap> &taps, Wires wires)
    : records_(records), narrator_(narrator), start_seconds_(world.start.unix_seconds),
      capture_(taps, wires)
{
    pcapng::append_section(octets_, "mailscope");
    for (const Tap &tap : taps)
        pcapng::append_interface(octets_, {name_of_tap(world, tap),
                                           world.network.link(tap.link).quality.bits_per_second});
    pcapng::append_names(octets_, names_for(world, taps));
}

void CaptureFile::add(std::size_t index) { capture_.note(records_[index], records_); }

std::string CaptureFile::take()
{
    for (const Sighting &sighting : capture_.take())
        put(sighting);
    return std::exchange(octets_, {});
}

/// The indices of the lines of which `payload` carries something, the last one first. `last` is the
/// last line of what the program wrote at once, which may fill several packets.
std::vector<std::size_t> CaptureFile::said_in(ByteView payload, std::size_t last) const
{
    constexpr std::size_t start_octets = 32; // enough to know a line or a piece of a letter again
    const Record &end = records_[last];
    std::vector<std::size_t> found;
    for (std::size_t i = last + 1; i-- > 0 && records_[i].at == end.at;) {
        const Record &line = records_[i];
        if (info_of(line.kind).layer != Layer::Line || line.host != end.host ||
            line.conversation != end.conversation || line.text.empty())
            continue;
        const ByteView text = line.text.view();
        const bool begins_here = payload.find(text.substr(0, start_octets)) != ByteView::npos;
        const bool goes_on_here = text.find(payload.substr(0, start_octets)) != ByteView::npos;
        if (begins_here || goes_on_here)
            found.push_back(i);
    }
    return found.empty() ? std::vector<std::size_t>{last} : found;
}

/// The sentences about what the packet carries, or about the packet itself; then what happened to
/// it at this host: sent again, given another address, passed on; then its loss.
std::string CaptureFile::comment_on(const Sighting &sighting) const
{
    std::vector<std::string> lines;
    const auto say = [&](const Record &record) {
        const std::string sentence = printable(narrator_.sentence(record));
        if (!sentence.empty() && std::find(lines.begin(), lines.end(), sentence) == lines.end())
            lines.push_back(sentence);
    };
    std::optional<std::size_t> at = records_.find(sighting.record);
    const HostId here = at ? records_[*at].host : HostId{};
    while (at && records_[*at].kind != RecordKind::PacketSent &&
           info_of(records_[*at].kind).layer == Layer::Packet) {
        if (records_[*at].host == here && sighting.direction != pcapng::Direction::Inbound)
            say(records_[*at]);
        at = records_.find(records_[*at].because);
    }
    if (at) {
        const Record &sent = records_[*at];
        at = records_.find(sent.because);
        if (at && records_[*at].kind == RecordKind::SegmentRepeated) {
            say(records_[*at]);
            at = records_.find(records_[*at].because);
        }
        const Layer layer = at ? info_of(records_[*at].kind).layer : Layer::Packet;
        const ByteView payload = sighting.packet.payload.view();
        if (layer == Layer::Line && !payload.empty())
            for (const std::size_t line : said_in(payload, *at))
                say(records_[line]);
        else
            say(layer == Layer::Dns ? records_[*at] : sent);
    }
    std::reverse(lines.begin(), lines.end());
    at = records_.find(sighting.lost);
    if (at)
        say(records_[*at]);
    std::string text;
    for (const std::string &line : lines)
        text += (text.empty() ? "" : "\n") + line;
    return text;
}

void CaptureFile::put(const Sighting &sighting)
{
    const std::string comment = comment_on(sighting);
    const std::string octets = net::encode(sighting.packet);
    pcapng::PacketBlock block;
    block.interface = static_cast<std::uint32_t>(sighting.tap);
    block.nanoseconds = static_cast<std::uint64_t>(start_seconds_) * nanoseconds_per_second +
                        static_cast<std::uint64_t>(nanoseconds_since_start(sighting.at));
    block.octets = octets;
    block.number = sighting.packet.number;
    block.direction = sighting.direction;
    block.comment = comment;
    pcapng::append_packet(octets_, block);
}

} // namespace mailscope::cli
