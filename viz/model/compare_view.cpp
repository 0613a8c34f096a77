// Side by side.
#include "viz/model/compare_view.h"

#include "sim/world/inspect.h"

#include <algorithm>

namespace mailscope::viz
{
namespace
{

constexpr std::size_t holders_max = 3;
constexpr std::size_t letters_max = 3;
constexpr std::size_t column_lines_max = 2;

/// The letters at one place, the newest last; what lies in a person's own folder, with its name.
void add_letters(const std::vector<LetterPlace> &places, Place place, HostId host,
                 std::string_view owner, HolderRow &row)
{
    for (const LetterPlace &letter : places)
        if (letter.place == place && letter.host == host &&
            (owner.empty() || letter.owner == owner)) {
            row.letters.push_back(letter.folder.empty() ? letter.subject
                                                        : letter.folder + "/" + letter.subject);
            row.seen.push_back(letter.seen);
        }
    if (row.letters.size() > letters_max) {
        row.more = row.letters.size() - letters_max;
        row.letters.erase(row.letters.begin(),
                          row.letters.begin() + static_cast<std::ptrdiff_t>(row.more));
        row.seen.erase(row.seen.begin(), row.seen.begin() + static_cast<std::ptrdiff_t>(row.more));
    }
}

/// Whether a letter came into the mailbox in this story, or somebody read mail on the device.
bool gets_mail(const Moment &now, HostId host, std::string_view mailbox)
{
    for (const StoryStep &step : now.story.steps()) {
        const Record &record = now.records[step.record];
        if (mailbox.empty() ? record.kind == RecordKind::FetchBegan && record.host == host
                            : record.kind == RecordKind::Delivered && record.host == host &&
                                  record.text.view() == mailbox)
            return true;
    }
    return false;
}

void add_holders(const Moment &now, CompareColumn &column)
{
    const std::vector<LetterPlace> places = letter_places(now.world);
    for (const MailboxRow &box : mailbox_rows(now.world)) {
        HolderRow row;
        row.name = box.user;
        add_letters(places, Place::Mailbox, box.host, box.user, row);
        if (box.locked)
            row.state = now.words.view("locked");
        row.has_mail = !row.letters.empty() || gets_mail(now, box.host, box.user);
        column.mailboxes.push_back(std::move(row));
    }
    for (const DeviceRow &device : device_rows(now.world)) {
        HolderRow row;
        row.name = now.words.short_host(device.host);
        const std::string of = now.words.view("device-of");
        if (const std::size_t at = row.name.find(of); at != std::string::npos)
            row.short_name = row.name.substr(at + of.size());
        row.shape = now.words.host(device.host).find("phone") != std::string::npos
                        ? HostShape::Phone
                        : HostShape::Laptop;
        add_letters(places, Place::Device, device.host, {}, row);
        if (!device.online)
            row.state = now.words.view("offline");
        row.has_mail = !row.letters.empty() || gets_mail(now, device.host, {});
        column.devices.push_back(std::move(row));
    }
}

void add_facts(const Moment &now, CompareColumn &column)
{
    const Words &words = now.words;
    const auto letters = [&](std::size_t count) { return words.letters(count); };
    std::size_t on_servers = 0;
    for (const MailboxRow &row : mailbox_rows(now.world))
        on_servers += row.letters + letters_in(row.folders);
    std::size_t on_devices = 0;
    for (const DeviceRow &row : device_rows(now.world))
        on_devices += row.letters + letters_in(row.folders);
    std::size_t troubles = 0;
    std::size_t bounces = 0;
    std::size_t packets = 0;
    for (std::size_t i = 0; i < now.records.size() && i <= now.index(); ++i) {
        const Record &record = now.records[i];
        const bool told = is_step(record);
        troubles += told && trouble_of(record) != Trouble::None ? 1U : 0U;
        bounces += record.kind == RecordKind::FailureReported ? 1U : 0U;
        packets += record.kind == RecordKind::PacketSent ? 1U : 0U;
    }
    column.facts = {
        {words.view("fact.servers"), letters(on_servers), false},
        {words.view("fact.devices"), letters(on_devices), false},
        {words.view("fact.queues"), letters(queue_rows(now.world).size()), false},
        {words.view("fact.troubles"), std::to_string(troubles), false},
        {words.view("fact.bounces"), letters(bounces), false},
        {words.view("fact.packets"), std::to_string(packets), false},
    };
}

CompareColumn column_of(const Moment &now, const std::string &title)
{
    CompareColumn column;
    column.title = title.empty() ? now.words.choose(now.scenario.title) : title;
    column.subtitle = now.words.choose(now.scenario.title);
    if (column.subtitle == column.title)
        column.subtitle.clear();
    for (const StoryStep &step : now.story.steps())
        if (step.mark == Mark::Pop3 || step.mark == Mark::Imap || step.mark == Mark::Http) {
            column.mark = step.mark;
            break;
        }
    add_holders(now, column);
    add_facts(now, column);
    if (now.story.steps().empty())
        return column;
    const std::size_t index = now.step();
    const StoryStep &step = now.story.steps()[index];
    const Record &record = now.records[step.record];
    column.now_mark = step.mark;
    column.trouble = step.trouble;
    column.headline = now.words.headline(record);
    column.sentence = now.words.sentence(now.records, record);
    column.ended = index + 1 == now.story.steps().size();
    for (DialogRow &row : dialog_view(now).rows)
        if (!row.chip.empty())
            column.lines.push_back(std::move(row));
    if (column.lines.size() > column_lines_max)
        column.lines.erase(column.lines.begin(),
                           column.lines.end() - static_cast<std::ptrdiff_t>(column_lines_max));
    return column;
}

/// Those that have mail in none of the stories go, as long as others are left; then those for
/// which there is no room.
void drop_bystanders(std::vector<CompareColumn> &columns,
                     std::vector<HolderRow> CompareColumn::*rows)
{
    std::size_t most = 0;
    for (const CompareColumn &column : columns)
        most = std::max(most, (column.*rows).size());
    std::vector<bool> kept(most);
    for (const CompareColumn &column : columns)
        for (std::size_t i = 0; i < (column.*rows).size(); ++i)
            kept[i] = kept[i] || (column.*rows)[i].has_mail;
    const bool any = std::find(kept.begin(), kept.end(), true) != kept.end();
    for (CompareColumn &column : columns) {
        std::vector<HolderRow> left;
        for (std::size_t i = 0; i < (column.*rows).size() && left.size() < holders_max; ++i)
            if (!any || kept[i])
                left.push_back(std::move((column.*rows)[i]));
        column.*rows = std::move(left);
    }
}

template <class Row, class Same>
void mark_differences(std::vector<CompareColumn> &columns, std::vector<Row> CompareColumn::*rows,
                      Same same)
{
    std::size_t most = 0;
    for (const CompareColumn &column : columns)
        most = std::max(most, (column.*rows).size());
    for (std::size_t i = 0; i < most; ++i) {
        bool all_same = true;
        for (const CompareColumn &column : columns)
            all_same = all_same && i < (column.*rows).size() && i < (columns[0].*rows).size() &&
                       same((column.*rows)[i], (columns[0].*rows)[i]);
        for (CompareColumn &column : columns)
            if (i < (column.*rows).size())
                (column.*rows)[i].differs = !all_same;
    }
}

} // namespace

std::vector<ChapterRow> scenes_of(const std::vector<ChapterRow> &chapters)
{
    std::vector<ChapterRow> scenes;
    bool now_seen = false;
    for (const ChapterRow &chapter : chapters) {
        if (chapter.is_scene) {
            scenes.push_back(chapter);
        } else if (!scenes.empty()) {
            scenes.back().last = chapter.last;
            scenes.back().is_now = scenes.back().is_now || chapter.is_now;
        }
        now_seen = now_seen || (chapter.is_now && !scenes.empty());
    }
    return scenes.size() < 2 || !now_seen ? chapters : scenes;
}

CompareView compare_view(const std::vector<Moment> &moments, const std::vector<std::string> &titles)
{
    CompareView view;
    for (std::size_t i = 0; i < moments.size(); ++i)
        view.columns.push_back(
            column_of(moments[i], i < titles.size() ? titles[i] : std::string()));
    drop_bystanders(view.columns, &CompareColumn::mailboxes);
    drop_bystanders(view.columns, &CompareColumn::devices);
    for (const CompareColumn &column : view.columns)
        view.lines = std::max(view.lines, column.lines.size());
    const auto same_holder = [](const HolderRow &a, const HolderRow &b) {
        return a.letters == b.letters && a.seen == b.seen && a.more == b.more && a.state == b.state;
    };
    mark_differences(view.columns, &CompareColumn::mailboxes, same_holder);
    mark_differences(view.columns, &CompareColumn::devices, same_holder);
    mark_differences(view.columns, &CompareColumn::facts,
                     [](const CompareFact &a, const CompareFact &b) { return a.value == b.value; });
    return view;
}

} // namespace mailscope::viz
