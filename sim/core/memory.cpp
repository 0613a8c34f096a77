// Free lists and a heap of huge pages, where there is glibc on Linux.
#include "sim/core/memory.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) ||                         \
    __has_feature(thread_sanitizer)
#define MS_OTHER_ALLOCATOR
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MS_OTHER_ALLOCATOR
#endif

#if defined(__linux__) && defined(__GLIBC__) && defined(__LP64__) && !defined(MS_OTHER_ALLOCATOR)

#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <new>

namespace mailscope
{
namespace
{

constexpr std::size_t huge_page = std::size_t{2} << 20U;
/// Less is not worth the trouble.
constexpr std::size_t area_min = std::size_t{64} << 20U;

/// Half of the machine's memory: as much as a run may sensibly take.
std::size_t area_wanted()
{
    const long pages = sysconf(_SC_PHYS_PAGES);
    const long page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0
               ? static_cast<std::size_t>(pages) / 2 * static_cast<std::size_t>(page)
               : 0;
}

/// Asks for huge pages in [begin, begin + size). A kernel without them says no, which is fine.
void advise(void *begin, std::size_t size)
{
    const auto from = reinterpret_cast<std::uintptr_t>(begin);
    const std::uintptr_t first = (from + huge_page - 1) / huge_page * huge_page;
    if (first < from + size)
        static_cast<void>(madvise(static_cast<char *>(begin) + (first - from), from + size - first,
                                  MADV_HUGEPAGE));
}

/// A block that waits for being used again.
struct Block
{
    Block *next;
};

// Classes of blocks by size. glibc's blocks have room for 24 octets and steps of 16 above; class n
// has those with room for 16 n + 8.
constexpr std::size_t step = 16;
constexpr std::size_t classes = 256;
constexpr std::size_t room_min = 24;
/// What one class of one thread may keep, in octets.
constexpr std::size_t kept_max = std::size_t{64} * 1024;

constexpr std::size_t class_for(std::size_t size)
{
    return size <= room_min ? 1 : (size + step / 2 - 1) / step;
}
constexpr std::size_t room_of(std::size_t block_class) { return block_class * step + step / 2; }
static_assert(room_of(class_for(25)) == 40 && room_of(class_for(40)) == 40);

/// The blocks that a thread keeps. Plain memory, which is there from the thread's first moment to
/// its last.
struct FreeLists
{
    std::array<Block *, classes> first;
    std::array<std::size_t, classes> kept; ///< octets
};
thread_local constinit FreeLists free_lists{};

/// Gives a thread's blocks back when it ends; what is freed still later goes to the heap.
class Closing
{
public:
    void note() { noted_ = true; }

    ~Closing()
    {
        for (std::size_t i = 0; i < classes; ++i) {
            free_lists.kept[i] = kept_max;
            while (Block *const block = free_lists.first[i]) {
                free_lists.first[i] = block->next;
                std::free(block);
            }
        }
    }

private:
    bool noted_ = false; ///< set so that the object is made, and ends with its thread
};
thread_local Closing closing;

void *from_heap(std::size_t size)
{
    closing.note();
    void *const block = std::malloc(size);
    if (block == nullptr)
        throw std::bad_alloc();
    return block;
}

/// Keeps a block for the next of its class, or gives it back.
inline void keep_block(void *memory, std::size_t block_class)
{
    if (block_class >= classes || free_lists.kept[block_class] + room_of(block_class) > kept_max)
        return std::free(memory);
    free_lists.kept[block_class] += room_of(block_class);
    free_lists.first[block_class] = new (memory) Block{free_lists.first[block_class]};
}

} // namespace

void prepare_heap()
{
    mallopt(M_MMAP_MAX, 0);        // large blocks come from the heap, too
    mallopt(M_TRIM_THRESHOLD, -1); // and nothing of it is given back
    // Taking and giving back address space that nobody touches makes the heap's top that large.
    for (std::size_t size = area_wanted(); size >= area_min; size /= 2) {
        void *const area = std::malloc(size);
        if (area == nullptr) // a limit on address space: less, then
            continue;
        advise(area, size);
        std::free(area);
        return;
    }
}

} // namespace mailscope

// The program's own operators, which the standard lets it define. Not inlined, so that the compiler
// sees them as what they are: memory that begins and ends.
[[gnu::noinline]] void *operator new(std::size_t size)
{
    using namespace mailscope;
    const std::size_t block_class = class_for(size);
    if (block_class >= classes)
        return from_heap(size);
    Block *const block = free_lists.first[block_class];
    if (block == nullptr)
        return from_heap(room_of(block_class));
    free_lists.first[block_class] = block->next;
    free_lists.kept[block_class] -= room_of(block_class);
    return block;
}

[[gnu::noinline]] void operator delete(void *memory) noexcept
{
    using namespace mailscope;
    if (memory != nullptr)
        keep_block(memory, malloc_usable_size(memory) / step);
}

[[gnu::noinline]] void operator delete(void *memory, std::size_t size) noexcept
{
    using namespace mailscope;
    if (memory != nullptr)
        keep_block(memory, class_for(size));
}

#else

namespace mailscope
{

void prepare_heap() {}

} // namespace mailscope

#endif
