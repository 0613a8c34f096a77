// Where the lanes of the ladder stand.
#include "viz/model/lane_places.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <numeric>

namespace mailscope::viz
{
namespace
{

constexpr float between_heads = 10;

} // namespace

std::vector<float> lane_places(const std::vector<float> &heads, const std::vector<LaneWords> &words,
                               float room)
{
    if (heads.empty())
        return {};
    std::vector<float> least(heads.size() - 1);
    for (std::size_t i = 0; i < least.size(); ++i)
        least[i] = (heads[i] + heads[i + 1]) / 2 + between_heads;
    std::vector<float> wanted = least;
    for (const LaneWords &word : words) {
        const auto first = static_cast<std::size_t>(std::min(word.from, word.to));
        const auto last = static_cast<std::size_t>(std::max(word.from, word.to));
        for (std::size_t i = first; i < last; ++i)
            wanted[i] = std::max(wanted[i], word.width / static_cast<float>(last - first));
    }
    const float ends = (heads.front() + heads.back()) / 2;
    const float least_sum = std::accumulate(least.begin(), least.end(), ends);
    const float wanted_sum = std::accumulate(wanted.begin(), wanted.end(), ends);
    const float missing = wanted_sum - least_sum;
    const float share = missing > 0 ? std::clamp((room - least_sum) / missing, 0.0F, 1.0F) : 1.0F;
    const float spare = std::max(0.0F, room - wanted_sum) / static_cast<float>(heads.size());
    std::vector<float> places = {heads.front() / 2 + spare / 2};
    for (std::size_t i = 0; i < least.size(); ++i)
        places.push_back(places.back() + least[i] + (wanted[i] - least[i]) * share + spare);
    return places;
}

} // namespace mailscope::viz
