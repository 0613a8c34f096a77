// One function object made of several lambdas, for std::visit.
//
// The events of an engine are a variant; a test says for each kind what it does with it.
#pragma once

namespace mailscope::test
{

/// Calls the case that fits the argument's type.
template <class... Cases> struct Overloaded : Cases...
{
    using Cases::operator()...;
};
template <class... Cases> Overloaded(Cases...) -> Overloaded<Cases...>;

} // namespace mailscope::test
