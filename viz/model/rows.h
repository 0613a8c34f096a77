// What panels draw: plain rows that say everything, so that drawing decides nothing.
//
// The view models (the *_view files) make them from the trace and the World at the cursor. Numbers
// of hosts and records are those of the engine; -1 is none. Texts are in the language of the
// reader, protocol words as they were on the wire. Lengths are in pixels at scale 1.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::viz
{

/// A sign with a colour and a shape of its own.
enum class Mark : std::uint8_t
{
    Smtp,
    Dns,
    Tcp,
    Pop3,
    Imap,
    Http,
    Tls,
    Letter,    ///< a whole message
    Temporary, ///< hollow octagon: 4xx, time-outs, broken links
    Permanent, ///< solid octagon: 5xx
    None,
};

struct Point
{
    float x = 0;
    float y = 0;
};

struct Rect
{
    float x = 0;
    float y = 0;
    float w = 0;
    float h = 0;

    float right() const { return x + w; }
    float bottom() const { return y + h; }
    Point centre() const { return {x + w / 2, y + h / 2}; }
    bool contains(float px, float py) const
    {
        return px >= x && px < x + w && py >= y && py < y + h;
    }
    Rect inner(float margin) const
    {
        return {x + margin, y + margin, w - 2 * margin, h - 2 * margin};
    }
};

// The map.

enum class HostShape : std::uint8_t
{
    Laptop,
    Phone,
    Router,
    Server,
    DnsServer,
    Mailbox,
    GhostMailbox, ///< asked for, and not there
};

enum class RegionTint : std::uint8_t
{
    Home,
    Provider,
    Dns,
    Organisation,
};

struct BadgeRow
{
    Mark mark = Mark::Letter;
    std::string text;
    int record = -1; ///< the last one that changed the number: where its "why" begins
    float wait = -1; ///< share of the time until the next attempt that is left; -1: nothing waits
};

/// A step of the Why list, where it happened.
struct PinRow
{
    int number = 0; ///< in the list
    int record = -1;
    bool is_future = false; ///< the reader has gone back before it
};

struct HostRow
{
    int host = -1;   ///< of a mailbox: the server that keeps it
    std::string key; ///< unique and the same in every run: names its place in the settings
    std::string name;
    std::string address; ///< second line; may be empty
    HostShape shape = HostShape::Server;
    Point at;                  ///< centre of the icon on the design grid
    bool label_right = false;  ///< beside the icon instead of below
    bool takes_part = true;    ///< of what is going on now
    bool is_now = false;       ///< it happens here
    Mark trouble = Mark::None; ///< an octagon on it
    bool is_full = false;      ///< of a mailbox
    float filled = -1;         ///< share of a mailbox's quota that is used; -1: it has none
    std::vector<BadgeRow> badges;
    std::vector<PinRow> pins;
};

struct RegionRow
{
    std::string name;
    std::string network; ///< such as "198.51.100.0/24"; may be empty
    RegionTint tint = RegionTint::Home;
    Rect area;
    bool dimmed = false;
};

enum class LinkLook : std::uint8_t
{
    Idle,
    Active,
    Broken,
};

struct LinkRow
{
    std::vector<Point> path; ///< two points, or four of a Bézier curve when `curved`
    bool curved = false;
    LinkLook look = LinkLook::Idle;
    Mark mark = Mark::None;
};

/// Something on its way.
struct FlightRow
{
    std::vector<Point> path; ///< corners, from the sender on
    bool curved = false;
    Mark mark = Mark::Smtp;
    Mark trouble = Mark::None; ///< an error reply
    float at = 0.55F;          ///< how far along the path, 0 to 1
    bool rests = true;         ///< so that it may be drawn where there is room for words about it
    std::string label;         ///< of a packet seen close up; or empty
    std::size_t count = 1;     ///< that are so near each other that one mark stands for all
};

/// Many things of one kind on one way, where they are too many to be drawn.
struct FlowRow
{
    std::vector<Point> path;
    Mark mark = Mark::Smtp;
    std::size_t count = 0;
};

/// A picture of what went wrong, where it did.
enum class FaultShape : std::uint8_t
{
    Gate,       ///< closed, at `at` on the way to `to`
    TooLarge,   ///< a letter before a gate that it does not fit through
    Moved,      ///< an arrow from `at` to `to`, where the addressee is now
    NoDomain,   ///< a domain that is not there, looked for at `at`
    Silence,    ///< a question from `at` that `to` does not answer
    BadAddress, ///< what cannot be an address, written at `at`
};

struct FaultRow
{
    FaultShape shape = FaultShape::Gate;
    Point at;
    Point to;
    std::string text;               ///< sizes, an address, a domain
    std::vector<std::size_t> wrong; ///< octets of the text that cannot stand there
};

struct CalloutRow
{
    Point at; ///< what it points to
    std::string number;
    std::string headline; ///< protocol words
    std::string gloss;    ///< one sentence
    Mark mark = Mark::Smtp;
    bool is_trouble = false;
};

struct MapView
{
    float width = 1040; ///< of the design grid
    float height = 390;
    std::vector<RegionRow> regions;
    std::vector<LinkRow> links;
    std::vector<HostRow> hosts;
    std::vector<FlightRow> flights; ///< what the present step is about; at most one
    std::vector<FlightRow> others;  ///< what else is under way; drawn small
    std::vector<FlowRow> flows;     ///< the same where they are too many, or seen from afar
    std::size_t under_way = 0;      ///< letters and packets, drawn or not
    std::optional<CalloutRow> callout;
    std::vector<FaultRow> faults; ///< of the present record
    std::vector<Mark> key;        ///< marks that occur in this story
};

// The ladder.

enum class LadderKind : std::uint8_t
{
    Arrow,
    Note,   ///< at one host
    Folded, ///< a finished exchange
    Pause,  ///< nothing happens for a long time; the label says how long
};

/// No conversation that could be folded.
inline constexpr std::int64_t no_talk = -1;

struct LadderRow
{
    int record = -1; ///< where a click leads
    std::string number;
    LadderKind kind = LadderKind::Arrow;
    int from = 0; ///< lanes
    int to = 0;
    Mark mark = Mark::Smtp;
    Mark trouble = Mark::None;
    std::string label;
    bool is_now = false;
    int pin = 0;                 ///< number in the Why list; 0: not in it
    std::int64_t talk = no_talk; ///< a click on its sign unfolds this conversation, or folds it
};

struct LaneRow
{
    std::string name;
    std::string region; ///< second line; may be empty
};

/// How much a ladder can show.
struct LadderRoom
{
    std::size_t rows = 0;
    std::size_t lanes = 0; ///< that finished exchanges may add to; what happens now takes one more
};

struct LadderView
{
    std::vector<LaneRow> lanes;
    std::vector<LadderRow> rows;
    bool ends = false; ///< nothing more will happen
};

// The dialog.

struct DialogRow
{
    int record = -1;
    std::string chip; ///< C, S, Q, R, or empty for what is no line
    bool filled = false;
    Mark mark = Mark::Smtp;
    Mark trouble = Mark::None;
    std::vector<std::string> lines; ///< as on the wire
    std::size_t folded = 0;         ///< further lines that are not shown
    bool can_fold = false;          ///< all lines are shown, and need not be
    std::string gloss;
    bool is_now = false;
};

/// A conversation that can be chosen.
struct TalkRow
{
    int exchange = 0; ///< of the story
    std::string title;
    std::string time; ///< of its beginning
    Mark mark = Mark::Smtp;
    Mark trouble = Mark::None;
    bool is_shown = false;
};

struct DialogView
{
    std::string title;          ///< who speaks with whom
    std::vector<TalkRow> talks; ///< all conversations so far, the newest first
    std::string note;           ///< "decrypted"; may be empty
    std::vector<DialogRow> rows;
};

// The inspector.

struct LayerRow
{
    std::string name; ///< "IP"
    std::size_t offset = 0;
    std::size_t length = 0;
    Mark mark = Mark::Tcp;
};

struct FieldRow
{
    std::size_t layer = 0;
    std::string name;
    std::string value;
    std::size_t offset = 0;
    std::size_t length = 0;
};

/// A line of the tab about a host or a letter.
struct FactRow
{
    std::string text;
    std::string value;
    bool is_heading = false;
    Mark mark = Mark::None;
    int record = -1;    ///< where a click leads
    std::string letter; ///< a letter in a mailbox that a click opens: "bob@example.jp 7"; or empty
    int why = -1;       ///< a click shows the chain of causes of this record
};

struct StateNode
{
    std::string name;
    bool is_now = false;
    bool follows = false;       ///< may be the next one
    bool from_anywhere = false; ///< some input leads to it from every state
};

struct StateEdge
{
    std::size_t from = 0; ///< states
    std::size_t to = 0;
    bool is_exit = false; ///< out of the present state
};

/// What leads out of the present state.
struct ExitRow
{
    std::string input;
    std::string to; ///< a state; "same" or "back" for none of its own
    std::string note;
};

/// An engine's state diagram.
struct EngineView
{
    std::string title;
    std::vector<StateNode> states; ///< from the beginning of a conversation to its end
    std::vector<StateEdge> edges;
    std::vector<ExitRow> exits;
};

struct InspectorView
{
    std::string title; ///< who to whom
    std::vector<LayerRow> layers;
    std::vector<FieldRow> fields;
    std::string bytes;     ///< the packet from its IP header on
    std::size_t focus = 0; ///< the octet at which begins what the record is about
    std::string host_title;
    std::vector<FactRow> host;
    std::vector<EngineView> engines; ///< at work at the host
    std::vector<FactRow> letter;     ///< the letter opened, or that the record is about
};

// What can be changed here and now.

struct ChangeRow
{
    std::string id;
    std::string label;
    std::string value; ///< set now
    bool takes_value = false;
};

struct ChangesView
{
    std::string host;
    std::vector<ChangeRow> rows;
};

// The lesson card.

struct AnatomyRow
{
    std::string digits;
    std::string meaning;
    bool is_status = false; ///< the enhanced code
};

struct WhyRow
{
    int record = -1;
    int number = 0;
    std::string text;
    bool is_root = false;
    bool is_now = false;
    bool is_future = false; ///< the reader has gone back before it
};

struct ChoiceRow
{
    std::string text;
    std::string why;
    bool correct = false;
};

struct RemedyRow
{
    std::string id;
    std::string label;
    int branch = -1; ///< where it was tried already
};

struct LessonView
{
    std::size_t step = 0; ///< 1 and up
    std::size_t steps = 0;
    Mark mark = Mark::None;
    std::string title;
    std::string say;    ///< what happens now, one to three sentences
    std::string detail; ///< more of it
    std::string rfc;
    std::string moment; ///< what the lesson says here
    std::string fault;  ///< with whom the remedy lies; empty without trouble
    std::string cause;
    std::string advice;
    std::vector<AnatomyRow> anatomy;
    std::vector<WhyRow> why; ///< effect first, cause last
    int question = -1;       ///< index of the lesson's moment; -1: none here
    std::string question_text;
    std::vector<ChoiceRow> choices;
    std::vector<RemedyRow> remedies;
};

// The timeline.

struct ChapterRow
{
    std::string title;
    std::size_t first = 0; ///< bar
    std::size_t last = 0;
    bool is_now = false;
    int record = -1;       ///< where it begins
    bool is_scene = false; ///< its title is the scenario's own
};

struct BarRow
{
    int record = -1;
    Mark mark = Mark::Tcp;
    Mark trouble = Mark::None;
    float height = 0;         ///< 0 to 1
    bool after_pause = false; ///< long after the one before
};

struct BranchRow
{
    int branch = 0;
    std::string name;     ///< empty: the main story
    std::size_t from = 0; ///< bar at which it leaves its parent
    bool is_current = false;
};

struct TimelineView
{
    std::vector<ChapterRow> chapters;
    std::vector<BarRow> bars; ///< one for each step, or for several in a long story
    std::size_t now = 0;      ///< index of a bar
    std::size_t step = 0;     ///< number of the present step, 1 and up
    std::string time;
    std::vector<BranchRow> branches;
};

// The start screen.

/// A place on the small map of a card, in the order of travel.
enum class ThumbPlace : std::uint8_t
{
    Writer,
    Submission,
    Line, ///< between the servers
    Relay,
    Box,
    Reader,
    Names,
};

/// The small map of a lesson.
struct ThumbRow
{
    ThumbPlace first = ThumbPlace::Writer; ///< lit from here
    ThumbPlace last = ThumbPlace::Reader;  ///< to here
    ThumbPlace at = ThumbPlace::Line;      ///< where it happens: an octagon, or what travels
    bool names = false;                    ///< the name servers are lit, too
    bool full = false;                     ///< the mailbox
    bool moved = false;                    ///< the addressee: an arrow leads somewhere else
    bool home = false;                     ///< the writer's home is part of the story
    bool devices = false;                  ///< the reader has two
    Mark reading = Mark::Smtp;             ///< protocol by which the letter is read
};

struct CardRow
{
    std::string file;
    std::string title;
    std::string summary;
    std::vector<std::string> topics;
    int difficulty = 1; ///< 1 to 3
    int minutes = 5;
    std::string code; ///< "550"; empty for a lesson without error
    Mark trouble = Mark::None;
    std::vector<Mark> marks; ///< protocols that occur
    ThumbRow thumb;
    bool done = false;
    std::size_t topic = 0;             ///< index into LibraryView::topics
    std::vector<std::string> problems; ///< what is wrong with the file
};

struct TopicRow
{
    std::string name;
    Mark mark = Mark::None;
    std::size_t total = 0;
    std::size_t done = 0;
};

struct LibraryView
{
    std::vector<TopicRow> topics; ///< the first: all
    std::vector<CardRow> cards;
};

} // namespace mailscope::viz
