// Copy on write.
//
// A Cow holds a value that copies share until one of them changes it. With it a World is copied
// by counting references, and pays for a part only when one of the copies changes that part.
#pragma once

#include <memory>
#include <utility>

namespace mailscope
{

/// A shared value. Reading costs one indirection; `edit` copies the value when others share it.
template <class T> class Cow
{
public:
    Cow() : value_(std::make_shared<T>()) {}
    explicit Cow(T value) : value_(std::make_shared<T>(std::move(value))) {}

    const T &operator*() const { return *value_; }
    const T *operator->() const { return value_.get(); }

    /// The value for changing; copied first when another holder shares it. The reference holds
    /// until this Cow is copied.
    T &edit()
    {
        if (value_.use_count() != 1)
            value_ = std::make_shared<T>(*value_);
        return *value_;
    }

    /// True when both share one value; never true by chance.
    bool same_as(const Cow &other) const { return value_ == other.value_; }

private:
    std::shared_ptr<T> value_;
};

} // namespace mailscope
