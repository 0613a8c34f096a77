// What a server says, as a client reads it (RFC 3501 7).
//
// A response is one line, in which literals may stand; the client puts them together as the server
// does with commands. Untagged data that the client did not ask for is no mistake and is passed
// over; so are values of names that it does not know.
#pragma once

#include "sim/core/bytes.h"
#include "sim/protocol/imap/events.h"
#include "sim/protocol/imap/grammar.h"

#include <cstdint>
#include <optional>
#include <string>

namespace mailscope::imap
{

/// One response taken apart; the views point into it.
struct Response
{
    enum class Kind : std::uint8_t
    {
        Untagged,
        Continuation, ///< "+"
        Tagged
    };
    Kind kind = Kind::Untagged;
    ByteView tag;
    std::uint32_t number = 0; ///< of "* 3 EXISTS"
    ByteView word;            ///< "OK", "EXISTS", "LIST"; as written
    ByteView code;            ///< "UIDVALIDITY 3" of "[UIDVALIDITY 3]"; empty when there is none
    ByteView rest;            ///< behind the word and a space
};

/// Nothing for what is no response.
std::optional<Response> parse_response(ByteView text);

/// The number behind a code's name: of "UIDVALIDITY 3". Nothing for another name.
std::optional<std::uint32_t> code_number(ByteView code, ByteView name);

/// True when a list of words has one, without case: "IDLE" in "IMAP4rev1 IDLE".
bool has_word(ByteView words, ByteView word);

/// The rest of "* LIST (\HasNoChildren \Sent) "/" Sent".
std::optional<ListedFolder> parse_list(ByteView rest);

/// What a FETCH response tells, of what a client asks for.
struct Fetched
{
    std::uint32_t uid = 0;
    std::optional<std::uint32_t> flags; ///< system flags
    std::optional<mail::DateTime> date;
    std::optional<std::string> body; ///< of BODY[]
};
std::optional<Fetched> parse_fetched(ByteView rest);

} // namespace mailscope::imap
