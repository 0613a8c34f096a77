// What goes to the clipboard: a line, a conversation, a letter's source.
//
// As on the wire, with "C: " and "S: " where who speaks must be told; no translation.
#pragma once

#include <cstdint>
#include <string>

namespace mailscope::viz
{

struct Moment;

enum class CopyWhat : std::uint8_t
{
    Line,       ///< the present step: protocol words, and the sentence about them
    Transcript, ///< the conversation so far
    Letter,     ///< the letter's source; nothing when there is none here
};

std::string copy_text(const Moment &now, CopyWhat what);

} // namespace mailscope::viz
