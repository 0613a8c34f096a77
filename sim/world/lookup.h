// Finding what an order names: people's devices, servers, mailboxes, wires.
//
// Orders speak of things by name, so that scenario files, the command line and the app can all
// give them; the World has indices. What is not found is none, null or nothing, and the caller
// says so. Nothing here changes anything.
#pragma once

#include "sim/world/world.h"

#include <cstddef>
#include <optional>
#include <string_view>

namespace mailscope
{

/// The index of a person's device; the first one when `device` is empty.
std::optional<std::size_t> find_client(const World &world, std::string_view person,
                                       std::string_view device);

MailServerPlace *find_mail_server(World &world, std::string_view host);

/// A mailbox and the store it is in; no store when there is no such mailbox.
struct MailboxPlace
{
    mail::Store *store = nullptr;
    mail::UserId user;
};

MailboxPlace find_mailbox(World &world, std::string_view address);

/// The store of the server that is responsible for the domain of `address`.
mail::Store *store_for(World &world, std::string_view address);

/// The wire between the two hosts that a fault names.
net::Link *find_link(World &world, const FaultSpec &fault);

} // namespace mailscope
