// Texts for the clipboard.
#include "viz/model/copy_text.h"

#include "viz/model/letter_view.h"
#include "viz/model/views.h"

namespace mailscope::viz
{
namespace
{

std::string line_text(const Moment &now)
{
    if (now.records.empty())
        return {};
    const Record &record = now.record();
    return now.words.headline(record) + "\n" + now.words.sentence(now.records, record) + "\n";
}

std::string transcript(const Moment &now)
{
    std::string text;
    for (const DialogRow &row : dialog_view(now).rows) {
        const Record &record = now.records[static_cast<std::size_t>(row.record)];
        if (row.chip.empty())
            continue;
        const bool whole = info_of(record.kind).layer == Layer::Line;
        for (const std::string &line : whole ? lines_of(record.text.view()) : row.lines)
            text += row.chip + ": " + line + "\n";
    }
    return text;
}

} // namespace

std::string copy_text(const Moment &now, CopyWhat what)
{
    if (now.records.empty())
        return {};
    switch (what) {
    case CopyWhat::Line:
        return line_text(now);
    case CopyWhat::Transcript:
        return transcript(now);
    case CopyWhat::Letter:
        break;
    }
    return letter_source(now);
}

} // namespace mailscope::viz
