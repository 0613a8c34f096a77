// The live door: opening ports, and the loop.
#include "sim/live/door.h"

#include "sim/live/parts.h"
#include "sim/world/outside.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <set>
#include <utility>

namespace mailscope::live
{

using asio::ip::tcp;
using asio::ip::udp;

namespace
{

/// Tries for a port that is free by TCP on all addresses (and by UDP) when any will do.
constexpr int free_port_tries = 20;

std::vector<asio::ip::address> addresses_of(const std::string &bind)
{
    if (bind.empty())
        return {asio::ip::make_address("127.0.0.1"), asio::ip::make_address("::1")};
    std::error_code error;
    const asio::ip::address address = asio::ip::make_address(bind, error);
    return error ? std::vector<asio::ip::address>{} : std::vector<asio::ip::address>{address};
}

/// A machine without IPv6 has no ::1, and that is fine.
bool is_missing_address(const asio::ip::address &address, const std::error_code &error)
{
    return address.is_v6() && (error == asio::error::address_family_not_supported ||
                               error == std::errc::address_not_available);
}

/// Opens a socket, bound to address and port.
template <class Socket>
std::error_code bind_to(Socket &socket, const asio::ip::address &address, std::uint16_t port)
{
    const typename Socket::protocol_type::endpoint endpoint(address, port);
    std::error_code error;
    socket.open(endpoint.protocol(), error);
    if (!error && address.is_v6())
        socket.set_option(asio::ip::v6_only(true), error);
    if (!error && std::is_same_v<Socket, tcp::acceptor>)
        socket.set_option(asio::socket_base::reuse_address(true), error);
    if (!error)
        socket.bind(endpoint, error);
    return error;
}

/// Sockets need descriptors: as many as this process may have.
void allow_descriptors()
{
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

} // namespace

Door::Parts::Parts(World start, const DoorOptions &wanted)
    : options(wanted), simulation(std::move(start), wanted.speed, wanted.trace)
{
    simulation.set_witness(wanted.witness);
    if (wanted.keep_acts)
        simulation.keep_acts();
}

Duration Door::Parts::real_now() const
{
    return std::chrono::duration_cast<Duration>(Clock::now() - began);
}

Result<void> Door::Parts::listen(const Service &service, std::uint16_t port)
{
    std::uint16_t got = port;
    std::list<Listening> new_listening;
    std::list<Datagrams> new_datagrams;
    std::error_code error;
    for (int tries = 0; tries < free_port_tries; ++tries) {
        got = port;
        error = {};
        new_listening.clear();
        new_datagrams.clear();
        for (const asio::ip::address &address : addresses_of(options.bind)) {
            Listening one{service, tcp::acceptor(loop), service.kind->protocol == Protocol::None,
                          false};
            error = bind_to(one.acceptor, address, got);
            if (is_missing_address(address, error)) {
                error = {};
                continue;
            }
            if (!error)
                one.acceptor.listen(asio::socket_base::max_listen_connections, error);
            if (error)
                break;
            got = one.acceptor.local_endpoint().port();
            new_listening.push_back(std::move(one));
            if (!service.kind->datagrams)
                continue;
            new_datagrams.push_back({service, udp::socket(loop), {}, {}});
            if (error = bind_to(new_datagrams.back().socket, address, got); error)
                break;
        }
        if (!error || port != 0)
            break;
    }
    const std::string what = std::string(service.kind->name) + " of " + service.host;
    if (error || new_listening.empty())
        return fail(what + " cannot be opened at port " + std::to_string(got) + ": " +
                    (error ? error.message() : "no address"));
    listening.splice(listening.end(), new_listening);
    datagrams.splice(datagrams.end(), new_datagrams);
    ports.push_back({std::string(service.kind->name), service.host, got});
    return {};
}

void Door::Parts::accept(Listening &port)
{
    port.acceptor.async_accept([this, &port](std::error_code error, tcp::socket socket) {
        if (error == asio::error::operation_aborted)
            return;
        if (!error)
            welcome(port, std::move(socket));
        port.resting = error && error != asio::error::connection_aborted;
        if (!port.resting)
            accept(port); // A socket above the limit is closed by now.
    });
}

void Door::Parts::welcome(Listening &port, tcp::socket socket)
{
    if (port.is_api) {
        api_connections.remove_if([](const auto &one) { return one->ended(); });
        if (api_connections.size() < limit::api_connections) {
            api_connections.push_back(std::make_shared<ApiConnection>(std::move(socket), *this));
            api_connections.back()->start();
        }
        return;
    }
    if (connections.size() >= limit::connections)
        return;
    catch_up();
    const auto connection = std::make_shared<Connection>(std::move(socket), *this, port.service);
    connections[connection->session().index] = connection;
    hand_out();
    connection->go_on();
}

void Door::Parts::after_orders()
{
    if (resets != simulation.resets()) {
        resets = simulation.resets();
        for (const auto &[session, connection] : std::exchange(connections, {}))
            connection->forget();
        askers.clear();
    }
    hand_out();
}

void Door::Parts::receive(Datagrams &port)
{
    port.socket.async_receive_from(asio::buffer(port.block), port.peer,
                                   [this, &port](std::error_code error, std::size_t size) {
                                       if (error == asio::error::operation_aborted)
                                           return;
                                       if (!error)
                                           on_datagram(port, size);
                                       receive(port);
                                   });
}

void Door::Parts::on_datagram(Datagrams &port, std::size_t size)
{
    catch_up();
    while (askers.size() >= limit::questions)
        askers.erase(askers.begin());
    // The answer may be there when ask() returns; hand_out() gives it to the asker.
    const std::uint32_t number = simulation.ask(port.service, {port.block.data(), size});
    askers[number] = {&port, port.peer};
    hand_out();
}

/// Asks again for what somebody waits for by the API. Whether somebody still does.
bool Door::Parts::ask_waiting()
{
    if (std::exchange(asking, true)) // An answer's own orders are being handed out.
        return true;
    for (const std::shared_ptr<ApiConnection> &connection :
         std::vector<std::shared_ptr<ApiConnection>>(api_connections.begin(),
                                                     api_connections.end()))
        if (connection->is_waiting())
            connection->look();
    asking = false;
    return std::any_of(api_connections.begin(), api_connections.end(),
                       [](const auto &connection) { return connection->is_waiting(); });
}

void Door::Parts::catch_up() { simulation.advance(real_now()); }

void Door::Parts::hand_out()
{
    for (std::vector<Handle> changed = simulation.outside().take_changed(); !changed.empty();
         changed = simulation.outside().take_changed()) {
        for (const Handle session : changed) {
            const auto place = connections.find(session.index);
            if (place == connections.end() || place->second->session() != session)
                continue;
            const std::shared_ptr<Connection> connection = place->second; // it may end meanwhile
            connection->deliver();
            connection->go_on();
        }
    }
    for (const OutsideHost::Answer &answer : simulation.outside().take_answers()) {
        const auto asker = askers.find(answer.question);
        if (asker == askers.end())
            continue;
        std::error_code ignored;
        asker->second.port->socket.send_to(
            asio::buffer(answer.bytes.view().data(), answer.bytes.size()), asker->second.peer, 0,
            ignored);
        askers.erase(asker);
    }
    constexpr std::size_t much = 4096;
    if (simulation.records().size() > witnessed + much || simulation.records().size() < witnessed)
        tell_witness();
    const Duration longest = ask_waiting() ? Duration(50ms) : Duration(1s);
    wake_after(std::min(simulation.wait().value_or(longest), longest));
}

void Door::Parts::tell_witness()
{
    witnessed = simulation.records().size();
    if (options.witness != nullptr)
        options.witness->look(simulation);
}

/// Looks again after that time. An earlier look that is due already stays: it costs less than to
/// set the timer anew at every word of a conversation.
void Door::Parts::wake_after(Duration wait)
{
    const Clock::time_point at = Clock::now() + wait;
    if (wake_at && *wake_at <= at)
        return;
    wake_at = at;
    timer.expires_at(at);
    timer.async_wait([this](std::error_code error) {
        if (error)
            return;
        wake_at.reset();
        catch_up();
        hand_out();
    });
}

void Door::Parts::sweep()
{
    sweeper.expires_after(1s);
    sweeper.async_wait([this](std::error_code error) {
        if (error)
            return;
        catch_up();
        std::vector<std::shared_ptr<Connection>> all;
        all.reserve(connections.size());
        for (const auto &[session, connection] : connections)
            all.push_back(connection);
        for (const std::shared_ptr<Connection> &connection : all) {
            connection->check_time(Clock::now());
            connection->go_on();
        }
        for (const std::shared_ptr<ApiConnection> &connection : api_connections)
            connection->look();
        for (Listening &port : listening)
            if (std::exchange(port.resting, false))
                accept(port);
        hand_out();
        tell_witness();
        sweep();
    });
}

std::vector<Wish> all_services()
{
    std::vector<Wish> wishes;
    for (const ServiceKind &kind : service_kinds())
        wishes.push_back({std::string(kind.name), 0, false});
    return wishes;
}

Door::Door(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Door::~Door() = default;
Door::Door(Door &&) noexcept = default;
Door &Door::operator=(Door &&) noexcept = default;

Result<Door> Door::open(World start, const DoorOptions &options)
{
    if (const Result<void> added = add_outside_host(start, outside_name); !added)
        return tl::unexpected<Error>(added.error());
    if (addresses_of(options.bind).empty())
        return fail("\"" + options.bind + "\": expected an IP address to listen on");
    allow_descriptors();
    auto parts = std::make_unique<Parts>(std::move(start), options);
    std::set<std::string> names;
    for (const Wish &wish : options.wishes) {
        const ServiceKind *kind = find_service(wish.service);
        MS_CHECK(kind != nullptr);
        std::vector<Service> services;
        if (options.tls || kind->tls == OutsideHost::TlsBegins::WhenAsked)
            services = services_of(parts->simulation.world(), *kind, options.hosts);
        if (services.empty() && wish.needed)
            return fail("no host of the scenario offers " + wish.service);
        std::uint16_t port = wish.port;
        for (const Service &service : services) {
            if (const Result<void> opened = parts->listen(service, port); !opened)
                return tl::unexpected<Error>(opened.error());
            names.insert(service.host);
            port = static_cast<std::uint16_t>(port == 0 ? 0 : port + 1);
        }
    }
    if (options.api_port) {
        static constexpr ServiceKind api{"api", Protocol::None, 0, false};
        if (const Result<void> opened = parts->listen({&api, "", {}}, *options.api_port); !opened)
            return tl::unexpected<Error>(opened.error());
    }
    if (options.heeds_signals) {
        parts->signals.add(SIGINT);
        parts->signals.add(SIGTERM);
        parts->signals.async_wait([&loop = parts->loop](std::error_code error, int) {
            if (!error)
                loop.stop();
        });
    }
    if (options.tls) {
        Result<TlsIdentity> identity = TlsIdentity::make({names.begin(), names.end()});
        if (!identity)
            return tl::unexpected<Error>(identity.error());
        parts->identity.emplace(std::move(*identity));
    }
    return Door(std::move(parts));
}

const std::vector<OpenPort> &Door::ports() const { return parts_->ports; }

const std::string &Door::certificate() const
{
    static const std::string none;
    return parts_->identity ? parts_->identity->certificate() : none;
}

const Simulation &Door::simulation() const { return parts_->simulation; }

void Door::order(const Order &order, Duration after)
{
    parts_->catch_up();
    parts_->simulation.order(order, after);
    parts_->hand_out();
}

std::vector<TimedAct> Door::take_acts() { return parts_->simulation.take_acts(); }

void Door::Parts::start()
{
    if (std::exchange(started, true))
        return;
    for (Listening &port : listening)
        accept(port);
    for (Datagrams &port : datagrams)
        receive(port);
    catch_up();
    hand_out();
    sweep();
}

void Door::poll()
{
    parts_->start();
    parts_->loop.poll();
    parts_->catch_up();
    parts_->hand_out();
}

void Door::run()
{
    Parts &parts = *parts_;
    if (parts.options.exit_after) {
        parts.exit_timer.expires_after(*parts.options.exit_after);
        parts.exit_timer.async_wait([&parts](std::error_code) { parts.loop.stop(); });
    }
    parts.start();
    parts.loop.run();
}

} // namespace mailscope::live
