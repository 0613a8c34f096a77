// mailscope export: the trace as files for other programs.
#include "sim/cli/capture_file.h"
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"
#include "sim/trace/json_lines.h"
#include "sim/trace/sequence.h"

namespace mailscope::cli
{
namespace
{

bool ends_with(const std::string &text, std::string_view end)
{
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

std::optional<std::string> sequence_text(const std::string &file, const Scenario &scenario,
                                         const Play &play, const Catalogue &catalogue)
{
    const std::vector<std::string> hosts = host_names(play.world);
    const SequenceWords words{in_language(scenario.title, catalogue.language()),
                              std::string(catalogue.ui("lasting-temporary")),
                              std::string(catalogue.ui("lasting-permanent"))};
    const Sequence sequence = sequence_of(play.records);
    if (ends_with(file, ".svg"))
        return write_sequence_svg(sequence, hosts, words);
    if (ends_with(file, ".mmd"))
        return write_sequence_mermaid(sequence, hosts, words);
    return std::nullopt;
}

/// A capture of the whole story. Fails for a place that is not there.
Result<std::string> capture_of(const ExportOptions &options, const Scenario &scenario,
                               const Play &play)
{
    const Result<std::vector<Tap>> taps =
        taps_at(play.world, {options.capture_host, options.capture_link});
    if (!taps)
        return fail(taps.error().message);
    const std::vector<std::string> hosts = host_names(play.world);
    const Catalogue catalogue = load_catalogue(options.language);
    Output nowhere;
    const Narrator narrator({scenario, play.records, hosts, catalogue, Detail::Packets, false},
                            nowhere);
    const bool whole = options.capture_host.empty() && options.capture_link.empty();
    CaptureFile capture(play.world, play.records, narrator, *taps,
                        whole ? Wires::FirstOfItsAddresses : Wires::Each);
    for (std::size_t i = 0; i < play.records.size(); ++i)
        capture.add(i);
    capture.settle();
    return capture.take();
}

} // namespace

ExitStatus export_trace(const ExportOptions &options, Streams streams)
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
    const auto write = [&](const std::string &file, const std::string &text) {
        if (write_file(file, text))
            return true;
        complain(streams.err, file + ": cannot be written");
        return false;
    };
    if (!options.json_lines_file.empty() &&
        !write(options.json_lines_file,
               write_json_lines(played->records, host_names(played->world))))
        return ExitStatus::BadInput;
    if (!options.capture_file.empty()) {
        const Result<std::string> capture = capture_of(options, *scenario, *played);
        if (!capture) {
            complain(streams.err, capture.error().message);
            return ExitStatus::BadInput;
        }
        if (!write(options.capture_file, *capture))
            return ExitStatus::BadInput;
    }
    if (options.sequence_file.empty())
        return ExitStatus::Good;
    const std::optional<std::string> text =
        sequence_text(options.sequence_file, *scenario, *played, load_catalogue(options.language));
    if (!text) {
        complain(streams.err,
                 options.sequence_file + ": expected a name that ends in .svg or .mmd");
        return ExitStatus::BadInput;
    }
    return write(options.sequence_file, *text) ? ExitStatus::Good : ExitStatus::BadInput;
}

} // namespace mailscope::cli
