// What is said in the conversation, line by line.
#include "viz/draw/shapes.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <utility>

namespace mailscope::viz
{
namespace
{

constexpr float line_height = 18;
constexpr float text_left = 48;
constexpr std::size_t gloss_lines = 2;

/// A row with its texts broken to fit.
struct Broken
{
    const DialogRow *row = nullptr;
    std::vector<std::string> lines;
    std::vector<std::string> gloss;
    float height = 0;
};

Broken broken(Ui &ui, const DialogRow &row, float width)
{
    Broken result;
    result.row = &row;
    const Style style = row.is_now ? Style::MonoBold13 : Style::Mono13;
    for (const std::string &line : row.lines)
        for (std::string &part : ui.wrap(style, line, width))
            if (result.lines.size() < 6)
                result.lines.push_back(std::move(part));
    result.gloss = ui.wrap(Style::Text13, row.gloss, width - (row.trouble != Mark::None ? 20 : 0));
    if (result.gloss.size() > gloss_lines)
        result.gloss.resize(gloss_lines);
    result.height = 5 + line_height * static_cast<float>(result.lines.size() + result.gloss.size());
    return result;
}

void draw_row(const PanelContext &context, const Rect &area, const Broken &broken, float y)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const DialogRow &row = *broken.row;
    const Rect band{area.x + 6, y, area.w - 12, broken.height};
    const Touch touch = ui.touch("dialog." + std::to_string(row.record), band);
    if (row.is_now) {
        ui.fill(band, t.nowbg, 4);
        ui.fill({band.x, band.y, 4, band.h}, t.nowline, 1);
    } else if (touch.hovered) {
        ui.fill(band, t.raised, 4);
    }
    if (touch.pressed)
        ui.intend(Act::GoToRecord, row.record);
    const bool trouble = row.trouble != Mark::None;
    const ImU32 colour = trouble ? t.err : colour_of(t, row.mark);
    const float middle = y + 3 + line_height / 2;
    const Rect chip{area.x + 15, middle - 8, 21, 16};
    if (row.chip.empty()) {
        if (trouble)
            draw_octagon(ui, row.trouble, chip.centre(), 7);
        else
            draw_mark(ui, row.mark, chip.centre(), 5);
    } else if (row.filled) {
        ui.fill(chip, trouble ? t.errsolid : colour, 5);
        ui.text(Style::Bold12, chip.centre().x, middle, trouble ? t.errink : t.panel, row.chip,
                Align::Centre);
    } else {
        ui.frame(chip, colour, 5, 1.6F);
        ui.text(Style::Bold12, chip.centre().x, middle, colour, row.chip, Align::Centre);
    }
    float line = middle;
    for (const std::string &text : broken.lines) {
        ui.text(row.is_now ? Style::MonoBold13 : Style::Mono13, area.x + text_left, line,
                trouble && row.filled ? t.err : t.text, text);
        line += line_height;
    }
    if (row.folded > 0)
        ui.text(Style::Text12, area.right() - 16, middle, t.text3,
                context.words.view("lines-more", {{"count", std::to_string(row.folded)}}),
                Align::Right);
    float left = area.x + text_left;
    if (trouble && !row.chip.empty()) {
        draw_octagon(ui, row.trouble, {left + 7, line}, 6.5F);
        left += 20;
    }
    for (const std::string &text : broken.gloss) {
        ui.text(Style::Text13, left, line, row.is_now || row.chip.empty() ? t.text : t.text2, text);
        line += line_height;
    }
}

} // namespace

void draw_dialog(const PanelContext &context, const Rect &area, const DialogView &dialog)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    ui.card(area);
    ui.clip(area);
    ui.text(Style::Bold13, area.x + 14, area.y + 18, t.text, context.words.view("dialog"));
    if (!dialog.title.empty()) {
        const std::string title = ui.fit(Style::Mono12, dialog.title, area.w * 0.6F);
        const float wide = ui.width(Style::Mono12, title) + 20;
        const Rect box{area.right() - wide - 10, area.y + 7, wide, 24};
        ui.fill(box, t.raised, 7);
        ui.frame(box, t.line, 7);
        ui.text(Style::Mono12, box.centre().x, box.centre().y, t.text2, title, Align::Centre);
    }
    const Rect copy{area.x + 14 + ui.width(Style::Bold13, context.words.view("dialog")) + 8,
                    area.y + 7, 24, 24};
    const Touch copied = ui.touch("copy.transcript", copy, context.words.view("copy-transcript"));
    draw_sign(ui, Sign::Copy, copy.centre(), copied.hovered ? t.text : t.text3);
    if (copied.pressed)
        ui.intend(Act::Copy, 1);
    if (!dialog.note.empty())
        ui.text(Style::Text12, copy.right() + 8, area.y + 18, t.text3, dialog.note);
    const Rect list{area.x, area.y + 36, area.w, area.h - 44};
    const float width = area.w - text_left - 20;
    std::vector<Broken> shown;
    float height = 0;
    for (auto row = dialog.rows.rbegin(); row != dialog.rows.rend(); ++row) {
        shown.push_back(broken(ui, *row, width - (row->folded > 0 ? 70 : 0)));
        height += shown.back().height;
        if (height > list.h && shown.size() > 1) {
            height -= shown.back().height;
            shown.pop_back();
            break;
        }
    }
    float y = list.y;
    for (auto row = shown.rbegin(); row != shown.rend(); ++row) {
        draw_row(context, area, *row, y);
        y += row->height;
    }
    if (dialog.rows.empty())
        ui.paragraph(Style::Text13, area.x + 16, list.y + 4, area.w - 32, t.text3,
                     context.words.view("no-dialog"), 2);
    ui.unclip();
}

} // namespace mailscope::viz
