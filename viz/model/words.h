// Texts about records and hosts, in the language of the reader.
//
// Sentences come from the catalogue; here they are looked up and filled. Protocol words stay as
// they are. One value per language and scenario; cheap to ask, made anew when the language changes.
#pragma once

#include "sim/net/packet.h"
#include "sim/scenario/scenario.h"
#include "sim/text/catalogue.h"
#include "sim/trace/records.h"
#include "sim/world/world.h"
#include "viz/model/rows.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope::viz
{

class Words
{
public:
    /// The scenario and the directory give people and hosts their names.
    Words(std::string_view language, const Scenario &scenario, const Directory &directory);

    std::string_view language() const { return catalogue_.language(); }
    const Catalogue &catalogue() const { return catalogue_; }
    const std::vector<std::string> &hosts() const { return hosts_; }

    /// A word of the interface, the key "ui.view." + name; the name itself when it is missing.
    std::string view(std::string_view name) const;
    std::string view(std::string_view name, const TextValues &values) const;
    const std::string &choose(const LocalText &text) const;
    /// What a mark stands for, as the key of the map has it.
    std::string mark(Mark mark) const;

    /// "3 messages", "1 message".
    std::string letters(std::size_t count) const;

    /// A word of the engines' state tables (sim/world/engine_tables.h), which are written in
    /// English: a state, an input, what happens. Protocol words stay as they are.
    std::string engine(std::string_view text) const;

    /// The host's full name; "?" for none.
    std::string host(HostId id) const;
    /// What it is called on the map, in a word or two: the person whose device it is, or the first
    /// part of its name.
    std::string short_host(HostId id) const;
    /// What a place is called: "hana-home" is Hana's home, in the reader's language.
    std::string place(const std::string &name) const;

    /// The entry that explains the record, the most special one; nullptr when there is none.
    const Entry *entry(const Records &records, const Record &record) const;
    /// The entry of its reply or status code.
    const Entry *code_entry(const Record &record) const;
    std::string sentence(const Records &records, const Record &record) const;
    std::string filled(std::string_view text, const Record &record) const;
    /// Protocol words that stand for the record: its first line, or its kind.
    std::string headline(const Record &record) const;
    /// The same in as few words as an arrow between two lanes has room for.
    std::string short_headline(const Record &record) const;

private:
    /// A word of the interface, or what stands for it where there is none.
    std::string view_or(std::string_view name, std::string_view otherwise) const;

    Catalogue catalogue_;
    std::vector<std::string> hosts_;
    std::vector<std::string> short_hosts_;
    std::map<std::string, std::string> homes_; ///< person's name by that of the home
};

/// The text without control characters, at most `octets` long.
std::string printable(std::string_view text, std::size_t octets = 400);

/// The lines of a text without their ends.
std::vector<std::string> lines_of(std::string_view text);

/// "4.182 s", "12:05", "2 d 03:00:00": simulated time for people.
std::string clock_text(SimTime time);

/// The sign of a protocol, or of a record: a letter for what becomes of letters.
Mark mark_of(Protocol protocol);
Mark mark_of(const Record &record);
/// The octagon of its trouble; Mark::None when there is none.
Mark trouble_mark(const Record &record);

} // namespace mailscope::viz
