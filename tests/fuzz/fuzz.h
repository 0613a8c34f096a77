// A fuzz target: one function that takes any octets and must neither crash nor break a promise.
//
// Why two ways to run it: libFuzzer finds new inputs (-DMAILSCOPE_FUZZ=ON with clang), and a plain
// driver plays the kept corpus and a fixed number of mutations of it in every test run.
#pragma once

#include <string_view>

namespace mailscope::fuzz
{

/// Feeds `input` to the decoder or engine of this target. What must hold is stated by MS_CHECK.
void run(std::string_view input);

} // namespace mailscope::fuzz
