// Text to a descriptor, with colours where a terminal shows them.
#include "sim/cli/output.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <fstream>

namespace mailscope::cli
{
namespace
{

constexpr std::size_t buffer_octets = 1U << 16U;

/// By Style. The 256-colour numbers are those nearest to the protocol colours of the app.
constexpr std::array<std::string_view, 11> codes = {"",
                                                    "\x1b[1m",
                                                    "\x1b[2m",
                                                    "\x1b[38;5;36m",
                                                    "\x1b[1;38;5;209m",
                                                    "\x1b[38;5;74m",
                                                    "\x1b[38;5;175m",
                                                    "\x1b[38;5;36m",
                                                    "\x1b[38;5;102m",
                                                    "\x1b[38;5;102m",
                                                    "\x1b[38;5;178m"};

bool wants_colour()
{
    const char *no_colour = std::getenv("NO_COLOR");
    const char *terminal = std::getenv("TERM");
    return (no_colour == nullptr || *no_colour == '\0') && terminal != nullptr &&
           std::string_view(terminal) != "dumb";
}

} // namespace

Output::Output(int descriptor) : descriptor_(descriptor), terminal_(isatty(descriptor) == 1)
{
    colour_ = terminal_ && wants_colour();
    winsize size{};
    if (terminal_ && ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        columns_ = std::min<std::size_t>(size.ws_col, 100);
}

void Output::write(std::string_view text)
{
    buffer_.append(text);
    if (descriptor_ >= 0 && (terminal_ || buffer_.size() >= buffer_octets))
        flush();
}

void Output::line(std::string_view text)
{
    buffer_.append(text);
    write("\n");
}

std::string Output::styled(Style style, std::string_view text) const
{
    if (!colour_ || style == Style::Plain || text.empty())
        return std::string(text);
    return std::string(codes[static_cast<std::size_t>(style)]) + std::string(text) + "\x1b[0m";
}

void Output::flush()
{
    if (descriptor_ < 0)
        return;
    std::string_view rest = buffer_;
    while (!rest.empty() && !closed_) {
        const ssize_t written = ::write(descriptor_, rest.data(), rest.size());
        if (written >= 0)
            rest.remove_prefix(static_cast<std::size_t>(written));
        else if (errno != EINTR && errno != EAGAIN) {
            closed_ = true;
            failed_ = errno != EPIPE;
        }
    }
    buffer_.clear();
}

bool write_file(const std::string &path, std::string_view text)
{
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    file.close();
    return file.good();
}

} // namespace mailscope::cli
