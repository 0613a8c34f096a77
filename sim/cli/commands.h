// The subcommands, one source file each.
//
// Every command writes its result to `out` and what is wrong to `err`, and gives the exit status.
// None of them ends the process, so that tests can call them.
#pragma once

#include "sim/cli/options.h"
#include "sim/cli/output.h"

#include <string>
#include <vector>

namespace mailscope::cli
{

/// Where a command writes.
struct Streams
{
    Output &out;
    Output &err;
};

ExitStatus run(const RunOptions &options, Streams streams);
ExitStatus test(const TestOptions &options, Streams streams);
ExitStatus check(const std::vector<std::string> &paths, Streams streams);
ExitStatus why(const WhyOptions &options, Streams streams);
ExitStatus explain(const ExplainOptions &options, Streams streams);
ExitStatus diff(const DiffOptions &options, Streams streams);
ExitStatus compare(const CompareOptions &options, Streams streams);
ExitStatus export_trace(const ExportOptions &options, Streams streams);
ExitStatus states(const std::string &engine, Streams streams);
ExitStatus inspect(const InspectOptions &options, Streams streams);
ExitStatus serve(const ServeOptions &options, Streams streams);
ExitStatus bench_kernel(const BenchOptions &options, Streams streams);
ExitStatus bench_delivery(const BenchOptions &options, Streams streams);
ExitStatus bench_mailbox(const BenchOptions &options, Streams streams);
ExitStatus bench_world(const BenchOptions &options, Streams streams);

/// Reads the arguments (the program's name first) and does what they say.
ExitStatus run_command_line(int count, const char *const *arguments, Streams streams);

} // namespace mailscope::cli
