// Packet, host and letter, in all detail.
#include "viz/draw/shapes.h"
#include "viz/draw/state_diagram.h"
#include "viz/panels/panels.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace mailscope::viz
{
namespace
{

constexpr float byte_row = 19;
constexpr float field_row = 17;
constexpr float fact_row = 18;
constexpr std::size_t bytes_in_row = 10;

class InspectorPainter
{
public:
    InspectorPainter(const PanelContext &context, const Rect &area, const InspectorView &view)
        : ui_(context.ui), state_(context.state), words_(context.words), area_(area), view_(view)
    {
    }

    void draw();

private:
    void draw_tabs();
    void draw_packet(Rect area);
    float draw_strip(const Rect &area);
    float draw_fields(float y, float bottom);
    void draw_bytes(const Rect &area);
    void draw_facts(const Rect &area, const std::vector<FactRow> &rows, const std::string &title);
    float draw_fact(const Rect &line, const FactRow &row, std::size_t index);
    void keep_end(const Rect &area, float y);
    void draw_states(const Rect &area);
    float draw_engine_choice(const Rect &area);
    bool is_lit(std::size_t octet) const;
    int field_at(std::size_t octet) const;

    Ui &ui_;
    const UiState &state_;
    const Words &words_;
    Rect area_;
    const InspectorView &view_;
};

void InspectorPainter::draw()
{
    ui_.card(area_);
    ui_.clip(area_);
    draw_tabs();
    const Rect inside{area_.x + 12, area_.y + 36, area_.w - 24, area_.h - 44};
    switch (state_.tab) {
    case InspectorTab::Packet:
        draw_packet(inside);
        break;
    case InspectorTab::Host:
        draw_facts(inside, view_.host, view_.host_title);
        break;
    case InspectorTab::State:
        draw_states(inside);
        break;
    case InspectorTab::Letter:
        draw_facts(inside, view_.letter, {});
        break;
    }
    ui_.unclip();
}

void InspectorPainter::draw_tabs()
{
    const Theme &t = ui_.theme;
    constexpr std::array<const char *, 4> names = {"tab.packet", "tab.host", "tab.state",
                                                   "tab.letter"};
    float x = area_.x + 14;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string name = words_.view(names[i]);
        const bool chosen = static_cast<std::size_t>(state_.tab) == i;
        const Style style = chosen ? Style::Bold13 : Style::Text13;
        const float wide = ui_.width(Style::Bold13, name);
        const Touch touch = ui_.touch(names[i], {x - 6, area_.y + 4, wide + 12, 28});
        ui_.text(style, x, area_.y + 18, chosen || touch.hovered ? t.text : t.text3, name);
        if (chosen)
            ui_.line({x, area_.y + 30}, {x + wide, area_.y + 30}, t.text, 2);
        if (touch.pressed)
            ui_.intend(Act::SelectTab, static_cast<std::int64_t>(i));
        x += wide + 20;
    }
    if (state_.tab == InspectorTab::Host || state_.tab == InspectorTab::State)
        return; // Those name their host themselves.
    const std::string title = ui_.fit(Style::Mono12, view_.title, area_.right() - 14 - x);
    ui_.text(Style::Mono12, area_.right() - 14, area_.y + 18, t.text2, title, Align::Right);
}

void InspectorPainter::draw_packet(Rect area)
{
    if (view_.layers.empty()) {
        ui_.paragraph(Style::Text13, area.x, area.y + 6, area.w, ui_.theme.text3,
                      words_.view("no-packet"), 3);
        return;
    }
    const float rest = area.bottom();
    const float strip = draw_strip(area);
    const float bytes_min = 2 * byte_row + 8;
    const float fields = draw_fields(strip + 4, rest - bytes_min);
    draw_bytes({area.x, fields + 4, area.w, rest - fields - 4});
}

/// The layers as boxes beside each other, about as wide as they are long.
float InspectorPainter::draw_strip(const Rect &area)
{
    const Theme &t = ui_.theme;
    float x = area.x;
    const auto count = static_cast<float>(view_.layers.size());
    for (std::size_t i = 0; i < view_.layers.size(); ++i) {
        const LayerRow &layer = view_.layers[i];
        const bool last = i + 1 == view_.layers.size();
        const float wide = last ? area.right() - x : std::min(64.0F, area.w / count) - 2;
        const Rect box{x, area.y, wide, 23};
        const ImU32 colour = layer.mark == Mark::Tcp ? t.line2 : colour_of(t, layer.mark);
        ui_.fill(box, layer.mark == Mark::Tcp ? t.raised : mixed(t.panel, colour, 0.16F), 5);
        ui_.frame(box, colour, 5, layer.mark == Mark::Tcp ? 1.0F : 1.6F);
        ui_.text(last ? Style::Bold12 : Style::Text12, box.centre().x, box.centre().y, t.text,
                 ui_.fit(Style::Text12, fmt::format("{} {} B", layer.name, layer.length), wide - 6),
                 Align::Centre);
        x += wide + 2;
    }
    return area.y + 23;
}

/// Two lines of fields for each layer, indented more than its carrier's.
float InspectorPainter::draw_fields(float y, float bottom)
{
    const Theme &t = ui_.theme;
    for (std::size_t i = 0; i < view_.layers.size(); ++i) {
        const float left = area_.x + 14 + 9 * static_cast<float>(i);
        const float start = y;
        const Mark mark = view_.layers[i].mark;
        const ImU32 colour = mark == Mark::Tcp ? t.line2 : colour_of(t, mark);
        ui_.text(Style::Bold12, left + 10, y + 10, mark == Mark::Tcp ? t.text2 : colour,
                 view_.layers[i].name);
        float x = left + 54;
        std::size_t lines = 1;
        for (std::size_t f = 0; f < view_.fields.size(); ++f) {
            const FieldRow &field = view_.fields[f];
            if (field.layer != i)
                continue;
            const std::string name = field.name + " ";
            const float room = area_.right() - 12 - left - 54;
            const float label = ui_.width(Style::Text12, name);
            const std::string value = ui_.fit(Style::Mono12, field.value, room - label);
            const float wide = label + ui_.width(Style::Mono12, value);
            if (x + wide > area_.right() - 10 && x > left + 54) {
                if (lines == 2 || y + 2 * field_row > bottom)
                    break;
                ++lines;
                x = left + 54;
                y += field_row;
            }
            const Rect box{x - 2, y + 2, wide + 4, field_row - 1};
            const Touch touch = ui_.touch("field." + std::to_string(f), box);
            if (touch.hovered)
                ui_.intend(Act::HoverField, static_cast<std::int64_t>(f));
            if (state_.field == static_cast<int>(f))
                ui_.frame(box, t.text, 3, 1.5F);
            ui_.text(Style::Text12, x, y + 10, t.text3, name);
            ui_.text(Style::Mono12, x + label, y + 10, t.text, value);
            x += wide + 12;
        }
        y += field_row + 2;
        ui_.fill({left, start + 3, 3, y - start - 4}, colour, 1);
        if (y + field_row > bottom)
            break;
    }
    return y;
}

bool InspectorPainter::is_lit(std::size_t octet) const
{
    if (state_.field < 0 || state_.field >= static_cast<int>(view_.fields.size()))
        return false;
    const FieldRow &field = view_.fields[static_cast<std::size_t>(state_.field)];
    return octet >= field.offset && octet < field.offset + field.length;
}

/// The smallest field that holds the octet.
int InspectorPainter::field_at(std::size_t octet) const
{
    int best = -1;
    std::size_t least = SIZE_MAX;
    for (std::size_t i = 0; i < view_.fields.size(); ++i) {
        const FieldRow &field = view_.fields[i];
        if (octet >= field.offset && octet < field.offset + field.length && field.length < least) {
            best = static_cast<int>(i);
            least = field.length;
        }
    }
    return best;
}

void InspectorPainter::draw_bytes(const Rect &area)
{
    const Theme &t = ui_.theme;
    ui_.fill(area, t.raised, 6);
    const auto rows = static_cast<std::size_t>(std::max(1.0F, (area.h - 6) / byte_row));
    const std::size_t all = (view_.bytes.size() + bytes_in_row - 1) / bytes_in_row;
    // The field that the mouse is on, or else what the record is about, is what is shown.
    std::size_t first = view_.focus / bytes_in_row;
    if (state_.field >= 0 && state_.field < static_cast<int>(view_.fields.size()))
        first = view_.fields[static_cast<std::size_t>(state_.field)].offset / bytes_in_row;
    first = all <= rows ? 0 : std::min(first, all - rows);
    const float cell = ui_.width(Style::Mono12, "00 ");
    const float text_left = area.x + 36 + cell * static_cast<float>(bytes_in_row) + 6;
    for (std::size_t row = first; row < std::min(all, first + rows); ++row) {
        const float y = area.y + 3 + byte_row * (static_cast<float>(row - first) + 0.5F);
        ui_.text(Style::Mono12, area.x + 8, y, t.text3, fmt::format("{:02x}", row * bytes_in_row));
        for (std::size_t i = 0; i < bytes_in_row; ++i) {
            const std::size_t octet = row * bytes_in_row + i;
            if (octet >= view_.bytes.size())
                break;
            const auto value = static_cast<unsigned char>(view_.bytes[octet]);
            const bool payload = octet >= view_.layers.back().offset;
            const ImU32 colour = payload && view_.layers.back().mark != Mark::Tcp
                                     ? colour_of(t, view_.layers.back().mark)
                                     : t.text;
            const float x = area.x + 36 + cell * static_cast<float>(i);
            const Rect box{x - 2, y - 8, cell, 16};
            if (ui_.is_hovered(box))
                if (const int field = field_at(octet); field >= 0)
                    ui_.intend(Act::HoverField, field);
            if (is_lit(octet))
                ui_.fill(box, mixed(t.raised, t.text, 0.25F), 2);
            ui_.text(Style::Mono12, x, y, t.text, fmt::format("{:02x}", value));
            const char shown = value >= 0x20 && value < 0x7F ? static_cast<char>(value) : '\0';
            ui_.text(Style::Mono12, text_left + 7.2F * static_cast<float>(i), y, colour,
                     shown == '\0' ? std::string("·") : std::string(1, shown));
        }
    }
}

float InspectorPainter::draw_fact(const Rect &line, const FactRow &row, std::size_t index)
{
    const Theme &t = ui_.theme;
    if (row.is_heading) {
        if (row.mark != Mark::None)
            draw_mark(ui_, row.mark, {line.x + 9, line.y + 13}, 5);
        ui_.text(Style::Bold12, line.x + (row.mark == Mark::None ? 2 : 24), line.y + 13, t.text2,
                 row.text);
        return 24;
    }
    const bool leads = row.record >= 0 || row.why >= 0 || !row.letter.empty();
    if (leads) {
        const Touch touch = ui_.touch("fact." + std::to_string(index), line);
        if (touch.hovered)
            ui_.fill(line, t.raised, 4);
        if (touch.pressed && row.why >= 0)
            ui_.intend(Act::WhyOf, row.why);
        else if (touch.pressed && row.record >= 0)
            ui_.intend(Act::GoToRecord, row.record);
        else if (touch.pressed)
            ui_.intend(Act::OpenLetter, 0, row.letter);
    }
    const float value = ui_.width(Style::Mono12, row.value);
    const float sign = leads ? 14.0F : 0.0F;
    if (leads)
        draw_sign(ui_, Sign::Right, {line.right() - 8, line.centre().y}, t.text3, 0.7F);
    ui_.text(Style::Text12, line.x + 6, line.centre().y, t.text,
             ui_.fit(Style::Text12, row.text, line.w - value - sign - 20));
    ui_.text(Style::Mono12, line.right() - 6 - sign, line.centre().y, t.text2, row.value,
             Align::Right);
    return fact_row;
}

/// Scrolled too far, the end comes back to the bottom.
void InspectorPainter::keep_end(const Rect &area, float y)
{
    if (y < area.bottom() - 2 && state_.facts_scroll > 0)
        ui_.intend(Act::ScrollFacts, Point{0, state_.facts_scroll - (area.bottom() - 2 - y)});
}

/// Which of the engines is shown, where there are several; gives the bottom.
float InspectorPainter::draw_engine_choice(const Rect &area)
{
    const Theme &t = ui_.theme;
    float x = area.x;
    float y = area.y;
    for (std::size_t i = 0; i < view_.engines.size(); ++i) {
        const std::string title = ui_.fit(Style::Mono12, view_.engines[i].title, area.w - 20);
        const float wide = ui_.width(Style::Mono12, title) + 16;
        if (x + wide > area.right() && x > area.x) {
            x = area.x;
            y += 26;
        }
        const bool chosen = i == std::min(state_.engine, view_.engines.size() - 1);
        const Rect pill{x, y, wide, 22};
        const Touch touch = ui_.touch("engine." + std::to_string(i), pill);
        ui_.fill(pill, touch.hovered ? mixed(t.raised, t.text, 0.08F) : t.raised, 6);
        ui_.frame(pill, chosen ? t.text : t.line, 6, chosen ? 1.6F : 1.0F);
        ui_.text(Style::Mono12, pill.centre().x, pill.centre().y, chosen ? t.text : t.text2, title,
                 Align::Centre);
        if (touch.pressed)
            ui_.intend(Act::SelectEngine, static_cast<std::int64_t>(i));
        x += wide + 5;
    }
    return y + 28;
}

/// The state diagram of one engine, and what leads on from its present state.
void InspectorPainter::draw_states(const Rect &area)
{
    const Theme &t = ui_.theme;
    if (view_.engines.empty()) {
        ui_.text(Style::Bold13, area.x + 2, area.y + 11, t.text, view_.host_title);
        ui_.paragraph(Style::Text13, area.x + 2, area.y + 26, area.w, t.text3,
                      words_.view("no-engine"), 2);
        return;
    }
    ui_.clip(area);
    if (const float turns = ui_.wheel(area); turns != 0)
        ui_.intend(Act::ScrollFacts, Point{0, state_.facts_scroll + turns * 3 * fact_row});
    float y = draw_engine_choice({area.x, area.y + 2 - state_.facts_scroll, area.w, 0});
    const EngineView &engine = view_.engines[std::min(state_.engine, view_.engines.size() - 1)];
    y = draw_state_diagram(ui_, {area.x, y, area.w, 0}, engine);
    if (!engine.exits.empty())
        ui_.text(Style::Bold12, area.x + 2, y + 9, t.text2, words_.view("state.leads-on"));
    y += 20;
    for (const ExitRow &row : engine.exits) {
        const bool named = row.to != "same" && row.to != "back";
        const std::string to = named ? row.to : words_.view("state." + row.to);
        const float left = area.x + 6 +
                           ui_.text(Style::Mono12, area.x + 6, y + 8, t.text,
                                    ui_.fit(Style::Mono12, row.input, area.w * 0.5F));
        const float end = left + 8 +
                          ui_.text(named ? Style::Mono12 : Style::Text12, left + 8, y + 8, t.text2,
                                   ui_.fit(Style::Mono12, "→ " + to, area.right() - left - 12));
        if (area.right() - end > 60)
            ui_.text(Style::Text12, area.right() - 4, y + 8, t.text3,
                     ui_.fit(Style::Text12, row.note, area.right() - end - 16), Align::Right);
        y += fact_row;
    }
    keep_end(area, y);
    ui_.unclip();
}

void InspectorPainter::draw_facts(const Rect &area, const std::vector<FactRow> &rows,
                                  const std::string &title)
{
    const Theme &t = ui_.theme;
    ui_.clip(area);
    if (const float turns = ui_.wheel(area); turns != 0)
        ui_.intend(Act::ScrollFacts, Point{0, state_.facts_scroll + turns * 3 * fact_row});
    float y = area.y + 2 - state_.facts_scroll;
    if (!title.empty()) {
        ui_.text(Style::Bold13, area.x + 2, y + 9, t.text, title);
        y += 22;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const bool seen = y < area.bottom() && y + 24 > area.y;
        y += seen ? draw_fact({area.x, y, area.w, fact_row}, rows[i], i)
                  : (rows[i].is_heading ? 24 : fact_row);
    }
    keep_end(area, y);
    if (rows.empty())
        ui_.paragraph(Style::Text13, area.x, y + 4, area.w, t.text3, words_.view("nothing-here"),
                      2);
    ui_.unclip();
}

} // namespace

void draw_inspector(const PanelContext &context, const Rect &area, const InspectorView &inspector)
{
    InspectorPainter(context, area, inspector).draw();
}

} // namespace mailscope::viz
