// The map: the world itself, without a frame.
#include "viz/draw/shapes.h"
#include "viz/model/callout_place.h"
#include "viz/model/map_words.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr int curve_parts = 24;
constexpr float low_map = 330;          ///< below it nothing at all is hidden by words
constexpr float hidden_scenery = 20000; ///< above it: more than a machine that takes no part
constexpr float words_far = 120;        ///< from what they are about

Point bezier(const std::vector<Point> &p, float t)
{
    const float u = 1 - t;
    const float a = u * u * u;
    const float b = 3 * u * u * t;
    const float c = 3 * u * t * t;
    const float d = t * t * t;
    return {a * p[0].x + b * p[1].x + c * p[2].x + d * p[3].x,
            a * p[0].y + b * p[1].y + c * p[2].y + d * p[3].y};
}

/// The corners in the window; a curve becomes many.
std::vector<Point> corners(const MapLens &camera, const std::vector<Point> &path, bool curved)
{
    std::vector<Point> points;
    if (curved && path.size() == 4)
        for (int i = 0; i <= curve_parts; ++i)
            points.push_back(
                camera.at(bezier(path, static_cast<float>(i) / static_cast<float>(curve_parts))));
    else
        for (const Point &point : path)
            points.push_back(camera.at(point));
    return points;
}

struct Spot
{
    Point at;
    Point along; ///< direction
};

/// The place after a share of the way.
Spot spot_on(const std::vector<Point> &points, float share)
{
    float whole = 0;
    const auto length = [&](std::size_t i) {
        return std::hypot(points[i + 1].x - points[i].x, points[i + 1].y - points[i].y);
    };
    for (std::size_t i = 0; i + 1 < points.size(); ++i)
        whole += length(i);
    float left = whole * std::clamp(share, 0.0F, 1.0F);
    for (std::size_t i = 0; i + 1 < points.size(); ++i) {
        const float part = std::max(length(i), 0.001F);
        if (left <= part || i + 2 == points.size()) {
            const float t = std::min(left / part, 1.0F);
            const Point a = points[i];
            const Point b = points[i + 1];
            return {{a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t},
                    {(b.x - a.x) / part, (b.y - a.y) / part}};
        }
        left -= part;
    }
    return {points.empty() ? Point{} : points.back(), {1, 0}};
}

Style style_of(MapText kind)
{
    switch (kind) {
    case MapText::Name:
    case MapText::Caption:
        return Style::Bold13;
    case MapText::Address:
        return Style::Mono12;
    case MapText::Note:
    case MapText::Key:
        break;
    }
    return Style::Text12;
}

class MapPainter
{
public:
    MapPainter(const PanelContext &context, const Rect &area, const MapView &map)
        : ui_(context.ui), state_(context.state), words_(context.words), area_(area), map_(map),
          camera_(map_lens(area, map, context.state.camera)), spoken_(place_words())
    {
    }

    void draw()
    {
        ui_.clip(area_);
        const Touch ground = ui_.touch("map", area_);
        const ImGuiIO &io = ImGui::GetIO();
        if (ground.held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0))
            ui_.intend(Act::PanMap, Point{io.MouseDelta.x, io.MouseDelta.y});
        if (const float turns = ui_.wheel(area_); turns != 0)
            ui_.intend(Act::ZoomMap, static_cast<std::int64_t>(1000 * std::pow(0.9F, turns)));
        for (const RegionRow &region : map_.regions)
            draw_region(ui_, region, camera_.at(region.area),
                        std::min(camera_.across, camera_.down));
        for (const LinkRow &link : map_.links)
            draw_link(link);
        for (std::size_t i = 0; i < map_.regions.size(); ++i)
            draw_caption(map_.regions[i], spoken_.captions[i]);
        for (const HostRow &host : map_.hosts)
            draw_icon(host);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            draw_name(map_.hosts[i], spoken_.hosts[i]);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            draw_marks(map_.hosts[i], spoken_.hosts[i].side);
        for (const FlowRow &flow : map_.flows)
            draw_flow(flow);
        for (const FlightRow &flight : map_.others)
            draw_other(flight);
        for (const FlightRow &flight : map_.flights)
            draw_flight(flight);
        place_faults();
        for (std::size_t i = 0; i < map_.faults.size(); ++i)
            draw_fault(ui_, map_.faults[i], camera_.at(map_.faults[i].at),
                       camera_.at(map_.faults[i].to), camera_.k, fault_boxes_[i]);
        draw_count();
        draw_key();
        if (map_.callout)
            draw_words(*map_.callout);
        draw_buttons();
        draw_open_key();
        ui_.unclip();
    }

private:
    void draw_link(const LinkRow &link);
    void draw_icon(const HostRow &host);
    MapWords place_words();
    void draw_caption(const RegionRow &region, const CaptionWords &words);
    void draw_name(const HostRow &host, const HostWords &words);
    void draw_marks(const HostRow &host, Side side);
    void draw_flight(const FlightRow &flight);
    void draw_other(const FlightRow &flight);
    void draw_flow(const FlowRow &flow);
    void place_faults();
    void draw_count();
    void draw_words(const CalloutRow &callout);
    void draw_key_line(Point at, std::size_t index);
    void draw_key();
    void draw_open_key();
    void draw_buttons();
    void label(Style style, Point at, ImU32 colour, const std::string &text, Align align);
    ImU32 ground_under(Point at) const;
    bool is_clear(const Rect &box) const;
    std::vector<Obstacle> obstacles();
    Ui &ui_;
    const UiState &state_;
    const Words &words_;
    Rect area_;
    const MapView &map_;
    MapLens camera_;
    std::vector<std::string> key_names_;
    MapWords spoken_;
    std::vector<Rect> fault_boxes_; ///< of their words
    std::vector<Point> way_;        ///< of the flight
    Point head_;                    ///< where it is
};

ImU32 MapPainter::ground_under(Point at) const
{
    for (auto region = map_.regions.rbegin(); region != map_.regions.rend(); ++region)
        if (camera_.at(region->area).contains(at.x, at.y))
            return ui_.theme.region_fill[static_cast<std::size_t>(region->tint)];
    return ui_.theme.canvas;
}

void MapPainter::draw_link(const LinkRow &link)
{
    const std::vector<Point> points = corners(camera_, link.path, link.curved);
    if (points.size() < 2)
        return;
    const ImU32 colour = colour_of(ui_.theme, link.mark);
    switch (link.look) {
    case LinkLook::Idle:
        ui_.polyline(points, ui_.theme.link, 2);
        break;
    case LinkLook::Active:
        ui_.polyline(points, faded(colour, 0.10F), 14);
        ui_.polyline(points, faded(colour, 0.16F), 8);
        ui_.polyline(points, colour, 3);
        break;
    case LinkLook::Broken: {
        ui_.polyline(points, ui_.theme.err, 2, 5, 5);
        draw_octagon(ui_, link.mark == Mark::Permanent ? link.mark : Mark::Temporary,
                     spot_on(points, 0.5F).at, 9);
        break;
    }
    }
}

void MapPainter::draw_icon(const HostRow &host)
{
    const Theme &t = ui_.theme;
    const Point at = camera_.at(host.at);
    const float k = camera_.k * (host.label_right ? 0.78F : 1.0F);
    const Rect body{at.x - 24 * k, at.y - 24 * k, 48 * k, 48 * k};
    const Touch touch = ui_.touch("host." + host.key, body, host.key == "ghost" ? "" : host.key);
    const ImGuiIO &io = ImGui::GetIO();
    if (touch.held && (io.MouseDelta.x != 0 || io.MouseDelta.y != 0))
        ui_.intend(Act::MoveHost,
                   Point{io.MouseDelta.x / camera_.across, io.MouseDelta.y / camera_.down},
                   host.key);
    if (touch.pressed)
        ui_.intend(Act::SelectHost, host.host);
    ImU32 stroke = host.takes_part ? t.text : t.text3;
    if (touch.hovered)
        stroke = t.text;
    draw_host(ui_, host.shape, at, k, stroke, ground_under(at), host.is_full);
    if (host.filled >= 0)
        draw_fill_bar(ui_, at, k, host.filled);
    if (host.host == state_.host && host.shape != HostShape::Mailbox &&
        host.shape != HostShape::GhostMailbox)
        ui_.frame(body.inner(-3), t.text, 8, 2);
    if (host.is_now && map_.flights.empty())
        ui_.list.AddCircle(vec(at), 34 * k, t.nowline, 0, 3.5F);
}

/// Text on a ground of its own, so that no line runs through it.
void MapPainter::label(Style style, Point at, ImU32 colour, const std::string &text, Align align)
{
    if (text.empty())
        return;
    const float wide = ui_.width(style, text);
    const float left = align == Align::Centre ? at.x - wide / 2
                       : align == Align::Left ? at.x
                                              : at.x - wide;
    ui_.fill({left - 3, at.y - 8, wide + 6, 16}, faded(ground_under(at), 0.93F), 3);
    ui_.text(style, at.x, at.y, colour, text, align);
}

MapWords MapPainter::place_words()
{
    for (const Mark mark : map_.key)
        key_names_.push_back(words_.mark(mark));
    const MeasureText measure = [this](MapText kind, std::string_view text) {
        return ui_.width(style_of(kind), text);
    };
    return place_map_words(map_, area_, camera_, key_names_, words_.view("key"), state_.host,
                           measure);
}

void MapPainter::draw_caption(const RegionRow &region, const CaptionWords &words)
{
    if (!words.shown)
        return;
    const Rect ground = camera_.at(region.area);
    ui_.fill(words.area, ui_.theme.region_fill[static_cast<std::size_t>(region.tint)], 3);
    ui_.text(Style::Bold13, words.at.x, words.at.y, ui_.theme.text2,
             ui_.fit(Style::Bold13, region.name, words.area.w));
    if (words.network)
        ui_.text(Style::Mono12, ground.right() - 15, words.at.y, ui_.theme.text3, region.network,
                 Align::Right);
}

void MapPainter::draw_name(const HostRow &host, const HostWords &words)
{
    if (!words.shown)
        return;
    const Theme &t = ui_.theme;
    const bool ghost = host.shape == HostShape::GhostMailbox;
    const ImU32 name = ghost ? t.err : host.takes_part ? t.text : t.text2;
    const ImU32 second = host.takes_part || ghost ? t.text2 : t.text3;
    const Align align = words.side == Side::Below || words.side == Side::Above ? Align::Centre
                        : words.side == Side::Right                            ? Align::Left
                                                                               : Align::Right;
    label(Style::Bold13, words.name, name, host.name, align);
    if (words.second)
        label(style_of(ghost ? MapText::Note : MapText::Address), words.address, second,
              host.address, align);
}

void MapPainter::draw_marks(const HostRow &host, Side side)
{
    const Point at = camera_.at(host.at);
    const float k = camera_.k;
    float x = at.x + (side == Side::Right ? -14 : 14) * k;
    const float y = at.y - (side == Side::Right ? 28 : 26) * k;
    for (std::size_t i = 0; i < host.badges.size(); ++i) {
        const BadgeRow &badge = host.badges[i];
        const float wide = draw_badge(ui_, badge, x, y);
        if (badge.record >= 0) {
            const Rect pill{x, y - 10, wide, 20};
            const Touch touch = ui_.touch("badge." + host.key + "." + std::to_string(i), pill,
                                          words_.view("why-badge"));
            if (touch.hovered)
                ui_.frame(pill, ui_.theme.text, 10, 1.6F);
            if (touch.pressed)
                ui_.intend(Act::WhyOf, badge.record);
        }
        x += wide + 4;
    }
    if (host.trouble != Mark::None)
        draw_octagon(ui_, host.trouble, {at.x - 20 * k, at.y - 18 * k}, 10);
    // To the left of the icon, or to its right where they would leave the map.
    const float all = 20 * static_cast<float>(host.pins.size());
    const bool right = at.x - 32 * k - all < area_.x;
    float pin = at.x + (right ? 34 : -32) * k;
    for (const int number : host.pins) {
        draw_pin(ui_, number, {pin, at.y - 8 * k}, false);
        pin += right ? 20 : -20;
    }
}

void MapPainter::draw_flight(const FlightRow &flight)
{
    way_ = corners(camera_, flight.path, flight.curved);
    const Spot head = spot_on(way_, flight.at);
    head_ = head.at;
    const ImU32 colour =
        flight.trouble != Mark::None ? ui_.theme.err : colour_of(ui_.theme, flight.mark);
    constexpr std::array<float, 4> fades = {0.85F, 0.6F, 0.4F, 0.25F};
    for (std::size_t i = 0; i < fades.size(); ++i) {
        const float back = 30 + 14 * static_cast<float>(i);
        draw_mark(ui_, flight.mark == Mark::Letter ? Mark::Smtp : flight.mark,
                  {head.at.x - head.along.x * back, head.at.y - head.along.y * back},
                  5 - static_cast<float>(i), faded(colour, fades[i]));
    }
    for (int i = 0; i < 3; ++i) {
        const float ahead = 30 + 9 * static_cast<float>(i);
        const Point tip{head.at.x + head.along.x * ahead, head.at.y + head.along.y * ahead};
        const Point side{-head.along.y * 6, head.along.x * 6};
        const Point back{tip.x - head.along.x * 6, tip.y - head.along.y * 6};
        ui_.polyline({{back.x + side.x, back.y + side.y}, tip, {back.x - side.x, back.y - side.y}},
                     faded(ui_.theme.text, 0.9F - 0.25F * static_cast<float>(i)), 2.4F);
    }
    draw_flight_head(ui_, flight.mark, flight.trouble, head.at);
}

/// Something else under way: a small mark, and close up what it carries.
void MapPainter::draw_other(const FlightRow &flight)
{
    Spot spot;
    if (flight.path.size() == 2 && !flight.curved) {
        const Point a = camera_.at(flight.path[0]);
        const Point b = camera_.at(flight.path[1]);
        spot.at = {a.x + (b.x - a.x) * flight.at, a.y + (b.y - a.y) * flight.at};
    } else {
        spot = spot_on(corners(camera_, flight.path, flight.curved), flight.at);
    }
    if (!area_.contains(spot.at.x, spot.at.y))
        return;
    if (flight.mark == Mark::Letter)
        ui_.circle(spot.at, 12, faded(ui_.theme.canvas, 0.8F));
    draw_mark(ui_, flight.mark, spot.at, flight.mark == Mark::Letter ? 7.0F : 5.5F);
    const float wide = ui_.width(Style::Mono12, flight.label);
    if (!flight.label.empty() && is_clear({spot.at.x - wide / 2 - 3, spot.at.y + 8, wide + 6, 16}))
        label(Style::Mono12, {spot.at.x, spot.at.y + 16}, ui_.theme.text2, flight.label,
              Align::Centre);
}

/// Many things on one way: the wider, the more. Both directions keep apart.
void MapPainter::draw_flow(const FlowRow &flow)
{
    const Point a = camera_.at(flow.path.front());
    const Point b = camera_.at(flow.path.back());
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    if (length < 1)
        return;
    const auto count = static_cast<float>(flow.count);
    const float wide = 2 + 3.5F * std::log10(count + 1);
    const Point side{-(b.y - a.y) / length * (wide / 2 + 1), (b.x - a.x) / length * (wide / 2 + 1)};
    const ImU32 colour = colour_of(ui_.theme, flow.mark);
    ui_.line({a.x + side.x, a.y + side.y}, {b.x + side.x, b.y + side.y}, faded(colour, 0.75F),
             wide);
    const Point at{a.x + (b.x - a.x) * 0.62F + side.x, a.y + (b.y - a.y) * 0.62F + side.y};
    draw_mark(ui_, flow.mark, at, 6);
    const std::string number = std::to_string(flow.count);
    const float room = ui_.width(Style::Mono12, number) + 6;
    if (flow.count > 1 && length > 90 && is_clear({at.x - room / 2, at.y + 7, room, 16}))
        label(Style::Mono12, {at.x, at.y + 15}, ui_.theme.text2, number, Align::Centre);
}

/// Places for what faults say, where they hide least.
void MapPainter::place_faults()
{
    for (const FaultRow &fault : map_.faults) {
        const Point a = camera_.at(fault.at);
        const Point b = camera_.at(fault.to);
        const bool domain = fault.shape == FaultShape::NoDomain;
        const float wide = ui_.width(domain ? Style::Bold13 : Style::Mono12, fault.text) +
                           (domain ? 48.0F : 12.0F);
        const float share = fault.shape == FaultShape::TooLarge ? 0.35F : 0.5F;
        const Point near{a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
        fault_boxes_.push_back(
            place_callout(area_, near, wide, domain ? 40.0F : 20.0F, obstacles()).box);
    }
}

/// How much is under way, where it is more than the eye counts.
void MapPainter::draw_count()
{
    constexpr std::size_t told_from = 3;
    if (map_.under_way < told_from)
        return;
    const std::string text = words_.view("under-way", {{"count", std::to_string(map_.under_way)}});
    label(Style::Text12, {area_.right() - 12 - ui_.width(Style::Text12, text), area_.y + 46},
          ui_.theme.text2, text, Align::Left);
}

/// Whether nothing that is written stands there.
bool MapPainter::is_clear(const Rect &box) const
{
    const auto hides = [&](const auto &words) {
        return words.shown && overlap_of(words.area, box) > 0;
    };
    return std::none_of(spoken_.hosts.begin(), spoken_.hosts.end(), hides) &&
           std::none_of(spoken_.captions.begin(), spoken_.captions.end(), hides) &&
           !hides(spoken_.key);
}

/// What the words about the present step must not hide.
std::vector<Obstacle> MapPainter::obstacles()
{
    std::vector<Obstacle> found;
    const float k = camera_.k;
    for (std::size_t i = 0; i < map_.hosts.size(); ++i) {
        const HostRow &host = map_.hosts[i];
        const Point at = camera_.at(host.at);
        const float weight = host.takes_part ? 60.0F : 5.0F;
        found.push_back({icon_area(host, camera_), weight * 4});
        if (spoken_.hosts[i].shown)
            found.push_back({spoken_.hosts[i].area, weight});
        if (!host.badges.empty() || !host.pins.empty())
            found.push_back({{at.x - 30 * k, at.y - 38 * k, 76 * k, 24}, weight});
    }
    for (const CaptionWords &caption : spoken_.captions)
        if (caption.shown)
            found.push_back({caption.area, 3});
    if (spoken_.key.shown)
        found.push_back({spoken_.key.area, 5});
    found.push_back({map_buttons(area_), 5});
    for (std::size_t i = 0; i < fault_boxes_.size(); ++i) {
        if (!map_.faults[i].text.empty())
            found.push_back({fault_boxes_[i], 60});
    }
    for (float share = 0.0F; share <= 1 && !way_.empty(); share += 0.05F) {
        const Point at = spot_on(way_, share).at;
        found.push_back({{at.x - 5, at.y - 5, 10, 10}, 4});
    }
    return found;
}

void MapPainter::draw_words(const CalloutRow &callout)
{
    const Point target = map_.flights.empty() ? camera_.at(callout.at) : head_;
    const float words = std::max(ui_.width(Style::MonoBold15, callout.headline),
                                 ui_.width(Style::Text14, callout.gloss));
    const std::vector<Obstacle> hides = obstacles();
    const float one_line = ui_.width(Style::MonoBold15, callout.headline) + 52 + 28;
    // Words and sentence; the same narrower; where there is no room for them, the words alone.
    CalloutPlace place;
    const float allowed = area_.h < low_map ? 0.0F : hidden_scenery;
    for (const float most : {std::clamp(area_.w * 0.34F, 240.0F, 340.0F), 250.0F, 0.0F}) {
        const float wide =
            most > 0 ? std::clamp(words + 52 + 30, 200.0F, most) : std::min(one_line, 250.0F);
        const bool two = ui_.wrap(Style::Text14, callout.gloss, wide - 80).size() > 1;
        const float tall = most == 0 ? 30.0F : two ? 84.0F : 66.0F;
        place = place_callout(area_, target, wide, tall, hides);
        if (place.hidden <= allowed && place.far < words_far)
            break;
    }
    const Rect box = place.box;
    const Touch touch = ui_.touch("callout", box, words_.view("why-tip"));
    if (touch.pressed)
        ui_.intend(Act::FollowWhy);
    draw_callout(ui_, callout, box, target, words_.view("now"));
}

void MapPainter::draw_key_line(Point at, std::size_t index)
{
    draw_mark(ui_, map_.key[index], at, 6);
    ui_.text(Style::Text12, at.x + 14, at.y, ui_.theme.text2, key_names_[index]);
}

void MapPainter::draw_key()
{
    const KeyWords &key = spoken_.key;
    if (!key.shown)
        return;
    const Theme &t = ui_.theme;
    if (key.folded) {
        const Touch touch = ui_.touch("key", key.area);
        ui_.fill(key.area, touch.hovered ? t.raised : t.panel, 7);
        ui_.frame(key.area, t.line, 7);
        if (touch.pressed)
            ui_.intend(Act::OpenKey);
    } else {
        ui_.fill(key.area, faded(t.canvas, 0.8F), 7);
    }
    if (key.titled)
        ui_.text(Style::Text12, key.title.x, key.title.y, key.folded ? t.text2 : t.text3,
                 words_.view("key"));
    for (const KeyCell &cell : key.cells)
        draw_key_line(cell.at, cell.mark);
}

/// All of the key, over the map, where it is folded and was asked for.
void MapPainter::draw_open_key()
{
    if (!spoken_.key.folded || !state_.key_open)
        return;
    constexpr float row = 20;
    float wide = 0;
    for (const std::string &name : key_names_)
        wide = std::max(wide, ui_.width(Style::Text12, name) + 44);
    const float tall = row * static_cast<float>(key_names_.size()) + 12;
    const Rect &below = spoken_.key.area;
    const Rect box{std::min(below.x, area_.right() - wide - 4),
                   std::min(below.bottom() + 4, area_.bottom() - tall - 4), wide, tall};
    ui_.card(box);
    ui_.frame(box, ui_.theme.line2, 10);
    for (std::size_t i = 0; i < key_names_.size(); ++i)
        draw_key_line({box.x + 16, box.y + 6 + row * (static_cast<float>(i) + 0.5F)}, i);
}

void MapPainter::draw_buttons()
{
    constexpr std::array<Sign, 4> signs = {Sign::Branch, Sign::Minus, Sign::Plus, Sign::Fit};
    constexpr std::array<const char *, 4> names = {"change-here", "zoom-out", "zoom-in", "fit"};
    for (std::size_t i = 0; i < signs.size(); ++i) {
        const Rect box{area_.right() - 136 + 32 * static_cast<float>(i), area_.y + 8, 26, 26};
        const Touch touch = ui_.touch(names[i], box, words_.view(names[i]));
        ui_.fill(box, touch.hovered ? ui_.theme.raised : ui_.theme.panel, 7);
        ui_.frame(box, ui_.theme.line, 7);
        draw_sign(ui_, signs[i], box.centre(), ui_.theme.text2);
        if (touch.pressed && signs[i] == Sign::Branch)
            ui_.intend(Act::OpenChanges);
        else if (touch.pressed && signs[i] == Sign::Fit)
            ui_.intend(Act::FitMap);
        else if (touch.pressed)
            ui_.intend(Act::ZoomMap, signs[i] == Sign::Plus ? 1250 : 800);
    }
}

} // namespace

void draw_map(const PanelContext &context, const Rect &area, const MapView &map)
{
    MapPainter(context, area, map).draw();
}

} // namespace mailscope::viz
