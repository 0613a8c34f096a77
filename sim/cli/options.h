// What a person may say to the command, as plain values: one struct per subcommand.
//
// command_line.cpp fills them from the arguments; each command reads its own and nothing else.
#pragma once

#include "sim/core/time.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::cli
{

/// What `mailscope` ends with.
enum class ExitStatus : std::uint8_t
{
    Good = 0,
    ExpectationFailed = 1,
    BadInput = 2, ///< a scenario or the command line
    OurFault = 3,
};

enum class RunFormat : std::uint8_t
{
    Text,
    JsonLines,
    Nothing,
};

/// How much of a run is told.
enum class Detail : std::uint8_t
{
    Story,   ///< what people do and what becomes of letters
    Lines,   ///< and conversations, word for word, and the DNS
    Packets, ///< and every packet
};

struct RunOptions
{
    std::string file;
    std::optional<std::uint64_t> seed;
    std::optional<SimTime> until;
    RunFormat format = RunFormat::Text;
    Detail detail = Detail::Lines;
    std::string language;
    std::string remedy;
    std::string filter; ///< a query (sim/trace/query.h)
    bool step = false;
};

struct TestOptions
{
    std::vector<std::string> paths;
    std::string junit_file;
    std::uint32_t jobs = 0; ///< 0: one per processor
};

struct WhyOptions
{
    std::string file;
    std::optional<std::uint32_t> record;
    std::optional<std::uint64_t> seed;
    std::string remedy;
    std::string language;
};

struct ExplainOptions
{
    std::string term;
    std::string language;
};

struct DiffOptions
{
    std::string first;
    std::string second; ///< empty: the same with a remedy
    std::string remedy;
    std::string language;
};

struct CompareOptions
{
    std::vector<std::string> files; ///< two or three
    std::string language;
};

struct ExportOptions
{
    std::string file;
    std::string remedy;
    std::optional<std::uint64_t> seed;
    std::string sequence_file;
    std::string json_lines_file;
    std::string capture_file;
    std::string capture_host; ///< empty, and no link either: at every wire
    std::string capture_link;
    std::string language;
};

struct ServeOptions
{
    /// A service that is wished, by the name of its option, at a port of this machine.
    struct Port
    {
        std::string service;
        std::uint16_t port = 0; ///< 0: any free one
    };

    std::string file;
    std::vector<Port> ports;
    std::vector<std::string> hosts; ///< only these; empty: all
    std::string bind;               ///< empty: 127.0.0.1 and ::1
    bool yes_expose = false;        ///< other addresses than this machine's own may be bound
    bool no_tls = false;
    bool fast = false;
    bool story = false; ///< the people of the scenario act, too
    std::optional<std::uint64_t> seed;
    std::optional<Duration> exit_after;
    std::optional<std::uint16_t> api_port;
    std::string language;
    std::string trace_file;
    std::string capture_file; ///< pcapng
    std::string certificate_file;
};

struct InspectOptions
{
    std::string file;
    std::optional<SimTime> at;
    std::optional<std::uint64_t> seed;
    std::string remedy;
    std::string language;
};

struct BenchOptions
{
    std::uint32_t pending = 1000;
    std::uint64_t events = 5'000'000;
    std::uint64_t messages = 10'000;
    std::uint32_t bytes = 1000;
    std::uint32_t concurrency = 20; ///< letters on their way at once
    std::uint32_t letters = 10'000; ///< in the mailbox that is read
    bool full_trace = false;
    std::string file;
};

} // namespace mailscope::cli
