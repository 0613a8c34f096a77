// What happens now, why, and what can be done.
#include "viz/draw/shapes.h"
#include "viz/panels/panels.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr float padding = 16;
constexpr float why_row_height = 10; ///< without its lines

class LessonPainter
{
public:
    LessonPainter(const PanelContext &context, const Rect &area, const LessonView &view)
        : ui_(context.ui), state_(context.state), words_(context.words), area_(area), view_(view),
          left_(area.x + padding), width_(area.w - 2 * padding)
    {
    }

    void draw();

private:
    void draw_head();
    void draw_anatomy();
    void draw_question();
    void draw_choice(std::size_t index, bool checked, int answer);
    void draw_why();
    std::string why_mark(const WhyRow &row) const;
    std::vector<std::string> why_lines(const WhyRow &row, std::size_t lines_max);
    void draw_why_row(const WhyRow &row, float tall, std::size_t lines_max);
    void draw_remedies();
    void draw_detail();
    void heading(std::string_view name);
    /// More than three of them stand closer.
    float remedy_pitch() const { return view_.remedies.size() > 3 ? 32.0F : 38.0F; }
    bool fault_beside_heading() const
    {
        const float room = width_ - ui_.width(Style::Bold13, words_.view("remedies")) - 12;
        return ui_.width(Style::Text12, view_.fault) <= room;
    }
    /// What can be done, with its heading.
    float remedies_tall() const
    {
        constexpr float heading_tall = 22;
        constexpr float fault_tall = 16;
        if (view_.remedies.empty())
            return 0;
        return heading_tall + (fault_beside_heading() ? 0 : fault_tall) +
               remedy_pitch() * static_cast<float>(view_.remedies.size());
    }
    bool room(float height) const { return y_ + height < limit_; }

    Ui &ui_;
    const UiState &state_;
    const Words &words_;
    Rect area_;
    const LessonView &view_;
    float left_;
    float width_;
    float y_ = 0;
    float limit_ = 0; ///< what can be done has its place before the reasons take theirs
};

void LessonPainter::draw()
{
    ui_.card(area_);
    ui_.clip(area_);
    draw_head();
    limit_ = area_.bottom() - 8;
    if (view_.question >= 0) {
        draw_question();
    } else {
        limit_ = area_.bottom() - remedies_tall(); // Below each of them there is a gap.
        draw_anatomy();
        if (state_.deeper || view_.anatomy.empty())
            draw_detail();
        draw_why();
        draw_remedies();
    }
    ui_.unclip();
}

void LessonPainter::draw_head()
{
    const Theme &t = ui_.theme;
    y_ = area_.y + 20;
    ui_.text(Style::Bold13, left_, y_, t.text, words_.view("lesson"));
    const std::string step = words_.view(
        "step-of", {{"count", std::to_string(view_.step)}, {"size", std::to_string(view_.steps)}});
    ui_.text(Style::Text13, left_ + width_, y_, t.text2, step, Align::Right);
    y_ += 14;
    ui_.fill({left_, y_, width_, 3}, t.line, 1.5F);
    const float share =
        view_.steps == 0 ? 0 : static_cast<float>(view_.step) / static_cast<float>(view_.steps);
    ui_.fill({left_, y_, width_ * share, 3}, t.text2, 1.5F);
    y_ += 26;
    float x = left_;
    if (view_.mark != Mark::None) {
        draw_mark(ui_, view_.mark, {x + 10, y_}, view_.mark >= Mark::Temporary ? 10.0F : 8.0F);
        x += 28;
    }
    const std::vector<std::string> title = ui_.wrap(Style::Bold17, view_.title, left_ + width_ - x);
    for (std::size_t i = 0; i < title.size() && i < 2; ++i) {
        ui_.text(Style::Bold17, x, y_, t.text, title[i]);
        y_ += 24;
    }
    // At an error the lesson's own words say what happened; codes and causes need the room.
    y_ -= 6;
    if (view_.moment.empty() || view_.anatomy.empty())
        y_ = ui_.paragraph(Style::Text14, left_, y_, width_, t.text, view_.say,
                           view_.anatomy.empty() ? 3 : 4);
    if (!view_.moment.empty()) {
        y_ += 6;
        const bool tight = !view_.anatomy.empty();
        const Style style = tight ? Style::Text13 : Style::Text14;
        const float tall = tight ? 19.0F : 22.0F;
        const std::size_t lines =
            std::min<std::size_t>(5, ui_.wrap(style, view_.moment, width_ - 26).size());
        const Rect box{left_, y_, width_, 10 + tall * static_cast<float>(lines)};
        ui_.fill(box, t.raised, 8);
        ui_.fill({box.x, box.y + 6, 3, box.h - 12}, t.text2, 1);
        ui_.paragraph(style, left_ + 14, y_ + 5, width_ - 26, t.text, view_.moment, 5, tall);
        y_ = box.bottom();
    }
    y_ += 8;
}

void LessonPainter::draw_anatomy()
{
    // What can be done comes first where a window is very small.
    // A status alone has its meaning beside it: causes and remedies need the room.
    const bool alone = view_.anatomy.size() == 1;
    const float tall = alone ? 32 : 52;
    if (view_.anatomy.empty() || !room(tall))
        return;
    const Theme &t = ui_.theme;
    const Rect box{left_, y_, width_, tall};
    ui_.fill(box, t.raised, 8);
    if (alone) {
        const AnatomyRow &part = view_.anatomy.front();
        const float x = box.x + 14 +
                        ui_.text(Style::MonoBold21, box.x + 14, box.centre().y, t.err, part.digits);
        ui_.text(Style::Text13, x + 12, box.centre().y, t.text2,
                 ui_.fit(Style::Text13, part.meaning, box.right() - x - 20));
    }
    // Each part is as wide as its meaning wants to be.
    std::vector<float> wants;
    float all = 0;
    for (const AnatomyRow &part : view_.anatomy) {
        wants.push_back(std::max(ui_.width(Style::Text12, part.meaning),
                                 ui_.width(Style::MonoBold21, part.digits)) +
                        10);
        all += wants.back();
    }
    float x = box.x;
    for (std::size_t i = 0; i < view_.anatomy.size() && !alone; ++i) {
        const AnatomyRow &part = view_.anatomy[i];
        const float wide = box.w * wants[i] / all;
        if (part.is_status && i > 0)
            ui_.line({x, box.y + 10}, {x, box.bottom() - 10}, t.line2, 1);
        ui_.text(Style::MonoBold21, x + wide / 2, box.y + 18,
                 i == 0 || part.is_status ? t.err : t.text, part.digits, Align::Centre);
        ui_.text(Style::Text12, x + wide / 2, box.y + 39, t.text2,
                 ui_.fit(Style::Text12, part.meaning, wide - 6), Align::Centre);
        x += wide;
    }
    y_ = box.bottom() + (alone ? 4 : 8);
    // With remedies it stands beside their heading.
    if (!view_.fault.empty() && view_.remedies.empty()) {
        ui_.text(Style::Text12, left_, y_ + 6, t.text2, view_.fault);
        y_ += 18;
    }
}

void LessonPainter::heading(std::string_view name)
{
    ui_.text(Style::Bold13, left_, y_ + 9, ui_.theme.text, words_.view(name));
    y_ += 22;
}

void LessonPainter::draw_detail()
{
    const Theme &t = ui_.theme;
    const auto part = [&](std::string_view name, const std::string &text, std::size_t lines) {
        if (text.empty() || !room(60))
            return;
        if (!name.empty())
            heading(name);
        y_ = ui_.paragraph(Style::Text13, left_, y_, width_, t.text2, text, lines, 20) + 4;
    };
    part({}, view_.detail, 5);
    part("cause", view_.cause, 3);
    if (view_.remedies.empty() || state_.deeper)
        part("advice", view_.advice, 3);
    if (!view_.rfc.empty() && room(20)) {
        ui_.text(Style::Mono12, left_, y_ + 8, t.text3, view_.rfc);
        y_ += 22;
    }
}

void LessonPainter::draw_why()
{
    const Theme &t = ui_.theme;
    if (view_.why.size() < 2 || !room(60))
        return;
    y_ += 2;
    const Rect head{left_ - 4, y_ - 2, width_ + 8, 22};
    const Touch show = ui_.touch("why", head, words_.view("why-tip"));
    if (show.pressed)
        ui_.intend(Act::FollowWhy);
    ui_.text(Style::Text12, left_ + width_, y_ + 9, show.hovered ? t.text : t.text3,
             words_.view("why-order"), Align::Right);
    heading("why");
    // The chain must reach its root: all rows have one line before the first ones have more.
    constexpr float row_least = why_row_height + 18;
    float spare = std::max(limit_ - y_, 0.0F);
    const auto fit = static_cast<std::size_t>(spare / row_least);
    spare -= row_least * static_cast<float>(view_.why.size());
    for (std::size_t i = 0; i < view_.why.size(); ++i) {
        const WhyRow &row = view_.why[i];
        if (i + 1 >= fit && i + 1 < view_.why.size())
            continue; // The root has the last place.
        const float further = std::clamp(spare / 18, 0.0F, 2.0F);
        const std::size_t lines = why_lines(row, 1 + static_cast<std::size_t>(further)).size();
        spare -= 18 * static_cast<float>(lines - 1);
        const float tall = why_row_height + 18 * static_cast<float>(lines);
        draw_why_row(row, tall, lines);
        y_ += tall;
    }
    y_ = std::min(y_ + 4, limit_);
}

std::string LessonPainter::why_mark(const WhyRow &row) const
{
    return row.is_now    ? words_.view("now")
           : row.is_root ? words_.view("root-cause")
                         : std::string();
}

std::vector<std::string> LessonPainter::why_lines(const WhyRow &row, std::size_t lines_max)
{
    const std::string mark = why_mark(row);
    const float mark_width = mark.empty() ? 0 : ui_.width(Style::Bold12, mark) + 22;
    const Style style = row.is_root ? Style::Bold13 : Style::Text13;
    const float wide = width_ - 32 - mark_width;
    return ui_.wrap(style, row.text, wide, lines_max);
}

void LessonPainter::draw_why_row(const WhyRow &row, float tall, std::size_t lines_max)
{
    const Theme &t = ui_.theme;
    const Rect band{left_ - 4, y_, width_ + 8, tall};
    const Touch touch = ui_.touch("why." + std::to_string(row.number), band, row.text);
    if (row.is_now)
        ui_.fill(band, t.nowbg, 5);
    else if (touch.hovered || state_.why_hovered == row.number)
        ui_.fill(band, t.raised, 5);
    if (touch.hovered)
        ui_.intend(Act::HoverWhy, row.number);
    if (touch.pressed)
        ui_.intend(Act::GoToRecord, row.record);
    draw_pin(ui_, row.number, {left_ + 10, y_ + 14}, row.is_now, row.is_future);
    const std::string mark = why_mark(row);
    const float right = left_ + width_;
    if (row.is_now) {
        const float wide = ui_.width(Style::Bold12, mark) + 14;
        ui_.fill({right - wide, y_ + 5, wide, 18}, t.now, 4);
        ui_.text(Style::Bold12, right - wide / 2, y_ + 14, t.nowink, mark, Align::Centre);
    } else if (row.is_root) {
        ui_.text(Style::Text12, right, y_ + 14, t.text3, mark, Align::Right);
    }
    float line = y_ + 14;
    for (const std::string &text : why_lines(row, lines_max)) {
        ui_.text(row.is_root ? Style::Bold13 : Style::Text13, left_ + 30, line, t.text, text);
        line += 18;
    }
}

void LessonPainter::draw_remedies()
{
    limit_ = area_.bottom() - 4;
    if (view_.remedies.empty())
        return;
    heading("remedies");
    if (!view_.fault.empty()) {
        // Beside the heading, or below it where it would be cut.
        const bool fits = fault_beside_heading();
        ui_.text(Style::Text12, fits ? left_ + width_ : left_, fits ? y_ - 13 : y_ + 3,
                 ui_.theme.text2, view_.fault, fits ? Align::Right : Align::Left);
        y_ += fits ? 0 : 16;
    }
    // One size for all of them.
    const bool narrow =
        std::any_of(view_.remedies.begin(), view_.remedies.end(), [&](const RemedyRow &remedy) {
            const Style style = &remedy == &view_.remedies.front() ? Style::Bold14 : Style::Text14;
            return ui_.width(style, remedy.label) > width_ - 60;
        });
    int number = 1;
    for (const RemedyRow &remedy : view_.remedies) {
        const Rect box{left_, y_, width_, remedy_pitch() - 4};
        const bool primary = number == 1;
        const Touch touch = ui_.touch("remedy." + remedy.id, box);
        const Theme &t = ui_.theme;
        ui_.fill(box,
                 primary         ? t.btn
                 : touch.hovered ? mixed(t.raised, t.text, 0.08F)
                                 : t.raised,
                 7);
        if (!primary)
            ui_.frame(box, t.line2, 7);
        const Style style = narrow ? (primary ? Style::Bold13 : Style::Text13)
                                   : (primary ? Style::Bold14 : Style::Text14);
        ui_.text(style, box.x + 14, box.centre().y, primary ? t.btnink : t.text,
                 ui_.fit(style, remedy.label, box.w - 60));
        const Rect cap{box.right() - 30, box.centre().y - 9.5F, 19, 19};
        if (remedy.branch >= 0)
            draw_sign(ui_, Sign::Check, {cap.x - 14, box.centre().y}, primary ? t.btnink : t.text2);
        ui_.frame(cap, primary ? t.btnink : t.line2, 5);
        ui_.text(Style::Text12, cap.centre().x, cap.centre().y, primary ? t.btnink : t.text2,
                 std::to_string(number), Align::Centre);
        if (touch.pressed)
            ui_.intend(Act::TryRemedy, 0, remedy.id);
        y_ += remedy_pitch();
        ++number;
    }
}

void LessonPainter::draw_choice(std::size_t index, bool checked, int answer)
{
    const Theme &t = ui_.theme;
    const ChoiceRow &choice = view_.choices[index];
    const bool picked =
        checked ? answer == static_cast<int>(index) : state_.chosen == static_cast<int>(index);
    const bool tells = checked && (picked || choice.correct) && !choice.why.empty();
    const std::vector<std::string> lines = ui_.wrap(Style::Bold14, choice.text, width_ - 86);
    std::vector<std::string> why;
    if (tells)
        why = ui_.wrap(Style::Text13, choice.why, width_ - 60);
    const Rect box{left_, y_, width_,
                   26 + 20 * static_cast<float>(lines.size()) +
                       18 * static_cast<float>(why.size())};
    const Touch touch = ui_.touch("choice." + std::to_string(index), box);
    ui_.fill(box, touch.hovered && !checked ? mixed(t.raised, t.text, 0.08F) : t.raised, 8);
    ui_.frame(box, picked ? t.text : t.line2, 8, picked ? 2.0F : 1.0F);
    if (touch.pressed && !checked)
        ui_.intend(Act::Choose, static_cast<std::int64_t>(index));
    const Point mark{box.x + 22, box.y + 13 + 10 * static_cast<float>(lines.size())};
    ui_.ring(mark, 9, picked ? t.text : t.line2, 1.6F);
    if (checked && choice.correct)
        draw_sign(ui_, Sign::Check, mark, t.text);
    else if (checked && picked)
        draw_sign(ui_, Sign::Cross, mark, t.text, 0.9F);
    else if (picked)
        ui_.circle(mark, 5, t.text);
    float line = box.y + 23;
    for (const std::string &text : lines) {
        ui_.text(Style::Bold14, box.x + 44, line, t.text, text);
        line += 20;
    }
    for (const std::string &text : why) {
        ui_.text(Style::Text13, box.x + 44, line, t.text2, text);
        line += 18;
    }
    ui_.key_cap({box.right() - 30, box.y + 12, 19, 19}, std::to_string(index + 1));
    y_ = box.bottom() + 6;
}

void LessonPainter::draw_question()
{
    const Theme &t = ui_.theme;
    const auto answered = state_.answers.find(view_.question);
    const bool checked = answered != state_.answers.end();
    ui_.text(Style::Bold13, left_, y_ + 8, t.text2, words_.view(checked ? "answered" : "predict"));
    y_ += 20;
    y_ = ui_.paragraph(Style::Bold14, left_, y_, width_, t.text, view_.question_text, 3) + 6;
    for (std::size_t i = 0; i < view_.choices.size(); ++i)
        draw_choice(i, checked, checked ? answered->second : -1);
    if (checked) {
        if (ui_.button("go-on", {left_, y_ + 4, 140, 35}, words_.view("go-on"), true))
            ui_.intend(Act::StepOn);
        y_ += 46;
        draw_why();
        return;
    }
    if (ui_.button("check", {left_, y_ + 4, 140, 35}, words_.view("check"), true,
                   state_.chosen >= 0, words_.view("check-tip")))
        ui_.intend(Act::Check);
    const Rect skip{left_ + width_ - 90, y_ + 4, 90, 35};
    const Touch touch = ui_.touch("skip", skip);
    ui_.text(Style::Text14, skip.right(), skip.centre().y, touch.hovered ? t.text : t.text2,
             words_.view("skip"), Align::Right);
    if (touch.pressed)
        ui_.intend(Act::Skip);
}

} // namespace

void draw_lesson(const PanelContext &context, const Rect &area, const LessonView &lesson)
{
    LessonPainter(context, area, lesson).draw();
}

} // namespace mailscope::viz
