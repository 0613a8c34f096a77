// Functions that can fail.
//
// A function that can fail returns Result<T>. No exception crosses a folder. The error is a short
// sentence in English for an engineer; what a learner reads comes from the text catalogue.
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace mailscope
{

/// Why something could not be done: what was found and what was expected.
struct Error
{
    std::string message;
};

/// A value or the reason why there is none.
template <class T> using Result = tl::expected<T, Error>;

/// The failing return value: `return fail("port 70000: expected 1 to 65535");`
inline tl::unexpected<Error> fail(std::string message)
{
    return tl::unexpected<Error>(Error{std::move(message)});
}

} // namespace mailscope
