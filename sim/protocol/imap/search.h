// SEARCH (RFC 3501 6.4.4): reading the keys, and asking whether a letter fits them.
//
// Text is compared as people read it: encoded-words and transfer encodings are undone, charsets are
// UTF-8, and ASCII letters of both cases are equal. Each letter is read only as far as its keys
// need: flags and sizes cost no look at the text.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/result.h"
#include "sim/mail/store.h"
#include "sim/protocol/imap/grammar.h"

#include <cstdint>
#include <string>
#include <vector>

namespace mailscope::imap
{

/// One key; keys that hold others name them by their place in the program.
struct SearchKey
{
    enum class What : std::uint8_t
    {
        All,
        HasFlag, ///< of `number`
        LacksFlag,
        Recent,
        Old,
        New,
        HasKeyword, ///< of `text`
        LacksKeyword,
        Before, ///< internal date, by `day`
        On,
        Since,
        SentBefore, ///< Date field, by `day`
        SentOn,
        SentSince,
        Larger,
        Smaller,
        Field, ///< `field` contains `text`
        Body,
        Text,
        Numbers, ///< `set`
        Uids,
        Not, ///< of the one in `children`
        Or,
        And,
    };
    What what = What::All;
    std::uint32_t number = 0; ///< flags, or a size
    std::int64_t day = 0;     ///< since 1970
    std::string field;
    std::string text; ///< lower case, UTF-8
    SequenceSet set;
    std::vector<std::uint32_t> children;
};

/// All keys; the last one is the question, the others are inside it.
using SearchProgram = std::vector<SearchKey>;

/// Why a SEARCH is refused.
struct SearchProblem
{
    bool unknown_charset = false; ///< NO [BADCHARSET]; otherwise BAD
    std::string message;          ///< in Dovecot's words
};

/// Reads "CHARSET UTF-8 UNSEEN SUBJECT hello", up to the end.
tl::expected<SearchProgram, SearchProblem> parse_search(ByteView text);

/// A letter of a mailbox as a session knows it.
struct SearchedLetter
{
    const mail::StoredLetter &letter;
    std::uint32_t number = 0; ///< in the session
    std::uint32_t flags = 0;
    bool recent = false;
    std::int64_t day = 0; ///< of the internal date
};

/// What the numbers and keywords of a program mean in one mailbox.
struct SearchedMailbox
{
    std::uint32_t largest_number = 0;
    std::uint32_t largest_uid = 0;
    const mail::Folder &folder; ///< knows the keywords
};

/// Prepares a program for a mailbox: sets resolved, keywords as flags.
void bind(SearchProgram &program, const SearchedMailbox &mailbox);

/// Whether a letter fits a bound program.
bool fits(const SearchProgram &program, const SearchedLetter &letter);

} // namespace mailscope::imap
