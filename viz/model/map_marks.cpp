// Places for badges and pins.
#include "viz/model/map_marks.h"

#include "viz/model/callout_place.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace mailscope::viz
{
namespace
{

constexpr float mark_gap = 2;        ///< between a machine and what stands around it
constexpr float octagon_air = 11;    ///< of a machine with trouble: its radius, and a little air
constexpr float bar_from = 25;       ///< how full a mailbox is: from the level of the icon
constexpr float bar_to = 34;         ///< with its frame
constexpr std::size_t in_column = 3; ///< pins

/// What of an icon nothing may stand upon: its own badges may touch its corners.
Rect core_of(const HostRow &host, const MapLens &lens)
{
    const Point at = lens.at(host.at);
    const float k = lens.k * (host.label_right ? 0.78F : 1.0F);
    return {at.x - 16 * k, at.y - 16 * k, 32 * k, 36 * k};
}

bool holds(const Rect &ground, const Rect &box)
{
    return box.x >= ground.x && box.right() <= ground.right() && box.y >= ground.y &&
           box.bottom() <= ground.bottom();
}

class Marker
{
public:
    Marker(const MapView &map, const Rect &area, const MapLens &lens, const MapWords &words,
           const MeasureText &measure)
        : map_(map), area_(area), lens_(lens), measure_(measure), marks_(map.hosts.size())
    {
        taken_.push_back(map_buttons(area));
        if (words.key.shown)
            taken_.push_back(words.key.area);
        for (const CaptionWords &caption : words.captions)
            if (caption.shown)
                taken_.push_back(caption.area);
        for (const HostWords &host : words.hosts)
            if (host.shown)
                taken_.push_back(host.area);
        for (const HostRow &host : map.hosts) {
            if (host.trouble != Mark::None) {
                const Point at = trouble_place(host, lens);
                taken_.push_back(
                    {at.x - octagon_air, at.y - octagon_air, 2 * octagon_air, 2 * octagon_air});
            }
            if (host.filled >= 0) {
                const Point at = lens.at(host.at);
                taken_.push_back({at.x + bar_from * lens.k, at.y - 18 * lens.k,
                                  (bar_to - bar_from) * lens.k, 36 * lens.k});
            }
        }
    }

    std::vector<HostMarks> place()
    {
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            place_badges(i);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            place_pins(i);
        return std::move(marks_);
    }

private:
    void place_badges(std::size_t host);
    void place_pins(std::size_t host);
    std::vector<Rect> around(std::size_t host, float wide, float tall) const;
    float hidden_by(const Rect &box, std::size_t host) const;
    std::optional<Rect> free_one(const std::vector<Rect> &places, std::size_t host) const;
    Rect nearest(std::size_t host, float wide, float tall) const;
    Rect home_of(std::size_t host) const;

    const MapView &map_;
    Rect area_;
    const MapLens &lens_;
    const MeasureText &measure_;
    std::vector<HostMarks> marks_;
    std::vector<Rect> taken_;
};

/// The region that the machine stands in; the whole map where it stands in none.
Rect Marker::home_of(std::size_t host) const
{
    const Point at = map_.hosts[host].at;
    for (const RegionRow &region : map_.regions)
        if (region.area.contains(at.x, at.y))
            return lens_.at(region.area);
    return area_;
}

/// Places for a box around the machine, the one that reads best first.
std::vector<Rect> Marker::around(std::size_t host, float wide, float tall) const
{
    const Point at = lens_.at(map_.hosts[host].at);
    const Rect icon = icon_area(map_.hosts[host], lens_);
    const bool low = map_.hosts[host].label_right; // Its name stands to the right.
    const float k = lens_.k;
    const float left = icon.x - mark_gap - wide;
    const float right = icon.right() + mark_gap;
    const float above = icon.y + 6 * k - tall;
    const float below = icon.bottom() + mark_gap;
    const float level = at.y - 4 * k - tall / 2;
    std::vector<Rect> places = {
        {at.x + (low ? -14.0F : 14.0F) * k, above, wide, tall},
        {at.x - 14 * k - wide, above, wide, tall},
        {at.x - wide / 2, icon.y - tall, wide, tall},
        {right, level, wide, tall},
        {left, level, wide, tall},
        {right, icon.y - 4, wide, tall},
        {left, icon.y - 4, wide, tall},
        {right, icon.bottom() - tall, wide, tall},
        {left, icon.bottom() - tall, wide, tall},
        {at.x + 14 * k, icon.y - tall - 2, wide, tall},
        {at.x - 14 * k - wide, icon.y - tall - 2, wide, tall},
        {at.x - wide / 2, below, wide, tall},
    };
    // Farther out, where much stands close by.
    for (const float far : {14.0F, 28.0F, 44.0F})
        for (const float x : {at.x - wide / 2, right + far, left - far})
            for (const float y : {icon.y - tall - far, level, below + far})
                places.push_back({x, y, wide, tall});
    for (Rect &box : places)
        box = {std::round(box.x), std::round(box.y), std::ceil(wide), tall};
    return places;
}

/// How much of what stands on the map the box would hide.
float Marker::hidden_by(const Rect &box, std::size_t host) const
{
    float hidden = overlap_of(box, core_of(map_.hosts[host], lens_));
    for (const Rect &taken : taken_)
        hidden += overlap_of(box, taken);
    for (std::size_t i = 0; i < map_.hosts.size(); ++i)
        if (i != host)
            hidden += overlap_of(box, icon_area(map_.hosts[i], lens_));
    return hidden;
}

/// The first place that is free, at home before anywhere on the map.
std::optional<Rect> Marker::free_one(const std::vector<Rect> &places, std::size_t host) const
{
    // A cloud goes on above its box.
    Rect home = home_of(host);
    home = {home.x, home.y - 24 * lens_.k, home.w, home.h + 24 * lens_.k};
    for (const bool anywhere : {false, true})
        for (const Rect &box : places)
            if (holds(area_, box) && (anywhere || holds(home, box)) && hidden_by(box, host) <= 0)
                return box;
    return std::nullopt;
}

/// Where much stands around the machine: the free place nearest to it; or what hides least.
Rect Marker::nearest(std::size_t host, float wide, float tall) const
{
    constexpr float step = 5;
    constexpr int steps = 30;
    const Point at = lens_.at(map_.hosts[host].at);
    Rect best{std::round(at.x), std::round(at.y), std::ceil(wide), tall};
    float least = -1;
    for (int i = -steps; i <= steps; ++i)
        for (int k = -steps; k <= steps; ++k) {
            const Point by{step * static_cast<float>(i), step * static_cast<float>(k)};
            const Rect box{std::round(at.x + by.x - wide / 2), std::round(at.y + by.y - tall / 2),
                           std::ceil(wide), tall};
            const float far = std::hypot(by.x, by.y);
            if (!holds(area_, box) || (least >= 0 && far >= least))
                continue;
            const float cost = far + hidden_by(box, host) * 100;
            if (least < 0 || cost < least) {
                least = cost;
                best = box;
            }
        }
    return best;
}

void Marker::place_badges(std::size_t host)
{
    for (const BadgeRow &badge : map_.hosts[host].badges) {
        const float wide = badge_width(badge, measure_);
        const std::optional<Rect> free = free_one(around(host, wide, mark_tall), host);
        marks_[host].badges.push_back(free ? *free : nearest(host, wide, mark_tall));
        taken_.push_back(marks_[host].badges.back());
    }
}

/// All together, beside each other or in columns; each by itself where they have no room.
void Marker::place_pins(std::size_t host)
{
    const std::size_t count = map_.hosts[host].pins.size();
    if (count == 0)
        return;
    struct Shape
    {
        std::size_t across;
        std::size_t down;
    };
    const std::size_t columns = (count + in_column - 1) / in_column;
    const std::array<Shape, 3> shapes = {
        {{columns, (count + columns - 1) / columns}, {(count + 1) / 2, 2}, {count, 1}}};
    std::vector<Rect> places;
    for (const Shape &shape : shapes)
        for (const Rect &box : around(host, mark_tall * static_cast<float>(shape.across),
                                      mark_tall * static_cast<float>(std::min(shape.down, count))))
            places.push_back(box);
    // To the left first: badges stand to the right.
    std::stable_partition(places.begin(), places.end(), [&](const Rect &box) {
        return box.right() <= lens_.at(map_.hosts[host].at).x;
    });
    std::vector<Point> &pins = marks_[host].pins;
    const std::optional<Rect> all = free_one(places, host);
    while (pins.size() < count) {
        Rect box = all ? *all : nearest(host, mark_tall, mark_tall);
        if (all) {
            const auto down = static_cast<std::size_t>(std::lround(all->h / mark_tall));
            const std::size_t column = pins.size() / down;
            box.x += mark_tall * static_cast<float>(column);
            box.y += mark_tall * static_cast<float>(pins.size() % down);
        }
        taken_.push_back({box.x, box.y, mark_tall, mark_tall});
        pins.push_back({box.x + mark_tall / 2, box.y + mark_tall / 2});
    }
}

} // namespace

float badge_width(const BadgeRow &badge, const MeasureText &measure)
{
    constexpr float sign = 27;
    constexpr float end = 6;
    constexpr float clock = 22; ///< the ring of a wait, around the number
    return badge.wait >= 0 ? sign + clock : sign + measure(MapText::Badge, badge.text) + end;
}

Point trouble_place(const HostRow &host, const MapLens &lens)
{
    const Point at = lens.at(host.at);
    return {at.x - 20 * lens.k, at.y - 18 * lens.k};
}

std::vector<HostMarks> place_map_marks(const MapView &map, const Rect &area, const MapLens &lens,
                                       const MapWords &words, const MeasureText &measure)
{
    return Marker(map, area, lens, words, measure).place();
}

} // namespace mailscope::viz
