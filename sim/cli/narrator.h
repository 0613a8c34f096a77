// The text form of a run: a lesson to read, told record by record.
//
// Conversations stand as they are, under a line that says who speaks with whom; below each step one
// sentence of the text catalogue says what it means. Which records are told depends on the detail
// asked for. Trouble is followed by its cause and what can be done, once for each kind of trouble.
#pragma once

#include "sim/cli/options.h"
#include "sim/cli/output.h"
#include "sim/scenario/scenario.h"
#include "sim/text/catalogue.h"
#include "sim/trace/query.h"
#include "sim/trace/records.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::cli
{

/// What a narrator reads. All of it must outlive the narrator.
struct Telling
{
    const Scenario &scenario;
    const Records &records;
    const std::vector<std::string> &hosts; ///< names by HostId
    const Catalogue &catalogue;
    Detail detail = Detail::Lines;
    bool with_lesson = true; ///< also says what the lesson says and asks
};

class Narrator
{
public:
    Narrator(Telling telling, Output &out);

    /// Tells one record, if it is told at this detail, and what the lesson says about it. Records
    /// are told in order, none left out.
    void tell(std::size_t index);

    /// Tells one record only if it belongs to the story or the mail, without the lesson's words.
    void tell_in_short(std::size_t index);

    /// Says that from here on a remedy is at work.
    void tell_fork();

    /// Whether the record itself is told.
    bool is_told(const Record &record) const;

    /// The sentence about a record; empty when the catalogue has none.
    std::string sentence(const Record &record) const;

    /// One line that names what happened, without its sentence: for lists such as `why`.
    std::string summary(const Record &record) const;

private:
    void tell_record(const Record &record);
    void tell_moments(const Record &record);
    void tell_moment(const MomentSpec &moment, const Record &record);
    void aside(std::string_view text, std::size_t indent = 0);
    void tell_heading(std::string_view text);
    void tell_scene(const Record &record);
    void tell_event(const Record &record);
    void tell_dns(const Record &record);
    void tell_line(const Record &record);
    void tell_connection(const Record &record);
    void tell_packet(const Record &record);
    void tell_content(const Record &record);
    void tell_letter(const Record &record);
    void tell_reading(const Record &record);
    void show_wire(Style style, std::string_view text);
    void show_text(std::string_view text);
    void show_beside(Style style, std::span<const std::string> lines);
    std::size_t letter_room() const;
    void tell_trouble(const Record &record);

    void heading(const Record &record);
    void blank();
    void put(const Record &record, std::string_view mark, Style style, std::string_view text);
    void put_lines(const Record &record, std::string_view mark, Style style,
                   std::span<const std::string> lines);
    void gloss(std::string_view text);
    void labelled(std::string_view label, std::string_view text);
    std::string host(HostId id) const;
    std::string_view ui(std::string_view name) const { return telling_.catalogue.ui(name); }

    Telling telling_;
    Output &out_;
    std::string last_time_;
    ConnectionId conversation_; ///< whose heading was printed last
    bool after_blank_ = false;
    std::set<std::string_view> explained_;       ///< entries whose cause was told
    std::map<std::uint32_t, std::string> shown_; ///< by message: the first line shown last
    std::vector<std::optional<Query>> moments_;  ///< of the lesson, those not told yet
};

/// "0:01.042", "26:00:05", "2d 03:00:00": simulated time for people, in at most 11 columns.
std::string clock_text(SimTime time);

/// A heading with a rule to the right edge: "── text ─────".
void tell_rule(std::string_view text, Output &out);

/// The colour of a protocol.
Style style_of(Protocol protocol);

} // namespace mailscope::cli
