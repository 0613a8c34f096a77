// Measuring frames, jumps, memory.
#include "viz/main/bench.h"

#include "sim/core/text.h"
#include "viz/main/picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <vector>

namespace mailscope::viz
{
namespace
{

constexpr int domains = 12;
constexpr int jumps = 40;

double milliseconds_since(std::clock_t start)
{
    return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

/// A scenario's text: everything as in a lesson, only more of it.
std::string crowd_text(int letters, const std::string &size)
{
    std::string text = R"({"title": "Crowd", "world": {"domains": [
        {"name": "example.com", "mail": {"size_limit": "100MB"}, "mailboxes": {"user": "alice"}})";
    std::string to;
    for (int i = 0; i < domains; ++i) {
        text += fmt::format(R"(, {{"name": "d{}.example", "mailboxes": {{"user": "bob"}}}})", i);
        to += fmt::format(R"({}"bob@d{}.example")", i == 0 ? "" : ", ", i);
    }
    text += R"(], "people": {"name": "alice", "address": "alice@example.com"},
        "links": {"between": ["isp-a", "backbone"], "latency": "1200ms"}}, "story": [)";
    for (int i = 0; i < letters; ++i)
        text += fmt::format(R"({}{{"at": "1s", "who": "alice", "does": "send", "to": [{}],
            "subject": "{}", "attach": {{"name": "a.bin", "size": "{}"}}}})",
                            i == 0 ? "" : ", ", to, i, size);
    return text + "]}";
}

/// The most memory that was ever held, as Linux tells it.
double memory_mb()
{
    const std::string status = read_file("/proc/self/status").value_or("");
    const std::size_t at = status.find("VmHWM:");
    if (at == std::string::npos)
        return 0;
    std::size_t digit = at + 6;
    while (digit < status.size() && !is_ascii_digit(status[digit]))
        ++digit;
    std::size_t end = digit;
    while (end < status.size() && is_ascii_digit(status[end]))
        ++end;
    const auto kilobytes = parse_decimal(status.substr(digit, end - digit)).value_or(0);
    return static_cast<double>(kilobytes) / 1024;
}

} // namespace

bool open_crowd(App &app, int letters, const std::string &size)
{
    const std::string file =
        (std::filesystem::temp_directory_path() / "mailscope-crowd.json").string();
    if (!replace_file(file, crowd_text(letters, size))) {
        fmt::print(stderr, "mailscope-view: cannot write {}\n", file);
        return false;
    }
    app.open(file);
    std::filesystem::remove(file);
    for (const std::string &problem : app.problems())
        fmt::print(stderr, "{}\n", problem);
    if (!app.problems().empty())
        return false;
    app.apply(
        {Act::GoToRecord, static_cast<std::int64_t>(app.lesson()->traffic().busiest()), {}, {}});
    return true;
}

Measures measure(App &app, int width, int height, int frames)
{
    Measures result;
    result.frames = frames;
    build_frame(app, width, height);
    result.first_frame_ms = 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
    std::vector<double> times;
    for (int i = 0; i < frames; ++i) {
        const std::clock_t start = std::clock();
        build_frame(app, width, height);
        times.push_back(milliseconds_since(start));
    }
    std::sort(times.begin(), times.end());
    result.median_ms = times[times.size() / 2];
    result.most_ms = times[times.size() * 95 / 100];
    if (app.lesson() != nullptr) {
        const auto here = static_cast<std::int64_t>(app.state().record);
        const std::size_t records = app.lesson()->records().size();
        result.records = records;
        result.under_way = app.lesson()->traffic().count_at(app.state().record);
        for (std::size_t i = 0; i < jumps; ++i) {
            constexpr std::size_t stride = 7919; // Prime: to places all over the story.
            const std::clock_t start = std::clock();
            app.apply(
                {Act::GoToRecord,
                 static_cast<std::int64_t>(i * stride * (records / stride / 13 + 1) % records),
                 {},
                 {}});
            result.seek_ms = std::max(result.seek_ms, milliseconds_since(start));
        }
        app.apply({Act::GoToRecord, here, {}, {}});
    }
    result.memory_mb = memory_mb();
    return result;
}

std::string to_json(const Measures &m)
{
    return fmt::format(
        R"({{"frames":{},"median_ms":{:.2f},"p95_ms":{:.2f},"first_frame_ms":{:.1f},)"
        R"("seek_ms":{:.2f},"records":{},"under_way":{},"memory_mb":{:.1f}}})",
        m.frames, m.median_ms, m.most_ms, m.first_frame_ms, m.seek_ms, m.records, m.under_way,
        m.memory_mb);
}

} // namespace mailscope::viz
