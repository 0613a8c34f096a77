// The start screen: lessons as cards, by topic.
#include "viz/draw/shapes.h"
#include "viz/panels/panels.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mailscope::viz
{
namespace
{

constexpr float navigation = 228;
constexpr float card_height = 214;
constexpr float card_gap = 12;
constexpr float hero_height = 128;
constexpr std::size_t path_most = 6; ///< lessons of the recommended order that are shown

class LibraryPainter
{
public:
    LibraryPainter(const PanelContext &context, const Rect &area, const LibraryView &view)
        : ui_(context.ui), state_(context.state), words_(context.words), area_(area), view_(view)
    {
    }

    void draw()
    {
        draw_navigation();
        const float x = area_.x + navigation + 16;
        Rect grid{x, area_.y + 8, area_.w - navigation - 26, area_.h - 8};
        if (state_.topic == 0 && state_.search.empty() && !view_.cards.empty()) {
            draw_hero({grid.x, grid.y, grid.w, hero_height});
            grid = {grid.x, grid.y + hero_height + card_gap, grid.w,
                    grid.h - hero_height - card_gap};
        }
        draw_cards(grid);
    }

private:
    void draw_navigation();
    void draw_level(int level, float y);
    void draw_hero(const Rect &box);
    void draw_path(const Rect &box);
    void draw_cards(const Rect &grid);
    void draw_card(const CardRow &card, const Rect &box);
    bool is_shown(const CardRow &card) const;

    Ui &ui_;
    const UiState &state_;
    const Words &words_;
    Rect area_;
    const LibraryView &view_;
};

void LibraryPainter::draw_level(int level, float y)
{
    const Theme &t = ui_.theme;
    constexpr std::array<const char *, 3> names = {"level.1", "level.2", "level.3"};
    const float x = area_.x + 24;
    for (int dot = 0; dot < 3; ++dot)
        if (dot <= level)
            ui_.circle({x + 4 + 14 * static_cast<float>(dot), y}, 4, t.text2);
        else
            ui_.ring({x + 4 + 14 * static_cast<float>(dot), y}, 4, t.line2, 1.3F);
    ui_.text(Style::Text14, x + 58, y, t.text, words_.view(names[static_cast<std::size_t>(level)]));
    const bool on = (state_.levels >> level & 1U) != 0;
    const Rect box{area_.x + navigation - 36, y - 9, 18, 18};
    const Touch touch = ui_.touch(names[static_cast<std::size_t>(level)],
                                  {area_.x + 14, y - 15, navigation - 28, 30});
    ui_.fill(box, on ? t.btn : t.panel, 4);
    ui_.frame(box, t.line2, 4);
    if (on)
        draw_sign(ui_, Sign::Check, box.centre(), t.btnink);
    if (touch.pressed)
        ui_.intend(Act::SetLevel, level);
}

void LibraryPainter::draw_navigation()
{
    const Theme &t = ui_.theme;
    ui_.text(Style::Text13, area_.x + 18, area_.y + 20, t.text3, words_.view("topics"));
    float y = area_.y + 36;
    for (std::size_t i = 0; i < view_.topics.size(); ++i) {
        const TopicRow &topic = view_.topics[i];
        const Rect row{area_.x + 4, y, navigation - 8, 36};
        const bool chosen = state_.topic == i;
        const Touch touch = ui_.touch("topic." + std::to_string(i), row);
        if (chosen) {
            ui_.fill(row, t.raised, 7);
            ui_.fill({row.x, row.y, 3, row.h}, t.text, 1);
        } else if (touch.hovered) {
            ui_.fill(row, t.panel, 7);
        }
        const Point mark{row.x + 27, row.y + 18};
        if (i == 0)
            draw_sign(ui_, Sign::Grid, mark, t.text);
        else
            draw_mark(ui_, topic.mark, mark, topic.mark == Mark::Permanent ? 9.0F : 7.0F);
        ui_.text(chosen ? Style::Bold14 : Style::Text14, row.x + 46, mark.y, t.text,
                 ui_.fit(Style::Text14, topic.name, row.w - 104));
        ui_.text(Style::Mono12, row.right() - 12, mark.y, t.text2,
                 std::to_string(topic.done) + "/" + std::to_string(topic.total), Align::Right);
        if (touch.pressed)
            ui_.intend(Act::ChooseTopic, static_cast<std::int64_t>(i));
        y += 42;
    }
    y += 14;
    ui_.line({area_.x + 18, y}, {area_.x + navigation - 12, y}, t.line, 1);
    ui_.text(Style::Text13, area_.x + 18, y + 24, t.text3, words_.view("difficulty"));
    for (int level = 0; level < 3; ++level)
        draw_level(level, y + 54 + 32 * static_cast<float>(level));
    y += 160;
    ui_.line({area_.x + 18, y}, {area_.x + navigation - 12, y}, t.line, 1);
    ui_.paragraph(Style::Text12, area_.x + 18, y + 12, navigation - 40, t.text3,
                  words_.view("drop-file"), 4);
}

bool LibraryPainter::is_shown(const CardRow &card) const
{
    if (state_.topic != 0 && card.topic != state_.topic)
        return false;
    if ((state_.levels >> (card.difficulty - 1) & 1U) == 0)
        return false;
    if (state_.search.empty())
        return true;
    std::string all = card.title + " " + card.summary + " " + card.file;
    for (const std::string &topic : card.topics)
        all += " " + topic;
    const auto same = [](char a, char b) {
        const auto low = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        };
        return low(a) == low(b);
    };
    return std::search(all.begin(), all.end(), state_.search.begin(), state_.search.end(), same) !=
           all.end();
}

void LibraryPainter::draw_card(const CardRow &card, const Rect &box)
{
    const Theme &t = ui_.theme;
    const Touch touch = ui_.touch("card." + card.file, box);
    ui_.fill(box, touch.hovered ? t.raised : t.panel, 10);
    ui_.frame(box, t.line, 10);
    const bool begun = card.file.ends_with(state_.last_file) && !state_.last_file.empty();
    if (begun)
        ui_.frame(box.inner(-1), t.now, 11, 2);
    draw_thumbnail(ui_, card.thumb, card.trouble, {box.x + 8, box.y + 8, box.w - 16, 102});
    float x = box.x + 15;
    const float y = box.y + 130;
    if (card.trouble != Mark::None) {
        draw_octagon(ui_, card.trouble, {x + 8, y}, 8);
        x += 24 + ui_.text(Style::MonoBold15, x + 24, y, t.err, card.code) + 8;
    }
    ui_.text(Style::Bold14, x, y, t.text, ui_.fit(Style::Bold14, card.title, box.right() - 12 - x));
    ui_.paragraph(Style::Text12, box.x + 15, y + 12, box.w - 30, t.text2, card.summary, 2, 18);
    const float foot = box.bottom() - 19;
    for (int dot = 0; dot < 3; ++dot) {
        const Point c{box.x + 20 + 13 * static_cast<float>(dot), foot};
        if (dot < card.difficulty)
            ui_.circle(c, 4, t.text2);
        else
            ui_.ring(c, 4, t.line2, 1.3F);
    }
    const std::string minutes = words_.view("minutes", {{"count", std::to_string(card.minutes)}});
    x = box.x + 64 + ui_.text(Style::Text12, box.x + 64, foot, t.text2, minutes) + 20;
    for (const Mark mark : card.marks) {
        draw_mark(ui_, mark, {x, foot}, 5);
        x += 22;
    }
    if (card.done) {
        ui_.ring({box.right() - 22, foot}, 9, t.text2, 1.5F);
        draw_sign(ui_, Sign::Check, {box.right() - 22, foot}, t.text2);
    } else if (begun) {
        const std::string word = words_.view("begun");
        const float wide = ui_.width(Style::Bold12, word) + 14;
        ui_.fill({box.right() - 12 - wide, foot - 10, wide, 20}, t.now, 4);
        ui_.text(Style::Bold12, box.right() - 12 - wide / 2, foot, t.nowink, word, Align::Centre);
    }
    if (touch.pressed)
        ui_.intend(Act::Open, 0, card.file);
}

/// Where the reader was, or where to begin; beside it the order in which lessons are best taken.
void LibraryPainter::draw_hero(const Rect &box)
{
    const Theme &t = ui_.theme;
    const auto is_whole = [](const CardRow &card) { return card.problems.empty(); };
    const auto last =
        std::find_if(view_.cards.begin(), view_.cards.end(), [&](const CardRow &card) {
            return is_whole(card) && !state_.last_file.empty() &&
                   card.file.ends_with(state_.last_file);
        });
    const bool begun = last != view_.cards.end();
    const auto found =
        begun ? last : std::find_if(view_.cards.begin(), view_.cards.end(), is_whole);
    if (found == view_.cards.end())
        return;
    ui_.card(box);
    const bool with_path = box.w > 760;
    const float half = with_path ? std::round(box.w * 0.52F) : box.w;
    const std::string label = words_.view(begun ? "hero.continue" : "hero.begin");
    const float button = std::max(110.0F, ui_.width(Style::Bold14, label) + 44);
    const float room = half - button - 60;
    ui_.text(Style::Text12, box.x + 20, box.y + 22, t.text3,
             words_.view(begun ? "hero.last" : "hero.first"));
    float x = box.x + 20;
    if (found->trouble != Mark::None) {
        draw_octagon(ui_, found->trouble, {x + 9, box.y + 52}, 9);
        x += 28;
    }
    ui_.text(Style::Bold17, x, box.y + 52, t.text,
             ui_.fit(Style::Bold17, found->title, room - (x - box.x - 20)));
    ui_.paragraph(Style::Text12, box.x + 20, box.y + 68, room, t.text2, found->summary, 2, 18);
    if (ui_.button("hero", {box.x + half - button - 20, box.y + 42, button, 44}, label, true))
        ui_.intend(Act::Open, 0, found->file);
    if (with_path)
        draw_path({box.x + half, box.y, box.w - half, box.h});
}

/// The first lesson of each topic, in order: from one to the next.
void LibraryPainter::draw_path(const Rect &box)
{
    const Theme &t = ui_.theme;
    std::vector<const CardRow *> path;
    for (std::size_t topic = 1; topic < view_.topics.size() && path.size() < path_most; ++topic)
        for (const CardRow &card : view_.cards)
            if (card.topic == topic && card.problems.empty()) {
                path.push_back(&card);
                break;
            }
    if (path.empty())
        return;
    ui_.line({box.x, box.y + 18}, {box.x, box.bottom() - 18}, t.line, 1);
    ui_.text(Style::Text12, box.x + 24, box.y + 22, t.text3, words_.view("hero.order"));
    const float pitch = (box.w - 40) / static_cast<float>(path.size());
    const float y = box.y + 62;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const Point c{box.x + 20 + pitch * (static_cast<float>(i) + 0.5F), y};
        if (i + 1 < path.size())
            ui_.line({c.x + 18, y}, {c.x + pitch - 18, y}, t.link, 2);
        const Touch touch =
            ui_.touch("path." + std::to_string(i), {c.x - 20, y - 20, 40, 40}, path[i]->title);
        ui_.circle(c, 13, touch.hovered ? t.raised : t.panel);
        ui_.ring(c, 13, touch.hovered ? t.text : t.text2, 1.6F);
        if (path[i]->done)
            draw_sign(ui_, Sign::Check, c, t.text);
        else
            ui_.text(Style::Bold12, c.x, c.y, t.text, std::to_string(i + 1), Align::Centre);
        const std::vector<std::string> lines = ui_.wrap(Style::Text12, path[i]->title, pitch - 8);
        for (std::size_t line = 0; line < std::min<std::size_t>(lines.size(), 2); ++line)
            ui_.text(Style::Text12, c.x, y + 30 + 16 * static_cast<float>(line), t.text2,
                     ui_.fit(Style::Text12, lines[line], pitch - 4), Align::Centre);
        if (touch.pressed)
            ui_.intend(Act::Open, 0, path[i]->file);
    }
}

void LibraryPainter::draw_cards(const Rect &grid)
{
    const auto columns = static_cast<std::size_t>(area_.w < 1000 ? 2 : area_.w < 1300 ? 3 : 4);
    std::vector<const CardRow *> shown;
    for (const CardRow &card : view_.cards)
        if (is_shown(card))
            shown.push_back(&card);
    const float wide =
        (grid.w - card_gap * static_cast<float>(columns - 1)) / static_cast<float>(columns);
    const auto rows = static_cast<float>((shown.size() + columns - 1) / columns);
    const float most = std::max(0.0F, rows * (card_height + card_gap) - grid.h);
    const float scroll = std::clamp(state_.library_scroll, 0.0F, most);
    if (const float turns = ui_.wheel(grid); turns != 0)
        ui_.intend(Act::Scroll, Point{0, scroll + turns * 60});
    ui_.clip(grid);
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const Rect box{grid.x + (wide + card_gap) * static_cast<float>(i % columns),
                       grid.y + (card_height + card_gap) * static_cast<float>(i / columns) - scroll,
                       wide, card_height};
        if (box.bottom() > grid.y && box.y < grid.bottom())
            draw_card(*shown[i], box);
    }
    if (shown.empty())
        ui_.text(Style::Text14, grid.x + 10, grid.y + 30, ui_.theme.text2,
                 words_.view("no-lesson"));
    ui_.unclip();
}

} // namespace

void draw_library(const PanelContext &context, const Rect &area, const LibraryView &library)
{
    LibraryPainter(context, area, library).draw();
}

} // namespace mailscope::viz
