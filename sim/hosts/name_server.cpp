// An authoritative name server on the network.
#include "sim/hosts/name_server.h"

#include "sim/core/digest.h"
#include "sim/hosts/dns_text.h"
#include "sim/protocol/dns/authority.h"

#include <algorithm>
#include <utility>

namespace mailscope
{

NameServer::NameServer(HostId host, std::vector<dns::Zone> zones, std::vector<dns::Zone> unserved)
    : host_(host), zones_(std::move(zones)), unserved_(std::move(unserved))
{
}

NameServer::NameServer(const NameServer &) = default;
NameServer::NameServer(NameServer &&) noexcept = default;
NameServer &NameServer::operator=(const NameServer &) = default;
NameServer &NameServer::operator=(NameServer &&) noexcept = default;
NameServer::~NameServer() = default;

std::vector<dns::Zone> &NameServer::edit_zones() { return zones_.edit(); }

bool NameServer::serve(const dns::Name &origin)
{
    const auto place = std::find_if(unserved_->begin(), unserved_->end(),
                                    [&](const dns::Zone &zone) { return zone.origin() == origin; });
    if (place == unserved_->end())
        return false;
    const auto index = place - unserved_->begin();
    zones_.edit().push_back(*place);
    unserved_.edit().erase(unserved_->begin() + index);
    return true;
}

std::string NameServer::answer(Env &env, ByteView query, dns::Transport transport, HostId peer,
                               ConnectionId conversation)
{
    std::string response = dns::respond(*zones_, query, transport);
    if (response.empty())
        return response;
    Record record = env.record(RecordKind::NameServerAnswered);
    record.protocol = Protocol::Dns;
    record.peer = peer;
    record.conversation = conversation;
    if (env.keeps(record.kind)) {
        if (const Result<dns::Message> message = dns::decode(response)) {
            record.code = static_cast<std::uint16_t>(message->header.rcode);
            record.value = static_cast<std::int64_t>(message->answer.size());
            if (message->question)
                record.text = SharedBytes::copy_of(question_text(*message->question));
        }
    }
    env.note(std::move(record));
    return response;
}

void NameServer::on_network(Env &env, const net::Event &event)
{
    if (event.kind != net::EventKind::DatagramArrived)
        return on_stream(env, event);
    const net::Packet packet = env.network.packet(event.packet);
    const std::string response =
        answer(env, event.data.view(), dns::Transport::Udp, env.directory.at(packet.source.address),
               packet.conversation);
    if (!response.empty())
        env.network.send_datagram(host_, packet.destination.port, packet.source,
                                  SharedBytes::copy_of(response), packet.conversation, env.because,
                                  env.step());
}

void NameServer::on_stream(Env &env, const net::Event &event)
{
    if (event.kind == net::EventKind::Accepted) {
        streams_.push_back({event.connection, dns::TcpDeframer()});
        return;
    }
    const auto place = std::find_if(streams_.begin(), streams_.end(), [&](const Stream &stream) {
        return stream.connection == event.connection;
    });
    if (place == streams_.end())
        return;
    if (event.kind != net::EventKind::DataArrived) {
        env.network.close(event.connection, env.because);
        streams_.erase(place);
        return;
    }
    place->deframer.receive(event.data.view());
    const net::TcpConnection *connection = env.network.find(event.connection);
    while (const std::optional<std::string> query = place->deframer.next_message()) {
        const std::string response =
            answer(env, *query, dns::Transport::Tcp, env.peer_of(event.connection),
                   connection == nullptr ? ConnectionId{} : connection->conversation);
        if (!response.empty())
            env.network.send(event.connection, SharedBytes::copy_of(dns::tcp_frame(response)),
                             env.because);
    }
}

void NameServer::mix(Digest &digest) const
{
    const auto mix_zone = [&](const dns::Zone &zone) {
        digest.add(zone.origin().wire());
        for (const dns::ResourceRecord &record : zone.records())
            digest.add(to_string(record));
    };
    for (const dns::Zone &zone : *zones_)
        mix_zone(zone);
    digest.add(unserved_->size());
    for (const dns::Zone &zone : *unserved_)
        mix_zone(zone);
}

} // namespace mailscope
