// What FETCH can ask for (RFC 3501 6.4.5): reading the items, and cutting sections out of letters.
//
// A section is a part of a letter by number, or a part of a part. Cutting copies nothing but what
// has to be put together (HEADER.FIELDS); what a letter does not have is empty, and no failure.
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/result.h"
#include "sim/mail/mime.h"
#include "sim/protocol/imap/grammar.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace mailscope::imap
{

/// A part of a letter: what stands in BODY[...].
struct Section
{
    enum class What : std::uint8_t
    {
        All,             ///< BODY[] or BODY[2]
        Header,          ///< with the empty line behind it
        HeaderFields,    ///< only `fields`
        HeaderFieldsNot, ///< all but `fields`
        Text,
        Mime ///< the header of a part inside a multipart
    };
    std::vector<std::uint32_t> part; ///< empty: the letter itself
    What what = What::All;
    std::vector<std::string> fields;
};

struct FetchItem
{
    enum class What : std::uint8_t
    {
        Flags,
        Uid,
        InternalDate,
        Size,
        Envelope,
        Body,
        BodyStructure,
        Section,
        Rfc822,
        Rfc822Header,
        Rfc822Text
    };
    What what = What::Flags;
    bool peek = true; ///< false: fetching it sets \Seen
    Section section;  ///< also of the three RFC822 items, for what they are equivalent to
    std::optional<std::uint32_t> offset; ///< of a partial fetch, with `count`
    std::uint32_t count = 0;
};

/// "FLAGS", "(UID BODY.PEEK[HEADER])", "ALL" and the like, up to the end. The failure is in
/// Dovecot's words, such as "Unknown parameter: FOO".
[[nodiscard]] Result<std::vector<FetchItem>> parse_fetch_items(ByteView text);

/// How a response names an item: "BODY[1.MIME]<0>".
std::string response_name(const FetchItem &item);

/// True when an item needs the tree of parts.
bool needs_parts(const FetchItem &item);

/// The octets of a section; empty when the letter has no such part. `tree` is that of the letter,
/// and may be empty for sections of the letter as a whole. `kept` holds what has to be put
/// together.
ByteView section_of(ByteView letter, const mail::PartTree &tree, const Section &section,
                    std::string &kept);

} // namespace mailscope::imap
