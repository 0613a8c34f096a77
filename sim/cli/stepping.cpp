// Reading a run step by step: one key, one step.
#include "sim/cli/stepping.h"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <optional>

namespace mailscope::cli
{
namespace
{

/// Makes keys arrive at once and unseen, as long as it lives.
class KeyMode
{
public:
    KeyMode() : valid_(tcgetattr(STDIN_FILENO, &before_) == 0)
    {
        if (!valid_)
            return;
        termios keys = before_;
        keys.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &keys);
    }
    ~KeyMode()
    {
        if (valid_)
            tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    KeyMode(const KeyMode &) = delete;
    KeyMode &operator=(const KeyMode &) = delete;

private:
    termios before_{};
    bool valid_;
};

/// The next key; 'q' when there is no more input.
char read_key()
{
    char key = 'q';
    return ::read(STDIN_FILENO, &key, 1) == 1 ? key : 'q';
}

/// Whether `index` begins an exchange: another conversation than the step before has the word.
bool begins_exchange(const Telling &telling, const std::vector<std::size_t> &steps, std::size_t i)
{
    if (i == 0)
        return true;
    const Record &record = telling.records[steps[i]];
    const Record &before = telling.records[steps[i - 1]];
    return record.conversation != before.conversation || info_of(record.kind).layer == Layer::Story;
}

} // namespace

bool step_through(const Telling &telling, const Query &filter, Output &out)
{
    const Narrator all(telling, out);
    std::vector<std::size_t> steps;
    for (std::size_t i = 0; i < telling.records.size(); ++i)
        if (filter.matches(telling.records[i]) && all.is_told(telling.records[i]))
            steps.push_back(i);
    const KeyMode mode;
    std::optional<Narrator> narrator(std::in_place, telling, out);
    std::size_t next = 0;
    out.line(out.styled(Style::Dim, telling.catalogue.ui("cli.step-keys")));
    const auto tell_until = [&](std::size_t end) {
        for (; next < end; ++next)
            for (std::size_t i = next == 0 ? 0 : steps[next - 1] + 1; i <= steps[next]; ++i)
                if (filter.matches(telling.records[i]))
                    narrator->tell(i);
    };
    tell_until(std::min<std::size_t>(1, steps.size()));
    while (next < steps.size() && !out.closed()) {
        switch (read_key()) {
        case 'q':
        case 4: // end of input, typed
            return true;
        case 'b': {
            const std::size_t back = next > 1 ? next - 2 : 0;
            narrator.emplace(telling, out);
            out.line(out.styled(Style::Dim, telling.catalogue.ui("cli.step-back")));
            next = back;
            tell_until(back + 1);
            break;
        }
        case 'n': {
            std::size_t end = next + 1;
            while (end < steps.size() && !begins_exchange(telling, steps, end))
                ++end;
            tell_until(end);
            break;
        }
        case '\n':
        case ' ':
            tell_until(next + 1);
            break;
        default:
            break;
        }
    }
    return false;
}

} // namespace mailscope::cli
