// A capture of the simulated network for Wireshark, with the lesson's sentences as comments.
//
// It joins what the layers below keep apart: what is seen where (trace/capture), the file's blocks
// (trace/pcapng), the names and wires of a World, and the sentences of the catalogue. It is fed
// record by record and gives octets to be appended to a file, so that a file grows while its World
// runs. Dates are those that letters carry: the scenario's start and the simulated time since.
#pragma once

#include "sim/cli/narrator.h"
#include "sim/core/result.h"
#include "sim/trace/capture.h"
#include "sim/world/world.h"

#include <string>
#include <string_view>
#include <vector>

namespace mailscope::cli
{

/// Where to capture. Nothing said: at every wire.
struct CapturePlace
{
    std::string host; ///< at each of its interfaces
    std::string link; ///< "HOST:HOST", the two ends in any order
};

/// The taps of a place. Fails for a host or a link that is not there, with a near name.
[[nodiscard]] Result<std::vector<Tap>> taps_at(const World &world, const CapturePlace &place);

class CaptureFile
{
public:
    /// All of it must outlive the file. `world` may go on running; no wires may be added.
    CaptureFile(const World &world, const Records &records, const Narrator &narrator,
                const std::vector<Tap> &taps, Wires wires = Wires::Each);

    /// Takes the record at `index`; all records in order, none left out.
    void add(std::size_t index);

    /// Gives out the last packet, too, whose fate the next record might have told.
    void settle() { capture_.settle(); }

    /// The octets since the last call, to be appended to the file. The first ones open it.
    std::string take();

private:
    std::string comment_on(const Sighting &sighting) const;
    std::vector<std::size_t> said_in(ByteView payload, std::size_t last) const;
    void put(const Sighting &sighting);

    const Records &records_;
    const Narrator &narrator_;
    std::int64_t start_seconds_;
    Capture capture_;
    std::string octets_;
};

} // namespace mailscope::cli
