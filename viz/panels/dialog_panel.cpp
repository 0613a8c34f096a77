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
constexpr float words_left = 48;
constexpr std::size_t gloss_lines = 3;

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
    const std::size_t most = row.can_fold ? row.lines.size() * 4 : 6;
    for (const std::string &line : row.lines)
        for (std::string &part : ui.wrap(style, line, width))
            if (result.lines.size() < most)
                result.lines.push_back(std::move(part));
    result.gloss = ui.wrap(Style::Text13, row.gloss, width - (row.trouble != Mark::None ? 20 : 0),
                           gloss_lines);
    result.height = 5 + line_height * static_cast<float>(result.lines.size() + result.gloss.size());
    return result;
}

/// "9 more lines", or the way back; a press unfolds and folds.
void draw_fold(const PanelContext &context, const Rect &place, const DialogRow &row)
{
    if (row.folded == 0 && !row.can_fold)
        return;
    Ui &ui = context.ui;
    const std::string label =
        row.can_fold ? context.words.view("fold")
                     : context.words.view("lines-more", {{"count", std::to_string(row.folded)}});
    const float wide = ui.width(Style::Text12, label) + 22;
    const Rect pill{place.right() - wide, place.y, wide, place.h};
    const Touch touch =
        ui.touch("fold." + std::to_string(row.record), pill, context.words.view("fold-tip"));
    if (touch.hovered)
        ui.fill(pill, mixed(ui.theme.raised, ui.theme.text, 0.08F), 10);
    const ImU32 colour = touch.hovered ? ui.theme.text : ui.theme.text2;
    draw_sign(ui, row.can_fold ? Sign::Down : Sign::Right, {pill.x + 10, pill.centre().y}, colour,
              0.7F);
    ui.text(Style::Text12, pill.right() - 4, pill.centre().y, colour, label, Align::Right);
    if (touch.pressed)
        ui.intend(Act::Unfold, row.record);
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
        ui.text(row.is_now ? Style::MonoBold13 : Style::Mono13, area.x + words_left, line,
                trouble && row.filled ? t.err : t.text, text);
        line += line_height;
    }
    draw_fold(context, {area.right() - 116, middle - 10, 104, 20}, row);
    float left = area.x + words_left;
    if (trouble && !row.chip.empty()) {
        draw_octagon(ui, row.trouble, {left + 7, line}, 6.5F);
        left += 20;
    }
    for (const std::string &text : broken.gloss) {
        ui.text(Style::Text13, left, line, row.is_now || row.chip.empty() ? t.text : t.text2, text);
        line += line_height;
    }
}

/// Who speaks with whom; a press shows the other conversations.
void draw_talk_title(const PanelContext &context, const Rect &area, const DialogView &dialog)
{
    if (dialog.title.empty())
        return;
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const std::string title = ui.fit(Style::Mono12, dialog.title, area.w * 0.6F);
    const float wide = ui.width(Style::Mono12, title) + 38;
    const Rect box{area.right() - wide - 10, area.y + 7, wide, 24};
    const Touch touch = ui.touch("talks", box, context.words.view("talks-tip"));
    ui.fill(box, touch.hovered ? mixed(t.raised, t.text, 0.08F) : t.raised, 7);
    ui.frame(box, context.state.talk >= 0 ? t.text : t.line, 7);
    ui.text(Style::Mono12, box.x + 10, box.centre().y, t.text2, title);
    draw_sign(ui, Sign::Down, {box.right() - 13, box.centre().y}, t.text2, 0.8F);
    if (touch.pressed)
        ui.intend(Act::OpenTalks);
}

/// The list of conversations, over the lines.
void draw_talks(const PanelContext &context, const Rect &area, const DialogView &dialog)
{
    constexpr float pitch = 26;
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const auto fit = static_cast<std::size_t>(std::max(1.0F, (area.h - 54) / pitch));
    const std::size_t shown = std::min(dialog.talks.size(), fit);
    const float wide = std::min(area.w - 20, 460.0F);
    const Rect box{area.right() - wide - 10, area.y + 34, wide,
                   12 + pitch * static_cast<float>(shown)};
    ui.touch("talks.ground", box);
    ui.fill(box, t.panel, 9);
    ui.frame(box, t.line2, 9);
    float y = box.y + 6;
    for (std::size_t i = 0; i < shown; ++i, y += pitch) {
        const TalkRow &talk = dialog.talks[i];
        const Rect row{box.x + 6, y, box.w - 12, pitch - 2};
        const Touch touch = ui.touch("talk." + std::to_string(talk.exchange), row);
        if (touch.hovered || talk.is_shown)
            ui.fill(row, t.raised, 6);
        if (talk.is_shown)
            ui.frame(row, t.text, 6, 1.6F);
        draw_mark(ui, talk.trouble != Mark::None ? talk.trouble : talk.mark,
                  {row.x + 16, row.centre().y}, 6);
        ui.text(Style::Mono12, row.x + 32, row.centre().y, t.text,
                ui.fit(Style::Mono12, talk.title, row.w - 130));
        ui.text(Style::Mono12, row.right() - 8, row.centre().y, t.text3, talk.time, Align::Right);
        if (touch.pressed)
            ui.intend(Act::SelectTalk, talk.is_shown ? -1 : talk.exchange);
    }
}

/// The lines, the last one at the bottom unless the reader has scrolled back.
void draw_lines(const PanelContext &context, const Rect &area, const DialogView &dialog)
{
    Ui &ui = context.ui;
    const Rect list{area.x, area.y + 36, area.w, area.h - 44};
    const float width = area.w - words_left - 20;
    const float scroll = context.state.dialog_scroll;
    if (const float turns = ui.wheel(list); turns != 0)
        ui.intend(Act::ScrollDialog, Point{0, scroll - turns * 3 * line_height});
    std::vector<Broken> shown;
    float height = 0;
    for (auto row = dialog.rows.rbegin(); row != dialog.rows.rend(); ++row) {
        const bool folds = row->folded > 0 || row->can_fold;
        shown.push_back(broken(ui, *row, width - (folds ? 100 : 0)));
        height += shown.back().height;
        const bool whole_rows = scroll == 0 && height > list.h && shown.size() > 1;
        if (whole_rows) {
            height -= shown.back().height;
            shown.pop_back();
        }
        if (whole_rows || height > list.h + scroll)
            break;
    }
    // Not further back than the beginning.
    const float most = std::max(0.0F, height - list.h);
    if (scroll > most && shown.size() == dialog.rows.size())
        ui.intend(Act::ScrollDialog, Point{0, most});
    float y = height > list.h ? list.bottom() - height + std::min(scroll, most) : list.y;
    ui.clip(list);
    for (auto row = shown.rbegin(); row != shown.rend(); ++row) {
        if (y < list.bottom() && y + row->height > list.y)
            draw_row(context, area, *row, y);
        y += row->height;
    }
    ui.unclip();
    if (dialog.rows.empty())
        ui.paragraph(Style::Text13, area.x + 16, list.y + 4, area.w - 32, ui.theme.text3,
                     context.words.view("no-dialog"), 2);
}

} // namespace

void draw_dialog(const PanelContext &context, const Rect &area, const DialogView &dialog)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    ui.card(area);
    ui.clip(area);
    ui.text(Style::Bold13, area.x + 14, area.y + 18, t.text, context.words.view("dialog"));
    draw_talk_title(context, area, dialog);
    const Rect copy{area.x + 14 + ui.width(Style::Bold13, context.words.view("dialog")) + 8,
                    area.y + 7, 24, 24};
    const Touch copied = ui.touch("copy.transcript", copy, context.words.view("copy-transcript"));
    draw_sign(ui, Sign::Copy, copy.centre(), copied.hovered ? t.text : t.text3);
    if (copied.pressed)
        ui.intend(Act::Copy, 1);
    const float note = area.w * 0.4F - 48 - copy.right() + area.x;
    if (!dialog.note.empty() && note > 40)
        ui.text(Style::Text12, copy.right() + 8, area.y + 18, t.text3,
                ui.fit(Style::Text12, dialog.note, note));
    draw_lines(context, area, dialog);
    if (context.state.talks_open)
        draw_talks(context, area, dialog);
    ui.unclip();
}

} // namespace mailscope::viz
