// Two or three stories side by side, at the same simulated time.
//
// For each story the same things in the same order: who has which letters, what is happening, what
// was said last, and facts in rows. What is not the same in all of them is marked; nothing is
// marked where they agree.
#pragma once

#include "viz/model/views.h"

#include <string>
#include <vector>

namespace mailscope::viz
{

/// A mailbox or a device with its letters.
struct HolderRow
{
    std::string name;
    std::string short_name; ///< without whose it is; may be empty
    HostShape shape = HostShape::Mailbox;
    std::vector<std::string> letters; ///< subjects, the newest last
    std::vector<bool> seen;
    std::size_t more = 0; ///< letters that are not listed
    std::string state;    ///< such as "offline"; may be empty
    bool differs = false;
    bool has_mail = false; ///< at some time of its story
};

struct CompareFact
{
    std::string name;
    std::string value;
    bool differs = false;
};

struct CompareColumn
{
    Mark mark = Mark::Smtp; ///< of the protocol by which its mail is read
    std::string title;
    std::string subtitle;
    std::vector<HolderRow> mailboxes;
    std::vector<HolderRow> devices;
    Mark now_mark = Mark::None;
    Mark trouble = Mark::None;
    std::string headline; ///< what happens now, in protocol words
    std::string sentence;
    bool ended = false;           ///< its story is over
    std::vector<DialogRow> lines; ///< the last two of its conversation
    std::vector<CompareFact> facts;
};

struct CompareView
{
    std::vector<ChapterRow> chapters; ///< of the first story: its scenes, where it has some
    std::vector<CompareColumn> columns;
    std::size_t lines = 0; ///< of the conversation, in the column that has most
};

/// The chapters that the scenario names itself; all of them where it names fewer than two.
std::vector<ChapterRow> scenes_of(const std::vector<ChapterRow> &chapters);

/// The first moment leads. `titles` name the columns; a title may be empty.
CompareView compare_view(const std::vector<Moment> &moments,
                         const std::vector<std::string> &titles);

} // namespace mailscope::viz
