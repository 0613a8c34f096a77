// One story told by different worlds, in step: where every letter is after each scene.
//
// POP3, IMAP and webmail differ in where letters lie and who knows that they were read. Scenarios
// that tell the same story (scenes in the same number) are played side by side; after each scene
// it is written down what lies where, and where the first difference is. The one place that works
// this out: the command line prints it, the app draws it.
#pragma once

#include "sim/core/result.h"
#include "sim/scenario/scenario.h"
#include "sim/world/inspect.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace mailscope
{

/// Scenarios that can stand side by side.
inline constexpr std::size_t compared_max = 3;

/// A copy of a letter. Rows are equal when all of it is.
struct Copy
{
    std::string subject;
    Place place = Place::Mailbox;
    std::string host;
    std::string owner;
    bool seen = false;    ///< marked as read there; a sender's own copies always are
    std::string folder{}; ///< of a person's own; empty: it is in none

    friend bool operator==(const Copy &a, const Copy &b)
    {
        return a.subject == b.subject && a.place == b.place && a.host == b.host &&
               a.owner == b.owner && a.seen == b.seen && a.folder == b.folder;
    }
    friend bool operator!=(const Copy &a, const Copy &b) { return !(a == b); }
};

/// Something that a person could not do.
struct NotDone
{
    std::string host; ///< where it was tried
    Record record;    ///< that it was not done, with the reason as its text

    friend bool operator==(const NotDone &a, const NotDone &b)
    {
        return a.host == b.host && a.record.kind == b.record.kind &&
               a.record.text.view() == b.record.text.view();
    }
};

/// One scenario after one scene.
struct SceneState
{
    SimTime at;
    std::vector<Copy> copies; ///< by subject, place, host and owner
    std::vector<NotDone> not_done;
};

/// A scene and what it came to in each scenario.
struct ComparedScene
{
    LocalText heading;
    std::vector<SceneState> states; ///< by scenario

    /// The subjects of all letters, in any scenario, in order.
    std::vector<std::string> subjects() const;
};

/// The first scene after which not all scenarios are in the same state.
struct SceneDifference
{
    std::size_t scene = 0;
    std::string subject;       ///< the letter; empty: only what could be done differs
    std::size_t scenario = 0;  ///< the first that is not like scenario 0
    std::optional<Copy> here;  ///< a copy that scenario 0 has and the other has not
    std::optional<Copy> there; ///< a copy that the other has and scenario 0 has not
};

struct Comparison
{
    std::vector<LocalText> titles;               ///< by scenario
    std::vector<std::vector<std::string>> hosts; ///< names by HostId, by scenario
    std::vector<ComparedScene> scenes;
    std::optional<SceneDifference> first_difference;
};

/// Plays two or three scenarios to their ends. Fails when their stories have not equally many
/// scenes, when one has none, and for what build_world fails for. Cost: each scenario played once.
[[nodiscard]] Result<Comparison> compare(std::span<const Scenario> scenarios);

} // namespace mailscope
