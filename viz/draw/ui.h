// The surface that panels draw on: shapes, texts, and things that can be pressed.
//
// A thin layer over Dear ImGui's draw list. Texts are placed by their middle and snapped to pixels;
// things to press are registered by a name, so that the mouse, the Tab key and tests all reach them
// in the same way. What lies on top is known from the frame before, so that a thing below another
// one takes no click. Nothing here remembers anything but that list.
#pragma once

#include "viz/draw/fonts.h"
#include "viz/draw/theme.h"
#include "viz/model/intent.h"
#include "viz/model/rows.h"

#include <imgui.h>

#include <string>
#include <string_view>
#include <vector>

namespace mailscope::viz
{

enum class Align : std::uint8_t
{
    Left,
    Centre,
    Right,
};

/// Something that can be pressed, where it was drawn.
struct Item
{
    std::string id;
    Rect area;
    int panel = 0; ///< the panel that it is in
};

/// What kept things from frame to frame: which can be pressed, and which one has the keyboard.
struct Items
{
    std::vector<Item> now;      ///< registered in this frame
    std::vector<Item> before;   ///< in the frame before
    std::string focus;          ///< reached by Tab; empty: none
    std::string held;           ///< where the mouse button went down
    bool focus_pressed = false; ///< Enter on the focused thing

    /// Ends a frame.
    void turn();
    /// Moves the focus by Tab (1) or Shift+Tab (-1).
    void move_focus(int direction);
    /// Moves it to the first thing of the next panel or of the one before.
    void move_panel(int direction);
    /// Moves it to the nearest thing below (1) or above (-1) in the same panel; false when there is
    /// none.
    bool move_row(int direction);
    /// The panel that has the focus; -1: none.
    int focused_panel() const;

private:
    /// What the keyboard reaches: where a box lies over the window, only what is in it.
    std::size_t first_reachable() const;
    std::size_t focused() const;
};

/// What is going on with a thing that can be pressed.
struct Touch
{
    bool hovered = false;
    bool held = false;
    bool pressed = false; ///< in this frame
    bool focused = false;
};

class Ui
{
public:
    Ui(ImDrawList &target, const Theme &colours, Fonts &faces, Items &items)
        : list(target), theme(colours), fonts(faces), items_(items)
    {
    }

    ImDrawList &list;
    const Theme &theme;
    Fonts &fonts;
    int panel = 0;               ///< things to press belong to it
    std::vector<Intent> intents; ///< what the user wants; applied after drawing

    // Text. `y` is the middle of the line.
    float text(Style style, float x, float y, ImU32 colour, std::string_view text,
               Align align = Align::Left);
    float width(Style style, std::string_view text);
    /// The text, or its beginning with "…", so that it is at most `width` wide.
    std::string fit(Style style, std::string_view text, float width);
    /// The lines of the text, broken as the rules of both languages want it.
    std::vector<std::string> wrap(Style style, std::string_view text, float width);
    /// At most `lines_max` of them; the last one ends with "…" where there would be more.
    std::vector<std::string> wrap(Style style, std::string_view text, float width,
                                  std::size_t lines_max);
    /// Draws wrapped lines from the top `y` on, at most `lines_max`; gives the bottom.
    float paragraph(Style style, float x, float y, float width, ImU32 colour, std::string_view text,
                    std::size_t lines_max, float line_height = 0);

    // Shapes.
    void fill(const Rect &area, ImU32 colour, float radius = 0);
    void frame(const Rect &area, ImU32 colour, float radius = 0, float stroke = 1);
    void line(Point a, Point b, ImU32 colour, float stroke = 2);
    /// Along the corners; `dash` 0: solid.
    void polyline(const std::vector<Point> &points, ImU32 colour, float stroke, float dash = 0,
                  float gap = 0);
    void circle(Point centre, float radius, ImU32 colour);
    void ring(Point centre, float radius, ImU32 colour, float stroke = 2);
    void clip(const Rect &area)
    {
        list.PushClipRect({area.x, area.y}, {area.right(), area.bottom()}, true);
    }
    void unclip() { list.PopClipRect(); }

    // Things to press.
    Touch touch(std::string_view id, const Rect &area, std::string_view tooltip = {});
    /// A grey button; the primary one is filled.
    bool button(std::string_view id, const Rect &area, std::string_view label, bool primary = false,
                bool enabled = true, std::string_view tooltip = {});
    /// One of several, side by side; gives the index of the one pressed, or -1.
    int segments(std::string_view id, const Rect &area, const std::vector<std::string> &labels,
                 int chosen);
    void card(const Rect &area);
    /// A small key cap.
    void key_cap(const Rect &area, std::string_view label);
    void focus_ring(const Rect &area, float radius);

    bool is_hovered(const Rect &area) const;
    /// Turns of the wheel over the area in this frame; down is positive.
    float wheel(const Rect &area) const;
    void intend(Act act, std::int64_t number = 0, std::string text = {})
    {
        intents.push_back({act, number, std::move(text), {}});
    }
    void intend(Act act, Point by, std::string text = {})
    {
        intents.push_back({act, 0, std::move(text), by});
    }
    /// The tooltip of the thing that the mouse rests on; drawn at the end of the frame.
    const std::string &tooltip() const { return tooltip_; }
    Point tooltip_at() const { return tooltip_at_; }

private:
    std::string_view top_item(ImVec2 at) const;

    Items &items_;
    std::string tooltip_;
    Point tooltip_at_;
};

inline ImVec2 vec(Point point) { return {point.x, point.y}; }

} // namespace mailscope::viz
