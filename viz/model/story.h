// A branch's records as a story: steps, exchanges, chapters.
//
// A step is what a learner follows: a protocol line, a question and its answer in the DNS, what
// becomes of a letter, what people do. Packets lie between steps. An exchange is a run of steps
// that belong to one conversation; a chapter begins where a letter is submitted, delivered or
// fetched, or where the scenario has a heading. Made once for a branch.
#pragma once

#include "sim/trace/query.h"
#include "sim/trace/records.h"
#include "sim/world/world.h"
#include "viz/model/rows.h"

#include <cstddef>
#include <optional>
#include <vector>

namespace mailscope::viz
{

/// How far one step of the reader goes.
enum class Grain : std::uint8_t
{
    Record,
    Step,
    Exchange,
    Chapter,
};

/// A wait that long is told, because playing skips it.
inline constexpr Duration pause_from = std::chrono::seconds(10);

struct StoryStep
{
    std::size_t record = 0;
    std::size_t exchange = 0;
    std::size_t chapter = 0;
    Mark mark = Mark::None;
    Mark trouble = Mark::None;
    HostId from; ///< who speaks; the only one for what happens at a host
    HostId to;   ///< none for what happens at a host
};

struct StoryExchange
{
    std::size_t first = 0; ///< steps
    std::size_t last = 0;
    Mark mark = Mark::None;
    ConnectionId conversation;
    HostId client; ///< who began
    HostId server;
};

struct StoryChapter
{
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t record = 0; ///< whose title it has
};

class Story
{
public:
    explicit Story(const Records &records) { grow(records); }

    /// Goes on with records that came since: a trace only grows.
    void grow(const Records &records);

    const std::vector<StoryStep> &steps() const { return steps_; }
    const std::vector<StoryExchange> &exchanges() const { return exchanges_; }
    const std::vector<StoryChapter> &chapters() const { return chapters_; }
    /// The marks that occur, troubles too: bits by number of Mark.
    unsigned marks() const { return marks_; }

    /// The last step at the record or before it; the first one when there is none before.
    std::size_t step_at(std::size_t record) const;

    /// The record that one more step of the grain leads to; the same one at the end or beginning.
    std::size_t forward(std::size_t record, Grain grain, std::size_t records) const;
    std::size_t backward(std::size_t record, Grain grain) const;
    /// The record of the next step with trouble, or of the one before; nothing when there is none.
    std::optional<std::size_t> next_trouble(std::size_t record) const;
    std::optional<std::size_t> last_trouble(std::size_t record) const;

private:
    void add_step(const Record &record, std::size_t index);

    std::size_t known_ = 0; ///< records
    unsigned marks_ = 0;
    std::vector<StoryStep> steps_;
    std::vector<StoryExchange> exchanges_;
    std::vector<StoryChapter> chapters_;
};

/// Whether the record is a step of its own.
bool is_step(const Record &record);

/// Who speaks to whom in a record: the peer comes first where the record tells of what came in.
struct Direction
{
    HostId from;
    HostId to;
};
Direction direction_of(const Record &record);

/// What happens in a record as a step of its own, for records that lie between steps: packets on
/// their wires. `world` names the other end of a wire.
StoryStep step_of(const Record &record, std::size_t index, const World &world);

/// The packet that carries what the record tells of, or the one that brought it; nothing when the
/// record has none. Looks at some records around it.
std::optional<std::uint32_t> packet_of(const Records &records, std::size_t index);

/// The chain of causes from the record to the root, as indices; the record itself comes first.
std::vector<std::size_t> causes_of(const Records &records, std::size_t index);

} // namespace mailscope::viz
