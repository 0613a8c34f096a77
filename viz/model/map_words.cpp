// Places for the words on the map.
#include "viz/model/map_words.h"

#include "viz/model/callout_place.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

namespace mailscope::viz
{
namespace
{

constexpr float line_height = 17;
constexpr float pad = 3; ///< left and right of a text
constexpr float caption_in = 12;
constexpr float caption_tall = 16;
constexpr float roomy = 0.86F;    ///< from it on everybody has an address
constexpr float stretch_most = 2; ///< across against down
constexpr float stretch_least = 0.8F;
constexpr float key_row = 16.5F;
constexpr float key_mark = 22; ///< from a mark's left end to its name
constexpr float key_gap = 16;  ///< between two marks
constexpr float key_pad = 6;

/// How many marks stand in a row of the key, and whether it has a title; no marks: the title alone.
struct KeyShape
{
    std::size_t in_row = 1;
    bool titled = true;
};
constexpr KeyShape key_shapes[] = {{3}, {2}, {4}, {1}, {5}, {10}, {1, false}, {0}};

/// A key in such a shape, before it has a place.
struct KeyForm
{
    float w = 0;
    float h = 0;
    Point title;
    std::vector<KeyCell> cells;
};

class Placer
{
public:
    Placer(const MapView &map, const Rect &area, const MapLens &lens, const MeasureText &measure)
        : map_(map), area_(area), lens_(lens), measure_(measure)
    {
        words_.hosts.resize(map.hosts.size());
        words_.captions.resize(map.regions.size());
        for (const HostRow &host : map.hosts) {
            icons_.push_back(icon_area(host, lens));
            wide_.push_back(measure(MapText::Name, host.name));
        }
        fixed_.push_back(map_buttons(area));
    }

    MapWords place(const std::vector<std::string> &names, std::string_view title, int selected)
    {
        for (std::size_t i = 0; i < map_.regions.size(); ++i)
            place_caption(i);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            if (is_lasting(i))
                place_name(i);
        place_key(names, title);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            add_address(i);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            if (!is_lasting(i))
                clear_ground(i);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            if (!words_.hosts[i].shown &&
                (map_.hosts[i].takes_part || !is_lasting(i) || map_.hosts[i].host == selected))
                force_name(i);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            if (!is_lasting(i))
                add_address(i);
        add_networks();
        return std::move(words_);
    }

private:
    /// Whether it is there from step to step.
    bool is_lasting(std::size_t host) const
    {
        return map_.hosts[host].shape != HostShape::GhostMailbox;
    }
    float address_width(std::size_t host) const
    {
        return measure_(is_lasting(host) ? MapText::Address : MapText::Note,
                        map_.hosts[host].address);
    }
    std::array<Side, 4> sides(std::size_t host) const
    {
        if (map_.hosts[host].label_right)
            return {Side::Right, Side::Below, Side::Left, Side::Above};
        return {Side::Below, Side::Right, Side::Left, Side::Above};
    }

    Rect box(std::size_t host, Side side, bool second) const;
    bool is_free(const Rect &box, std::size_t host) const;
    void settle(std::size_t host, Side side, bool second);
    void place_caption(std::size_t region);
    void place_name(std::size_t host);
    bool is_at_home(const Rect &place, std::size_t host) const;
    void add_address(std::size_t host);
    void clear_ground(std::size_t host);
    void force_name(std::size_t host);
    bool may_yield(std::size_t host) const
    {
        return is_lasting(host) && !map_.hosts[host].takes_part;
    }
    KeyForm form(const std::vector<float> &wide, float title, KeyShape shape) const;
    void place_key(const std::vector<std::string> &names, std::string_view title);
    Rect all_of(const RegionRow &region) const;
    std::vector<Point> key_corners(const KeyForm &form) const;
    void try_key(const KeyForm &form, KeyShape shape, bool on_regions);
    void add_networks();

    const MapView &map_;
    Rect area_;
    const MapLens &lens_;
    const MeasureText &measure_;
    MapWords words_;
    std::vector<Rect> icons_;
    std::vector<float> wide_; ///< names
    std::vector<Rect> fixed_; ///< what never yields
    float key_cost_ = 0;
};

Rect Placer::box(std::size_t host, Side side, bool second) const
{
    const Point at = lens_.at(map_.hosts[host].at);
    const Rect &icon = icons_[host];
    const float wide =
        (second ? std::max(wide_[host], address_width(host)) : wide_[host]) + 2 * pad;
    const float tall = second ? 2 * line_height : line_height;
    switch (side) {
    case Side::Below:
        return {at.x - wide / 2, icon.bottom() + 1, wide, tall};
    case Side::Above:
        return {at.x - wide / 2, icon.y - 1 - tall, wide, tall};
    case Side::Right:
        return {icon.right() - 1, at.y - tall / 2, wide, tall};
    case Side::Left:
        break;
    }
    return {icon.x + 1 - wide, at.y - tall / 2, wide, tall};
}

bool Placer::is_free(const Rect &box, std::size_t host) const
{
    if (box.x < area_.x || box.y < area_.y || box.right() > area_.right() ||
        box.bottom() > area_.bottom())
        return false;
    for (std::size_t i = 0; i < icons_.size(); ++i)
        if (i != host && (overlap_of(box, icons_[i]) > 0 ||
                          (words_.hosts[i].shown && overlap_of(box, words_.hosts[i].area) > 0)))
            return false;
    for (const CaptionWords &caption : words_.captions)
        if (caption.shown && overlap_of(box, caption.area) > 0)
            return false;
    return std::none_of(fixed_.begin(), fixed_.end(),
                        [&](const Rect &taken) { return overlap_of(box, taken) > 0; });
}

void Placer::settle(std::size_t host, Side side, bool second)
{
    HostWords &words = words_.hosts[host];
    words.shown = true;
    words.second = second;
    words.side = side;
    words.area = box(host, side, second);
    const float x = side == Side::Right  ? words.area.x + pad
                    : side == Side::Left ? words.area.right() - pad
                                         : words.area.x + words.area.w / 2;
    words.name = {x, words.area.y + line_height / 2};
    words.address = {x, words.name.y + line_height - 1};
}

/// In a corner of its region where nothing stands; the name is cut when the region is narrow.
void Placer::place_caption(std::size_t region)
{
    const RegionRow &row = map_.regions[region];
    const Rect ground = lens_.at(row.area);
    const float most = ground.w - 2 * caption_in;
    const float wide = std::min(measure_(MapText::Caption, row.name) + 2 * pad, most);
    constexpr float shortest = 24;
    if (row.name.empty() || wide < shortest)
        return;
    const float left = ground.x + caption_in;
    const float right = ground.right() - caption_in - wide;
    const float top = ground.y + 7;
    const float low = ground.bottom() - 6 - caption_tall;
    std::array<Point, 4> corners = {{{left, low}, {right, low}, {left, top}, {right, top}}};
    if (row.tint == RegionTint::Dns)
        std::rotate(corners.begin(), corners.begin() + 2, corners.end());
    for (const Point corner : corners) {
        const Rect box{corner.x, corner.y, wide, caption_tall};
        if (!is_free(box, map_.hosts.size()))
            continue;
        words_.captions[region] = {true, {box.x + pad, box.y + caption_tall / 2}, box, false};
        return;
    }
}

void Placer::place_name(std::size_t host)
{
    const Point at = lens_.at(map_.hosts[host].at);
    if (!area_.contains(at.x, at.y) || map_.hosts[host].name.empty())
        return;
    // Rather inside its region than outside.
    for (const bool anywhere : {false, true})
        for (const Side side : sides(host)) {
            const Rect place = box(host, side, false);
            if ((anywhere || is_at_home(place, host)) && is_free(place, host))
                return settle(host, side, false);
        }
}

/// Whether the place lies in the region that the host stands in.
bool Placer::is_at_home(const Rect &place, std::size_t host) const
{
    const Point at = map_.hosts[host].at;
    for (const RegionRow &region : map_.regions) {
        const Rect ground = lens_.at(region.area);
        if (region.area.contains(at.x, at.y))
            return place.x >= ground.x && place.right() <= ground.right() && place.y >= ground.y &&
                   place.bottom() <= ground.bottom();
    }
    return true;
}

/// The second line where there is room for it on the same side. In a small window only those who
/// take part have one, and only where their name stays in its place.
void Placer::add_address(std::size_t host)
{
    const HostWords &words = words_.hosts[host];
    if (!words.shown || words.second || map_.hosts[host].address.empty())
        return;
    const bool in_line = words.side == Side::Below;
    if (std::min(lens_.across, lens_.down) <= roomy && is_lasting(host) &&
        !(map_.hosts[host].takes_part && in_line))
        return;
    const Side side = words.side;
    const Rect place = box(host, side, true);
    if (is_free(place, host) && (is_at_home(place, host) || !is_at_home(words.area, host)))
        settle(host, side, true);
}

/// What has come just now stands where it stands: names under it go.
void Placer::clear_ground(std::size_t host)
{
    for (std::size_t i = 0; i < words_.hosts.size(); ++i)
        if (words_.hosts[i].shown && overlap_of(words_.hosts[i].area, icons_[host]) > 0)
            words_.hosts[i].shown = false;
    for (CaptionWords &caption : words_.captions)
        caption.shown = caption.shown && overlap_of(caption.area, icons_[host]) <= 0;
}

/// A name that must be there: captions and names of machines that take no part make room.
void Placer::force_name(std::size_t host)
{
    place_name(host);
    if (words_.hosts[host].shown)
        return;
    const MapWords kept = words_;
    for (const Side side : sides(host)) {
        const Rect wanted = box(host, side, false);
        for (std::size_t i = 0; i < words_.hosts.size(); ++i)
            if (may_yield(i) && overlap_of(words_.hosts[i].area, wanted) > 0)
                words_.hosts[i].shown = false;
        for (CaptionWords &caption : words_.captions)
            caption.shown = caption.shown && overlap_of(caption.area, wanted) <= 0;
        if (is_free(wanted, host))
            return settle(host, side, false);
        words_ = kept;
    }
}

KeyForm Placer::form(const std::vector<float> &wide, float title, KeyShape shape) const
{
    if (shape.in_row == 0)
        return {2 * key_pad + title, key_row + 6, {key_pad, key_row / 2 + 3}, {}};
    KeyForm form;
    const bool beside = shape.titled && shape.in_row > 1;
    const float left = key_pad + (beside ? title + key_gap : 0);
    float x = left;
    float y = key_pad + key_row / 2;
    form.title = {key_pad, y};
    form.w = key_pad * 2 + title;
    if (shape.titled && !beside)
        y += key_row;
    for (std::size_t i = 0; i < wide.size(); ++i) {
        if (i != 0 && i % shape.in_row == 0) {
            x = left;
            y += key_row;
        }
        form.cells.push_back({i, {x + 8, y}});
        x += key_mark + wide[i];
        form.w = std::max(form.w, x + key_pad);
        x += key_gap;
    }
    form.h = y + key_row / 2 + key_pad;
    return form;
}

/// Everything of a region, with a cloud's bumps above its box.
Rect Placer::all_of(const RegionRow &region) const
{
    const bool cloud =
        region.tint == RegionTint::Provider || region.tint == RegionTint::Organisation;
    const Rect box = lens_.at(region.area);
    const float bumps = cloud ? 32 * std::min({lens_.across, lens_.down, box.w / 260}) : 0;
    return {box.x, box.y - bumps, box.w, box.h + bumps};
}

/// Where a key may stand: beside the map's edges and beside regions.
std::vector<Point> Placer::key_corners(const KeyForm &form) const
{
    std::vector<float> xs = {area_.x + 4, area_.right() - form.w - 4};
    std::vector<float> ys = {area_.y + 2, area_.bottom() - form.h - 4};
    for (const RegionRow &region : map_.regions) {
        const Rect ground = all_of(region);
        for (const float x : {ground.x - form.w - 2, ground.x, ground.right() + 2})
            xs.push_back(x);
        for (const float y : {ground.y - form.h - 2, ground.bottom() + 2})
            ys.push_back(y);
    }
    std::vector<Point> corners;
    for (const float y : ys)
        for (const float x : xs)
            if (x >= area_.x && y >= area_.y && x + form.w <= area_.right() &&
                y + form.h <= area_.bottom())
                corners.push_back({x, y});
    return corners;
}

/// Upper left where it can be, and never on words or machines; folded rather than on a region.
void Placer::place_key(const std::vector<std::string> &names, std::string_view title)
{
    if (names.empty())
        return;
    std::vector<float> wide;
    wide.reserve(names.size());
    for (const std::string &name : names)
        wide.push_back(measure_(MapText::Key, name));
    const float title_wide = measure_(MapText::Key, title);
    for (const bool on_regions : {false, true}) {
        for (const KeyShape shape : key_shapes)
            if (shape.in_row != 0 || !words_.key.shown)
                try_key(form(wide, title_wide, shape), shape, on_regions);
        if (words_.key.shown)
            break;
    }
    if (words_.key.shown)
        fixed_.push_back(words_.key.area);
}

/// Takes the key's form at its best place, where that is better than what there is.
void Placer::try_key(const KeyForm &form, KeyShape shape, bool on_regions)
{
    for (const Point corner : key_corners(form)) {
        const Rect place{corner.x, corner.y, form.w, form.h};
        const float cost = std::hypot(corner.x - area_.x, corner.y - area_.y);
        const auto is_under = [&](const RegionRow &region) {
            return overlap_of(place, all_of(region)) > 0;
        };
        if ((words_.key.shown && cost >= key_cost_) ||
            (!on_regions && std::any_of(map_.regions.begin(), map_.regions.end(), is_under)) ||
            !is_free(place, map_.hosts.size()))
            continue;
        key_cost_ = cost;
        words_.key = {true, shape.in_row == 0, shape.titled, place, {}, form.cells};
        words_.key.title = {corner.x + form.title.x, corner.y + form.title.y};
        for (KeyCell &cell : words_.key.cells)
            cell.at = {corner.x + cell.at.x, corner.y + cell.at.y};
    }
}

/// Networks' addresses at the other end of the captions' line, where nothing else is.
void Placer::add_networks()
{
    for (std::size_t i = 0; i < map_.regions.size(); ++i) {
        CaptionWords &caption = words_.captions[i];
        const std::string &network = map_.regions[i].network;
        if (!caption.shown || network.empty() || std::min(lens_.across, lens_.down) <= roomy)
            continue;
        const float wide = measure_(MapText::Address, network) + 2 * pad;
        const Rect ground = lens_.at(map_.regions[i].area);
        const Rect box{ground.right() - caption_in - wide, caption.area.y, wide, caption_tall};
        if (box.x < caption.area.right() + pad || !is_free(box, map_.hosts.size()))
            continue;
        caption.network = true;
    }
}

} // namespace

MapLens map_lens(const Rect &area, const MapView &map, const MapCamera &chosen)
{
    MapLens lens;
    const float across = area.w / map.width;
    const float down = area.h / map.height;
    lens.across = std::min(across, down * stretch_most) * chosen.zoom;
    lens.down = std::min(down, across / stretch_least) * chosen.zoom;
    lens.k = std::clamp(0.92F * std::min(lens.across, lens.down), 0.5F, 1.22F);
    lens.x = area.x + (area.w - map.width * lens.across) / 2 + chosen.x;
    lens.y = area.y + (area.h - map.height * lens.down) / 2 + chosen.y;
    return lens;
}

MapWords place_map_words(const MapView &map, const Rect &area, const MapLens &lens,
                         const std::vector<std::string> &names, std::string_view title,
                         int selected, const MeasureText &measure)
{
    return Placer(map, area, lens, measure).place(names, title, selected);
}

Rect icon_area(const HostRow &host, const MapLens &lens)
{
    const Point at = lens.at(host.at);
    const float k = lens.k * (host.label_right ? 0.78F : 1.0F);
    return {at.x - 25 * k, at.y - 22 * k, 50 * k, 44 * k};
}

Rect map_buttons(const Rect &area) { return {area.right() - 140, area.y + 4, 136, 52}; }

} // namespace mailscope::viz
