// Recorded dialogs of real servers, and their comparison with our engines' dialogs.
//
// A case is one JSON file under tests/dialogue/reference/<family>/ (format: README.md there). The
// replay itself is protocol-neutral: it feeds the client's recorded bytes to a server, or the
// server's to a client, in one of three ways and compares what comes back line by line.
#pragma once

#include "sim/core/bytes.h"

#include <functional>
#include <string>
#include <vector>

namespace mailscope::test
{

enum class Side
{
    Server,
    Client
};

/// One recorded line without its CRLF, or one chunk of bytes.
struct Recorded
{
    Side side = Side::Server;
    std::string text;
};

/// One recorded conversation.
struct ReferenceCase
{
    std::string name;   ///< "smtp-ehlo-delivery"
    std::string family; ///< "smtp"
    std::string server; ///< "Postfix"
    std::string config_notes;
    std::vector<Recorded> lines;
    std::vector<Recorded> wire; ///< exact bytes; empty where `lines` says it all
    bool server_closed = false;
};

/// All cases of a family ("smtp", "pop3"), in the order of their names. Fails the test when there
/// is none.
std::vector<ReferenceCase> reference_family(const std::string &family);

/// One case by family and name.
ReferenceCase reference_case(const std::string &family, const std::string &name);

/// How bytes are handed over.
enum class Delivery
{
    Whole,      ///< what one side says in one turn, at once
    ByteByByte, ///< one octet at a time
    Glued,      ///< everything the peer says in the whole conversation, at once
};

/// One turn: what the driven side said, and what the recorded other side answered to it.
struct Turn
{
    std::string said;                  ///< bytes of the driven side
    std::vector<std::string> answered; ///< lines of the other side until the next turn
};

/// The conversation as turns of `driver`; a first turn with nothing said holds what the other side
/// says by itself.
std::vector<Turn> turns_of(const ReferenceCase &recorded, Side driver);

/// Feeds bytes to the engine under test and gives all it says to that.
using Feed = std::function<std::string(ByteView)>;

/// Makes a line comparable: masks what differs from run to run.
using Mask = std::function<std::string(const std::string &)>;

/// Replays `driver`'s side and compares the answers. Every difference is one line of text:
/// "line 7: expected '250 2.1.5 Ok', got '550 5.1.1 ...'". Empty when all is equal.
std::vector<std::string> replay(const ReferenceCase &recorded, Side driver, Delivery delivery,
                                const Feed &feed, const Mask &mask);

/// Splits bytes into lines at CRLF; a rest without CRLF is a line too.
std::vector<std::string> split_lines(ByteView bytes);

/// The deliberate differences: tests/dialogue/reference/differences.txt, one to a line,
/// "family/case | aspect | reason".
struct Difference
{
    std::string name;   ///< "smtp/smtp-etrn"
    std::string aspect; ///< a part of the text of the difference found
    std::string reason;
};

/// The deliberate differences of one family.
std::vector<Difference> listed_differences(const std::string &family);

/// Takes listed differences out of `found`, and adds a line for each listed one that was not found,
/// so that the list cannot grow stale.
std::vector<std::string> unexplained(const ReferenceCase &recorded, std::vector<std::string> found);

} // namespace mailscope::test
