// Settings as lines.
#include "viz/model/ui_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

namespace mailscope::viz
{
namespace
{

float number_of(std::string_view text) { return std::strtof(std::string(text).c_str(), nullptr); }

/// The first word of the text, removed from it.
std::string_view take_word(std::string_view &text)
{
    const std::size_t end = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

void read_setting(std::string_view key, std::string_view value, UiState &state)
{
    if (key == "language" && (value == "en" || value == "ja"))
        state.language = value == "ja" ? std::string("ja") : std::string("en");
    else if (key == "theme")
        state.dark = value != "light";
    else if (key == "scale")
        state.scale = std::clamp(number_of(value), 1.0F, 2.0F);
    else if (key == "reduced_motion")
        state.reduced_motion = value == "1";
    else if (key == "speed")
        state.speed = std::clamp(number_of(value), 0.001F, 1000.0F);
    else if (key == "panels")
        for (std::size_t bar = 0; bar < static_cast<std::size_t>(SplitBar::Count); ++bar)
            state.shares.of(bar) = std::clamp(number_of(take_word(value)), 0.0F, 0.95F);
    else if (key == "last")
        state.last_file = std::string(value);
    else if (key == "done") {
        const auto steps = static_cast<int>(number_of(take_word(value)));
        state.done[std::string(value)] = steps;
    } else if (key == "host") {
        const float x = number_of(take_word(value));
        const float y = number_of(take_word(value));
        state.moved_hosts[std::string(value)] = {x, y};
    }
}

} // namespace

std::string write_settings(const UiState &state)
{
    std::string text = fmt::format("language {}\ntheme {}\nscale {}\nreduced_motion {}\nspeed {}\n",
                                   state.language, state.dark ? "dark" : "light", state.scale,
                                   state.reduced_motion ? 1 : 0, state.speed);
    text += fmt::format("panels {} {} {} {}\n", state.shares.map, state.shares.ladder,
                        state.shares.right, state.shares.lesson);
    if (!state.last_file.empty())
        text += fmt::format("last {}\n", state.last_file);
    for (const auto &[file, steps] : state.done)
        text += fmt::format("done {} {}\n", steps, file);
    for (const auto &[key, at] : state.moved_hosts)
        text += fmt::format("host {} {} {}\n", at.x, at.y, key);
    return text;
}

void read_settings(std::string_view text, UiState &state)
{
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::string_view key = take_word(line);
        read_setting(key, line, state);
    }
}

} // namespace mailscope::viz
