// Kinds of plain values in a scenario.
//
// What each accepts stands in values.h and in docs/scenarios.md; `name` is the definition of the
// same kind in scenarios/scenario.schema.json.
#pragma once

#include "sim/scenario/reading.h"

namespace mailscope
{

extern const ValueKind<bool> flag_value;
extern const ValueKind<std::string> string_value; ///< any text without control characters but LF
extern const ValueKind<std::string> line_value;   ///< a text of one line
extern const ValueKind<LocalText> text_value;
extern const ValueKind<Duration> duration_value;
extern const ValueKind<Duration> interval_value; ///< a duration longer than nothing
extern const ValueKind<std::uint64_t> size_value;
extern const ValueKind<std::uint64_t> bit_rate_value;
extern const ValueKind<std::uint32_t> loss_value;
extern const ValueKind<std::string> topic_value;
extern const ValueKind<std::string> query_value;
extern const ValueKind<std::string> domain_name_value;  ///< any documentation name
extern const ValueKind<std::string> address_value;      ///< a mail address in documentation domains
extern const ValueKind<std::string> recipient_value;    ///< an address, or a name without "@"
extern const ValueKind<std::string> contact_name_value; ///< a name of an address book
extern const ValueKind<std::string> user_value;         ///< the part before "@"
extern const ValueKind<std::string> new_folder_value;   ///< declares a folder of a person's own
extern const ValueKind<std::string> status_value;       ///< "5.2.2"
extern const ValueKind<std::string> name_value;         ///< a plain name that declares something
// Names that must exist.
extern const ValueKind<std::string> person_value;
extern const ValueKind<std::string> place_value;
extern const ValueKind<std::string> provider_value;
extern const ValueKind<std::string> known_domain_value;
extern const ValueKind<std::string> host_value;
extern const ValueKind<std::string> mail_server_value;
extern const ValueKind<std::string> mailbox_value;
extern const ValueKind<std::string> remedy_value;
extern const ValueKind<std::string> own_folder_value; ///< made by an action of the file

} // namespace mailscope
