// Domain names.
//
// A Name keeps its labels in the form of the wire (RFC 1035 3.1: length octet and octets per label,
// the root's zero at the end), case as given. Names compare, hash and sort without regard to ASCII
// case (RFC 1034 3.1). It exists so that no other file ever takes a name apart as text. Names are
// copied with every question and record; a short one lies in the Name itself, a long one is shared.
// Every Name is valid: labels of 1 to 63 octets, 255 octets in all (RFC 1035 2.3.4).
#pragma once

#include "sim/core/bytes.h"
#include "sim/core/reader.h"
#include "sim/core/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mailscope::dns
{

/// A valid, fully qualified domain name; default constructed it is the root.
class Name
{
public:
    Name() = default;

    /// Reads "example.jp" or "example.jp."; "." is the root. "\." and "\065" stand for octets
    /// (RFC 1035 5.1). Fails with the reason: an empty or overlong label, an overlong name.
    static Result<Name> parse(std::string_view text);

    /// Parses text of ours that is known to be good.
    static Name of(std::string_view text);

    /// Reads a name and moves `reader`, which reads the whole message, behind it. Compression
    /// pointers go strictly backwards (RFC 1035 4.1.4), so that no loop is possible. False when
    /// the name is malformed.
    static bool read(ByteReader &reader, Name &name);

    bool is_root() const { return size_ == 1; }
    unsigned label_count() const;

    /// The labels as on the wire, uncompressed, with the final zero.
    ByteView wire() const
    {
        return size_ <= near_octets ? ByteView(near_.data(), size_) : far_.view();
    }

    /// First label, without its length octet; empty for the root.
    std::string_view first_label() const
    {
        return wire().substr(1, static_cast<unsigned char>(wire()[0]));
    }

    /// The name without its first label; the root's parent is the root.
    Name parent() const;

    /// The ancestor (or the name itself) that has `labels` labels; at most label_count().
    Name ancestor(unsigned labels) const;

    /// True for `zone` itself and everything below it.
    bool is_subdomain_of(const Name &zone) const;

    /// "*" and this name: the wildcard of RFC 1034 4.3.3; nothing when that is too long.
    Result<Name> wildcard_child() const;

    /// Equal for names that are equal without regard to case; same on every platform.
    std::uint32_t hash() const;

    friend bool operator==(const Name &a, const Name &b) { return equal_wire(a.wire(), b.wire()); }
    friend bool operator!=(const Name &a, const Name &b) { return !(a == b); }

private:
    /// Names up to this size are kept without an allocation.
    static constexpr std::size_t near_octets = 31;

    /// A valid name in the form of the wire.
    explicit Name(ByteView wire);
    static bool equal_wire(ByteView a, ByteView b);

    std::array<char, near_octets> near_{};
    std::uint8_t size_ = 1;
    SharedBytes far_; ///< all of a name that is longer
};

/// Canonical order (RFC 4034 6.1): by labels from the right, so that a name's descendants follow
/// directly behind it. Negative, zero or positive.
int compare_canonical(const Name &a, const Name &b);

/// "example.jp."; octets that would mislead are escaped (RFC 1035 5.1).
std::string to_string(const Name &name);

} // namespace mailscope::dns
