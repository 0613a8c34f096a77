// The files that `serve` writes while it runs.
#include "sim/cli/serve_files.h"

#include "sim/cli/loading.h"
#include "sim/scenario/play.h"
#include "sim/trace/json_lines.h"

namespace mailscope::cli
{

ServeFiles::ServeFiles(const ServeOptions &options, const Scenario &scenario)
    : options_(options), scenario_(scenario), catalogue_(load_catalogue(options.language))
{
}

std::optional<std::string> ServeFiles::open()
{
    const auto opened = [](const std::string &name, std::ofstream &file) {
        if (!name.empty())
            file.open(name, std::ios::binary | std::ios::trunc);
        return file.good();
    };
    if (!opened(options_.trace_file, trace_))
        return options_.trace_file;
    if (!opened(options_.capture_file, capture_))
        return options_.capture_file;
    return std::nullopt;
}

/// From the first record of a trace on: a capture of its own, because packets count from nought.
void ServeFiles::begin(const live::Simulation &simulation)
{
    next_ = 0;
    hosts_ = host_names(simulation.world());
    if (!capture_.is_open())
        return;
    // At the programs' own wire only: at several wires a packet looks like a repeated one.
    const Result<std::vector<Tap>> taps = taps_at(simulation.world(), {outside_name, ""});
    MS_CHECK(taps.has_value());
    narrator_.emplace(
        Telling{scenario_, simulation.records(), hosts_, catalogue_, Detail::Packets, false},
        nowhere_);
    packets_.emplace(simulation.world(), simulation.records(), *narrator_, *taps);
}

void ServeFiles::look(const live::Simulation &simulation)
{
    const Records &records = simulation.records();
    if (hosts_.empty())
        begin(simulation);
    std::string lines;
    for (; next_ < records.size(); ++next_) {
        if (trace_.is_open())
            append_json_line(lines, records[next_], records, hosts_);
        if (packets_)
            packets_->add(next_);
    }
    trace_ << lines << std::flush;
    if (packets_)
        capture_ << packets_->take() << std::flush;
}

void ServeFiles::trace_ends(const live::Simulation &simulation)
{
    look(simulation);
    if (packets_) {
        packets_->settle();
        capture_ << packets_->take() << std::flush;
    }
    packets_.reset();
    hosts_.clear();
}

std::optional<std::string> ServeFiles::finish(const live::Simulation &simulation)
{
    trace_ends(simulation);
    if (trace_.is_open() && !trace_)
        return options_.trace_file;
    if (capture_.is_open() && !capture_)
        return options_.capture_file;
    return std::nullopt;
}

} // namespace mailscope::cli
