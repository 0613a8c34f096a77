// The whole story as bars, the place in it, and the buttons to move.
#include "viz/draw/shapes.h"
#include "viz/model/branch_places.h"
#include "viz/panels/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mailscope::viz
{
namespace
{

constexpr float controls_width = 300;
constexpr std::int64_t fastest = 1'000'000; ///< in thousandths: many steps a frame

class TimelinePainter
{
public:
    TimelinePainter(const PanelContext &context, const Rect &area, const TimelineView &view)
        : ui_(context.ui), state_(context.state), words_(context.words), area_(area),
          view_(view), track_{area.x + controls_width + 14, area.y + 12,
                              area.w - controls_width - 30, area.h - 24}
    {
        const auto bars = static_cast<float>(std::max<std::size_t>(view.bars.size(), 1));
        pitch_ = track_.w / bars;
    }

    void draw()
    {
        ui_.card(area_);
        draw_buttons();
        draw_grain();
        if (view_.bars.empty())
            return;
        draw_chapters();
        draw_bars();
        draw_branches();
        draw_head();
    }

private:
    float bar_x(std::size_t step) const { return track_.x + pitch_ * static_cast<float>(step); }
    bool round_button(std::string_view name, Sign sign, Point centre, float radius);
    void draw_buttons();
    void draw_grain();
    void draw_chapters();
    void draw_bars();
    Rect head_box() const;
    void draw_head();
    std::string branch_label(const BranchRow &branch) const;
    void draw_branches();
    void draw_branch_way(float from, float left, float right, float y);
    void draw_branch(const BranchRow &branch, const Rect &pill);

    Ui &ui_;
    const UiState &state_;
    const Words &words_;
    Rect area_;
    const TimelineView &view_;
    Rect track_;
    float pitch_ = 1;
};

bool TimelinePainter::round_button(std::string_view name, Sign sign, Point c, float radius)
{
    const Theme &t = ui_.theme;
    const Touch touch =
        ui_.touch(name, {c.x - radius, c.y - radius, 2 * radius, 2 * radius}, words_.view(name));
    ui_.circle(c, radius, touch.hovered ? mixed(t.raised, t.text, 0.08F) : t.raised);
    ui_.ring(c, radius, radius > 16 ? t.text : t.line2, radius > 16 ? 1.8F : 1.2F);
    draw_sign(ui_, sign, c, t.text, radius > 16 ? 1.0F : 0.95F);
    return touch.pressed;
}

void TimelinePainter::draw_buttons()
{
    const float y = area_.y + area_.h * 0.31F;
    const float x = area_.x + 32;
    if (round_button("exchange-back", Sign::FastBack, {x, y}, 15))
        ui_.intend(Act::ExchangeBack);
    if (round_button("step-back", Sign::Back, {x + 40, y}, 15))
        ui_.intend(Act::StepBack);
    if (round_button("play", state_.playing ? Sign::Pause : Sign::Play, {x + 88, y}, 20))
        ui_.intend(Act::Play);
    if (round_button("step-on", Sign::Next, {x + 136, y}, 15))
        ui_.intend(Act::StepOn);
    if (round_button("exchange-on", Sign::FastNext, {x + 176, y}, 15))
        ui_.intend(Act::ExchangeOn);
    const Rect box{x + 204, y - 14, 54, 28};
    const Touch touch = ui_.touch("speed", box, words_.view("speed"));
    ui_.fill(box, touch.hovered ? mixed(ui_.theme.raised, ui_.theme.text, 0.08F) : ui_.theme.raised,
             7);
    ui_.frame(box, ui_.theme.line2, 7);
    ui_.text(Style::Bold13, box.centre().x, y, ui_.theme.text,
             state_.speed * 1000 >= fastest ? words_.view("fastest")
                                            : fmt::format("{:g}×", state_.speed),
             Align::Centre);
    if (touch.pressed) {
        constexpr std::array<std::int64_t, 10> speeds = {1,    10,   100,  250,    500,
                                                         1000, 2000, 4000, 16'000, fastest};
        const auto now = static_cast<std::int64_t>(state_.speed * 1000 + 0.5F);
        const auto found = std::find(speeds.begin(), speeds.end(), now);
        const auto place =
            static_cast<std::size_t>(found == speeds.end() ? 5 : found - speeds.begin());
        const std::size_t by = ImGui::GetIO().KeyShift ? speeds.size() - 1 : 1;
        const std::size_t next = (place + by) % speeds.size();
        ui_.intend(Act::SetSpeed, speeds[next]);
    }
}

void TimelinePainter::draw_grain()
{
    const float y = area_.bottom() - 32;
    const int pressed = ui_.segments("grain", {area_.x + 14, y, 206, 25},
                                     {words_.view("grain.record"), words_.view("grain.step"),
                                      words_.view("grain.exchange"), words_.view("grain.scene")},
                                     static_cast<int>(state_.grain));
    if (pressed >= 0)
        ui_.intend(Act::SetGrain, pressed);
    ui_.text(Style::Mono12, area_.x + controls_width - 6, y + 12, ui_.theme.text, view_.time,
             Align::Right);
}

void TimelinePainter::draw_chapters()
{
    const Theme &t = ui_.theme;
    const float y = track_.y + 14;
    float free_from = track_.x;
    for (const ChapterRow &chapter : view_.chapters) {
        const float left = bar_x(chapter.first);
        const float right = bar_x(chapter.last + 1) - 2;
        ui_.fill({left, y, std::max(1.0F, right - left), chapter.is_now ? 3.0F : 2.0F},
                 chapter.is_now ? t.text : t.line2, 1);
        const Style style = chapter.is_now ? Style::Bold12 : Style::Text12;
        const float wide = ui_.width(style, chapter.title);
        const float room = std::max(right - left, 0.0F) + (chapter.is_now ? 60.0F : 0.0F);
        const float x = std::max(left, free_from);
        if (x - left > 30 || (wide > room && room < 46) || x + 30 > track_.right())
            continue;
        const std::string shown =
            ui_.fit(style, chapter.title, std::min(std::max(room, 46.0F), track_.right() - x));
        free_from = x + ui_.text(style, x, y - 10, chapter.is_now ? t.text : t.text2, shown) + 10;
    }
}

void TimelinePainter::draw_bars()
{
    const Theme &t = ui_.theme;
    const float base = track_.y + track_.h - 24;
    const float tall = base - track_.y - 24;
    const float gap = pitch_ > 4 ? 2.0F : 0.0F;
    for (std::size_t i = 0; i < view_.bars.size(); ++i) {
        const BarRow &bar = view_.bars[i];
        const float height = std::max(4.0F, bar.height * tall);
        // What has not happened is not told.
        ImU32 colour = bar.trouble != Mark::None && i <= view_.now ? t.errsolid
                       : bar.mark == Mark::None                    ? t.link
                                                                   : colour_of(t, bar.mark);
        if (i > view_.now)
            colour = mixed(t.panel, colour, 0.38F);
        ui_.fill({bar_x(i), base - height, std::max(1.0F, pitch_ - gap), height}, colour,
                 pitch_ > 6 ? 2.0F : 0.0F);
    }
    for (std::size_t i = 1; i < view_.bars.size(); ++i)
        if (view_.bars[i].after_pause && pitch_ > 4)
            ui_.polyline({{bar_x(i) - 1, base - tall}, {bar_x(i) - 1, base}}, t.text2, 1.5F, 2, 3);
    for (std::size_t i = 0; i < view_.bars.size(); ++i) {
        const BarRow &bar = view_.bars[i];
        if (bar.trouble != Mark::None && i <= view_.now)
            draw_octagon(ui_, bar.trouble,
                         {bar_x(i) + pitch_ / 2, base - std::max(4.0F, bar.height * tall) - 7}, 6);
    }
    ui_.line({track_.x, base + 1}, {track_.right(), base + 1}, t.line, 1);
    const Touch touch =
        ui_.touch("track", {track_.x, track_.y + 16, track_.w, base - track_.y - 8});
    if (touch.held || touch.pressed) {
        const float x = ImGui::GetIO().MousePos.x - track_.x;
        const auto step = static_cast<std::int64_t>(x / pitch_);
        const auto last = static_cast<std::int64_t>(view_.bars.size()) - 1;
        const std::int64_t bar = std::clamp<std::int64_t>(step, 0, last);
        if (last >= 0)
            ui_.intend(Act::GoToRecord, view_.bars[static_cast<std::size_t>(bar)].record);
    }
}

/// Where the number of the present step stands, below the playhead.
Rect TimelinePainter::head_box() const
{
    const float x = bar_x(view_.now) + pitch_ / 2;
    const float wide = std::max(26.0F, ui_.width(Style::Bold12, std::to_string(view_.step)) + 14);
    const float left = std::clamp(x - wide / 2, track_.x, track_.right() - wide);
    return {left, track_.y + track_.h - 19, wide, 19};
}

void TimelinePainter::draw_head()
{
    const Theme &t = ui_.theme;
    const float x = bar_x(view_.now) + pitch_ / 2;
    const Rect box = head_box();
    ui_.line({x, track_.y + 16}, {x, box.y + 1}, t.nowline, 2);
    ui_.fill(box, t.now, 5);
    ui_.text(Style::Bold12, box.centre().x, box.centre().y, t.nowink, std::to_string(view_.step),
             Align::Centre);
}

std::string TimelinePainter::branch_label(const BranchRow &branch) const
{
    if (branch.name.empty())
        return words_.view("main-story");
    const float room = std::min(210.0F, track_.w / static_cast<float>(view_.branches.size()) - 90);
    return words_.view("what-if", {{"text", ui_.fit(Style::Text12, branch.name, room)}});
}

void TimelinePainter::draw_branches()
{
    const float y = track_.y + track_.h - 9;
    std::vector<BranchPill> pills;
    for (const BranchRow &branch : view_.branches) {
        const Style style = branch.is_current ? Style::Bold12 : Style::Text12;
        pills.push_back({branch.name.empty() ? 0.0F : bar_x(branch.from) + pitch_ / 2 - track_.x,
                         ui_.width(style, branch_label(branch)) + 20});
    }
    const Rect head = head_box();
    const std::vector<float> places =
        branch_places(pills, {head.x - track_.x, head.right() - track_.x}, track_.w);
    for (std::size_t i = 0; i < pills.size(); ++i)
        if (!view_.branches[i].name.empty())
            draw_branch_way(track_.x + pills[i].from, track_.x + places[i],
                            track_.x + places[i] + pills[i].width, y);
    for (std::size_t i = 0; i < pills.size(); ++i)
        draw_branch(view_.branches[i], {track_.x + places[i], y - 10, pills[i].width, 20});
}

/// The way from the step where a branch leaves to its name.
void TimelinePainter::draw_branch_way(float from, float left, float right, float y)
{
    const ImU32 colour = ui_.theme.text2;
    const float base = track_.y + track_.h - 24;
    const float end = std::clamp(from, left, right);
    if (end == from) {
        ui_.line({from, base + 2}, {from, y - 11}, colour, 1.5F);
        return;
    }
    ui_.line({from, base + 2}, {from, y}, colour, 1.5F);
    ui_.line({from, y}, {end, y}, colour, 1.5F);
}

void TimelinePainter::draw_branch(const BranchRow &branch, const Rect &pill)
{
    const Theme &t = ui_.theme;
    const Touch touch = ui_.touch("branch." + std::to_string(branch.branch), pill, branch.name);
    ui_.fill(pill, touch.hovered ? mixed(t.raised, t.text, 0.08F) : t.raised, 10);
    ui_.frame(pill, branch.is_current ? t.text : t.line2, 10, branch.is_current ? 1.8F : 1.0F);
    ui_.text(branch.is_current ? Style::Bold12 : Style::Text12, pill.centre().x, pill.centre().y,
             branch.is_current ? t.text : t.text2, branch_label(branch), Align::Centre);
    if (touch.pressed && !branch.is_current)
        ui_.intend(Act::SwitchBranch, branch.branch);
}

} // namespace

void draw_timeline(const PanelContext &context, const Rect &area, const TimelineView &timeline)
{
    TimelinePainter(context, area, timeline).draw();
}

} // namespace mailscope::viz
