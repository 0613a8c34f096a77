// What the reader has chosen: everything about the screen that is not in the trace.
//
// Panels read it, viz/main/apply changes it. Settings that outlive the program are marked; they are
// written and read as lines of `key value`, in which an unknown key is left alone.
#pragma once

#include "viz/model/rows.h"
#include "viz/model/screen_layout.h"
#include "viz/model/story.h"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::viz
{

enum class Screen : std::uint8_t
{
    Library,
    Lesson,
    Compare,
};

enum class InspectorTab : std::uint8_t
{
    Packet,
    Host,
    State,
    Letter,
};

/// Tabs of a narrow window, where ladder, dialog and inspector share one panel.
enum class SideTab : std::uint8_t
{
    Ladder,
    Dialog,
    Inspector,
};

struct MapCamera
{
    float zoom = 1;
    float x = 0; ///< moved by, in pixels
    float y = 0;
};

struct UiState
{
    Screen screen = Screen::Library;
    std::string language = "en"; ///< kept
    bool dark = true;            ///< kept
    float scale = 1;             ///< kept; 1 to 2
    bool reduced_motion = false; ///< kept

    // The lesson.
    std::size_t record = 0; ///< the cursor: everything up to this one has happened
    bool playing = false;
    float speed = 1;    ///< kept
    float progress = 0; ///< of the present step while playing, 0 to 1
    Grain grain = Grain::Step;
    int chosen = -1;            ///< answer picked, not checked
    std::map<int, int> answers; ///< by moment of the lesson: the choice checked; -1: skipped
    bool deeper = false;        ///< the detail is shown
    bool show_why = false;      ///< pins on the map

    // Looking.
    int host = -1; ///< selected
    InspectorTab tab = InspectorTab::Packet;
    SideTab side = SideTab::Dialog;
    int talk = -1; ///< exchange whose conversation the dialogue shows; -1: that of the step
    bool talks_open = false;           ///< the list of conversations
    std::set<int> unfolded;            ///< records whose lines are all shown in the dialogue
    std::set<std::int64_t> open_talks; ///< unfolded on the ladder; numbers of LadderRow::talk
    float dialog_scroll = 0;           ///< back from its end
    int why_of = -1;                   ///< record whose causes are shown; -1: the present one
    int why_hovered = 0;               ///< number in the chain under the mouse; 0: none
    std::size_t engine = 0;            ///< whose state diagram is shown
    int field = -1;                    ///< hovered in the inspector
    std::string filter;                ///< a query
    bool filter_open = false;
    bool stops_at_match = false; ///< while playing
    bool ladder_filtered = false;
    std::string letter;     ///< opened in the inspector; empty: that of the present record
    float facts_scroll = 0; ///< of the inspector
    bool changes_open = false;
    std::string change;       ///< picked
    std::string change_value; ///< typed for it
    std::string notice;       ///< what was done, in one line, until the next step
    bool help = false;
    bool serves = false;    ///< programs outside can reach the servers
    bool live_open = false; ///< where they do is shown
    Shares shares;          ///< kept
    MapCamera camera;
    bool key_open = false;                    ///< of the map, where it has room for its title only
    std::map<std::string, Point> moved_hosts; ///< kept; by place_key(), on the design grid

    // The library.
    std::size_t topic = 0;
    std::string search;
    float library_scroll = 0;
    unsigned levels = 7;             ///< bits: difficulties shown
    std::map<std::string, int> done; ///< kept; by file name: steps seen, -1: to the end
    std::string last_file;           ///< kept; without folder

    /// Under which a host of the open scenario has its place.
    std::string place_key(std::string_view name) const
    {
        return last_file + "/" + std::string(name);
    }
};

/// The settings as lines.
std::string write_settings(const UiState &state);
/// Takes over what the lines say; what they do not say stays.
void read_settings(std::string_view text, UiState &state);

} // namespace mailscope::viz
