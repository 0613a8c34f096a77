// The trace as a sequence diagram: who says what to whom, from top to bottom.
//
// Two writers share one selection: protocol lines, DNS queries and answers, and what becomes of
// letters; packets are left to captures. Lanes stand in the order in which hosts first take part.
// Labels are what stands in the trace, the same in every language; title and legend words are the
// caller's, so that no sentence for a person is made here. The pictures load nothing from outside.
#pragma once

#include "sim/trace/records.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// One arrow, or one note at a lane when `to` is none.
struct SequenceStep
{
    std::size_t record = 0; ///< index into the records
    SimTime at;
    HostId from;
    HostId to;
    Protocol protocol = Protocol::None;
    Trouble trouble = Trouble::None;
    bool is_reply = false; ///< drawn dashed
    std::string label;     ///< printable UTF-8 without line ends, at most label_octets_max
};

/// The steps of a diagram and the hosts that take part.
struct Sequence
{
    std::vector<HostId> lanes;
    std::vector<SequenceStep> steps;
};

/// Words for people in a picture.
struct SequenceWords
{
    std::string title;
    std::string temporary; ///< legend of the hollow octagon
    std::string permanent; ///< legend of the solid octagon
};

/// A label's length; longer ones end in "…".
inline constexpr std::size_t label_octets_max = 64;

Sequence sequence_of(const Records &records);

/// A Mermaid sequenceDiagram.
std::string write_sequence_mermaid(const Sequence &sequence,
                                   std::span<const std::string> host_names,
                                   const SequenceWords &words);

/// An SVG picture of its own: lanes, arrows in the protocols' colours with the protocol's name,
/// trouble marked by an octagon (hollow: temporary, solid: permanent) and not by colour alone.
std::string write_sequence_svg(const Sequence &sequence, std::span<const std::string> host_names,
                               const SequenceWords &words);

} // namespace mailscope
