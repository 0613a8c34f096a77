// Looking up and cutting the trace.
#include "sim/trace/records.h"

namespace mailscope
{

std::optional<std::size_t> Records::find(RecordId id) const
{
    std::size_t low = 0;
    std::size_t high = records_.size();
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        if (records_[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == records_.size() || records_[low].id != id)
        return std::nullopt;
    return low;
}

void Records::truncate(std::size_t size)
{
    std::size_t packets = packets_.size();
    for (std::size_t i = records_.size(); i > size; --i)
        if (records_[i - 1].packet < packets)
            packets = records_[i - 1].packet;
    records_.truncate(size);
    packets_.truncate(packets);
}

} // namespace mailscope
