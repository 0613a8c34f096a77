// Which mailbox a person means who logs in.
//
// The same for every protocol by which a mail server hands out letters, hence one place for it.
#pragma once

#include "sim/mail/store.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mailscope
{

/// The user of that name. The store names users by full address; who logs in may leave out the
/// domain when the user is in one of `domains`, which are tried in order.
inline std::optional<mail::UserId>
find_login(const mail::Store &store, const std::vector<std::string> &domains, std::string_view name)
{
    if (std::optional<mail::UserId> user = store.find_user(name))
        return user;
    if (name.find('@') != std::string_view::npos)
        return std::nullopt;
    for (const std::string &domain : domains)
        if (std::optional<mail::UserId> user = store.find_user(std::string(name) + '@' + domain))
            return user;
    return std::nullopt;
}

} // namespace mailscope
