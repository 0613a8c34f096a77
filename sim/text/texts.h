// The files of assets/text as part of the library.
//
// cmake/texts.py makes the table at build time, so that nothing is read at run time. Only the
// catalogue looks at it.
#pragma once

#include "sim/text/catalogue.h"

#include <span>
#include <string_view>

namespace mailscope
{

struct LanguageTexts
{
    std::string_view language;
    std::span<const Entry> entries; ///< ordered by key
};

std::span<const LanguageTexts> all_texts();

} // namespace mailscope
