// State diagrams.
#include "viz/draw/state_diagram.h"

#include "viz/draw/shapes.h"

#include <algorithm>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr float box_height = 20;
constexpr float row_pitch = 38;
constexpr int curve_parts = 20;

class DiagramPainter
{
public:
    DiagramPainter(Ui &ui, const Rect &area, const EngineView &engine)
        : ui_(ui), area_(area), engine_(engine)
    {
        float widest = 60;
        for (const StateNode &state : engine.states)
            widest = std::max(widest, ui.width(Style::Bold12, state.name) + 14);
        const auto fit = static_cast<std::size_t>((area.w + 18) / (widest + 18));
        columns_ = std::clamp<std::size_t>(fit, 1, std::max<std::size_t>(engine.states.size(), 1));
        const float pitch = area.w / static_cast<float>(columns_);
        for (std::size_t i = 0; i < engine.states.size(); ++i) {
            const std::size_t row = i / columns_;
            const std::size_t along = i % columns_;
            const std::size_t column = row % 2 == 0 ? along : columns_ - 1 - along;
            const float wide = ui.width(Style::Bold12, engine.states[i].name) + 14;
            const Point middle{area.x + pitch * (static_cast<float>(column) + 0.5F),
                               area.y + row_pitch * static_cast<float>(row) + 16};
            boxes_.push_back({middle.x - wide / 2, middle.y - box_height / 2, wide, box_height});
        }
    }

    float draw()
    {
        for (const bool lit : {false, true})
            for (const StateEdge &edge : engine_.edges)
                if (edge.is_exit == lit)
                    draw_edge(edge);
        for (std::size_t i = 0; i < boxes_.size(); ++i)
            draw_box(boxes_[i], engine_.states[i]);
        return boxes_.empty() ? area_.y : boxes_.back().bottom() + 12;
    }

private:
    void draw_box(const Rect &box, const StateNode &state);
    void draw_edge(const StateEdge &edge);
    bool has_reverse(const StateEdge &edge) const;

    Ui &ui_;
    Rect area_;
    const EngineView &engine_;
    std::size_t columns_ = 1;
    std::vector<Rect> boxes_;
};

void DiagramPainter::draw_box(const Rect &box, const StateNode &state)
{
    const Theme &t = ui_.theme;
    const ImU32 edge = state.is_now || state.follows ? t.text : t.line2;
    if (state.from_anywhere) {
        // An arrow without a beginning: some input leads here from everywhere.
        const Point tip{box.x + 8, box.y};
        ui_.line({tip.x - 5, tip.y - 9}, {tip.x - 2, tip.y - 4}, edge, 1.3F);
        draw_arrow_head(ui_, tip, 0.45F, 0.89F, edge, 4.5F);
        ui_.circle({tip.x - 5, tip.y - 9}, 2, edge);
    }
    ui_.fill(box, state.is_now ? t.now : t.raised, 6);
    ui_.frame(box, state.is_now ? t.nowline : edge, 6, state.is_now || state.follows ? 1.6F : 1.0F);
    ui_.text(state.is_now ? Style::Bold12 : Style::Text12, box.centre().x, box.centre().y,
             state.is_now    ? t.nowink
             : state.follows ? t.text
                             : t.text2,
             state.name, Align::Centre);
}

bool DiagramPainter::has_reverse(const StateEdge &edge) const
{
    return std::any_of(engine_.edges.begin(), engine_.edges.end(), [&](const StateEdge &other) {
        return other.from == edge.to && other.to == edge.from;
    });
}

void DiagramPainter::draw_edge(const StateEdge &edge)
{
    const ImU32 colour = edge.is_exit ? ui_.theme.text : ui_.theme.line2;
    const float stroke = edge.is_exit ? 1.8F : 1.1F;
    const Rect &a = boxes_[edge.from];
    const Rect &b = boxes_[edge.to];
    if (edge.from == edge.to) {
        ui_.ring({a.right() - 2, a.y}, 5, colour, stroke);
        return;
    }
    const Point from = a.centre();
    const Point to = b.centre();
    const float length = std::max(std::hypot(to.x - from.x, to.y - from.y), 1.0F);
    const Point side{-(to.y - from.y) / length, (to.x - from.x) / length};
    // Long ways bend, so that they do not run through the boxes between; pairs keep apart.
    const float pitch = area_.w / static_cast<float>(columns_);
    const bool near = std::abs(to.x - from.x) < pitch * 1.4F && std::abs(to.y - from.y) < 50;
    const bool in_line = std::abs(to.x - from.x) < pitch * 0.5F || std::abs(to.y - from.y) < 10;
    const float bend = near ? (has_reverse(edge) ? 8.0F : 0.0F) : in_line ? pitch * 0.9F : 24.0F;
    const Point middle{(from.x + to.x) / 2 + side.x * bend, (from.y + to.y) / 2 + side.y * bend};
    std::vector<Point> way;
    for (int i = 0; i <= curve_parts; ++i) {
        const float v = static_cast<float>(i) / static_cast<float>(curve_parts);
        const float u = 1 - v;
        const Point at{u * u * from.x + 2 * u * v * middle.x + v * v * to.x,
                       u * u * from.y + 2 * u * v * middle.y + v * v * to.y};
        if (!a.inner(-1).contains(at.x, at.y) && !b.inner(-2).contains(at.x, at.y))
            way.push_back(at);
    }
    if (way.size() < 2)
        return;
    ui_.polyline(way, colour, stroke);
    const Point tip = way.back();
    const Point before = way[way.size() - 2];
    const float part = std::max(std::hypot(tip.x - before.x, tip.y - before.y), 0.01F);
    draw_arrow_head(ui_, tip, (tip.x - before.x) / part, (tip.y - before.y) / part, colour, 5);
}

} // namespace

float draw_state_diagram(Ui &ui, const Rect &area, const EngineView &engine)
{
    return DiagramPainter(ui, area, engine).draw();
}

} // namespace mailscope::viz
