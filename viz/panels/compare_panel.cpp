// Stories side by side.
#include "viz/draw/shapes.h"
#include "viz/panels/panels.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr float column_gap = 10;
constexpr float letter_height = 23;
constexpr float sentence_line = 22;
constexpr float column_margin = 15;
constexpr float roomy_column = 600; ///< from this height on a column has everything

/// What all columns have in common, so that the same thing stands at the same height in each.
struct ColumnShape
{
    std::size_t slots = 3;          ///< letters that a box has room for
    float wire = 84;                ///< between mailboxes and devices
    std::size_t sentence_lines = 1; ///< in the column that needs most
    std::size_t lines = 2;          ///< of the conversation
    std::vector<std::size_t> facts; ///< in order: where not all have room, those that differ first
};

float lines_tall(std::size_t lines) { return 12 + 38 * static_cast<float>(lines); }

class ColumnPainter
{
public:
    ColumnPainter(const PanelContext &context, const Rect &area, const CompareColumn &column,
                  const ColumnShape &shape)
        : ui_(context.ui), words_(context.words), area_(area), column_(column), shape_(shape)
    {
    }

    void draw()
    {
        const Theme &t = ui_.theme;
        ui_.card(area_);
        ui_.clip(area_);
        const Point head{area_.x + 26, area_.y + 27};
        draw_mark(ui_, column_.mark, head, 10);
        const float x = head.x + 22;
        const float wide = ui_.text(Style::Bold17, x, head.y, t.text,
                                    ui_.fit(Style::Bold17, column_.title, area_.w - 70));
        const float room = area_.right() - x - wide - 30;
        if (room > 60)
            ui_.text(Style::Text13, x + wide + 14, head.y, t.text2,
                     ui_.fit(Style::Text13, column_.subtitle, room));
        // What is the same thing stands at the same height in all columns.
        float y = area_.y + 50;
        y = draw_holders(column_.mailboxes, y, RegionTint::Organisation);
        y = draw_now(y);
        y = draw_holders(column_.devices, y, RegionTint::Home) + 8;
        draw_sentence(y);
        y += sentence_line * static_cast<float>(shape_.sentence_lines) + 6;
        draw_lines(y);
        if (shape_.lines > 0)
            y += lines_tall(shape_.lines) + 6;
        draw_facts(y);
        ui_.unclip();
    }

private:
    float draw_holders(const std::vector<HolderRow> &rows, float y, RegionTint tint);
    void draw_holder(const HolderRow &row, const Rect &box, RegionTint tint);
    float draw_now(float y);
    void draw_sentence(float y);
    void draw_lines(float y);
    void draw_facts(float y);

    Ui &ui_;
    const Words &words_;
    Rect area_;
    const CompareColumn &column_;
    const ColumnShape &shape_;
};

void ColumnPainter::draw_holder(const HolderRow &row, const Rect &box, RegionTint tint)
{
    const Theme &t = ui_.theme;
    const auto place = static_cast<std::size_t>(tint);
    ui_.fill(box, t.region_fill[place], 12);
    ui_.frame(box, row.differs ? t.text : t.region_edge[place], 12, row.differs ? 2.5F : 1.2F);
    draw_host(ui_, row.shape, {box.x + 24, box.y + 22}, 0.6F, t.text, t.region_fill[place]);
    const std::string count = words_.letters(row.letters.size() + row.more);
    std::string right = row.state.empty() ? count : row.state;
    // In a narrow box the name goes first: a number says enough, and a state stands below.
    const bool narrow =
        ui_.width(Style::Bold13, row.name) + ui_.width(Style::Text12, right) + 66 > box.w;
    if (narrow)
        right = std::to_string(row.letters.size() + row.more);
    const float wide = ui_.width(Style::Text12, right);
    ui_.text(Style::Bold13, box.x + 44, box.y + 21, t.text,
             ui_.fit(Style::Bold13, narrow && !row.short_name.empty() ? row.short_name : row.name,
                     box.w - wide - 62));
    ui_.text(Style::Text12, box.right() - 12, box.y + 21, t.text2, right, Align::Right);
    float y = box.y + 42;
    for (std::size_t i = 0; i < shape_.slots; ++i) {
        const Rect line{box.x + 10, y, box.w - 20, letter_height - 3};
        if (i < row.letters.size()) {
            ui_.fill(line, t.panel, 4);
            ui_.frame(line, t.line, 4);
            draw_envelope(ui_, {line.x + 16, line.centre().y}, 15, colour_of(t, column_.mark));
            ui_.text(Style::Text12, line.x + 32, line.centre().y, t.text,
                     ui_.fit(Style::Text12, row.letters[i], line.w - 56));
            if (row.seen[i])
                draw_sign(ui_, Sign::Check, {line.right() - 12, line.centre().y}, t.text2, 0.8F);
            else
                ui_.circle({line.right() - 12, line.centre().y}, 3.5F, t.text);
        } else {
            ui_.polyline({{line.x, line.y},
                          {line.right(), line.y},
                          {line.right(), line.bottom()},
                          {line.x, line.bottom()},
                          {line.x, line.y}},
                         t.line2, 1, 4, 4);
        }
        y += letter_height;
    }
    if (row.letters.size() < shape_.slots && narrow && !row.state.empty()) {
        const float low = box.bottom() - letter_height / 2 - 5;
        const float room = ui_.width(Style::Text12, row.state) + 12;
        ui_.fill({box.centre().x - room / 2, low - 9, room, 18}, t.region_fill[place]);
        ui_.text(Style::Text12, box.centre().x, low, t.text2, row.state, Align::Centre);
    }
    if (row.letters.empty()) {
        std::string nothing = words_.view("no-mail");
        if (ui_.width(Style::Bold12, nothing) + 24 > box.w)
            nothing = words_.view("empty");
        const float middle = box.y + 42 + letter_height * static_cast<float>(shape_.slots) / 2 - 2;
        const float room = ui_.width(Style::Bold12, nothing) + 12;
        ui_.fill({box.centre().x - room / 2, middle - 9, room, 18}, t.region_fill[place]);
        ui_.text(Style::Bold12, box.centre().x, middle, t.text2, nothing, Align::Centre);
    }
}

float ColumnPainter::draw_holders(const std::vector<HolderRow> &rows, float y, RegionTint tint)
{
    if (rows.empty())
        return y;
    const auto count = static_cast<float>(rows.size());
    const float wide = (area_.w - 30 - column_gap * (count - 1)) / count;
    const float tall = 46 + letter_height * static_cast<float>(shape_.slots) + 2;
    float x = area_.x + 15;
    for (const HolderRow &row : rows) {
        draw_holder(row, {x, y, wide, tall}, tint);
        x += wide + column_gap;
    }
    return y + tall;
}

/// The wire between mailboxes and devices, with what is on it.
float ColumnPainter::draw_now(float y)
{
    const Theme &t = ui_.theme;
    const float tall = shape_.wire;
    const float x = area_.x + area_.w * 0.72F;
    ui_.line({x, y}, {x, y + tall}, t.link, 2);
    const Point at{x, y + tall / 2};
    if (column_.ended) {
        ui_.ring(at, 11, t.text2, 1.6F);
        ui_.circle(at, 10, t.panel);
        draw_sign(ui_, Sign::Check, at, t.text2);
    } else {
        draw_flight_head(ui_, column_.now_mark, column_.trouble, at);
    }
    const ImU32 edge = column_.trouble != Mark::None ? t.err : colour_of(t, column_.now_mark);
    const float room = x - area_.x - 15 - 54;
    const std::string words = ui_.fit(Style::MonoBold13, column_.headline, room - 24);
    const float wide = ui_.width(Style::MonoBold13, words) + 24;
    const Rect box{x - 44 - wide, at.y - 15, wide, 30};
    ui_.fill(box, t.panel, 7);
    ui_.frame(box, edge, 7, 2);
    ui_.list.AddTriangleFilled({box.right() - 1, at.y - 6}, {box.right() - 1, at.y + 6},
                               {box.right() + 8, at.y}, edge);
    ui_.text(Style::MonoBold13, box.centre().x, at.y, edge, words, Align::Centre);
    return y + tall;
}

void ColumnPainter::draw_sentence(float y)
{
    ui_.paragraph(Style::Bold14, area_.x + 15, y, area_.w - 30, ui_.theme.text, column_.sentence,
                  shape_.sentence_lines, sentence_line);
}

void ColumnPainter::draw_lines(float y)
{
    const Theme &t = ui_.theme;
    if (column_.lines.empty() || shape_.lines == 0)
        return;
    const Rect box{area_.x + 15, y, area_.w - 30, lines_tall(shape_.lines)};
    ui_.fill(box, t.raised, 8);
    float line = box.y + 15;
    const std::size_t first = column_.lines.size() - std::min(column_.lines.size(), shape_.lines);
    for (std::size_t i = first; i < column_.lines.size(); ++i) {
        const DialogRow &row = column_.lines[i];
        const ImU32 colour = row.trouble != Mark::None ? t.err : colour_of(t, row.mark);
        const Rect chip{box.x + 10, line - 8, 21, 16};
        if (row.filled)
            ui_.fill(chip, colour, 5);
        else
            ui_.frame(chip, colour, 5, 1.6F);
        ui_.text(Style::Bold12, chip.centre().x, line, row.filled ? t.panel : colour, row.chip,
                 Align::Centre);
        if (!row.lines.empty())
            ui_.text(Style::Mono13, box.x + 42, line, t.text,
                     ui_.fit(Style::Mono13, row.lines.front(), box.w - 54));
        ui_.text(Style::Text13, box.x + 42, line + 18, t.text2,
                 ui_.fit(Style::Text13, row.gloss, box.w - 54));
        line += 38;
    }
}

void ColumnPainter::draw_facts(float y)
{
    const Theme &t = ui_.theme;
    for (const std::size_t index : shape_.facts) {
        if (y + 26 > area_.bottom() || index >= column_.facts.size())
            return;
        const CompareFact &fact = column_.facts[index];
        ui_.text(Style::Text13, area_.x + 16, y + 13, t.text2,
                 ui_.fit(Style::Text13, fact.name, area_.w * 0.5F));
        ui_.text(fact.differs ? Style::Bold14 : Style::Text14, area_.x + area_.w * 0.56F, y + 13,
                 t.text, fact.value);
        if (fact.differs)
            ui_.circle({area_.right() - 20, y + 13}, 4, t.text);
        ui_.line({area_.x + 15, y + 26}, {area_.right() - 15, y + 26}, t.line, 1);
        y += 27;
    }
}

} // namespace

namespace
{

/// The story that all columns share, scene by scene, with the present one lit.
class StripPainter
{
public:
    StripPainter(const PanelContext &context, const Rect &strip,
                 const std::vector<ChapterRow> &chapters)
        : ui_(context.ui), words_(context.words), strip_(strip), chapters_(chapters)
    {
    }

    void draw()
    {
        ui_.card(strip_);
        ui_.clip(strip_);
        const float y = strip_.centre().y;
        float x = strip_.x + 16;
        x += ui_.text(Style::Text13, x, y, ui_.theme.text2, words_.view("same-story")) + 22;
        const std::size_t first = first_shown(strip_.right() - x);
        const std::size_t now = place_of_now();
        for (std::size_t i = first; i < chapters_.size(); ++i) {
            const float wide = width_of(chapters_[i]);
            if (x + wide > strip_.right() - 10)
                break;
            if (i > first)
                ui_.line({x - between + 6, y}, {x - 10, y}, ui_.theme.line2, 1.5F);
            draw_scene(i, x, y, i < now);
            x += wide + between;
        }
        ui_.unclip();
    }

private:
    static constexpr float between = 44;
    std::size_t place_of_now() const
    {
        const auto now = std::find_if(chapters_.begin(), chapters_.end(),
                                      [](const ChapterRow &row) { return row.is_now; });
        return static_cast<std::size_t>(now - chapters_.begin());
    }
    float chip_width() { return ui_.width(Style::Bold12, words_.view("now")) + 16; }
    float width_of(const ChapterRow &chapter)
    {
        const Style style = chapter.is_now ? Style::Bold13 : Style::Text13;
        return 28 + ui_.width(style, chapter.title) + (chapter.is_now ? chip_width() + 10 : 0);
    }
    /// Where not all have room, the first ones are left out, never the present one.
    std::size_t first_shown(float room)
    {
        if (chapters_.empty())
            return 0;
        const std::size_t now = std::min(place_of_now(), chapters_.size() - 1);
        float wide = 10;
        std::size_t first = now + 1;
        while (first > 0 && wide + width_of(chapters_[first - 1]) < room)
            wide += width_of(chapters_[--first]) + between;
        return std::min(first, now);
    }
    void draw_scene(std::size_t index, float x, float y, bool past);

    Ui &ui_;
    const Words &words_;
    Rect strip_;
    const std::vector<ChapterRow> &chapters_;
};

void StripPainter::draw_scene(std::size_t index, float x, float y, bool past)
{
    const Theme &t = ui_.theme;
    const ChapterRow &chapter = chapters_[index];
    const float wide = width_of(chapter);
    const auto number = static_cast<int>(index) + 1;
    if (chapter.is_now) {
        const Rect pill{x - 6, y - 16, wide + 16, 32};
        ui_.fill(pill, t.nowbg, 16);
        ui_.frame(pill, t.nowline, 16, 2);
        draw_pin(ui_, number, {x + 10, y}, true);
        const Rect chip{pill.right() - chip_width() - 8, y - 10, chip_width(), 20};
        ui_.fill(chip, t.now, 5);
        ui_.text(Style::Bold12, chip.centre().x, y, t.nowink, words_.view("now"), Align::Centre);
    } else if (past) {
        ui_.ring({x + 10, y}, 10, t.text2, 1.5F);
        draw_sign(ui_, Sign::Check, {x + 10, y}, t.text2, 0.9F);
    } else {
        draw_pin(ui_, number, {x + 10, y}, false, true);
    }
    const Touch touch =
        ui_.touch("chapter." + std::to_string(number), {x - 6, y - 16, wide + 12, 32});
    ui_.text(chapter.is_now ? Style::Bold13 : Style::Text13, x + 28, y,
             past || chapter.is_now || touch.hovered ? t.text : t.text3, chapter.title);
    if (touch.pressed)
        ui_.intend(Act::GoToRecord, chapter.record);
}

ColumnShape shape_of(Ui &ui, const CompareView &view, float wide, float tall)
{
    ColumnShape shape;
    const bool low = tall < roomy_column;
    shape.lines = std::min<std::size_t>(view.lines, low ? 1 : 2);
    if (low) {
        shape.slots = 2;
        shape.wire = 58;
    }
    std::size_t facts = 0;
    for (const CompareColumn &column : view.columns) {
        facts = std::max(facts, column.facts.size());
        shape.sentence_lines = std::max(
            shape.sentence_lines,
            std::min<std::size_t>(
                ui.wrap(Style::Bold14, column.sentence, wide - 2 * column_margin).size(), 2));
    }
    for (std::size_t i = 0; i < facts; ++i)
        shape.facts.push_back(i);
    if (low && !view.columns.empty())
        std::stable_partition(shape.facts.begin(), shape.facts.end(), [&](std::size_t i) {
            return i < view.columns[0].facts.size() && view.columns[0].facts[i].differs;
        });
    return shape;
}

} // namespace

void draw_compare(const PanelContext &context, const Rect &area, const CompareView &view)
{
    Ui &ui = context.ui;
    const Rect strip{area.x, area.y, area.w, 52};
    StripPainter(context, strip, view.chapters).draw();
    const auto count = static_cast<float>(std::max<std::size_t>(view.columns.size(), 1));
    const float wide = (area.w - column_gap * (count - 1)) / count;
    const ColumnShape shape = shape_of(ui, view, wide, area.bottom() - strip.bottom() - 8);
    for (std::size_t i = 0; i < view.columns.size(); ++i) {
        const Rect column{area.x + (wide + column_gap) * static_cast<float>(i), strip.bottom() + 8,
                          wide, area.bottom() - strip.bottom() - 8};
        ColumnPainter(context, column, view.columns[i], shape).draw();
    }
}

} // namespace mailscope::viz
