// The sequence diagram as an SVG picture.
#include "sim/trace/sequence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

namespace mailscope
{
namespace
{

constexpr int lane_width = 230;
constexpr int row_height = 30;
constexpr int head_height = 84;
constexpr int margin = 40;
constexpr int time_width = 76;

/// The light theme's colours, so that a picture prints well.
struct Paint
{
    Protocol protocol;
    std::string_view colour;
};
constexpr std::array<Paint, 6> paints = {{{Protocol::Smtp, "#0067A8"},
                                          {Protocol::Dns, "#93226A"},
                                          {Protocol::Pop3, "#00735A"},
                                          {Protocol::Imap, "#986000"},
                                          {Protocol::Http, "#5140C4"},
                                          {Protocol::Tls, "#3F4A56"}}};
constexpr std::string_view text_colour = "#14191F";
constexpr std::string_view error_colour = "#A02800";

std::string_view colour_of(const SequenceStep &step)
{
    for (const Paint &paint : paints)
        if (paint.protocol == step.protocol)
            return paint.colour;
    return "#3F4A56";
}

std::string xml_text(std::string_view text)
{
    std::string result;
    for (const char c : text) {
        if (c == '<')
            result += "&lt;";
        else if (c == '>')
            result += "&gt;";
        else if (c == '&')
            result += "&amp;";
        else if (c == '"')
            result += "&quot;";
        else
            result += c;
    }
    return result;
}

class Picture
{
public:
    Picture(const Sequence &sequence, std::span<const std::string> names,
            const SequenceWords &words)
        : sequence_(sequence), names_(names), words_(words)
    {
    }

    std::string draw();

private:
    int lane(HostId host) const
    {
        const auto found = std::find(sequence_.lanes.begin(), sequence_.lanes.end(), host);
        return margin + time_width + lane_width / 2 +
               static_cast<int>(found - sequence_.lanes.begin()) * lane_width;
    }
    template <class... Values> void add(fmt::format_string<Values...> format, Values &&...values)
    {
        fmt::format_to(std::back_inserter(out_), format, std::forward<Values>(values)...);
    }
    void octagon(int x, int y, Trouble trouble);
    void heads(int height);
    void arrow(const SequenceStep &step, int y);
    void note(const SequenceStep &step, int y);
    void time_mark(const SequenceStep &step, int y);

    const Sequence &sequence_;
    std::span<const std::string> names_;
    const SequenceWords &words_;
    std::string out_;
    std::int64_t last_ms_ = -1;
};

/// VISUAL: solid with a cross for "do not retry", hollow with clock hands for "try later".
void Picture::octagon(int x, int y, Trouble trouble)
{
    const bool solid = trouble == Trouble::Permanent;
    add("<path d=\"M{} {}l5 0l4 4l0 5l-4 4l-5 0l-4 -4l0 -5z\" fill=\"{}\" stroke=\"{}\" "
        "stroke-width=\"1.5\"/>",
        x - 2, y - 6, solid ? error_colour : std::string_view("#FFFFFF"), error_colour);
    if (solid)
        add("<path d=\"M{0} {1}l5 5m0 -5l-5 5\" stroke=\"#FFFFFF\" stroke-width=\"1.8\"/>\n", x - 2,
            y - 2);
    else
        add("<path d=\"M{0} {1}l0 -4m0 4l3 1\" stroke=\"{2}\" stroke-width=\"1.3\" "
            "fill=\"none\"/>\n",
            x, y, error_colour);
}

void Picture::heads(int height)
{
    for (const HostId host : sequence_.lanes) {
        const int x = lane(host);
        add("<line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\" stroke=\"#78848F\"/>\n", x,
            head_height - 10, height - 20);
        add("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"28\" rx=\"5\" fill=\"#F1F4F7\" "
            "stroke=\"#9AA6B2\"/>",
            x - lane_width / 2 + 12, head_height - 38, lane_width - 24);
        add("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" font-weight=\"bold\">{}</text>\n", x,
            head_height - 19, xml_text(names_[host.value]));
    }
}

void Picture::arrow(const SequenceStep &step, int y)
{
    const int from = lane(step.from);
    const int to = lane(step.to);
    const int tip = to > from ? to - 1 : to + 1;
    const int back = to > from ? -8 : 8;
    const std::string_view colour = colour_of(step);
    add("<path d=\"M{0} {1}H{2}\" stroke=\"{3}\" stroke-width=\"1.6\"{4}/>", from, y, tip, colour,
        step.is_reply ? " stroke-dasharray=\"5 3\"" : "");
    add("<path d=\"M{0} {1}l{2} -4v8z\" fill=\"{3}\"/>", tip, y, back, colour);
    const bool trouble = step.trouble != Trouble::None;
    const int middle = (from + to) / 2;
    add("<text x=\"{}\" y=\"{}\" text-anchor=\"middle\" class=\"wire\" fill=\"{}\">{}</text>\n",
        middle, y - 5, trouble ? error_colour : colour, xml_text(step.label));
    if (trouble)
        octagon(to > from ? from + 14 : from - 14, y, step.trouble);
}

void Picture::note(const SequenceStep &step, int y)
{
    const int x = lane(step.from);
    const bool trouble = step.trouble != Trouble::None;
    add("<circle cx=\"{}\" cy=\"{}\" r=\"4\" fill=\"{}\"/>", x, y,
        trouble ? error_colour : std::string_view("#3F4A56"));
    if (trouble)
        octagon(x + 14, y, step.trouble);
    add("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>\n", x + (trouble ? 26 : 10), y + 4,
        trouble ? error_colour : text_colour, xml_text(step.label));
}

/// Seconds and milliseconds where the time is another than above.
void Picture::time_mark(const SequenceStep &step, int y)
{
    const std::int64_t ms = nanoseconds_since_start(step.at) / 1'000'000;
    if (ms != last_ms_)
        add("<text x=\"{}\" y=\"{}\" fill=\"#596572\">{}.{:03} s</text>", margin, y + 4, ms / 1000,
            ms % 1000);
    last_ms_ = ms;
}

std::string Picture::draw()
{
    const int rows = static_cast<int>(sequence_.steps.size());
    const int width = 2 * margin + time_width +
                      std::max(2, static_cast<int>(sequence_.lanes.size())) * lane_width;
    const int height = head_height + (rows + 2) * row_height + 30;
    add("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" font-family=\"'Noto Sans','Noto Sans CJK JP','Yu Gothic',"
        "'Hiragino Sans',sans-serif\" font-size=\"12\" fill=\"{2}\">\n",
        width, height, text_colour);
    add("<style>.wire{{font-family:'Noto Sans Mono','Noto Sans Mono CJK JP',monospace;"
        "font-size:11px;paint-order:stroke;stroke:#FFFFFF;stroke-width:3px}}</style>\n");
    add("<rect width=\"100%\" height=\"100%\" fill=\"#FFFFFF\"/>\n");
    add("<title>{0}</title><text x=\"{1}\" y=\"28\" font-size=\"18\" "
        "font-weight=\"bold\">{0}</text>\n",
        xml_text(words_.title), margin);
    heads(height);
    int y = head_height + row_height;
    for (const SequenceStep &step : sequence_.steps) {
        time_mark(step, y);
        if (step.to.is_none())
            note(step, y);
        else
            arrow(step, y);
        y += row_height;
    }
    y += 10;
    octagon(margin + 8, y, Trouble::Temporary);
    add("<text x=\"{}\" y=\"{}\">{}</text>\n", margin + 22, y + 4, xml_text(words_.temporary));
    octagon(margin + 308, y, Trouble::Permanent);
    add("<text x=\"{}\" y=\"{}\">{}</text>\n</svg>\n", margin + 322, y + 4,
        xml_text(words_.permanent));
    return std::move(out_);
}

} // namespace

std::string write_sequence_svg(const Sequence &sequence, std::span<const std::string> host_names,
                               const SequenceWords &words)
{
    return Picture(sequence, host_names, words).draw();
}

} // namespace mailscope
