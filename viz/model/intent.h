// What the user wants, as plain values.
//
// Panels and keys make intents; viz/main/apply applies them, after drawing and nowhere else. That
// is the only way in which anything changes.
#pragma once

#include "viz/model/rows.h"

#include <cstdint>
#include <string>

namespace mailscope::viz
{

enum class Act : std::uint8_t
{
    // Going through the story.
    StepOn,       ///< by the grain that is set
    StepBack,     ///<
    RecordOn,     ///< by one record, packets too
    RecordBack,   ///<
    ExchangeOn,   ///<
    ExchangeBack, ///<
    SceneOn,      ///<
    SceneBack,    ///<
    NextTrouble,  ///<
    LastTrouble,  ///< the one before
    GoToRecord,   ///< number: index
    GoToStep,     ///< number: index of a step
    GoToStart,    ///<
    GoToEnd,      ///<
    Play,         ///< or pause
    SetSpeed,     ///< number: in thousandths
    SetGrain,     ///< number: of Grain
    // Changing it.
    TryRemedy,    ///< text: its id
    SwitchBranch, ///< number
    NextBranch,   ///< number: 1 or -1
    OpenChanges,  ///< what can be changed here, or closes it
    PickChange,   ///< text: its id; one that takes no value is done at once
    TypeChange,   ///< text: the value for the one picked
    DoChange,     ///< the one picked, with its value
    // Real programs.
    Live,        ///< opens the simulated servers for them; then shows or hides where
    StopServing, ///< and shows the story again
    // The lesson.
    Choose, ///< number: of the choice
    Check,  ///<
    Skip,   ///<
    Deeper, ///< shows or hides the detail
    // Looking.
    SelectHost,   ///< number
    SelectTab,    ///< number: of InspectorTab
    SelectEngine, ///< number: whose state diagram is shown
    SelectSide,   ///< number: tab of the narrow layout
    HoverField,   ///< number: index; -1: none
    SetFilter,    ///< text: a query
    OpenFilter,   ///<
    FindNext,     ///< number: 1 or -1, to the next record that the query matches
    StopAtMatch,  ///< playing stops where the query matches, or not
    FilterLadder, ///< the ladder shows only what the query matches, or all
    OpenTalks,    ///< the list of conversations, or closes it
    SelectTalk,   ///< number: an exchange of the conversation that the dialogue shows
    Unfold,       ///< number: record whose lines are shown or folded; -1: the present step's
    FoldTalk,     ///< number: of LadderRow::talk; unfolds it on the ladder, or folds it
    ScrollDialog, ///< by: back from the end
    WhyOf,        ///< number: record whose causes are shown on list, map and ladder
    DragBar,      ///< number: of SplitBar; by: a distance
    ResetBars,    ///< panels as the design has them
    OpenLetter,   ///< text: as FactRow::letter
    ScrollFacts,  ///< by: the inspector's place
    MoveHost,     ///< text: its key; by: a distance on the design grid
    PanMap,       ///< by
    ZoomMap,      ///< number: in thousandths, multiplies
    FitMap,       ///<
    FocusMap,     ///< close up where it happens now, or all of it again
    OpenKey,      ///< the key of the map where it is folded, or closes it
    FollowWhy,    ///< shows the chain on map and ladder, or not
    HoverWhy,     ///< number: of a step of the chain under the mouse
    // The app.
    Open,          ///< text: a file
    Library,       ///< the start screen
    Reload,        ///<
    Compare,       ///< side by side, or not
    Language,      ///< text: en or ja
    DarkTheme,     ///< number: 1 or 0
    Scale,         ///< number: in hundredths
    ReducedMotion, ///<
    Help,          ///<
    NextPanel,     ///< number: 1 or -1: the keyboard's focus to the first thing of another panel
    Escape,        ///< closes what is open
    ChooseTopic,   ///< number: of the library
    SetLevel,      ///< number: difficulty shown or not
    Search,        ///< text: in the library
    Scroll,        ///< by: the library's place
    Copy,          ///< number: of CopyWhat
    SavePicture,   ///< number: 1: only the panel under the mouse
    Quit,          ///<
};

struct Intent
{
    Act act = Act::StepOn;
    std::int64_t number = 0;
    std::string text;
    Point by; ///< a distance or a place
};

} // namespace mailscope::viz
