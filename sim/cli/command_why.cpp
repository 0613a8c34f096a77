// mailscope why: follows the causes of a record back to the beginning.
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

/// The record that most needs an explanation: the last report of a failure, or else the last
/// trouble of letters and conversations, or else the last thing that became of a letter.
std::optional<std::size_t> most_wondered_at(const Records &records)
{
    std::optional<std::size_t> bounce;
    std::optional<std::size_t> trouble;
    std::optional<std::size_t> letter;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record &record = records[i];
        const Layer layer = info_of(record.kind).layer;
        if (record.kind == RecordKind::FailureReported)
            bounce = i;
        if (trouble_of(record) != Trouble::None && layer != Layer::Packet)
            trouble = i;
        if (layer == Layer::Mail)
            letter = i;
    }
    return bounce ? bounce : trouble ? trouble : letter;
}

/// Indices from the record back to the root, the record first.
std::vector<std::size_t> chain_of(const Records &records, std::size_t index)
{
    std::vector<std::size_t> chain = {index};
    for (RecordId because = records[index].because; because;) {
        const std::optional<std::size_t> found = records.find(because);
        if (!found)
            break;
        chain.push_back(*found);
        because = records[*found].because;
    }
    return chain;
}

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
