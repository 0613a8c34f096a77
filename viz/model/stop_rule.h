// Where the reader wants to stop: the query language, and how long queues may get.
//
// The words are those of sim/trace/query.h, and one more that no record can answer alone:
// `queue:N` holds while some server's queue has more than N letters in it.
#pragma once

#include "sim/trace/query.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace mailscope
{
struct World;
}

namespace mailscope::viz
{

class StopRule
{
public:
    /// Reads it; errors are those of the query.
    [[nodiscard]] static Result<StopRule> parse(std::string_view text,
                                                std::span<const std::string> host_names);

    /// Nothing was asked for.
    bool is_empty() const { return !has_query_ && !queue_over_; }
    /// Whether it asks about queues, so that a World must be looked at.
    bool asks_about_queues() const { return queue_over_.has_value(); }
    /// The part about the record; true when there is none.
    bool matches(const Record &record) const { return query_.matches(record); }
    /// The part about queues; true when there is none.
    bool matches(const World &world) const;

private:
    Query query_;
    bool has_query_ = false;
    std::optional<std::size_t> queue_over_;
};

} // namespace mailscope::viz
