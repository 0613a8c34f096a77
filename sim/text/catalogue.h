// The text catalogue: every sentence that a person reads, by key and language.
//
// No sentence for a person is written in C++: code names a key, and assets/text/ holds what is said
// about it in each language. The files become constants of the program when it is built (texts.h),
// so that it reads none at run time, in a browser neither. What does not depend on the language
// (whose fault it is, the RFC's section, the lessons) stands once, in assets/text/facts.json. The
// catalogue knows nothing of what it explains: keys are made elsewhere (sim/trace/topic.h).
#pragma once

#include "sim/core/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mailscope
{

/// With whom the remedy lies.
enum class Fault : std::uint8_t
{
    Nobody, ///< nothing is wrong, or nobody's doing
    Sender,
    Recipient,
    Server, ///< a mail server, a name server, or how it is set up
    Network,
};

/// How long a trouble lasts.
enum class Lasting : std::uint8_t
{
    None,      ///< no trouble
    Temporary, ///< may go well later without a change
    Permanent,
};

/// Texts in a row, for as long as the program runs.
using TextList = std::span<const std::string_view>;

/// What is known about one key. Every text may be empty.
struct Entry
{
    std::string_view key{};
    std::string_view title{};  ///< a noun or a few words
    std::string_view say{};    ///< one sentence; may hold `{names}` for fill()
    std::string_view detail{}; ///< two to four sentences
    std::string_view cause{};
    std::string_view remedy{}; ///< what the learner or the sender can do
    TextList names{};          ///< what people type to find it

    std::string_view wire{}; ///< how real servers say it, the same in every language
    Fault fault = Fault::Nobody;
    Lasting lasting = Lasting::None;
    std::string_view rfc{}; ///< "RFC 5321 4.2.3"
    TextList lessons{};     ///< names of scenario files without ".json"
};

/// Names and what stands for them in a text.
using TextValues = std::vector<std::pair<std::string_view, std::string>>;

/// The names that a text may hold in braces: "host" for {host}.
std::span<const std::string_view> text_value_names();

/// `text` with every {name} replaced. A name without a value leaves nothing behind; what is in
/// braces and no known name stays as it is.
std::string fill(std::string_view text, const TextValues &values);

/// The names in braces in `text`, known or not.
std::vector<std::string_view> names_in(std::string_view text);

/// The texts of one language.
class Catalogue
{
public:
    /// The texts of a language, "en" or "ja". Costs nothing.
    [[nodiscard]] static Result<Catalogue> load(std::string_view language);

    std::string_view language() const { return language_; }

    /// The entry with this very key; nullptr when there is none.
    const Entry *find(std::string_view key) const;

    /// The first of the keys that is there, for keys from special to general (topic_keys).
    const Entry *find_first(std::span<const std::string> keys) const;

    /// As find; an entry without any text when there is none.
    const Entry &get(std::string_view key) const;

    /// What a person means by a word, without regard to ASCII case: a key, a reply code ("550",
    /// "550 5.1.1"), an enhanced code ("5.1.1"), a term ("mx"), or one of an entry's `names`, which
    /// are those of all languages.
    const Entry *look_up(std::string_view word) const;

    /// All entries whose keys start so, in order: "code.550." gives the cases of 550.
    std::span<const Entry> starting_with(std::string_view prefix) const;

    /// All entries, ordered by key.
    std::span<const Entry> entries() const { return entries_; }

    /// The words of the interface: the `say` of key "ui." + name; empty when there is none.
    std::string_view ui(std::string_view name) const;

private:
    Catalogue(std::string_view language, std::span<const Entry> entries)
        : language_(language), entries_(entries)
    {
    }

    std::string_view language_;
    std::span<const Entry> entries_;
};

} // namespace mailscope
