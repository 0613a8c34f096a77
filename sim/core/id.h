// Strongly typed indices.
//
// Parts of the World name each other by index, never by pointer, so that a copied World needs no
// fixing up. A tag per kind of thing makes a host's index unusable where a link's is expected.
#pragma once

#include <cstdint>

namespace mailscope
{

/// An index into a table of the World; default constructed it names nothing.
template <class Tag> struct Id
{
    static constexpr std::uint32_t none_value = 0xFFFFFFFFU;
    std::uint32_t value = none_value;

    constexpr bool is_none() const { return value == none_value; }
    constexpr explicit operator bool() const { return !is_none(); }
    friend constexpr bool operator==(Id a, Id b) { return a.value == b.value; }
    friend constexpr bool operator!=(Id a, Id b) { return a.value != b.value; }
    friend constexpr bool operator<(Id a, Id b) { return a.value < b.value; }
};

/// A machine of the simulated internet.
using HostId = Id<struct HostTag>;
/// A wire between two interfaces.
using LinkId = Id<struct LinkTag>;
/// A TCP connection as one of its two ends knows it.
using ConnectionId = Id<struct ConnectionTag>;
/// A message that travels: one per submission, kept through all its hops.
using MessageId = Id<struct MessageTag>;
/// A trace record. Numbers run on whether or not the record is kept.
using RecordId = Id<struct RecordTag>;
/// A message store: the mailboxes of one mail server.
using StoreId = Id<struct StoreTag>;

} // namespace mailscope
