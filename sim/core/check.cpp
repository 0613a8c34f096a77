// The end of the program when one of our own promises is broken.
#include "sim/core/check.h"

#include <cstdio>
#include <cstdlib>

namespace mailscope
{

void check_failed(const char *condition, const char *file, int line)
{
    std::fprintf(stderr, "%s:%d: mailscope broke its own promise: %s\n", file, line, condition);
    std::abort();
}

} // namespace mailscope
