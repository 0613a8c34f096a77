// Where real programs reach the simulated servers.
#include "viz/draw/shapes.h"
#include "viz/panels/panels.h"

#include <fmt/format.h>

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr float door_width = 420;
constexpr float door_row = 21;
constexpr std::size_t accounts_max = 6;

void draw_port(const PanelContext &context, float x, float y, const LivePortRow &port,
               const std::string &address)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    ui.text(Style::Bold13, x, y, t.text, port.service);
    ui.text(Style::Mono13, x + 96, y, t.text, fmt::format("{}:{}", address, port.port));
    const std::string who = port.host.empty() ? context.words.view("live-api") : port.host;
    ui.text(Style::Text12, x + 240, y, t.text2, ui.fit(Style::Text12, who, door_width - 276));
}

} // namespace

void draw_live(const PanelContext &context, const Rect &window, const LiveView &live)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const float room = window.h - 250;
    const std::size_t accounts = std::min(live.accounts.size(), accounts_max);
    const auto fitting = static_cast<std::size_t>(std::max(1.0F, room / door_row));
    const std::size_t ports = std::min(live.ports.size(), fitting - std::min(fitting, accounts));
    const Rect box{window.x + 20, window.y + 54, door_width,
                   178 + door_row * static_cast<float>(ports + accounts)};
    ui.touch("live.ground", box);
    ui.card(box);
    ui.frame(box, t.line2, 10);
    const float x = box.x + 18;
    ui.text(Style::Bold17, x, box.y + 26, t.text, context.words.view("live-title"));
    float y = ui.paragraph(Style::Text12, x, box.y + 42, box.w - 36, t.text2,
                           context.words.view("live-note"), 2) +
              14;
    for (std::size_t i = 0; i < ports; ++i, y += door_row)
        draw_port(context, x, y, live.ports[i], live.address);
    y += 10;
    ui.text(Style::Text12, x, y, t.text2, context.words.view("live-accounts"));
    y += door_row;
    for (std::size_t i = 0; i < accounts; ++i, y += door_row) {
        const LiveAccountRow &account = live.accounts[i];
        ui.text(Style::Mono13, x, y, t.text, ui.fit(Style::Mono13, account.address, 226));
        ui.text(Style::Mono13, x + 240, y, t.text,
                ui.fit(Style::Mono13, account.password, box.w - 276));
    }
    const float button = box.bottom() - 42;
    if (ui.button("live.hide", {x, button, 120, 30}, context.words.view("live-hide"), true))
        ui.intend(Act::Live);
    if (ui.button("live.stop", {x + 130, button, 220, 30}, context.words.view("live-stop")))
        ui.intend(Act::StopServing);
}

void draw_live_button(const PanelContext &context, const Rect &area)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const bool serves = context.state.serves;
    const Touch touch = ui.touch("live", area, context.words.view("live-tip"));
    ui.fill(area, touch.hovered ? t.raised : t.panel, 7);
    ui.frame(area, serves ? t.text : t.line, 7, serves ? 2.0F : 1.0F);
    const Point dot{area.x + 15, area.centre().y};
    if (serves)
        ui.circle(dot, 5, t.text);
    else
        ui.ring(dot, 5, t.text2, 1.5F);
    ui.text(Style::Bold13, area.x + 27, area.centre().y, t.text,
            ui.fit(Style::Bold13, context.words.view("live"), area.w - 32));
    if (touch.pressed)
        ui.intend(Act::Live);
}

} // namespace mailscope::viz
