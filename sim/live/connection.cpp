// One real connection and its session inside.
#include "sim/live/parts.h"

#include <utility>

namespace mailscope::live
{

using asio::ip::tcp;

Connection::Connection(tcp::socket socket, Door::Parts &door, const Service &service)
    : socket_(std::move(socket)), door_(door), session_(door.simulation.open(service)),
      read_at_(Clock::now()), progress_at_(read_at_)
{
    std::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay(true), ignored);
}

void Connection::start() { read_on(); }

bool Connection::may_read() const
{
    return !dropped_ && !ending_ && !program_ended_ &&
           out_.size() + writing_.size() < limit::unread_octets &&
           door_.simulation.unsent(session_) < limit::unsent_octets;
}

void Connection::read_on()
{
    if (reading_ || !may_read())
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
        return read_on();
    door_.catch_up();
    if (problem == asio::error::eof) {
        program_ended_ = true;
        door_.simulation.close(session_);
    } else if (problem) {
        drop();
    } else {
        read_at_ = Clock::now();
        take({door_.block.data(), size});
    }
    door_.hand_out();
    read_on();
}

void Connection::take(std::string_view wire)
{
    if (!tls_)
        return door_.simulation.send(session_, wire);
    const std::string plain = tls_->receive(wire);
    out_ += tls_->take_output();
    write();
    if (!plain.empty())
        door_.simulation.send(session_, plain);
    if (tls_->failed() && !dropped_)
        ending_ = true; // The alert goes out, and that is all.
}

void Connection::deliver()
{
    if (dropped_)
        return;
    const std::string arrived = door_.simulation.outside().take_arrived(session_);
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
        tls_.emplace(*door_.identity); // What it says from now on is TLS; the reply was not.
        tls_since_ = Clock::now();
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
    asio::async_write(socket_, asio::buffer(writing_),
                      [self = shared_from_this()](std::error_code error, std::size_t) {
                          self->writing_ = std::string();
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
    read_on();
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

void Connection::check_time(Clock::time_point now)
{
    const bool stalled = !writing_.empty() && now - progress_at_ > limit::stalled;
    const bool slow = tls_ && !tls_->established() && now - tls_since_ > limit::handshake;
    if (stalled || slow || now - read_at_ > limit::silent)
        drop();
}

} // namespace mailscope::live
