// The small map of a lesson; declared in shapes.h.
#include "viz/draw/shapes.h"

#include <algorithm>
#include <array>

namespace mailscope::viz
{
namespace
{

constexpr float thumb_k = 0.55F; ///< size of machines
/// Across the box, by ThumbPlace; the name servers stand above.
constexpr std::array<float, 7> thumb_across = {0.12F, 0.35F, 0.47F, 0.59F, 0.75F, 0.90F, 0.47F};

class Thumbnail
{
public:
    Thumbnail(Ui &ui, const ThumbRow &row, const Rect &box) : ui_(ui), row_(row), box_(box) {}

    void draw(Mark trouble)
    {
        ui_.fill(box_, ui_.theme.canvas, 8);
        draw_ways(trouble);
        draw_machines();
        if (trouble != Mark::None)
            draw_octagon(ui_, trouble, beside(row_.at), 10);
        else
            draw_traveller();
    }

private:
    Point at(ThumbPlace place) const
    {
        const float y = place == ThumbPlace::Names ? box_.y + 22 : box_.y + box_.h * 0.64F;
        return {box_.x + box_.w * thumb_across[static_cast<std::size_t>(place)], y};
    }
    /// An octagon stands at a machine, not upon it.
    Point beside(ThumbPlace place) const
    {
        const Point c = at(place);
        return place == ThumbPlace::Line    ? c
               : place == ThumbPlace::Names ? Point{c.x + 17, c.y}
                                            : Point{c.x + 13, c.y - 15};
    }
    bool is_lit(ThumbPlace place) const
    {
        return place == ThumbPlace::Names ? row_.names : place >= row_.first && place <= row_.last;
    }
    ImU32 stroke(ThumbPlace place) const
    {
        return is_lit(place) ? ui_.theme.text : ui_.theme.line2;
    }
    void way(ThumbPlace a, ThumbPlace b, Mark mark)
    {
        const bool lit = is_lit(a) && is_lit(b);
        ui_.line(at(a), at(b), lit ? colour_of(ui_.theme, mark) : ui_.theme.line2,
                 lit ? 2.5F : 1.6F);
    }
    void draw_ways(Mark trouble);
    void draw_machines();
    void draw_traveller();

    Ui &ui_;
    const ThumbRow &row_;
    Rect box_;
};

void Thumbnail::draw_ways(Mark trouble)
{
    way(ThumbPlace::Submission, ThumbPlace::Names, Mark::Dns);
    way(ThumbPlace::Writer, ThumbPlace::Submission, Mark::Smtp);
    way(ThumbPlace::Submission, ThumbPlace::Relay, Mark::Smtp);
    way(ThumbPlace::Relay, ThumbPlace::Box, Mark::Smtp);
    if (!row_.devices)
        way(ThumbPlace::Box, ThumbPlace::Reader, row_.reading);
    if (row_.moved) {
        const Point from = at(ThumbPlace::Relay);
        const Point to{at(ThumbPlace::Reader).x, box_.y + 20};
        const ImU32 colour = trouble == Mark::None ? ui_.theme.protocol[0] : ui_.theme.err;
        ui_.polyline({{from.x + 14, from.y - 12}, to}, colour, 2, 4, 4);
        draw_arrow_head(ui_, to, to.x - from.x, to.y - from.y, colour, 6);
    }
}

void Thumbnail::draw_machines()
{
    const Theme &t = ui_.theme;
    const auto machine = [&](HostShape shape, Point c, ThumbPlace place) {
        draw_host(ui_, shape, c, thumb_k, stroke(place), t.canvas,
                  shape == HostShape::Mailbox && row_.full);
    };
    if (row_.home) {
        const Point c = at(ThumbPlace::Writer);
        const Rect home{c.x - 26, c.y - 30, 60, 56};
        ui_.frame(home, t.text2, 9, 1.6F);
    }
    draw_mark(ui_, Mark::Dns, at(ThumbPlace::Names), 8,
              is_lit(ThumbPlace::Names) ? colour_of(t, Mark::Dns) : t.line2);
    machine(HostShape::Laptop, at(ThumbPlace::Writer), ThumbPlace::Writer);
    machine(HostShape::Server, at(ThumbPlace::Submission), ThumbPlace::Submission);
    machine(HostShape::Server, at(ThumbPlace::Relay), ThumbPlace::Relay);
    machine(HostShape::Mailbox, at(ThumbPlace::Box), ThumbPlace::Box);
    const Point reader = at(ThumbPlace::Reader);
    if (!row_.devices)
        return machine(HostShape::Laptop, reader, ThumbPlace::Reader);
    const ImU32 colour = is_lit(ThumbPlace::Reader) ? colour_of(t, row_.reading) : t.line2;
    for (const float y : {reader.y - 24, reader.y + 14})
        ui_.line({at(ThumbPlace::Box).x + 12, reader.y}, {reader.x, y}, colour, 2.5F);
    machine(HostShape::Laptop, {reader.x, reader.y - 24}, ThumbPlace::Reader);
    machine(HostShape::Phone, {reader.x, reader.y + 14}, ThumbPlace::Reader);
}

/// What is on its way where nothing goes wrong.
void Thumbnail::draw_traveller()
{
    const Theme &t = ui_.theme;
    const Point c = at(row_.at);
    switch (row_.at) {
    case ThumbPlace::Names:
        break; // The way to it is lit.
    case ThumbPlace::Reader:
    case ThumbPlace::Box: {
        const float x = (at(ThumbPlace::Box).x + at(ThumbPlace::Reader).x) / 2;
        const Point middle{x, c.y - (row_.devices ? 9.0F : 0.0F)};
        ui_.circle(middle, 9, t.canvas);
        draw_mark(ui_, row_.reading, middle, 6);
        break;
    }
    case ThumbPlace::Writer: {
        const Point out{(c.x + at(ThumbPlace::Submission).x) / 2 + 6, c.y};
        draw_mark(ui_, Mark::Smtp, out, 6);
        break;
    }
    default:
        draw_envelope(ui_, c, 24, t.protocol[0]);
        break;
    }
}

} // namespace

void draw_thumbnail(Ui &ui, const ThumbRow &thumb, Mark trouble, const Rect &box)
{
    Thumbnail(ui, thumb, box).draw(trouble);
}

} // namespace mailscope::viz
