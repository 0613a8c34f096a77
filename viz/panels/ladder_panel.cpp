// The sequence diagram.
#include "viz/draw/shapes.h"
#include "viz/model/lane_places.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <cstdlib>

namespace mailscope::viz
{
namespace
{

constexpr float ladder_row = 22;
constexpr float numbers_wide = 46;
constexpr float pins_wide = 24;
constexpr float fold_least = 104;
constexpr float beside_words = 40; ///< of an arrow: its two ends
constexpr float note_most = 260;
constexpr float lane_least = 140; ///< so wide that there may be one more
constexpr float heading = 72;     ///< title and lanes

class LadderPainter
{
public:
    LadderPainter(const PanelContext &context, const Rect &area, const LadderView &ladder)
        : ui_(context.ui), words_(context.words), area_(area), ladder_(ladder)
    {
        for (const LadderRow &row : ladder.rows)
            if (row.pin > 0)
                numbers_ = numbers_wide + pins_wide;
        place_lanes();
    }

    void draw();

private:
    float lane(int index) const { return places_[static_cast<std::size_t>(index)]; }
    void place_lanes();
    void draw_lanes(float top, float end);
    void draw_row(const LadderRow &row, float y);
    void draw_kind(const LadderRow &row, float y, ImU32 colour);
    void draw_arrow(const LadderRow &row, float y, ImU32 colour);
    void draw_note(const LadderRow &row, float y, ImU32 colour);
    void draw_fold(const LadderRow &row, float y);
    void draw_fold_sign(const LadderRow &row, float y);
    float fold_left(const LadderRow &row) const;
    void draw_pause(const LadderRow &row, float y);

    Ui &ui_;
    const Words &words_;
    Rect area_;
    const LadderView &ladder_;
    float numbers_ = numbers_wide; ///< column of numbers, and of pins
    std::vector<Rect> heads_;      ///< of the lanes
    std::vector<float> places_;    ///< the lanes' middles
};

void LadderPainter::place_lanes()
{
    const float room = area_.w - numbers_ - 24;
    const float most = room / static_cast<float>(std::max<std::size_t>(ladder_.lanes.size(), 1));
    std::vector<float> heads;
    for (const LaneRow &row : ladder_.lanes)
        heads.push_back(std::min(most - 4, 14 + std::max(ui_.width(Style::Bold12, row.name),
                                                         ui_.width(Style::Text12, row.region))));
    std::vector<LaneWords> words;
    for (const LadderRow &row : ladder_.rows)
        if (row.kind == LadderKind::Arrow)
            words.push_back(
                {row.from, row.to,
                 beside_words +
                     ui_.width(row.is_now ? Style::MonoBold13 : Style::Mono12, row.label)});
        else if (row.kind == LadderKind::Folded)
            words.push_back({row.from, row.to, fold_least});
    places_ = lane_places(heads, words, room);
    for (std::size_t i = 0; i < places_.size(); ++i) {
        places_[i] += area_.x + numbers_;
        heads_.push_back({places_[i] - heads[i] / 2, area_.y + 32, heads[i], 34});
    }
}

void LadderPainter::draw_lanes(float top, float end)
{
    const Theme &t = ui_.theme;
    for (std::size_t i = 0; i < ladder_.lanes.size(); ++i) {
        const float x = lane(static_cast<int>(i));
        ui_.line({x, top}, {x, end}, t.link, 1.6F);
        ui_.polyline({{x, end + 4}, {x, area_.bottom() - 8}}, t.link, 1.6F, 2, 5);
        const LaneRow &row = ladder_.lanes[i];
        const Rect &box = heads_[i];
        const std::string name = ui_.fit(Style::Bold12, row.name, box.w - 10);
        const std::string region = ui_.fit(Style::Text12, row.region, box.w - 10);
        ui_.fill(box, t.raised, 5);
        ui_.frame(box, t.line2, 5);
        const float middle = box.centre().y - (region.empty() ? 0 : 7);
        ui_.text(Style::Bold12, x, middle, t.text, name, Align::Centre);
        ui_.text(Style::Text12, x, middle + 14, t.text3, region, Align::Centre);
    }
}

void LadderPainter::draw()
{
    const Theme &t = ui_.theme;
    ui_.card(area_);
    ui_.clip(area_);
    ui_.text(Style::Bold13, area_.x + 14, area_.y + 18, t.text, words_.view("ladder"));
    const float top = area_.y + heading;
    const std::size_t room = ladder_room(area_).rows;
    const std::size_t count = ladder_.rows.size();
    const std::size_t start = count > room ? count - room : 0;
    const float end = top + ladder_row * static_cast<float>(count - start);
    draw_lanes(area_.y + 66, end);
    float y = top + ladder_row / 2;
    for (std::size_t i = start; i < count; ++i, y += ladder_row)
        draw_row(ladder_.rows[i], y);
    const std::string rest = words_.view(ladder_.ends ? "story-ends" : "not-yet");
    const float wide = ui_.width(Style::Text12, rest);
    ui_.fill({area_.x + numbers_ - 3, y - 8, wide + 6, 16}, t.panel);
    ui_.text(Style::Text12, area_.x + numbers_, y, t.text3, rest);
    ui_.unclip();
}

void LadderPainter::draw_row(const LadderRow &row, float y)
{
    const Theme &t = ui_.theme;
    const Rect band{area_.x + 6, y - ladder_row / 2, area_.w - 12, ladder_row};
    const Touch touch = ui_.touch("ladder." + row.number, band);
    if (row.is_now) {
        ui_.fill(band, t.nowbg, 3);
        ui_.fill({band.x, band.y, 4, band.h}, t.nowline, 1);
    } else if (touch.hovered) {
        ui_.fill(band, t.raised, 3);
    }
    if (touch.hovered || row.is_now)
        for (std::size_t i = 0; i < ladder_.lanes.size(); ++i) {
            const float x = lane(static_cast<int>(i));
            ui_.line({x, band.y}, {x, band.bottom()}, t.link, 1.6F);
        }
    if (touch.pressed && row.record >= 0)
        ui_.intend(Act::GoToRecord, row.record);
    ui_.text(row.is_now ? Style::MonoBold13 : Style::Mono12, area_.x + 40, y,
             row.is_now ? t.text : t.text3, row.number, Align::Right);
    const ImU32 colour = row.trouble != Mark::None ? t.err
                         : row.mark == Mark::None || row.mark == Mark::Tcp || row.mark == Mark::Tls
                             ? t.text2
                             : colour_of(t, row.mark);
    draw_kind(row, y, colour);
    draw_fold_sign(row, y);
    if (row.pin > 0)
        draw_pin(ui_, row.pin, {area_.x + numbers_wide + 10, y}, false);
}

void LadderPainter::draw_kind(const LadderRow &row, float y, ImU32 colour)
{
    switch (row.kind) {
    case LadderKind::Arrow:
        draw_arrow(row, y, colour);
        break;
    case LadderKind::Note:
        draw_note(row, y, colour);
        break;
    case LadderKind::Folded:
        draw_fold(row, y);
        break;
    case LadderKind::Pause:
        draw_pause(row, y);
        break;
    }
}

void LadderPainter::draw_arrow(const LadderRow &row, float y, ImU32 colour)
{
    const Theme &t = ui_.theme;
    const float from = lane(row.from);
    const float to = lane(row.to);
    const float way = to > from ? 1.0F : -1.0F;
    ui_.line({from, y}, {to - way * 6, y}, colour, 2);
    draw_arrow_head(ui_, {to, y}, way, 0, colour, 6);
    const Style style = row.is_now ? Style::MonoBold13 : Style::Mono12;
    const std::string text = ui_.fit(style, row.label, std::abs(to - from) - beside_words);
    const float wide = ui_.width(style, text);
    const float middle = (from + to) / 2;
    ui_.fill({middle - wide / 2 - 5, y - 8, wide + 10, 16}, row.is_now ? t.nowbg : t.panel);
    ui_.text(style, middle, y, row.trouble != Mark::None ? t.err : t.text, text, Align::Centre);
    if (row.trouble != Mark::None)
        draw_octagon(ui_, row.trouble, {from, y}, 8);
}

void LadderPainter::draw_note(const LadderRow &row, float y, ImU32 colour)
{
    const Theme &t = ui_.theme;
    const float x = lane(row.from);
    const std::string text = ui_.fit(Style::Text12, row.label, std::min(area_.w * 0.6F, note_most));
    const float wide = ui_.width(Style::Text12, text) + 30;
    Rect pill{x - wide / 2, y - 9, wide, 18};
    pill.x = std::clamp(pill.x, area_.x + numbers_ + 2, area_.right() - wide - 8);
    ui_.fill(pill, t.raised, 9);
    ui_.frame(pill, row.trouble != Mark::None ? t.err : t.line2, 9);
    if (row.trouble != Mark::None)
        draw_octagon(ui_, row.trouble, {pill.x + 12, y}, 6);
    else
        draw_mark(ui_, row.mark, {pill.x + 12, y}, 5);
    ui_.text(Style::Text12, pill.x + 24, y, row.trouble != Mark::None ? colour : t.text, text);
}

/// The left end of a capsule; it is long enough for its words.
float LadderPainter::fold_left(const LadderRow &row) const
{
    const float left = lane(std::min(row.from, row.to));
    const float right = lane(std::max(row.from, row.to));
    if (right - left >= fold_least)
        return left;
    constexpr float half = fold_least / 2;
    return std::clamp((left + right) / 2, area_.x + numbers_ + half, area_.right() - half - 10) -
           half;
}

void LadderPainter::draw_fold(const LadderRow &row, float y)
{
    const Theme &t = ui_.theme;
    const float left = fold_left(row);
    const float right = left + std::max(fold_least, std::abs(lane(row.to) - lane(row.from)));
    const Rect pill{left, y - 8, right - left, 16};
    ui_.fill(pill, t.raised, 8);
    ui_.frame(pill, t.line2, 8);
    if (row.trouble != Mark::None)
        draw_octagon(ui_, row.trouble, {right - 12, y}, 6);
    else
        draw_mark(ui_, row.mark, {right - 13, y}, 4);
    ui_.text(Style::Text12, (left + right) / 2, y, t.text2,
             ui_.fit(Style::Text12, row.label, right - left - 44), Align::Centre);
}

/// What unfolds a conversation and folds it again: in its capsule, and beside its last row.
void LadderPainter::draw_fold_sign(const LadderRow &row, float y)
{
    if (row.talk == no_talk)
        return;
    const bool folded = row.kind == LadderKind::Folded;
    const float x = folded ? fold_left(row) + 12 : area_.x + numbers_wide - 2;
    const Rect hit{x - 12, y - ladder_row / 2, 26, ladder_row};
    const Touch touch = ui_.touch("unfold." + row.number, hit, words_.view("talk-tip"));
    draw_sign(ui_, folded ? Sign::Right : Sign::Down, {x, y},
              touch.hovered ? ui_.theme.text : ui_.theme.text2, 0.8F);
    if (touch.pressed)
        ui_.intend(Act::FoldTalk, row.talk);
}

/// Time in which nothing happened: across all lanes.
void LadderPainter::draw_pause(const LadderRow &row, float y)
{
    const Theme &t = ui_.theme;
    const float left = area_.x + numbers_;
    const float wide = ui_.width(Style::Bold12, row.label) + 24;
    ui_.polyline({{left, y}, {area_.right() - 14, y}}, t.text3, 1.5F, 2, 6);
    const float middle = (left + area_.right() - 14) / 2;
    ui_.fill({middle - wide / 2, y - 9, wide, 18}, t.panel, 9);
    ui_.text(Style::Bold12, middle, y, t.text2, row.label, Align::Centre);
}

} // namespace

LadderRoom ladder_room(const Rect &area)
{
    return {static_cast<std::size_t>(std::max(1.0F, (area.h - heading - 26) / ladder_row)),
            static_cast<std::size_t>(std::clamp(area.w / lane_least, 3.0F, 4.0F))};
}

void draw_ladder(const PanelContext &context, const Rect &area, const LadderView &ladder)
{
    LadderPainter(context, area, ladder).draw();
}

} // namespace mailscope::viz
