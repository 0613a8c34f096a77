// The files that `serve` writes while it runs: the trace, and the programs' packets.
//
// What is new is appended and flushed, so that `tail -f` and Wireshark can read along. Where the
// trace begins anew (it was full, or the World was reset), the files go on.
#pragma once

#include "sim/cli/capture_file.h"
#include "sim/cli/options.h"
#include "sim/live/witness.h"
#include "sim/text/catalogue.h"

#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::cli
{

class ServeFiles : public live::Witness
{
public:
    /// `scenario` must outlive it. Opens nothing yet.
    ServeFiles(const ServeOptions &options, const Scenario &scenario);

    /// Opens the files that were asked for; gives the name of the one that cannot be written.
    std::optional<std::string> open();
    void look(const live::Simulation &simulation) override;
    void trace_ends(const live::Simulation &simulation) override;
    /// Writes the rest; gives the name of a file that could not be written.
    std::optional<std::string> finish(const live::Simulation &simulation);

private:
    void begin(const live::Simulation &simulation);

    const ServeOptions &options_;
    const Scenario &scenario_;
    Catalogue catalogue_;
    std::vector<std::string> hosts_; ///< empty: a trace has not begun
    Output nowhere_;
    std::ofstream trace_;
    std::ofstream capture_;
    std::optional<Narrator> narrator_;
    std::optional<CaptureFile> packets_;
    std::size_t next_ = 0; ///< record to be written
};

} // namespace mailscope::cli
