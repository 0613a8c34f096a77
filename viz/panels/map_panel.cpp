// The map: the world itself, without a frame.
#include "viz/draw/shapes.h"
#include "viz/model/map_speech.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mailscope::viz
{
namespace
{

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
    case MapText::Badge:
        break;
    case MapText::Headline:
        return Style::MonoBold15;
    case MapText::Gloss:
        return Style::Text14;
    }
    return Style::Text12;
}

class MapPainter
{
public:
    MapPainter(const PanelContext &context, const Rect &area, const MapView &map)
        : ui_(context.ui), state_(context.state), words_(context.words), area_(area), map_(map),
          camera_(map_lens(area, map, context.state.camera)),
          measure_([this](MapText kind, std::string_view text) {
              return ui_.width(style_of(kind), text);
          }),
          spoken_(place_words()), marks_(place_map_marks(map, area, camera_, spoken_, measure_)),
          speech_(place_map_speech(map, area, camera_, spoken_, marks_, measure_))
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
        draw_faults(true);
        for (const HostRow &host : map_.hosts)
            draw_icon(host);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            draw_name(map_.hosts[i], spoken_.hosts[i]);
        for (std::size_t i = 0; i < map_.hosts.size(); ++i)
            draw_marks(map_.hosts[i], marks_[i]);
        for (const FlowRow &flow : map_.flows)
            draw_flow(flow);
        for (const FlightRow &flight : map_.others)
            draw_other(flight);
        for (const FlightRow &flight : map_.flights)
            draw_flight(flight);
        draw_faults(false);
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
    void draw_marks(const HostRow &host, const HostMarks &marks);
    void draw_flight(const FlightRow &flight);
    void draw_other(const FlightRow &flight);
    void draw_flow(const FlowRow &flow);
    void draw_faults(bool lines);
    void draw_count();
    void draw_words(const CalloutRow &callout);
    void draw_key_line(Point at, std::size_t index);
    void draw_key();
    void draw_open_key();
    void draw_buttons();
    void label(Style style, Point at, ImU32 colour, const std::string &text, Align align);
    ImU32 ground_under(Point at) const;
    bool is_clear(const Rect &box) const;
    bool is_covered(const Rect &words) const;
    Ui &ui_;
    const UiState &state_;
    const Words &words_;
    Rect area_;
    const MapView &map_;
    MapLens camera_;
    MeasureText measure_;
    std::vector<std::string> key_names_;
    MapWords spoken_;
    std::vector<HostMarks> marks_;
    MapSpeech speech_;
};

ImU32 MapPainter::ground_under(Point at) const
{
    for (auto region = map_.regions.rbegin(); region != map_.regions.rend(); ++region)
        if (camera_.at(region->area).contains(at.x, at.y))
            return fill_of(ui_.theme, *region);
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
    return place_map_words(map_, area_, camera_, key_names_, words_.view("key"), state_.host,
                           measure_);
}

void MapPainter::draw_caption(const RegionRow &region, const CaptionWords &words)
{
    if (!words.shown || is_covered(words.area))
        return;
    const Rect ground = camera_.at(region.area);
    ui_.fill(words.area, fill_of(ui_.theme, region), 3);
    ui_.text(Style::Bold13, words.at.x, words.at.y, ui_.theme.text2,
             ui_.fit(Style::Bold13, region.name, words.area.w));
    if (words.network)
        ui_.text(Style::Mono12, ground.right() - 15, words.at.y, ui_.theme.text3, region.network,
                 Align::Right);
}

void MapPainter::draw_name(const HostRow &host, const HostWords &words)
{
    const Rect name_line{words.area.x, words.area.y, words.area.w,
                         words.second ? words.area.h / 2 : words.area.h};
    if (!words.shown || is_covered(name_line))
        return;
    const Theme &t = ui_.theme;
    const bool ghost = host.shape == HostShape::GhostMailbox;
    const ImU32 name = ghost ? t.err : host.takes_part ? t.text : t.text2;
    const ImU32 second = host.takes_part || ghost ? t.text2 : t.text3;
    const Align align = words.side == Side::Below || words.side == Side::Above ? Align::Centre
                        : words.side == Side::Right                            ? Align::Left
                                                                               : Align::Right;
    label(Style::Bold13, words.name, name, host.name, align);
    if (words.second && !is_covered(words.area))
        label(style_of(ghost ? MapText::Note : MapText::Address), words.address, second,
              host.address, align);
}

void MapPainter::draw_marks(const HostRow &host, const HostMarks &marks)
{
    for (std::size_t i = 0; i < host.badges.size(); ++i) {
        const BadgeRow &badge = host.badges[i];
        const Rect &pill = marks.badges[i];
        if (is_covered(pill))
            continue;
        draw_badge(ui_, badge, pill);
        if (badge.record < 0)
            continue;
        const Touch touch = ui_.touch("badge." + host.key + "." + std::to_string(i), pill,
                                      words_.view("why-badge"));
        if (touch.hovered)
            ui_.frame(pill, ui_.theme.text, 10, 1.6F);
        if (touch.pressed)
            ui_.intend(Act::WhyOf, badge.record);
    }
    if (host.trouble != Mark::None)
        draw_octagon(ui_, host.trouble, trouble_place(host, camera_), 10);
    for (std::size_t i = 0; i < host.pins.size(); ++i) {
        const PinRow &pin = host.pins[i];
        const Point at = marks.pins[i];
        const Touch touch =
            ui_.touch("pin." + std::to_string(pin.number), {at.x - 10, at.y - 10, 20, 20});
        draw_pin(ui_, pin.number, at, false, pin.is_future);
        if (touch.hovered)
            ui_.intend(Act::HoverWhy, pin.number);
        if (state_.why_hovered == pin.number)
            ui_.ring(at, 11.5F, ui_.theme.text, 2);
        if (touch.pressed)
            ui_.intend(Act::GoToRecord, pin.record);
    }
}

void MapPainter::draw_flight(const FlightRow &flight)
{
    const Spot &head = speech_.head;
    const ImU32 colour =
        flight.trouble != Mark::None ? ui_.theme.err : colour_of(ui_.theme, flight.mark);
    constexpr std::array<float, 4> fades = {0.85F, 0.6F, 0.4F, 0.25F};
    for (std::size_t i = 0; i < fades.size(); ++i) {
        const float back = 30 + 14 * static_cast<float>(i);
        if (head.far < back)
            break;
        draw_mark(ui_, flight.mark == Mark::Letter ? Mark::Smtp : flight.mark,
                  spot_from(speech_.way, head, -back).at, 5 - static_cast<float>(i),
                  faded(colour, fades[i]));
    }
    for (int i = 0; i < 3; ++i) {
        const float ahead = 30 + 9 * static_cast<float>(i);
        if (head.far + ahead > length_of(speech_.way))
            break;
        const Spot spot = spot_from(speech_.way, head, ahead);
        const Point side{-spot.along.y * 6, spot.along.x * 6};
        const Point back{spot.at.x - spot.along.x * 6, spot.at.y - spot.along.y * 6};
        ui_.polyline(
            {{back.x + side.x, back.y + side.y}, spot.at, {back.x - side.x, back.y - side.y}},
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

/// A question without an answer, below the machines and their names; or the others.
void MapPainter::draw_faults(bool lines)
{
    for (std::size_t i = 0; i < map_.faults.size(); ++i) {
        const FaultRow &fault = map_.faults[i];
        const bool line = fault.shape == FaultShape::Silence;
        if (line == lines)
            draw_fault(ui_, fault, camera_.at(fault.at), camera_.at(fault.to), camera_.k,
                       speech_.fault_boxes[i]);
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

/// Whether something that has come with the step lies upon it: half a word is worse than none.
bool MapPainter::is_covered(const Rect &words) const
{
    return std::any_of(speech_.covers.begin(), speech_.covers.end(),
                       [&](const Rect &picture) { return overlap_of(picture, words) > 0; });
}

void MapPainter::draw_words(const CalloutRow &callout)
{
    const Touch touch = ui_.touch("callout", speech_.callout, words_.view("why-tip"));
    if (touch.pressed)
        ui_.intend(Act::FollowWhy);
    draw_callout(ui_, callout, speech_.callout, speech_.head.at, words_.view("now"));
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
