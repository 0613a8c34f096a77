// The bars between panels.
#include "viz/panels/panels.h"

namespace mailscope::viz
{

void draw_split_bars(const PanelContext &context, const ScreenLayout &screen)
{
    Ui &ui = context.ui;
    const ImGuiIO &io = ImGui::GetIO();
    for (std::size_t i = 0; i < screen.bars.size(); ++i) {
        const Rect &bar = screen.bars[i];
        if (bar.w <= 0)
            continue;
        const Touch touch = ui.touch("bar." + std::to_string(i), bar);
        const bool upright = bar.h > bar.w;
        if (touch.hovered || touch.held || touch.focused) {
            const Rect line = upright ? Rect{bar.centre().x - 1, bar.y + 6, 2, bar.h - 12}
                                      : Rect{bar.x + 6, bar.centre().y - 1, bar.w - 12, 2};
            ui.fill(line, ui.theme.text2, 1);
            ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
        }
        if (touch.hovered && io.MouseDoubleClicked[0])
            ui.intend(Act::ResetBars);
        else if (touch.held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0))
            ui.intents.push_back({Act::DragBar,
                                  static_cast<std::int64_t>(i),
                                  {},
                                  {io.MouseDelta.x, io.MouseDelta.y}});
    }
}

} // namespace mailscope::viz
