// The map: the world itself, without a frame.
#include "viz/draw/shapes.h"
#include "viz/model/callout_place.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr int curve_parts = 24;
constexpr float tiny_scale = 0.6F;     ///< up to it only machines that take part have their names
constexpr float low_map = 330;         ///< below it nothing at all is hidden by words
constexpr float hidden_scenery = 6000; ///< above it: a part of a machine that takes no part
constexpr float words_far = 120;       ///< from what they are about

/// From the design grid to the window.
struct Camera
{
    float scale = 1;
    float x = 0;
    float y = 0;
    float k = 1; ///< size of icons

    Point at(Point p) const { return {x + p.x * scale, y + p.y * scale}; }
    Rect at(const Rect &r) const
    {
        return {x + r.x * scale, y + r.y * scale, r.w * scale, r.h * scale};
    }
};

Camera camera_for(const Rect &area, const MapView &map, const MapCamera &chosen)
{
    Camera camera;
    const float fit = std::min(area.w / map.width, area.h / map.height);
    camera.scale = fit * chosen.zoom;
    camera.k = std::clamp(0.92F * camera.scale, 0.5F, 1.22F);
    camera.x = area.x + (area.w - map.width * camera.scale) / 2 + chosen.x;
    camera.y = area.y + (area.h - map.height * camera.scale) / 2 + chosen.y;
    return camera;
}

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
std::vector<Point> corners(const Camera &camera, const std::vector<Point> &path, bool curved)
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

class MapPainter
{
public:
    MapPainter(const PanelContext &context, const Rect &area, const MapView &map)
        : ui_(context.ui), state_(context.state), words_(context.words), area_(area), map_(map),
          camera_(camera_for(area, map, context.state.camera))
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
            draw_region(ui_, region, camera_.at(region.area), camera_.scale);
        for (const LinkRow &link : map_.links)
            draw_link(link);
        for (const RegionRow &region : map_.regions)
            if (camera_.scale > tiny_scale)
                draw_region_caption(ui_, region, camera_.at(region.area), camera_.scale > 0.86F);
        for (const HostRow &host : map_.hosts)
            draw_icon(host);
        for (const HostRow &host : map_.hosts)
            draw_labels(host);
        for (const HostRow &host : map_.hosts)
            draw_marks(host);
        for (const FlowRow &flow : map_.flows)
            draw_flow(flow);
        for (const FlightRow &flight : map_.others)
            draw_other(flight);
        for (const FlightRow &flight : map_.flights)
            draw_flight(flight);
        draw_count();
        if (camera_.scale > tiny_scale)
            draw_key();
        if (map_.callout)
            draw_words(*map_.callout);
        draw_buttons();
        ui_.unclip();
    }

private:
    void draw_link(const LinkRow &link);
    void draw_icon(const HostRow &host);
    void draw_labels(const HostRow &host);
    void draw_marks(const HostRow &host);
    void draw_flight(const FlightRow &flight);
    void draw_other(const FlightRow &flight);
    void draw_flow(const FlowRow &flow);
    void draw_count();
    void draw_words(const CalloutRow &callout);
    void draw_key();
    void draw_buttons();
    void label(Style style, Point at, ImU32 colour, const std::string &text, Align align);
    ImU32 ground_under(Point at) const;
    Rect label_area(const HostRow &host);
    std::vector<Obstacle> obstacles();
    bool has_label(const HostRow &host) const
    {
        return camera_.scale > tiny_scale || host.takes_part || host.host == state_.host ||
               host.shape == HostShape::GhostMailbox;
    }
    /// Labels keep their size while the map shrinks: second lines go first.
    bool has_second_line(const HostRow &host) const
    {
        return camera_.scale > 0.86F ||
               (host.takes_part && !host.label_right && camera_.scale > 0.8F);
    }

    Ui &ui_;
    const UiState &state_;
    const Words &words_;
    Rect area_;
    const MapView &map_;
    Camera camera_;
    std::vector<Point> way_; ///< of the flight
    Point head_;             ///< where it is
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
                   Point{io.MouseDelta.x / camera_.scale, io.MouseDelta.y / camera_.scale},
                   host.key);
    if (touch.pressed)
        ui_.intend(Act::SelectHost, host.host);
    ImU32 stroke = host.takes_part ? t.text : t.text3;
    if (touch.hovered)
        stroke = t.text;
    draw_host(ui_, host.shape, at, k, stroke, ground_under(at), host.is_full);
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
    const float left = align == Align::Centre ? at.x - wide / 2 : at.x;
    ui_.fill({left - 3, at.y - 8, wide + 6, 16}, faded(ground_under(at), 0.93F), 3);
    ui_.text(style, at.x, at.y, colour, text, align);
}

void MapPainter::draw_labels(const HostRow &host)
{
    const Theme &t = ui_.theme;
    const Point at = camera_.at(host.at);
    const bool ghost = host.shape == HostShape::GhostMailbox;
    if (!has_label(host))
        return;
    const ImU32 name = ghost ? t.err : host.takes_part ? t.text : t.text2;
    const ImU32 second = host.takes_part || ghost ? t.text2 : t.text3;
    const bool room = has_second_line(host);
    const Style small = ghost ? Style::Text12 : Style::Mono12;
    if (host.label_right) {
        const float x = at.x + (ghost ? 27 : 24) * camera_.k;
        label(Style::Bold13, {x, at.y - (host.address.empty() ? 0 : 8)}, name, host.name,
              Align::Left);
        if (room)
            label(small, {x, at.y + 9}, second, host.address, Align::Left);
        return;
    }
    const float y = at.y + 22 * camera_.k + 11;
    label(Style::Bold13, {at.x, y}, name, host.name, Align::Centre);
    if (room)
        label(small, {at.x, y + 16}, second, host.address, Align::Centre);
}

void MapPainter::draw_marks(const HostRow &host)
{
    const Point at = camera_.at(host.at);
    const float k = camera_.k;
    float x = at.x + (host.label_right ? -14 : 14) * k;
    const float y = at.y - (host.label_right ? 28 : 26) * k;
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
    if (!flight.label.empty())
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
    if (flow.count > 1 && length > 90)
        label(Style::Mono12, {at.x, at.y + 15}, ui_.theme.text2, std::to_string(flow.count),
              Align::Centre);
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

/// What the words must not hide.
std::vector<Obstacle> MapPainter::obstacles()
{
    std::vector<Obstacle> found;
    const float k = camera_.k;
    for (const HostRow &host : map_.hosts) {
        const Point at = camera_.at(host.at);
        const float weight = host.takes_part ? 60.0F : 5.0F;
        found.push_back({{at.x - 26 * k, at.y - 24 * k, 52 * k, 48 * k}, weight * 4});
        if (has_label(host))
            found.push_back({label_area(host), weight});
        if (!host.badges.empty() || !host.pins.empty())
            found.push_back({{at.x - 30 * k, at.y - 38 * k, 76 * k, 24}, weight});
    }
    for (const RegionRow &region : map_.regions) {
        const Rect area = camera_.at(region.area);
        const float y = region.tint == RegionTint::Dns ? area.y + 6 : area.bottom() - 24;
        found.push_back({{area.x + 10, y, ui_.width(Style::Bold13, region.name) + 10, 20}, 3});
    }
    const float key_height = 24 + 17.5F * static_cast<float>(map_.key.size());
    found.push_back({{area_.x + 8, area_.y, 130, key_height}, 5});
    found.push_back({{area_.right() - 144, area_.y + 4, 140, 34}, 5});
    for (float share = 0.0F; share <= 1 && !way_.empty(); share += 0.05F) {
        const Point at = spot_on(way_, share).at;
        found.push_back({{at.x - 5, at.y - 5, 10, 10}, 4});
    }
    return found;
}

/// Where its name and address stand.
Rect MapPainter::label_area(const HostRow &host)
{
    const Point at = camera_.at(host.at);
    const bool second = has_second_line(host) && !host.address.empty();
    const float wide = std::max(ui_.width(Style::Bold13, host.name),
                                second ? ui_.width(Style::Mono12, host.address) : 0.0F);
    if (host.label_right)
        return {at.x + 20 * camera_.k, at.y - 17, wide + 10, second ? 36.0F : 22.0F};
    return {at.x - wide / 2 - 4, at.y + 22 * camera_.k + 1, wide + 8, second ? 36.0F : 20.0F};
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

void MapPainter::draw_key()
{
    const float x = area_.x + 14;
    float y = area_.y + 12;
    ui_.text(Style::Text12, x, y, ui_.theme.text3, words_.view("key"));
    y += 18;
    for (const Mark mark : map_.key) {
        constexpr std::array<const char *, 10> names = {
            "SMTP", "DNS", "TCP",         "POP3",           "IMAP",
            "HTTP", "TLS", "mark.letter", "mark.temporary", "mark.permanent"};
        const std::string name = words_.view(names[static_cast<std::size_t>(mark)]);
        draw_mark(ui_, mark, {x + 8, y}, 6);
        ui_.text(Style::Text12, x + 22, y, ui_.theme.text2, name);
        y += 17.5F;
    }
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
