// mailscope serve, where the libraries of the live door are missing: says so.
#include "sim/cli/commands.h"
#include "sim/cli/loading.h"

namespace mailscope::cli
{

ExitStatus serve(const ServeOptions &, Streams streams)
{
    complain(streams.err, "serve: built without Asio or OpenSSL (docs/hacking.md)");
    return ExitStatus::BadInput;
}

} // namespace mailscope::cli
