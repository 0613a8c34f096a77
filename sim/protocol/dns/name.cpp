// Implements name.h.
#include "sim/protocol/dns/name.h"

#include "sim/core/check.h"
#include "sim/core/text.h"
#include "sim/protocol/dns/grammar.h"

#include <algorithm>
#include <array>

namespace mailscope::dns
{

namespace
{

constexpr unsigned octet(char c) { return static_cast<unsigned char>(c); }

/// What a name's text has as it is; the rest is escaped (RFC 1035 5.1).
constexpr OctetSet plain_octets([](unsigned char c) {
    return c > 0x20 && c < 0x7F &&
           std::string_view(".\\\";()@$").find(static_cast<char>(c)) == std::string_view::npos;
});

/// Where each label begins; `count` of them, without the root.
struct LabelStarts
{
    std::array<std::uint8_t, limits::labels_max> at;
    unsigned count = 0;

    explicit LabelStarts(ByteView wire)
    {
        for (std::size_t position = 0; wire[position] != 0; position += octet(wire[position]) + 1)
            at[count++] = static_cast<std::uint8_t>(position);
    }
};

int compare_ignoring_case(ByteView a, ByteView b)
{
    const std::size_t shared = std::min(a.size(), b.size());
    for (std::size_t i = 0; i < shared; ++i) {
        const unsigned left = octet(ascii_lower(a[i]));
        const unsigned right = octet(ascii_lower(b[i]));
        if (left != right)
            return left < right ? -1 : 1;
    }
    return a.size() == b.size() ? 0 : a.size() < b.size() ? -1 : 1;
}

/// One octet of a label in the form of a zone file; moves `position` behind it (RFC 1035 5.1).
bool read_escaped(std::string_view text, std::size_t &position, char &result)
{
    const std::string_view rest = text.substr(position + 1);
    if (rest.empty())
        return false;
    if (!is_ascii_digit(rest[0])) {
        result = rest[0];
        position += 2;
        return true;
    }
    const auto number = parse_decimal(rest.substr(0, 3));
    if (rest.size() < 3 || !number || *number > 255)
        return false;
    result = static_cast<char>(*number);
    position += 4;
    return true;
}

} // namespace

Name::Name(ByteView wire) : size_(static_cast<std::uint8_t>(wire.size()))
{
    if (wire.size() <= near_octets)
        std::copy(wire.begin(), wire.end(), near_.begin());
    else
        far_ = SharedBytes::copy_of(wire);
}

Result<Name> Name::parse(std::string_view text)
{
    if (text == ".")
        return Name();
    std::array<char, limits::name_octets_max + 1> wire{}; // one too many is told below
    std::size_t size = 1;
    std::size_t label = 0; // where the length of the label being read stands
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '.') {
            if (size == label + 1)
                return fail("name with an empty label: expected letters between the dots");
            label = size++;
            ++i;
            continue;
        }
        char c = text[i];
        if (static_cast<unsigned char>(c) <= ' ')
            return fail("name with a blank: expected \\032 where one is meant");
        if (c != '\\')
            ++i;
        else if (!read_escaped(text, i, c))
            return fail("name with a broken escape: expected \\. or \\065");
        wire[size++] = c;
        if (size - label - 1 > limits::label_octets_max)
            return fail("label too long: at most 63 octets (RFC 1035 2.3.4)");
        if (size >= limits::name_octets_max)
            return fail("name too long: at most 255 octets (RFC 1035 2.3.4)");
        wire[label] = static_cast<char>(size - label - 1);
    }
    if (size == 1)
        return fail("empty name: expected labels, or \".\" for the root");
    if (wire[label] != '\0')
        wire[size++] = '\0';
    return Name(ByteView(wire.data(), size));
}

Name Name::of(std::string_view text)
{
    Result<Name> name = parse(text);
    MS_CHECK(name.has_value());
    return std::move(*name);
}

bool Name::read(ByteReader &reader, Name &name)
{
    std::array<char, limits::name_octets_max> wire;
    std::size_t size = 0;
    std::size_t end = 0;                      // behind the name, once a pointer was followed
    std::size_t earliest = reader.position(); // a pointer must lead before this
    ByteReader at = reader;
    for (;;) {
        const unsigned length = at.u8();
        if (at.failed())
            return false;
        if ((length & 0xC0U) == 0xC0U) {
            const std::size_t target = (length & 0x3FU) << 8U | at.u8();
            if (at.failed() || target >= earliest)
                return false;
            if (end == 0)
                end = at.position();
            earliest = target;
            at.seek(target);
            continue;
        }
        const ByteView label = at.take(length);
        if (length > limits::label_octets_max || at.failed() || size + 1 + length > wire.size())
            return false;
        wire[size++] = static_cast<char>(length);
        std::copy(label.begin(), label.end(), wire.begin() + static_cast<std::ptrdiff_t>(size));
        size += length;
        if (length == 0)
            break;
    }
    name = Name(ByteView(wire.data(), size));
    reader.seek(end != 0 ? end : at.position());
    return true;
}

unsigned Name::label_count() const { return LabelStarts(wire()).count; }

Name Name::parent() const { return is_root() ? Name() : Name(wire().substr(octet(wire()[0]) + 1)); }

Name Name::ancestor(unsigned labels) const
{
    const LabelStarts starts(wire());
    MS_CHECK(labels <= starts.count);
    return labels == 0 ? Name() : Name(wire().substr(starts.at[starts.count - labels]));
}

bool Name::is_subdomain_of(const Name &zone) const
{
    if (zone.size_ > size_)
        return false;
    const ByteView octets = wire();
    std::size_t position = 0;
    const std::size_t start = std::size_t{size_} - zone.size_;
    while (position < start)
        position += octet(octets[position]) + 1;
    return position == start && equal_wire(octets.substr(start), zone.wire());
}

Result<Name> Name::wildcard_child() const
{
    if (std::size_t{size_} + 2 > limits::name_octets_max)
        return fail("name too long: at most 255 octets (RFC 1035 2.3.4)");
    return Name(std::string("\x01*").append(wire()));
}

std::uint32_t Name::hash() const
{
    std::uint32_t hash = 0x811C9DC5U;
    for (const char c : wire())
        hash = (hash ^ octet(ascii_lower(c))) * 0x01000193U;
    return hash ^ hash >> 15U;
}

// Length octets are at most 63, below every letter, so that the whole form can be folded alike.
bool Name::equal_wire(ByteView a, ByteView b)
{
    return a == b || (a.size() == b.size() && compare_ignoring_case(a, b) == 0);
}

int compare_canonical(const Name &a, const Name &b)
{
    const LabelStarts left(a.wire());
    const LabelStarts right(b.wire());
    const auto label = [](const Name &name, std::size_t start) {
        return name.wire().substr(start + 1, octet(name.wire()[start]));
    };
    const unsigned shared = std::min(left.count, right.count);
    for (unsigned i = 1; i <= shared; ++i) {
        const int order = compare_ignoring_case(label(a, left.at[left.count - i]),
                                                label(b, right.at[right.count - i]));
        if (order != 0)
            return order;
    }
    return left.count == right.count ? 0 : left.count < right.count ? -1 : 1;
}

std::string to_string(const Name &name)
{
    if (name.is_root())
        return ".";
    std::string text;
    const ByteView wire = name.wire();
    text.reserve(wire.size());
    for (std::size_t i = 0; wire[i] != 0; i += octet(wire[i]) + 1) {
        for (const char c : wire.substr(i + 1, octet(wire[i]))) {
            if (plain_octets.has(c)) {
                text += c;
                continue;
            }
            const unsigned value = octet(c);
            text += '\\';
            if (value > 0x20 && value < 0x7F) {
                text += c;
                continue;
            }
            text += static_cast<char>('0' + value / 100);
            text += static_cast<char>('0' + value / 10 % 10);
            text += static_cast<char>('0' + value % 10);
        }
        text += '.';
    }
    return text;
}

} // namespace mailscope::dns
