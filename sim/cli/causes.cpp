// What led to a record.
#include "sim/cli/causes.h"

namespace mailscope::cli
{

std::optional<std::size_t> most_wondered_at(const Records &records)
{
    std::optional<std::size_t> bounce;
    std::optional<std::size_t> trouble;
    std::optional<std::size_t> letter;
    for (std::size_t i = 0; i < records.size(); ++i) {
        const Record &record = records[i];
        const Layer layer = info_of(record.kind).layer;
        if (record.kind == RecordKind::FailureReported)
            bounce = i;
        if (trouble_of(record) != Trouble::None && layer != Layer::Packet)
            trouble = i;
        if (layer == Layer::Mail)
            letter = i;
    }
    return bounce ? bounce : trouble ? trouble : letter;
}

std::vector<std::size_t> chain_of(const Records &records, std::size_t index)
{
    std::vector<std::size_t> chain = {index};
    for (RecordId because = records[index].because; because;) {
        const std::optional<std::size_t> found = records.find(because);
        if (!found)
            break;
        chain.push_back(*found);
        because = records[*found].because;
    }
    return chain;
}

} // namespace mailscope::cli
