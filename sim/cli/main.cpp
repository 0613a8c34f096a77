// The command `mailscope`.
#include "sim/cli/commands.h"
#include "sim/core/memory.h"

#include <unistd.h>

#include <csignal>
#include <exception>
#include <string>

namespace
{

/// A broken promise of ours (MS_CHECK) has said where on standard error.
extern "C" void on_abort(int) { _exit(static_cast<int>(mailscope::cli::ExitStatus::OurFault)); }

} // namespace

int main(int count, char **arguments)
{
    using namespace mailscope::cli;
    mailscope::prepare_heap();
    std::signal(SIGPIPE, SIG_IGN); // Writing then fails, and Output knows what to do.
    std::signal(SIGABRT, on_abort);
    Output out(STDOUT_FILENO);
    Output err(STDERR_FILENO);
    try {
        const ExitStatus status = run_command_line(count, arguments, {out, err});
        out.flush();
        if (!out.failed())
            return static_cast<int>(status);
        err.line("mailscope: the output cannot be written");
        return static_cast<int>(ExitStatus::BadInput);
    } catch (const std::exception &problem) {
        err.line(std::string("mailscope: internal error: ") + problem.what());
        return static_cast<int>(ExitStatus::OurFault);
    }
}
