// Dovecot's words about recipients.
#include "sim/hosts/lmtp_words.h"

#include <string>

namespace mailscope
{
namespace
{

std::string bracketed(std::string_view address) { return "<" + std::string(address) + "> "; }

} // namespace

smtp::Reply lmtp_user_unknown(std::string_view address)
{
    return {550, {5, 1, 1}, bracketed(address) + "User doesn't exist: " + std::string(address)};
}

smtp::Reply lmtp_saved(std::string_view address, std::string_view id)
{
    return {250, {2, 0, 0}, bracketed(address) + std::string(id) + " Saved"};
}

smtp::Reply lmtp_mailbox_full(std::string_view address)
{
    return {552, {5, 2, 2}, bracketed(address) + "Quota exceeded (mailbox for user is full)"};
}

} // namespace mailscope
