// Where to stop.
#include "viz/model/stop_rule.h"

#include "sim/core/text.h"
#include "sim/world/inspect.h"

#include <map>

namespace mailscope::viz
{

Result<StopRule> StopRule::parse(std::string_view text, std::span<const std::string> host_names)
{
    constexpr std::string_view key = "queue:";
    StopRule rule;
    std::string rest(text);
    const std::size_t at = rest.find(key);
    if (at == 0 || (at != std::string::npos && rest[at - 1] == ' ')) {
        const std::size_t end = std::min(rest.find(' ', at), rest.size());
        const std::string_view value =
            std::string_view(rest).substr(at + key.size(), end - at - key.size());
        const std::optional<std::uint64_t> number = parse_decimal(value);
        if (!number)
            return fail("queue: needs a number");
        rule.queue_over_ = static_cast<std::size_t>(*number);
        rest.erase(at, end - at);
    }
    rule.has_query_ = !trim(rest).empty();
    Result<Query> query = Query::parse(rest, host_names);
    if (!query)
        return tl::unexpected<Error>(query.error());
    rule.query_ = std::move(*query);
    return rule;
}

bool StopRule::matches(const World &world) const
{
    if (!queue_over_)
        return true;
    std::map<HostId, std::size_t> queued;
    for (const QueueRow &row : queue_rows(world))
        if (++queued[row.host] > *queue_over_)
            return true;
    return false;
}

} // namespace mailscope::viz
