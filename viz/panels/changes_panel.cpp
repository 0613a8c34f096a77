// What can be changed here and now.
#include "viz/draw/shapes.h"
#include "viz/panels/panels.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr float row_height = 30;
constexpr float box_width = 420;

/// A choice; gives its bottom. One that takes a value shows the present one.
float draw_change(const PanelContext &context, const Rect &row, const ChangeRow &change)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const bool picked = context.state.change == change.id;
    const Touch touch = ui.touch("change." + change.id, row);
    ui.fill(row, touch.hovered ? mixed(t.raised, t.text, 0.08F) : t.raised, 7);
    ui.frame(row, picked ? t.text : t.line, 7, picked ? 2.0F : 1.0F);
    const float value = change.takes_value ? row.w * 0.4F : 0;
    ui.text(Style::Text13, row.x + 12, row.centre().y, t.text,
            ui.fit(Style::Text13, change.label, row.w - value - 24));
    if (change.takes_value && !picked)
        ui.text(Style::Mono12, row.right() - 12, row.centre().y, t.text2,
                ui.fit(Style::Mono12, change.value.empty() ? "…" : change.value, value),
                Align::Right);
    if (touch.pressed && !picked)
        ui.intend(Act::PickChange, 0, change.id);
    return row.bottom() + 4;
}

} // namespace

Rect draw_changes(const PanelContext &context, const Rect &window, const ChangesView &view)
{
    Ui &ui = context.ui;
    const Theme &t = ui.theme;
    const auto count = static_cast<float>(view.rows.size());
    const float room = window.h - 170;
    const float pitch = std::min(row_height + 4, (room - 84) / std::max(count, 1.0F));
    const Rect box{window.x + 20, window.y + 54, box_width, 84 + pitch * count};
    ui.touch("changes.ground", box);
    ui.card(box);
    ui.frame(box, t.line2, 10);
    ui.text(
        Style::Bold17, box.x + 18, box.y + 26, t.text,
        ui.fit(Style::Bold17, context.words.view("changes", {{"text", view.host}}), box.w - 36));
    ui.text(Style::Text12, box.x + 18, box.y + 50, t.text2,
            ui.fit(Style::Text12,
                   context.words.view(context.state.serves ? "live-changes-note" : "changes-note"),
                   box.w - 36));
    Rect field;
    float y = box.y + 68;
    for (const ChangeRow &change : view.rows) {
        const Rect row{box.x + 14, y, box.w - 28, pitch - 4};
        draw_change(context, row, change);
        if (change.takes_value && context.state.change == change.id) {
            field = {row.x + row.w * 0.45F, row.y + 3, row.w * 0.55F - 46, row.h - 6};
            if (ui.button("change.do", {row.right() - 40, row.y + 2, 36, row.h - 4}, "OK", true))
                ui.intend(Act::DoChange);
        }
        y += pitch;
    }
    return field;
}

void draw_notice(const PanelContext &context, const Rect &above, const std::string &text)
{
    if (text.empty())
        return;
    Ui &ui = context.ui;
    const std::string shown = ui.fit(Style::Text13, text, above.w - 60);
    const float wide = ui.width(Style::Text13, shown) + 28;
    const Rect pill{above.x + (above.w - wide) / 2, above.y - 38, wide, 30};
    ui.fill(pill, ui.theme.text, 15);
    ui.text(Style::Text13, pill.centre().x, pill.centre().y, ui.theme.canvas, shown, Align::Centre);
}

} // namespace mailscope::viz
