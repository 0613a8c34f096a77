// The command line as tests call it: arguments in; exit status and both outputs back.
//
// In the process of the test, without a shell or a terminal, so that a test of the command is as
// fast and as exact as one of a function.
#pragma once

#include "sim/cli/commands.h"

#include <initializer_list>
#include <string>
#include <vector>

namespace mailscope::test
{

struct CommandResult
{
    cli::ExitStatus status = cli::ExitStatus::Good;
    std::string out;
    std::string err;
};

/// Runs `mailscope` with these arguments, without a terminal.
inline CommandResult command(std::initializer_list<std::string> arguments)
{
    std::vector<const char *> pointers = {"mailscope"};
    for (const std::string &argument : arguments)
        pointers.push_back(argument.c_str());
    cli::Output out;
    cli::Output err;
    CommandResult result;
    result.status =
        cli::run_command_line(static_cast<int>(pointers.size()), pointers.data(), {out, err});
    result.out = out.text();
    result.err = err.text();
    return result;
}

} // namespace mailscope::test
