// The arguments of `mailscope`, read with CLI11; the only file that includes it.
#include "sim/cli/commands.h"
#include "sim/scenario/values.h"

#include <CLI/CLI.hpp>

#include <map>

namespace mailscope::cli
{
namespace
{

/// What was asked for: the options of all commands, and which command it is.
struct Parsed
{
    RunOptions run;
    TestOptions test;
    std::vector<std::string> check;
    WhyOptions why;
    ExplainOptions explain;
    DiffOptions diff;
    CompareOptions compare;
    ExportOptions export_trace;
    std::string states;
    InspectOptions inspect;
    ServeOptions serve;
    BenchOptions bench;
    std::string time;
};

constexpr const char *footer = R"(Examples:
  mailscope run scenarios/journey.json            a letter's journey, told step by step
  mailscope run scenarios/journey.json --step     the same, at your own pace
  mailscope run lesson.json --remedy free-space   what if the mailbox had room?
  mailscope why lesson.json                       why did it go wrong?
  mailscope explain 552                           what does this code mean?
  mailscope test scenarios                        does every lesson do what it says?
  mailscope run lesson.json --format jsonl | jq   for other programs

Exit status: 0 good, 1 an expectation failed, 2 bad input, 3 our own fault.
"mailscope COMMAND --help" says more.)";

void add_language(CLI::App &command, std::string &language)
{
    command.add_option("--lang", language, "Language of the explanations (default: the system's)")
        ->check(CLI::IsMember({"en", "ja"}));
}

/// A length of simulated time such as 90s or 1.5h (the scenario format's own).
CLI::Option *add_time(CLI::App &command, const std::string &name, std::optional<SimTime> &target,
                      const std::string &description)
{
    return command.add_option_function<std::string>(
        name,
        [&target, name](const std::string &text) {
            const std::optional<Duration> time = parse_duration(text);
            if (!time)
                throw CLI::ValidationError(name, "\"" + text +
                                                     "\": expected a time such as 90s, 5m or 1h");
            target = SimTime(*time);
        },
        description);
}

void add_run(CLI::App &app, Parsed &parsed)
{
    RunOptions &options = parsed.run;
    CLI::App *command = app.add_subcommand("run", "Plays a scenario and tells what happens");
    command->add_option("FILE", options.file, "Scenario")->required();
    command->add_option("--seed", options.seed, "Other dice (default: the scenario's seed)");
    add_time(*command, "--until", options.until, "Stop at this simulated time, such as 90s");
    const std::map<std::string, RunFormat> formats = {
        {"text", RunFormat::Text}, {"jsonl", RunFormat::JsonLines}, {"none", RunFormat::Nothing}};
    command->add_option("--format", options.format, "text, jsonl or none")
        ->transform(CLI::CheckedTransformer(formats));
    const std::map<std::string, Detail> details = {
        {"story", Detail::Story}, {"lines", Detail::Lines}, {"packets", Detail::Packets}};
    command->add_option("--detail", options.detail, "story, lines or packets")
        ->transform(CLI::CheckedTransformer(details));
    add_language(*command, options.language);
    command->add_option("--remedy", options.remedy, "Apply this remedy of the scenario");
    command->add_option("--filter", options.filter,
                        "Only what matches, such as \"protocol:smtp reply:5xx\"");
    command->add_flag("--step", options.step,
                      "Step by step: Enter goes on, b goes back, n to the next exchange, q quits");
    command->footer("Examples:\n  mailscope run scenarios/journey.json --lang ja\n"
                    "  mailscope run lesson.json --filter \"trouble:any\" --detail packets");
}

void add_test(CLI::App &app, Parsed &parsed)
{
    CLI::App *command = app.add_subcommand("test", "Plays scenarios and checks what they expect");
    command->add_option("PATH", parsed.test.paths, "Files, or folders with scenarios")->required();
    command->add_option("--junit", parsed.test.junit_file, "Also write a JUnit report");
    command->add_option("--jobs", parsed.test.jobs, "Threads (default: one per processor)");
    command->footer("Example:\n  mailscope test scenarios --junit report.xml");
}

void add_check(CLI::App &app, Parsed &parsed)
{
    CLI::App *command = app.add_subcommand("check", "Reads scenarios and reports every mistake");
    command->add_option("PATH", parsed.check, "Files, or folders with scenarios")->required();
    command->footer("Example:\n  mailscope check lesson.json");
}

void add_why(CLI::App &app, Parsed &parsed)
{
    WhyOptions &options = parsed.why;
    CLI::App *command =
        app.add_subcommand("why", "Follows the causes of a record back to the beginning");
    command->add_option("FILE", options.file, "Scenario")->required();
    command->add_option("RECORD", options.record,
                        "Number of a record (default: the last bounce or trouble)");
    command->add_option("--seed", options.seed, "Other dice");
    command->add_option("--remedy", options.remedy, "In the story with this remedy");
    add_language(*command, options.language);
    command->footer("Example:\n  mailscope why scenarios/journey.json");
}

void add_explain(CLI::App &app, Parsed &parsed)
{
    CLI::App *command = app.add_subcommand("explain", "Explains a code or a word of mail");
    command->add_option("TERM", parsed.explain.term, "A code or a word, such as 552, 5.1.1 or mx")
        ->required();
    add_language(*command, parsed.explain.language);
    command->footer(
        "Examples:\n  mailscope explain 550\n  mailscope explain greylisting --lang ja");
}

void add_diff(CLI::App &app, Parsed &parsed)
{
    DiffOptions &options = parsed.diff;
    CLI::App *command =
        app.add_subcommand("diff", "Compares two stories: where they part, and how both end");
    command->add_option("FILE", options.first, "Scenario")->required();
    command->add_option("OTHER", options.second, "Another scenario");
    command->add_option("--remedy", options.remedy, "Compare with the story with this remedy");
    add_language(*command, options.language);
    command->footer("Example:\n  mailscope diff lesson.json --remedy free-space");
}

void add_compare(CLI::App &app, Parsed &parsed)
{
    CLI::App *command = app.add_subcommand(
        "compare", "Plays one story by two or three protocols and shows what lies where");
    command->add_option("FILE", parsed.compare.files, "Scenarios that tell the same story")
        ->required()
        ->expected(2, 3);
    add_language(*command, parsed.compare.language);
    command->footer("Example:\n  mailscope compare scenarios/two-devices-pop3.json "
                    "scenarios/two-devices-webmail.json");
}

/// The packets, and where they are seen.
void add_capture(CLI::App &command, ExportOptions &options)
{
    CLI::Option *file =
        command.add_option("--pcapng", options.capture_file, "The packets, for Wireshark");
    CLI::Option *host = command.add_option("--host", options.capture_host,
                                           "Only packets that this host sends or gets");
    CLI::Option *link = command.add_option("--link", options.capture_link,
                                           "Only packets on the wire between two hosts: HOST:HOST");
    CLI::Option *all = command.add_flag_function(
        "--all", [](std::int64_t) {}, "Every packet, at its first wire (the default)");
    host->needs(file)->excludes(link)->excludes(all);
    link->needs(file)->excludes(all);
    all->needs(file);
}

void add_export(CLI::App &app, Parsed &parsed)
{
    ExportOptions &options = parsed.export_trace;
    CLI::App *command = app.add_subcommand("export", "Writes the trace for other programs");
    command->add_option("FILE", options.file, "Scenario")->required();
    command->add_option("--sequence", options.sequence_file,
                        "A sequence diagram: OUT.svg, or OUT.mmd for Mermaid");
    command->add_option("--jsonl", options.json_lines_file, "The trace as JSON Lines");
    add_capture(*command, options);
    command->add_option("--seed", options.seed, "Other dice");
    command->add_option("--remedy", options.remedy, "The story with this remedy");
    add_language(*command, options.language);
    command->require_option(2, 0);
    command->footer("Examples:\n"
                    "  mailscope export journey.json --sequence journey.svg\n"
                    "  mailscope export journey.json --pcapng mx.pcapng --host mx.example.jp\n"
                    "  wireshark mx.pcapng");
}

void add_states(CLI::App &app, Parsed &parsed)
{
    CLI::App *command = app.add_subcommand("states", "Prints the state tables of the engines");
    command->add_option("ENGINE", parsed.states,
                        "smtp-server, pop3-client, dns-resolver, tcp, ...; without it all, as the "
                        "page docs/states.md");
    command->footer("Example:\n  mailscope states smtp-server");
}

void add_inspect(CLI::App &app, Parsed &parsed)
{
    InspectOptions &options = parsed.inspect;
    CLI::App *command = app.add_subcommand("inspect", "Shows what is true at a moment");
    command->add_option("FILE", options.file, "Scenario")->required();
    add_time(*command, "--at", options.at, "Moment, such as 90s (default: the end)");
    command->add_option("--seed", options.seed, "Other dice");
    command->add_option("--remedy", options.remedy, "In the story with this remedy");
    add_language(*command, options.language);
    command->footer("Example:\n  mailscope inspect journey.json --at 30s");
}

void add_serve(CLI::App &app, Parsed &parsed)
{
    ServeOptions &options = parsed.serve;
    CLI::App *command = app.add_subcommand(
        "serve", "Lets real mail programs talk to the simulated servers, on this machine");
    command->add_option("FILE", options.file, "Scenario")->required();
    for (const char *service : {"smtp", "submission", "pop3", "imap", "dns", "http", "submissions",
                                "imaps", "pop3s", "https"})
        command
            ->add_option_function<std::uint16_t>(
                std::string("--") + service,
                [&options, service](std::uint16_t port) {
                    options.ports.push_back({service, port});
                },
                "Open this service at a port (0: any free one; each further host: the next port)")
            ->type_name("PORT");
    command->add_option("--api", options.api_port, "The JSON API for tests (docs/serve.md)")
        ->type_name("PORT");
    add_language(*command, options.language);
    command->add_option("--host", options.hosts, "Only this host's services (may be repeated)")
        ->expected(1);
    command->add_option("--bind", options.bind, "Address to listen on (default: 127.0.0.1, ::1)");
    command->add_flag("--yes-expose", options.yes_expose,
                      "Allow an address that other machines can reach");
    command->add_flag("--no-tls", options.no_tls, "No TLS, neither by STARTTLS nor from the start");
    command
        ->add_option_function<std::string>(
            "--speed", [&options](const std::string &speed) { options.fast = speed == "fast"; },
            "real (default): packets take their time; fast: waiting is skipped")
        ->check(CLI::IsMember({"real", "fast"}));
    command->add_flag("--story", options.story, "The people of the scenario act, too");
    command->add_option("--seed", options.seed, "Other dice");
    command->add_option_function<std::string>(
        "--exit-after",
        [&options](const std::string &text) {
            options.exit_after = parse_duration(text);
            if (!options.exit_after)
                throw CLI::ValidationError("--exit-after",
                                           "\"" + text + "\": expected a time such as 90s");
        },
        "End after this real time, such as 90s");
    command->add_option("--trace", options.trace_file, "Write the trace here as it grows (jsonl)");
    command->add_option("--pcapng", options.capture_file,
                        "Write the programs' packets here as they pass, for Wireshark");
    command->add_option("--certificate", options.certificate_file,
                        "Write the certificate of TLS here (PEM)");
    command->footer("Example:\n  mailscope serve scenarios/journey.json --submission 2587 "
                    "--pop3 2110 --speed fast");
}

void add_bench(CLI::App &app, Parsed &parsed)
{
    BenchOptions &options = parsed.bench;
    CLI::App *bench = app.add_subcommand("bench", "Measures speed; prints one line of JSON");
    CLI::App *kernel = bench->add_subcommand("kernel", "The event queue (hold model)");
    kernel->add_option("--pending", options.pending, "Events that wait at any time")
        ->check(CLI::Range(1U, 100'000'000U));
    kernel->add_option("--events", options.events, "Events in all");
    CLI::App *delivery =
        bench->add_subcommand("delivery", "Letters, each on a TCP connection of its own");
    delivery->add_option("--messages", options.messages, "Letters");
    delivery->add_option("--bytes", options.bytes, "Octets of each letter's text")
        ->check(CLI::Range(0U, 10'000'000U));
    delivery->add_option("--concurrency", options.concurrency, "Letters on their way at once")
        ->check(CLI::Range(1U, 200U));
    delivery
        ->add_option_function<std::string>(
            "--trace",
            [&options](const std::string &level) { options.full_trace = level == "full"; },
            "none or full")
        ->check(CLI::IsMember({"none", "full"}));
    CLI::App *mailbox = bench->add_subcommand("mailbox", "Reading a mailbox by IMAP and by POP3");
    mailbox->add_option("--letters", options.letters, "Letters in it")
        ->check(CLI::Range(1U, 1'000'000U));
    mailbox->add_option("--bytes", options.bytes, "Octets of each letter's text")
        ->check(CLI::Range(0U, 10'000'000U));
    CLI::App *world = bench->add_subcommand("world", "A scenario: load, run, copy, seek");
    world->add_option("FILE", options.file, "Scenario")->required();
    bench->require_subcommand(1);
}

ExitStatus dispatch(const CLI::App &app, const Parsed &parsed, Streams streams)
{
    const CLI::App *command = app.get_subcommands().front();
    const std::string &name = command->get_name();
    if (name == "run")
        return run(parsed.run, streams);
    if (name == "test")
        return test(parsed.test, streams);
    if (name == "check")
        return check(parsed.check, streams);
    if (name == "why")
        return why(parsed.why, streams);
    if (name == "explain")
        return explain(parsed.explain, streams);
    if (name == "diff")
        return diff(parsed.diff, streams);
    if (name == "compare")
        return compare(parsed.compare, streams);
    if (name == "export")
        return export_trace(parsed.export_trace, streams);
    if (name == "states")
        return states(parsed.states, streams);
    if (name == "inspect")
        return inspect(parsed.inspect, streams);
    if (name == "serve")
        return serve(parsed.serve, streams);
    const std::string &bench = command->get_subcommands().front()->get_name();
    if (bench == "kernel")
        return bench_kernel(parsed.bench, streams);
    if (bench == "delivery")
        return bench_delivery(parsed.bench, streams);
    return bench == "mailbox" ? bench_mailbox(parsed.bench, streams)
                              : bench_world(parsed.bench, streams);
}

} // namespace

ExitStatus run_command_line(int count, const char *const *arguments, Streams streams)
{
    CLI::App app("mailscope: a small internet on which mail travels by real protocols",
                 "mailscope");
    Parsed parsed;
    app.require_subcommand(1);
    app.footer(footer);
    add_run(app, parsed);
    add_test(app, parsed);
    add_check(app, parsed);
    add_why(app, parsed);
    add_explain(app, parsed);
    add_diff(app, parsed);
    add_compare(app, parsed);
    add_export(app, parsed);
    add_states(app, parsed);
    add_inspect(app, parsed);
    add_serve(app, parsed);
    add_bench(app, parsed);
    try {
        app.parse(count, arguments);
    } catch (const CLI::CallForHelp &) {
        streams.out.write(app.help());
        return ExitStatus::Good;
    } catch (const CLI::CallForAllHelp &) {
        streams.out.write(app.help("", CLI::AppFormatMode::All));
        return ExitStatus::Good;
    } catch (const CLI::ParseError &error) {
        streams.err.line(std::string("mailscope: ") + error.what());
        streams.err.line("Try: mailscope --help");
        return ExitStatus::BadInput;
    }
    return dispatch(app, parsed, streams);
}

} // namespace mailscope::cli
