// What stands inside targets, forms and cookies.
//
// Percent-encoding (RFC 3986 2.1), forms as browsers send them (application/x-www-form-urlencoded
// of the URL standard; multipart/form-data, RFC 7578) and cookies (RFC 6265 4.2). Nothing here
// fails: what is malformed is taken as it stands, because a form is what somebody typed.
#pragma once

#include "sim/core/bytes.h"

#include <optional>
#include <string>
#include <vector>

namespace mailscope::http
{

/// Every octet but unreserved characters as "%41" (RFC 3986 2.3).
std::string percent_encode(ByteView text);

/// The octets meant; a "%" that no two hexadecimal digits follow stands for itself.
std::string percent_decode(ByteView text);

/// A field of a form. Those with a file name are files.
struct FormField
{
    std::string name;
    std::string value;
    std::string file_name;
    std::string media_type; ///< of a file
};
using Form = std::vector<FormField>;

/// The first field of that name, or nullptr.
const FormField *find(const Form &form, ByteView name);
/// Its value; empty when there is none.
ByteView value_of(const Form &form, ByteView name);

/// "to=bob%40example.jp&subject=Hello+you". Fields beyond `fields_max` are passed over.
Form parse_form(ByteView text, std::size_t fields_max = 100);
std::string write_form(const Form &form);

/// A form with files, behind "multipart/form-data; boundary=..."; the boundary must not occur in
/// any value.
std::string write_multipart(const Form &form, ByteView boundary);
/// The same read back; nothing when the boundary lines are not there.
std::optional<Form> parse_multipart(ByteView text, ByteView boundary, std::size_t fields_max = 100);

/// The value of a cookie in a Cookie field, "a=1; session=xyz"; nothing when it is not there.
std::optional<std::string> find_cookie(ByteView field, ByteView name);

} // namespace mailscope::http
