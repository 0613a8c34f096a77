// mailscope why: follows the causes of a record back to the beginning.
#include "sim/cli/causes.h"
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/cli/narrator.h"
#include "sim/cli/text_layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::cli
{
namespace
{

/// Packets on their way are many and say little: of each run of them only a count is told.
void tell_chain(const std::vector<std::size_t> &chain, const Records &records,
                const Narrator &narrator, const Catalogue &catalogue, Output &out)
{
    std::size_t packets = 0;
    const auto tell_packets = [&] {
        if (packets > 0)
            out.line(std::string(15, ' ') +
                     out.styled(Style::Dim, fill(catalogue.ui("cli.packets-between"),
                                                 {{"count", std::to_string(packets)}})));
        packets = 0;
    };
    for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
        const Record &record = records[*it];
        const bool trouble = trouble_of(record) != Trouble::None;
        if (info_of(record.kind).layer == Layer::Packet && !trouble && it != chain.rbegin()) {
            ++packets;
            continue;
        }
        tell_packets();
        const std::string number = fmt::format("{:>6}", record.id.value);
        out.line(out.styled(Style::Dim, number + "  ") + padded(clock_text(record.at), 11) +
                 out.styled(trouble ? Style::Bad : style_of(record.protocol),
                            cut(narrator.summary(record), out.columns() - 19)));
        for (const std::string &line : wrap(narrator.sentence(record), out.columns() - 19))
            if (!line.empty())
                out.line(std::string(19, ' ') + out.styled(Style::Dim, line));
    }
}

} // namespace

ExitStatus why(const WhyOptions &options, Streams streams)
{
    const std::optional<Scenario> scenario = load_scenario(options.file, streams.err);
    if (!scenario)
        return ExitStatus::BadInput;
    PlayOptions how;
    how.seed = options.seed;
    how.remedy = options.remedy;
    const std::optional<Play> played = play_scenario(*scenario, how, streams.err);
    if (!played)
        return ExitStatus::BadInput;
    const Records &records = played->records;
    const std::optional<std::size_t> index =
        options.record ? records.find(RecordId{*options.record}) : most_wondered_at(records);
    if (!index) {
        complain(streams.err, options.record ? fmt::format("record {}: the story has {} records",
                                                           *options.record, records.size())
                                             : options.file + ": nothing happens in this story");
        return ExitStatus::BadInput;
    }
    const Catalogue catalogue = load_catalogue(options.language);
    const std::vector<std::string> hosts = host_names(played->world);
    const Narrator narrator({*scenario, records, hosts, catalogue, Detail::Packets}, streams.out);
    tell_chain(chain_of(records, *index), records, narrator, catalogue, streams.out);
    return ExitStatus::Good;
}

} // namespace mailscope::cli
