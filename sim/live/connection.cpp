// One real connection and its session inside.
#include "sim/core/text.h"
#include "sim/live/parts.h"
#include "sim/world/outside.h"

#include <utility>

namespace mailscope::live
{

using asio::ip::tcp;

namespace
{

/// Whether the last command of `piece` may be STARTTLS or STLS.
bool asks_for_tls(std::string_view piece)
{
    const std::size_t end = piece.find_last_not_of("\r\n ");
    if (end == std::string_view::npos)
        return false;
    const std::string_view line = piece.substr(0, end + 1);
    const std::string_view word = line.substr(line.find_last_of(" \n") + 1);
    return equals_ignoring_case(word, "STARTTLS") || equals_ignoring_case(word, "STLS");
}

} // namespace

Connection::Connection(tcp::socket socket, Door::Parts &door, const Service &service)
    : socket_(std::move(socket)), door_(door), session_(door.simulation.open(service)),
      service_(service), read_at_(Clock::now()), progress_at_(read_at_)
{
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
    if (service.kind->tls == OutsideHost::TlsBegins::AtOnce)
        begin_tls();
}

/// What the simulated server says from now on is TLS for the program.
void Connection::begin_tls()
{
    tls_.emplace(*door_.identity);
    tls_since_ = Clock::now();
}

/// Whether more may go in: a program that does not read its answers gets no more of them.
bool Connection::may_feed()
{
    if (far_ == Handle{})
        far_ = far_end(door_.simulation.world(), session_);
    return !dropped_ && !ending_ && !held_ &&
           out_.size() + writing_.size() + door_.simulation.unread(far_) < limit::unread_octets &&
           door_.simulation.unsent(session_) < limit::unsent_octets;
}

/// How much of what waits goes in at once. Where a short command may have a long answer, it is one
/// command: otherwise a few thousand octets would fetch a mailbox a thousand times.
std::size_t Connection::next_piece() const
{
    const Protocol protocol = service_.kind->protocol;
    const OutsideHost::Session *inside = door_.simulation.outside().sessions().find(session_);
    const bool whole = protocol == Protocol::Smtp || protocol == Protocol::Dns;
    if (whole || inside == nullptr || inside->content)
        return in_.size();
    const std::string_view end = protocol == Protocol::Http ? "\r\n\r\n" : "\n";
    const std::size_t at = in_.find(end);
    return at == std::string::npos ? in_.size() : at + end.size();
}

void Connection::feed()
{
    while (!in_.empty() && may_feed()) {
        const std::string piece = in_.substr(0, next_piece());
        in_.erase(0, piece.size());
        held_ = door_.identity && !tls_ && asks_for_tls(piece);
        door_.simulation.send(session_, piece);
        deliver();
    }
    if (in_.empty() && program_ended_ && !dropped_ && !std::exchange(end_told_, true))
        door_.simulation.close(session_);
}

void Connection::go_on()
{
    feed();
    if (reading_ || program_ended_ || !in_.empty() || !may_feed())
        return;
    reading_ = true;
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](std::error_code error) {
        self->reading_ = false;
        self->on_readable(error);
    });
}

void Connection::on_readable(const std::error_code &error)
{
    if (dropped_)
        return;
    std::error_code problem = error;
    std::size_t size = 0;
    if (!problem)
        size = socket_.read_some(asio::buffer(door_.block), problem);
    if (problem == asio::error::would_block)
        return go_on();
    door_.catch_up();
    if (problem == asio::error::eof) {
        program_ended_ = true;
    } else if (problem) {
        drop();
    } else {
        read_at_ = Clock::now();
        take({door_.block.data(), size});
    }
    go_on();
    door_.hand_out();
}

void Connection::take(std::string_view wire)
{
    if (!tls_) {
        in_.append(wire);
        return;
    }
    in_ += tls_->receive(wire);
    out_ += tls_->take_output();
    ending_ = ending_ || tls_->failed(); // The alert goes out, and that is all.
    write();
}

void Connection::deliver()
{
    if (dropped_)
        return;
    const std::string arrived = door_.simulation.outside().take_arrived(session_);
    held_ = held_ && arrived.empty();
    const OutsideHost::Session *inside = door_.simulation.outside().sessions().find(session_);
    const OutsideHost::Ending ending =
        inside == nullptr ? OutsideHost::Ending::Lost : inside->ending;
    if (tls_) {
        tls_->send(arrived);
        if (ending != OutsideHost::Ending::None)
            tls_->close();
        out_ += tls_->take_output();
    } else {
        out_ += arrived;
    }
    if (!tls_ && door_.identity && door_.simulation.server_began_tls(session_)) {
        begin_tls(); // The reply was not TLS yet.
        in_.clear(); // Perhaps somebody else said it (RFC 3207 4.2).
        door_.simulation.start_tls(session_);
    }
    ending_ = ending_ || ending != OutsideHost::Ending::None;
    if (ending == OutsideHost::Ending::Refused || ending == OutsideHost::Ending::Lost) {
        std::error_code ignored; // RST, as the simulated connection ended.
        if (out_.empty() && writing_.empty())
            socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    }
    write();
}

void Connection::write()
{
    if (dropped_ || !writing_.empty())
        return;
    if (out_.empty()) {
        if (ending_)
            drop();
        return;
    }
    writing_ = std::exchange(out_, {});
    progress_at_ = Clock::now();
    std::error_code problem; // At once as much as the socket takes, which mostly is all.
    writing_.erase(0, socket_.write_some(asio::buffer(writing_), problem));
    if (problem && problem != asio::error::would_block)
        return drop();
    if (writing_.empty()) {
        writing_.shrink_to_fit();
        if (ending_)
            drop();
        return;
    }
    asio::async_write(socket_, asio::buffer(writing_),
                      [self = shared_from_this()](std::error_code error, std::size_t) {
                          self->writing_.clear();
                          self->writing_.shrink_to_fit();
                          self->on_written(error);
                      });
}

void Connection::on_written(const std::error_code &error)
{
    if (dropped_)
        return;
    progress_at_ = Clock::now();
    if (error) {
        door_.catch_up();
        drop();
        return door_.hand_out();
    }
    write();
    door_.catch_up();
    go_on();
    door_.hand_out();
}

void Connection::drop()
{
    if (std::exchange(dropped_, true))
        return;
    std::error_code ignored;
    if (ending_)
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    socket_.close(ignored);
    const auto own = door_.connections.find(session_.index);
    if (own != door_.connections.end() && own->second.get() == this) {
        const OutsideHost::Session *inside = door_.simulation.outside().sessions().find(session_);
        if (inside != nullptr && inside->ending == OutsideHost::Ending::None)
            door_.simulation.abort(session_);
        else
            door_.simulation.close(session_); // It is forgotten.
        door_.connections.erase(session_.index);
    }
}

void Connection::forget()
{
    session_ = Handle{};
    drop();
}

void Connection::check_time(Clock::time_point now)
{
    const bool stalled = !writing_.empty() && now - progress_at_ > limit::stalled;
    const bool slow = tls_ && !tls_->established() && now - tls_since_ > limit::handshake;
    if (stalled || slow || now - read_at_ > limit::silent)
        drop();
}

} // namespace mailscope::live
