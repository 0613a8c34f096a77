// An HTTP server that answers everything, and scripts of conversations to hold it against.
//
// HttpHost is the least owner that an engine needs: it answers each request with what it was asked
// for, so that a test sees how the engine understood it, and writes down what the engine tells it.
// Shared by all tests of HTTP; it decides nothing that a test does not set.
#pragma once

#include "sim/protocol/http/client.h"
#include "sim/protocol/http/server.h"

#include <string>
#include <vector>

namespace mailscope::test
{

/// An event in words: "RequestAsked GET /mail", "RequestRefused BadField".
std::string describe(const http::ServerEvent &event);
std::string describe(const http::ClientEvent &event);

/// A server and its owner.
class HttpHost
{
public:
    explicit HttpHost(http::ServerOptions options = {});

    bool answers = true;  ///< at once; otherwise when `settle` is called with it
    bool chunked = false; ///< answers in chunks
    std::vector<std::string> told;
    SimTime now{};

    http::Server server;

    /// Hands bytes to the engine, answers its questions, gives what it says.
    std::string feed(ByteView bytes);
    std::string settle();
};

/// What a server says and tells to `input`, given in pieces of `piece` octets (0: all at once).
struct Heard
{
    std::string said;
    std::vector<std::string> told;
    bool closed = false;

    friend bool operator==(const Heard &a, const Heard &b)
    {
        return a.said == b.said && a.told == b.told && a.closed == b.closed;
    }
};
Heard hear(HttpHost host, ByteView input, std::size_t piece);

/// The same in all three ways: at once (which glues what follows one another), octet by octet, and
/// in pieces of seven. Fails the test when they differ.
Heard hear(const HttpHost &host, ByteView input);

/// The status of each response in `said`, in order.
std::vector<int> statuses(ByteView said);

} // namespace mailscope::test
