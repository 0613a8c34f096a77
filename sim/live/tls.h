// Real TLS on the live door, by OpenSSL: a certificate made at start, and a server's end of TLS.
//
// OpenSSL works on memory here: octets from the socket go in, plain octets and octets for the
// socket come out, like an engine. So a socket can go over to TLS in the middle of a conversation,
// as STARTTLS asks. The certificate is signed by its own key: it protects nothing, and programs
// must be told to trust it. The modelled TLS of the simulated wire is protocol/tls.
#pragma once

#include "sim/core/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::live
{

/// A key and a certificate for the names, of use until the program ends.
class TlsIdentity
{
public:
    [[nodiscard]] static Result<TlsIdentity> make(const std::vector<std::string> &names);
    ~TlsIdentity();
    TlsIdentity(TlsIdentity &&) noexcept;
    TlsIdentity &operator=(TlsIdentity &&) noexcept;

    /// The certificate as PEM, for programs that want to trust it.
    const std::string &certificate() const { return pem_; }

private:
    friend class TlsServer;
    struct Parts;
    explicit TlsIdentity(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
    std::string pem_;
};

/// The server's end of one connection. The identity must outlive it.
class TlsServer
{
public:
    explicit TlsServer(const TlsIdentity &identity);
    ~TlsServer();
    TlsServer(TlsServer &&) noexcept;
    TlsServer &operator=(TlsServer &&) noexcept;

    /// Octets from the socket; gives what they say. Afterwards look at output() and failed().
    std::string receive(std::string_view wire);
    /// Octets for the peer; before the handshake is done they wait.
    void send(std::string_view plain);
    /// No more will be sent.
    void close();
    /// Octets for the socket since the last call.
    std::string take_output();
    /// The handshake is done.
    bool established() const;
    /// The peer broke the rules of TLS; after output() the socket is of no use.
    bool failed() const { return failed_; }

private:
    struct Parts;
    void flush_waiting();
    void collect();

    std::unique_ptr<Parts> parts_;
    std::string waiting_;
    std::string output_;
    bool failed_ = false;
};

} // namespace mailscope::live
