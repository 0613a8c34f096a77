// The app without its window: state, view models, one frame, and where intents are applied.
//
// A window, a screenshot and a test all call frame() and hand over Dear ImGui's input events; none
// of them needs the others. Nothing here blocks and nothing runs beside it, so that the same code
// can be called by a browser's animation frame.
#pragma once

#include "viz/draw/ui.h"
#include "viz/main/lesson.h"
#include "viz/main/live_door.h"
#include "viz/model/copy_text.h"
#include "viz/model/screen_layout.h"
#include "viz/model/ui_state.h"
#include "viz/model/views.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::viz
{

struct PanelContext;

class App
{
public:
    App(const FaceFiles &faces, UiState state);

    // What can be opened.
    /// Fills the library; files that are no scenarios get their problems on their card.
    void set_library(const std::vector<std::string> &files);
    /// Opens a scenario; with mistakes in it they are shown, and what was open stays.
    void open(const std::string &file);
    /// Files that were dropped onto the window: the first one opens.
    void drop(const std::vector<std::string> &files)
    {
        if (!files.empty())
            open(files.front());
    }
    /// Shows these stories beside the open one.
    void open_beside(const std::vector<std::string> &files);
    /// Opens a scenario's servers for real programs and shows what they do; whether that went well.
    bool serve(const std::string &file, const LiveOptions &options);
    /// Reads the file again, because it was saved.
    void reload() { open(problems_.empty() ? file_ : problem_file_); }

    // A frame.
    /// Builds everything between NewFrame and Render of the current context. `width` and `height`
    /// are the window's at scale 1; `seconds` have passed since the last frame.
    void frame(float width, float height, float seconds);
    /// Makes the font texture anew; true when the owner of the texture has to upload it.
    bool prepare_fonts(float scale);
    /// Whether the next frame differs without any input: something moves.
    bool is_moving() const { return state_.playing || live_ != nullptr; }
    /// Whether a text was drawn without all of its glyphs: the next frame has them.
    bool fonts_are_incomplete() const { return fonts_.is_incomplete(); }

    void apply(const Intent &intent);
    /// So many seconds pass; while playing, the story goes on.
    void play_on(float seconds);

    // What others want to know.
    const UiState &state() const { return state_; }
    UiState &state() { return state_; }
    const Theme &theme() const { return theme_of(state_.dark); }
    const Lesson *lesson() const { return lesson_.get(); }
    /// Where programs outside reach the servers, while they do.
    const LiveView *live() const { return live_ == nullptr ? nullptr : &live_->view(); }
    const std::vector<std::string> &problems() const { return problems_; }
    const std::string &file() const { return file_; }
    Items &items() { return items_; }
    const Words &words() const { return *words_; }
    /// A part of the window of which a picture is wanted, which the owner of the window writes.
    std::optional<Rect> take_picture_request()
    {
        return std::exchange(picture_wanted_, std::nullopt);
    }
    /// A name for a picture of the present moment, without its folder.
    std::string picture_name() const;
    /// Tells the reader what was done.
    void notify(std::string_view word, const std::string &text);
    bool wants_to_quit() const { return quit_; }
    /// Goes to a moment: "12.5" seconds, or "#812" for a record's number.
    bool go_to(const std::string &place);

private:
    void handle_keys();
    void handle_arrows(int direction);
    void handle_letters();
    void handle_digits();
    float seconds_here() const;
    std::size_t next_stop() const;
    void set_record(std::size_t record);
    int step_record() const;
    void unfold(int record);
    void focus_map();
    void handle_rows(int direction);
    bool move_bar(Point by);
    void renew_words();
    void note_progress();
    void draw_lesson_screen(PanelContext &context, const ScreenLayout &screen);
    void draw_search(PanelContext &context, const Rect &area);
    void draw_filter(PanelContext &context, const Rect &window);
    void draw_query_choices(PanelContext &context, const Rect &box);
    void draw_change_box(PanelContext &context, const Rect &window);
    Moment moment() const;
    bool has_question_open() const;
    std::vector<RemedyRow> remedies_now() const;

    void show(std::unique_ptr<Lesson> lesson, const std::string &file);
    std::optional<Scenario> parse(const std::string &file);
    void poll_live();
    void begin_anew();
    bool apply_live(const Intent &intent);
    bool is_live_now() const;
    std::size_t steps_waiting() const;
    bool apply_walk(const Intent &intent);
    bool apply_lesson(const Intent &intent);
    bool apply_look(const Intent &intent);
    void apply_app(const Intent &intent);
    bool apply_change(const Intent &intent);
    void do_change(const std::string &value);
    void copy(CopyWhat what);
    Rect panel_under_mouse() const;
    void stop_where_wanted(std::size_t before);
    void find_matching(int direction);
    void begin_compare();
    void draw_compare_screen(PanelContext &context, const ScreenLayout &screen);

    /// A story beside the open one, in compare mode.
    struct Beside
    {
        std::unique_ptr<Lesson> lesson;
        std::unique_ptr<Words> words;
        UiState state;
        std::string title;
    };

    UiState state_;
    Fonts fonts_;
    Items items_;
    std::unique_ptr<Lesson> lesson_;
    std::unique_ptr<LiveDoor> live_; ///< while programs outside can reach the servers
    std::unique_ptr<Words> words_;
    std::vector<Beside> beside_;
    bool beside_are_files_ = false; ///< given by name; otherwise a branch of the open story
    std::string file_;
    CardRow open_card_;
    std::vector<std::string> problems_;
    std::string problem_file_;
    std::vector<Scenario> library_;
    std::vector<CardRow> bad_cards_;
    LibraryView library_view_;
    std::optional<Rect> picture_wanted_;
    Rect window_; ///< of the last frame
    bool quit_ = false;
};

} // namespace mailscope::viz
