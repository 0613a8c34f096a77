// A table of things that come and go, addressed by index.
//
// Freed places are used again, last freed first, which is deterministic and keeps the table as
// small as the most things that ever lived at once. A generation per place tells a handle to a
// thing that is gone from a handle to its successor.
#pragma once

#include "sim/core/check.h"

#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>
#include <vector>

namespace mailscope
{

/// Names a thing in a slab; default constructed it names nothing.
struct Handle
{
    std::uint32_t index = 0xFFFFFFFFU;
    std::uint32_t generation = 0;

    friend bool operator==(Handle a, Handle b)
    {
        return a.index == b.index && a.generation == b.generation;
    }
    friend bool operator!=(Handle a, Handle b) { return !(a == b); }
};

template <class T> class Slab
{
public:
    /// Puts `value` into a free place.
    Handle insert(T value)
    {
        ++size_;
        if (free_.empty()) {
            places_.push_back(Place{std::move(value), 1, true});
            return Handle{static_cast<std::uint32_t>(places_.size() - 1), 1};
        }
        const std::uint32_t index = free_.back();
        free_.pop_back();
        Place &place = places_[index];
        place.value = std::move(value);
        place.used = true;
        return Handle{index, place.generation};
    }

    /// The thing, or nullptr when it is gone. Valid until the next insert.
    T *find(Handle handle) { return alive(handle) ? &places_[handle.index].value : nullptr; }
    const T *find(Handle handle) const
    {
        return alive(handle) ? &places_[handle.index].value : nullptr;
    }

    /// The thing, which must be there.
    T &operator[](Handle handle)
    {
        MS_CHECK(alive(handle));
        return places_[handle.index].value;
    }
    const T &operator[](Handle handle) const
    {
        MS_CHECK(alive(handle));
        return places_[handle.index].value;
    }

    /// Frees the place; what was there is destroyed or reset to its default.
    void erase(Handle handle)
    {
        MS_CHECK(alive(handle));
        Place &place = places_[handle.index];
        place.value.~T();
        new (&place.value) T();
        place.used = false;
        ++place.generation;
        free_.push_back(handle.index);
        --size_;
    }

    std::size_t size() const { return size_; }

    /// The handle of whatever lives at `index`, for timers that kept only the index.
    Handle handle_at(std::uint32_t index) const
    {
        return index < places_.size() && places_[index].used
                   ? Handle{index, places_[index].generation}
                   : Handle{};
    }

    /// What lives at `index`; the place must be used.
    T &at_index(std::uint32_t index)
    {
        MS_CHECK(index < places_.size());
        MS_CHECK(places_[index].used);
        return places_[index].value;
    }

    /// Calls `visit(handle, thing)` in the order of places.
    template <class Visitor> void for_each(Visitor visit) const
    {
        for (std::uint32_t i = 0; i < places_.size(); ++i)
            if (places_[i].used)
                visit(Handle{i, places_[i].generation}, places_[i].value);
    }

    /// As for_each, for changing. `visit` must not insert.
    template <class Visitor> void for_each_edit(Visitor visit)
    {
        for (std::uint32_t i = 0; i < places_.size(); ++i)
            if (places_[i].used)
                visit(Handle{i, places_[i].generation}, places_[i].value);
    }

private:
    struct Place
    {
        T value{};
        std::uint32_t generation = 1;
        bool used = false;
    };

    bool alive(Handle handle) const
    {
        return handle.index < places_.size() && places_[handle.index].used &&
               places_[handle.index].generation == handle.generation;
    }

    std::vector<Place> places_;
    std::vector<std::uint32_t> free_;
    std::size_t size_ = 0;
};

} // namespace mailscope
