// Real programs in the app: opening the servers for them, and the story that grows.
#include "sim/scenario/serving.h"

#include "sim/scenario/play.h"
#include "viz/main/app.h"

#include <utility>

namespace mailscope::viz
{

bool App::serve(const std::string &file, const LiveOptions &options)
{
    std::optional<Scenario> scenario = parse(file);
    if (!scenario)
        return false;
    *scenario = as_served(std::move(*scenario), ServedStory::Waits);
    if (!options.tls)
        turn_tls_off(*scenario);
    live_.reset(); // Its ports may be wanted again.
    LiveOptions spoken = options;
    spoken.language = state_.language;
    Result<std::unique_ptr<LiveDoor>> door = LiveDoor::open(*scenario, spoken);
    if (!door) {
        problems_.push_back(door.error().message);
        return false;
    }
    live_ = std::move(*door);
    show(Lesson::begin(std::move(*scenario), live_->start()), file);
    state_.serves = true;
    state_.live_open = true;
    state_.playing = true;
    return true;
}

/// The World is at its start again, as a test asked by the API; so is the story.
void App::begin_anew()
{
    const bool is_open = state_.live_open;
    show(Lesson::begin(lesson_->scenario(), live_->start()), file_);
    state_.serves = true;
    state_.live_open = is_open;
    state_.playing = true;
}

/// Once in a frame: programs are answered, and what happened comes into the story.
void App::poll_live()
{
    if (live_ == nullptr || lesson_ == nullptr)
        return;
    live_->poll();
    if (live_->take_reset())
        begin_anew();
    if (lesson_->follow(live_->world(), live_->records(), live_->take_acts()))
        return;
    set_record(0);
    notify("live-anew", {});
}

/// Whether the reader looks at what programs do, and not at what might have been.
bool App::is_live_now() const
{
    return live_ != nullptr && lesson_ != nullptr && lesson_->timeline().current() == BranchId{0};
}

/// Steps that have come and are not shown yet.
std::size_t App::steps_waiting() const
{
    const std::size_t steps = lesson_->story().steps().size();
    return steps == 0 ? 0 : steps - 1 - lesson_->story().step_at(state_.record);
}

bool App::apply_live(const Intent &intent)
{
    switch (intent.act) {
    case Act::Live:
        if (live_ == nullptr)
            serve(file_, {});
        else
            state_.live_open = !state_.live_open;
        return true;
    case Act::StopServing:
        open(file_);
        return true;
    case Act::TryRemedy: {
        // The servers that programs talk to are mended, not a copy of them.
        const RemedySpec *remedy = find_remedy(lesson_->scenario(), intent.text);
        if (!is_live_now() || remedy == nullptr)
            return false;
        for (const ChangeSpec &change : remedy->changes)
            live_->order(change);
        for (const ActionSpec &action : remedy->then)
            live_->order(action, action.at);
        state_.playing = true;
        notify("live-changed", words_->choose(remedy->label));
        return true;
    }
    case Act::Escape:
        return problems_.empty() && !state_.help && std::exchange(state_.live_open, false);
    default:
        return false;
    }
}

} // namespace mailscope::viz
