// mailscope-view: the desktop app.
#include "viz/main/bench.h"
#include "viz/main/picture.h"
#include "viz/platform/window.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>

namespace
{

using namespace mailscope;
using namespace mailscope::viz;

struct Options
{
    std::string file;
    std::string language;
    std::string theme;
    std::string at;
    std::string remedy;
    std::string host;
    std::string tab;
    std::vector<std::string> compare;
    std::string screenshot;
    std::string size = "1440x900";
    int scale = 0;
    int bench_frames = 0;
    int bench_crowd = 0;
    std::string bench_letter = "250kB";
    bool serve = false;
    LiveOptions live;
    bool why = false;
    bool reduced_motion = false;
    bool side_by_side = false;
};

/// The app in its window.
class Desktop : public WindowOwner
{
public:
    explicit Desktop(App &app) : app_(app) {}

    float scale() const override { return app_.state().scale; }
    bool prepare_fonts(float scale) override { return app_.prepare_fonts(scale); }
    void frame(float width, float height, float seconds) override
    {
        app_.frame(width, height, seconds);
        if (const std::optional<Rect> part = app_.take_picture_request()) {
            ImGui::Render();
            const std::string file = free_file(app_.picture_name(), ".png");
            const bool good = write_png(file, picture_of_frame(app_, *part));
            app_.notify(good ? "picture-saved" : "picture-not-saved", file);
        }
    }
    bool is_moving() const override { return app_.is_moving() || app_.fonts_are_incomplete(); }
    bool wants_to_close() const override { return app_.wants_to_quit(); }
    void files_dropped(const std::vector<std::string> &paths) override { app_.drop(paths); }
    unsigned background() const override { return app_.theme().canvas; }

private:
    App &app_;
};

std::string system_language()
{
    for (const char *name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (const char *value = std::getenv(name); value != nullptr && *value != '\0')
            return std::string_view(value).substr(0, 2) == "ja" ? "ja" : "en";
    return "en";
}

UiState first_state(const Options &options, bool with_settings)
{
    UiState state;
    state.language = system_language();
    if (with_settings)
        if (const auto text = read_file(settings_path()))
            read_settings(*text, state);
    if (!options.language.empty())
        state.language = options.language;
    if (!options.theme.empty())
        state.dark = options.theme == "dark";
    state.reduced_motion = state.reduced_motion || options.reduced_motion;
    if (options.scale != 0)
        state.scale = static_cast<float>(options.scale) / 100;
    return state;
}

constexpr std::array<const char *, 4> tabs = {"packet", "host", "state", "letter"};

/// Selects a host and a tab of the inspector; false, with the reason said, when there is no such.
bool look_at(App &app, const Options &options)
{
    if (!options.host.empty()) {
        const HostId host = app.lesson()->directory().find(options.host);
        if (host.is_none()) {
            fmt::print(stderr, "mailscope-view: no such host: {}\n", options.host);
            return false;
        }
        app.apply({Act::SelectHost, host.value, {}, {}});
    }
    const auto tab = std::find(tabs.begin(), tabs.end(), options.tab);
    if (tab != tabs.end()) {
        app.apply({Act::SelectTab, tab - tabs.begin(), {}, {}});
        app.apply({Act::SelectSide, static_cast<int>(SideTab::Inspector), {}, {}});
    }
    return true;
}

/// A line of JSON for whoever started this program: services and their ports.
void tell_ports(const LiveView &live)
{
    std::string line = fmt::format(R"({{"ready":true,"address":"{}")", live.address);
    std::string last;
    for (const LivePortRow &port : live.ports)
        if (std::exchange(last, port.service) != port.service)
            line += fmt::format(R"(,"{}":{})", port.service, port.port);
    fmt::print("{}}}\n", line);
    std::fflush(stdout);
}

/// Opens what the command line names; false, with the reason said, when that cannot be.
bool open_named(App &app, const Options &options, bool must_open)
{
    const std::vector<std::string> files = scenario_files(options.file);
    const bool is_folder = files.size() != 1 || files.front() != options.file;
    const std::size_t slash = options.file.find_last_of('/');
    app.set_library(is_folder ? files
                              : scenario_files(slash == std::string::npos
                                                   ? std::string(".")
                                                   : options.file.substr(0, slash)));
    if (is_folder)
        return true;
    if (!options.serve)
        app.open(options.file);
    else if (app.serve(options.file, options.live))
        tell_ports(*app.live());
    for (const std::string &problem : app.problems())
        fmt::print(stderr, "{}\n", problem);
    if (!app.problems().empty())
        return !must_open;
    if (!options.remedy.empty())
        app.apply({Act::TryRemedy, 0, options.remedy, {}});
    if (!options.at.empty() && !app.go_to(options.at)) {
        fmt::print(stderr, "mailscope-view: no such moment: {}\n", options.at);
        return false;
    }
    if (!options.compare.empty())
        app.open_beside(options.compare);
    if (options.side_by_side)
        app.apply({Act::Compare, 0, {}, {}});
    if (options.why)
        app.apply({Act::FollowWhy, 0, {}, {}});
    return look_at(app, options);
}

int run_headless(const Options &options)
{
    int width = 0;
    int height = 0;
    if (std::sscanf(options.size.c_str(), "%dx%d", &width, &height) != 2 || width < 320 ||
        height < 240 || width > 8000 || height > 8000) {
        fmt::print(stderr, "mailscope-view: --size: expected WIDTHxHEIGHT, such as 1440x900\n");
        return 2;
    }
    const HeadlessContext context;
    App app(faces_of(find_fonts()), first_state(options, false));
    if (options.bench_crowd > 0 ? !open_crowd(app, options.bench_crowd, options.bench_letter)
                                : !open_named(app, options, true))
        return 1;
    if (options.bench_frames > 0) {
        fmt::print("{}\n", to_json(measure(app, width, height, options.bench_frames)));
        return 0;
    }
    build_frame(app, width, height);
    if (!write_png(options.screenshot, picture_of_frame(app))) {
        fmt::print(stderr, "mailscope-view: cannot write {}\n", options.screenshot);
        return 1;
    }
    return 0;
}

int run_in_window(const Options &options)
{
    IMGUI_CHECKVERSION();
    ImGui::CreateContext();
    set_up_context();
    App app(faces_of(find_fonts()), first_state(options, true));
    int status = open_named(app, options, false) ? 0 : 1;
    if (status == 0) {
        Desktop desktop(app);
        const std::string problem = run_window(desktop, 1440, 900, "mailscope");
        if (!problem.empty()) {
            fmt::print(stderr, "mailscope-view: {}\n", problem);
            status = 1;
        }
        const std::string path = settings_path();
        if (!path.empty() && !replace_file(path, write_settings(app.state())))
            fmt::print(stderr, "mailscope-view: settings are not kept: {}\n", path);
    }
    ImGui::DestroyContext();
    return status;
}

void add_serving(CLI::App &cli, Options &options)
{
    cli.add_flag("--serve", options.serve,
                 "Real mail programs on this machine talk to the scenario's servers");
    for (const char *service : {"smtp", "submission", "pop3", "imap", "dns", "http", "submissions",
                                "imaps", "pop3s", "https"})
        cli.add_option_function<std::uint16_t>(
               std::string("--") + service,
               [&options, service](std::uint16_t port) {
                   options.live.ports.emplace_back(service, port);
                   options.serve = true;
               },
               "With --serve: this service at a port (0: any free one); without ports: all")
            ->type_name("PORT");
    cli.add_option("--api", options.live.api_port, "With --serve: the JSON API for tests")
        ->type_name("PORT");
    cli.add_flag("!--no-tls", options.live.tls, "With --serve: no TLS");
    cli.add_flag("--fast", options.live.fast, "With --serve: waiting is skipped");
}

} // namespace

int main(int argc, char **argv)
{
    Options options;
    CLI::App cli("mailscope-view: see how e-mail works");
    cli.add_option("FILE", options.file, "A scenario, or a folder of them");
    cli.add_option("--lang", options.language, "Language")->check(CLI::IsMember({"en", "ja"}));
    cli.add_option("--theme", options.theme, "Colours")->check(CLI::IsMember({"dark", "light"}));
    cli.add_option("--at", options.at, "Where to begin: seconds, or #RECORD");
    cli.add_option("--remedy", options.remedy, "The story with this remedy");
    cli.add_flag("--why", options.why, "Shows the chain of causes on the map");
    cli.add_option("--host", options.host, "Looks at this host");
    cli.add_option("--tab", options.tab, "What the inspector shows")->check(CLI::IsMember(tabs));
    cli.add_option("--compare", options.compare, "Another scenario beside it; twice: three")
        ->allow_extra_args(false);
    cli.add_flag("--side-by-side", options.side_by_side, "The story beside its first remedy");
    cli.add_option("--scale", options.scale, "Size of everything in per cent")
        ->check(CLI::Range(100, 200));
    cli.add_flag("--reduced-motion", options.reduced_motion,
                 "Nothing travels: packets stand on their way (also with M, and kept)");
    cli.add_option("--screenshot", options.screenshot, "Writes a PNG and ends; needs no display");
    cli.add_option("--size", options.size, "Of the picture, in pixels");
    cli.add_option("--bench-frames", options.bench_frames, "Measures so many frames and ends")
        ->check(CLI::PositiveNumber);
    cli.add_option("--bench-crowd", options.bench_crowd,
                   "Instead of a file a story of so many large letters at once")
        ->check(CLI::Range(1, 500));
    cli.add_option("--bench-letter", options.bench_letter, "Size of each of them");
    add_serving(cli, options);
    CLI11_PARSE(cli, argc, argv);
    if (options.file.empty())
        options.file = "scenarios";
    return options.screenshot.empty() && options.bench_frames == 0 ? run_in_window(options)
                                                                   : run_headless(options);
}
