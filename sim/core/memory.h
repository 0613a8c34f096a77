// How the program gets its memory.
//
// A letter's way allocates and frees some seventy small blocks, and a long run with a full trace
// touches gigabytes once. Where the system allows it, freed blocks wait for the next of their size,
// more of them than the C library keeps, and the heap is one area of huge pages, because the first
// touch of each small page costs more than what is written to it. Nothing depends on it: elsewhere
// the same program runs slower. It is for programs, not for libraries: who calls prepare_heap()
// decides about its process, and only then is any of this linked.
#pragma once

namespace mailscope
{

/// Prepares the heap for long runs; to be called once, before there are threads. Does nothing
/// where the C library is not glibc, on 32-bit systems, and under a sanitizer's own allocator;
/// freed blocks are not kept there either.
void prepare_heap();

} // namespace mailscope
