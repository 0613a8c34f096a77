// The app while real programs talk to the simulated servers: frames are drawn, a program of its own
// process sends a letter, and its machine and its conversation are in the rows that panels draw.
#include "tests/viz/stage.h"
#include "viz/main/picture.h"
#include "viz/model/changes.h"

#include <catch2/catch_test_macros.hpp>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

using namespace mailscope;
using namespace mailscope::viz;
using namespace mailscope::testing;

namespace
{

/// Sends a letter by SMTP to `port`, and says by a file how it went. Python's own mail library.
constexpr const char *sender = R"(
import smtplib, sys
port, done = int(sys.argv[1]), sys.argv[2]
said = "failed"
try:
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as server:
        server.sendmail("tester@example.net", [sys.argv[3]],
                        "Subject: From outside\r\n\r\nHello\r\n")
    said = "sent"
except Exception as problem:
    said = repr(problem)
open(done + ".new", "w").write(said)
import os
os.rename(done + ".new", done)
)";

/// Waits for the letter by the API, as a test does, and sets everything back.
constexpr const char *tester = R"(
import json, os, sys, urllib.request
api, done = f"http://127.0.0.1:{sys.argv[1]}/api", sys.argv[2]
said = "failed"
try:
    with urllib.request.urlopen(f"{api}/wait?mailbox={sys.argv[3]}&timeout=20s") as answer:
        said = json.load(answer)["letters"][0]["subject"]
    urllib.request.urlopen(urllib.request.Request(api + "/reset", method="POST")).close()
except Exception as problem:
    said = repr(problem)
open(done + ".new", "w").write(said)
os.rename(done + ".new", done)
)";

/// A served app in a context of its own, with a folder for what programs leave.
struct LiveStage
{
    HeadlessContext context;
    App app{faces_of(find_fonts()), {}};
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("mailscope-live-" + std::to_string(::getpid()));

    explicit LiveStage(const char *name = "journey")
    {
        std::filesystem::create_directories(folder);
        LiveOptions options;
        options.fast = true;
        REQUIRE(app.serve(scenario(name), options));
        draw();
    }
    ~LiveStage() { std::filesystem::remove_all(folder); }

    void draw() { build_frame(app, 1440, 900, 0.05F); }

    std::uint16_t port_of(const std::string &service, const std::string &host) const
    {
        for (const LivePortRow &port : app.live()->ports)
            if (port.service == service && port.host.find(host) != std::string::npos)
                return port.port;
        return 0;
    }

    std::string send_letter(std::uint16_t port, const std::string &recipient)
    {
        return run(sender, port, recipient);
    }

    /// What the program said at its end; frames are drawn while it runs.
    std::string run(const char *program, std::uint16_t port, const std::string &recipient)
    {
        const std::string script = folder / "program.py";
        const std::string done = folder / "done";
        std::filesystem::remove(done);
        std::ofstream(script) << program;
        const std::string command =
            "python3 " + script + " " + std::to_string(port) + " " + done + " " + recipient + " &";
        REQUIRE(std::system(command.c_str()) == 0);
        constexpr int frames_max = 20'000;
        for (int i = 0; i < frames_max && !std::filesystem::exists(done); ++i)
            draw();
        std::string said;
        std::getline(std::ifstream(done), said);
        return said;
    }

    std::size_t count(RecordKind kind, HostId host) const
    {
        std::size_t found = 0;
        app.lesson()->records().for_each(
            [&](const Record &r) { found += r.kind == kind && r.host == host ? 1U : 0U; });
        return found;
    }

    /// The item of that name in the last frame.
    bool shows(const std::string &id)
    {
        const auto &items = app.items().before;
        return std::any_of(items.begin(), items.end(),
                           [&](const Item &item) { return item.id == id; });
    }
};

Moment moment_of(const App &app)
{
    const Lesson &lesson = *app.lesson();
    return {lesson.scenario(), lesson.records(), lesson.timeline().world(),
            lesson.story(),    app.words(),      app.state()};
}

} // namespace

TEST_CASE("A real program's letter comes into the app while frames are drawn", "[app][live]")
{
    LiveStage stage;
    App &app = stage.app;
    REQUIRE(app.lesson()->records().empty());
    REQUIRE(stage.send_letter(stage.port_of("smtp", "example.jp"), "bob@example.jp") == "sent");
    const HostId outside = app.lesson()->directory().find(outside_name);
    REQUIRE(!outside.is_none());
    CHECK(stage.count(RecordKind::CommandSent, outside) >= 4);
    CHECK(stage.count(RecordKind::PacketSent, outside) >= 6);

    // The map has the machine, and all views follow to the end of the conversation.
    const MapView map = map_view(moment_of(app), app.lesson()->layout());
    const auto row = std::find_if(map.hosts.begin(), map.hosts.end(),
                                  [](const HostRow &host) { return host.key == outside_name; });
    REQUIRE(row != map.hosts.end());
    CHECK(row->name == "your computer");
    for (int i = 0; i < 400; ++i)
        stage.draw();
    const std::size_t last = app.lesson()->story().steps().back().record;
    CHECK(app.state().record == last);
    CHECK(app.state().playing);
    CHECK(!dialog_view(moment_of(app)).rows.empty());
    CHECK(!ladder_view(moment_of(app), {20, 4}).rows.empty());
    CHECK(timeline_view(moment_of(app), app.lesson()->timeline()).bars.size() ==
          app.lesson()->story().steps().size());
    CHECK(stage.shows("live.stop"));

    // Going back shows the World as it was then.
    app.apply({Act::GoToStart, 0, {}, {}});
    app.apply({Act::Play, 0, {}, {}});
    std::size_t stored = 0;
    for (const mail::Store &store : app.lesson()->timeline().world().stores)
        if (const auto user = store.find_user("bob@example.jp"))
            stored += store.mailbox(*user).inbox().size();
    CHECK(stored == 0);
    CHECK(!lesson_view(moment_of(app), app.lesson()->moments(), {}).title.empty());
}

TEST_CASE("A change in the app reaches the program that comes next", "[app][live]")
{
    LiveStage stage;
    App &app = stage.app;
    const std::uint16_t port = stage.port_of("smtp", "example.jp");
    REQUIRE(stage.send_letter(port, "carol@example.jp").find("550") != std::string::npos);
    const HostId server = app.lesson()->directory().find("mx.example.jp");
    app.apply({Act::SelectHost, static_cast<std::int64_t>(server.value), {}, {}});
    app.apply({Act::OpenChanges, 0, {}, {}});
    for (const ChangeRow &row : changes_view(moment_of(app)).rows)
        if (row.label == app.words().view("change.mailbox"))
            app.apply({Act::PickChange, 0, row.id, {}});
    app.apply({Act::TypeChange, 0, "carol@example.jp", {}});
    app.apply({Act::DoChange, 0, {}, {}});
    CHECK(app.lesson()->timeline().branch_count() == 1);
    CHECK(stage.send_letter(port, "carol@example.jp") == "sent");
}

TEST_CASE("A lesson about its own people says nothing about a real program's letter", "[app][live]")
{
    LiveStage stage("errors-550-user-unknown");
    App &app = stage.app;
    const std::uint16_t port = stage.port_of("smtp", "example.jp");
    REQUIRE(stage.send_letter(port, "bbo@example.jp").find("550") != std::string::npos);
    app.apply({Act::GoToStart, 0, {}, {}});
    app.apply({Act::NextTrouble, 0, {}, {}});
    REQUIRE(app.lesson()->records()[app.state().record].kind == RecordKind::RecipientRefused);
    const LessonView told =
        lesson_view(moment_of(app), app.lesson()->moments(), app.lesson()->remedies(app.words()));
    CHECK(told.moment.empty()); // "Alice's server still holds the letter"
    CHECK(told.remedies.empty());
    CHECK(!told.say.empty());
}

TEST_CASE("Where serving ends the story is there again, and no port is open", "[app][live]")
{
    LiveStage stage;
    const std::uint16_t port = stage.port_of("smtp", "example.jp");
    stage.app.apply({Act::StopServing, 0, {}, {}});
    REQUIRE(stage.app.live() == nullptr);
    stage.draw();
    CHECK(!stage.app.lesson()->records().empty());
    CHECK(stage.app.lesson()->directory().find(outside_name).is_none());
    CHECK(stage.app.state().notice == stage.app.words().view("live-ended"));
    CHECK(stage.send_letter(port, "bob@example.jp").find("refused") != std::string::npos);
}

TEST_CASE("The API of `serve` is open in the app, too, and a reset begins the story anew",
          "[app][live]")
{
    LiveStage stage;
    REQUIRE(stage.send_letter(stage.port_of("smtp", "example.jp"), "bob@example.jp") == "sent");
    const std::uint16_t api = stage.port_of("api", "");
    REQUIRE(stage.run(tester, api, "bob@example.jp") == "From outside");
    stage.draw();
    CHECK(stage.app.lesson()->records().empty());
    CHECK(stage.app.state().serves);
    CHECK(stage.send_letter(stage.port_of("smtp", "example.jp"), "bob@example.jp") == "sent");
    CHECK(!stage.app.lesson()->records().empty());
    CHECK(stage.run(tester, api, "bob@example.jp") == "From outside");
}

TEST_CASE("A port that is taken is told, and what was open stays", "[app][live]")
{
    LiveStage first;
    const std::uint16_t taken = first.port_of("smtp", "example.jp");
    LiveOptions options;
    options.ports = {{"smtp", taken}};
    App second(faces_of(find_fonts()), {});
    second.open(scenario("journey"));
    CHECK(!second.serve(scenario("journey"), options));
    CHECK(second.problems().size() == 1);
    CHECK(second.live() == nullptr);
    CHECK(!second.lesson()->records().empty());
}
