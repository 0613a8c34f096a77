// Values with parameters (RFC 2045 5.1), with the continuations and charsets of RFC 2231.
#include "sim/core/text.h"
#include "sim/mail/charset.h"
#include "sim/mail/encoded_word.h"
#include "sim/mail/encoding.h"
#include "sim/mail/limits.h"
#include "sim/mail/mime.h"
#include "sim/mail/tokens.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace mailscope::mail
{

namespace
{

/// A parameter as written: `filename*1*=...` is section 1 of "filename", extended.
struct RawParameter
{
    std::string name; ///< lower case, without asterisks
    std::string value;
    std::uint64_t section = 0;
    bool has_section = false;
    bool extended = false; ///< percent-encoded; the first section names the charset

    bool is_plain() const { return !has_section && !extended; }
};

bool ends_token(char c)
{
    return c == ';' || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '(';
}

bool is_token_char(char c) { return !ends_token(c) && c != '=' && c != '"'; }

/// Splits "name*1*" into its parts; false when the asterisks make no sense (RFC 2231 7).
bool read_name(std::string_view written, RawParameter &parameter)
{
    if (!written.empty() && written.back() == '*') {
        parameter.extended = true;
        written.remove_suffix(1);
    }
    const std::size_t star = written.find('*');
    if (star != std::string_view::npos) {
        const std::optional<std::uint64_t> section = parse_decimal(written.substr(star + 1));
        if (!section || *section >= limits::parameters_max)
            return false;
        parameter.section = *section;
        parameter.has_section = true;
    }
    parameter.name = to_lower(written.substr(0, star));
    return !parameter.name.empty();
}

/// Reads what stands behind the value.
std::vector<RawParameter> read_parameters(TokenReader &in)
{
    std::vector<RawParameter> parameters;
    while (!in.at_end() && parameters.size() < limits::parameters_max) {
        in.run([](char c) { return c != ';'; });
        in.take(';');
        in.skip_blanks();
        RawParameter parameter;
        const bool named = read_name(in.run(is_token_char), parameter);
        in.skip_blanks();
        if (!in.take('='))
            continue;
        in.skip_blanks();
        parameter.value = in.peek() == '"'
                              ? in.quoted_string()
                              : std::string(in.run([](char c) { return !ends_token(c); }));
        if (named)
            parameters.push_back(std::move(parameter));
    }
    return parameters;
}

std::string percent_decode(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool whole = text[i] == '%' && i + 2 < text.size();
        const std::optional<unsigned> high = whole ? hex_digit_value(text[i + 1]) : std::nullopt;
        const std::optional<unsigned> low = whole ? hex_digit_value(text[i + 2]) : std::nullopt;
        if (high && low) {
            bytes += static_cast<char>(*high << 4U | *low);
            i += 2;
        } else {
            bytes += text[i];
        }
    }
    return bytes;
}

/// Takes "charset'language'" off the front (RFC 2231 4) and gives the charset.
std::string take_charset(std::string_view &value)
{
    const std::size_t first = value.find('\'');
    const std::size_t second =
        first == std::string_view::npos ? first : value.find('\'', first + 1);
    if (second == std::string_view::npos)
        return "utf-8";
    const std::string charset(value.substr(0, first));
    value.remove_prefix(second + 1);
    return charset.empty() ? "us-ascii" : charset;
}

/// The value of the parameter of that name from its sections; nothing when it has none.
std::optional<std::string> joined_sections(const std::vector<RawParameter> &parameters,
                                           std::string_view name)
{
    std::string charset = "utf-8";
    std::string bytes;
    for (std::uint64_t section = 0;; ++section) {
        const auto found =
            std::find_if(parameters.begin(), parameters.end(), [&](const RawParameter &each) {
                return !each.is_plain() && each.section == section && each.name == name;
            });
        if (found == parameters.end()) {
            if (section == 0)
                return std::nullopt;
            return to_utf8_for_display(charset, bytes);
        }
        std::string_view value = found->value;
        if (section == 0 && found->extended)
            charset = take_charset(value);
        bytes += found->extended ? percent_decode(value) : std::string(value);
    }
}

/// The value as a person reads it. Encoded-words have no place in parameters (RFC 2047 5), but
/// many clients write file names so.
std::string plain_value(const RawParameter &parameter)
{
    const bool names_file = parameter.name == "filename" || parameter.name == "name";
    return to_utf8_for_display("utf-8",
                               names_file ? decode_words(parameter.value) : parameter.value);
}

} // namespace

std::string_view ParameterisedValue::parameter(std::string_view name) const
{
    for (const Parameter &each : parameters)
        if (each.name == name)
            return each.value;
    return std::string_view();
}

ParameterisedValue parse_parameterised(std::string_view field_body)
{
    TokenReader in(field_body);
    ParameterisedValue result;
    in.skip_blanks();
    result.value = to_lower(in.run(is_token_char));
    const std::vector<RawParameter> raw = read_parameters(in);
    for (const RawParameter &each : raw) {
        if (!result.parameter(each.name).empty())
            continue;
        // The form with a charset is the better one where both are given (RFC 2231 3, 4).
        const std::optional<std::string> joined = joined_sections(raw, each.name);
        if (joined)
            result.parameters.push_back({each.name, *joined});
        else if (each.is_plain())
            result.parameters.push_back({each.name, plain_value(each)});
    }
    return result;
}

} // namespace mailscope::mail
