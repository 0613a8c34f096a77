// The start screen: lessons by topic.
#include "sim/core/text.h"
#include "viz/model/thumbnail.h"
#include "viz/model/views.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace mailscope::viz
{
namespace
{

struct TopicRule
{
    std::string_view name; ///< of the word "topic.NAME"
    Mark mark;
    std::array<std::string_view, 9> words; ///< a card belongs here when a topic contains one
};

/// In the order in which they are best learned, from the general to the special. The last one that
/// fits decides; the first one takes the rest.
constexpr std::array<TopicRule, 5> rules = {{
    {"journey", Mark::Letter, {}},
    {"network", Mark::Tcp, {"nat", "network", "tcp", "line", "loss", "port"}},
    {"dns", Mark::Dns, {"dns", "mx", "cache", "ttl", "delegation", "resolver"}},
    {"reading", Mark::Pop3, {"pop3", "imap", "webmail", "devices", "reading"}},
    {"errors",
     Mark::Permanent,
     {"error", "bounce", "450", "451", "535", "550", "552", "553", "554"}},
}};

/// The lesson that touches everything and comes before all others says this of itself.
constexpr std::string_view first_topic = "journey";

bool has_topic(const CardRow &card, std::string_view topic)
{
    return std::find(card.topics.begin(), card.topics.end(), topic) != card.topics.end();
}

bool fits(const TopicRule &rule, const std::vector<std::string> &topics)
{
    for (const std::string_view word : rule.words)
        for (const std::string &topic : topics)
            if (!word.empty() && topic.find(word) != std::string::npos)
                return true;
    return false;
}

} // namespace

CardRow card_of(const Scenario &scenario, std::string_view language)
{
    const bool japanese = language == "ja";
    const auto choose = [&](const LocalText &text) {
        const std::string &wanted = japanese ? text.ja : text.en;
        return wanted.empty() ? (japanese ? text.en : text.ja) : wanted;
    };
    CardRow card;
    card.file = scenario.file;
    card.title = choose(scenario.title);
    card.summary = choose(scenario.summary);
    card.topics = scenario.topics;
    card.difficulty = static_cast<int>(std::clamp<std::uint32_t>(scenario.difficulty, 1, 3));
    card.minutes = static_cast<int>(scenario.minutes);
    card.marks = {Mark::Smtp};
    card.topic = 1;
    for (std::size_t i = 0; i < rules.size() && !has_topic(card, first_topic); ++i)
        if (fits(rules[i], scenario.topics))
            card.topic = i + 1;
    for (const std::string &topic : scenario.topics) {
        if (topic.size() == 3 && topic[0] >= '4' && topic[0] <= '5' && is_ascii_digit(topic[2]) &&
            card.code.empty()) {
            card.code = topic;
            card.trouble = topic[0] == '4' ? Mark::Temporary : Mark::Permanent;
        }
        for (const auto &[word, mark] :
             {std::pair("dns", Mark::Dns), std::pair("pop3", Mark::Pop3),
              std::pair("imap", Mark::Imap), std::pair("webmail", Mark::Http)})
            if (topic.find(word) != std::string::npos &&
                std::find(card.marks.begin(), card.marks.end(), mark) == card.marks.end())
                card.marks.push_back(mark);
    }
    card.thumb = thumbnail_of(card.topics, card.marks);
    return card;
}

LibraryView library_view(std::vector<CardRow> cards, const Words &words)
{
    LibraryView view;
    view.topics.push_back({words.view("topic.all"), Mark::None, 0, 0});
    for (const TopicRule &rule : rules)
        view.topics.push_back({words.view("topic." + std::string(rule.name)), rule.mark, 0, 0});
    for (const CardRow &card : cards)
        for (const std::size_t topic : {std::size_t{0}, card.topic}) {
            ++view.topics[topic].total;
            view.topics[topic].done += card.done ? 1U : 0U;
        }
    // Within a topic the easy ones come first; errors in the order of their codes.
    std::stable_sort(cards.begin(), cards.end(), [](const CardRow &a, const CardRow &b) {
        const auto place = [](const CardRow &card) {
            return std::tuple(card.topic, !has_topic(card, first_topic), card.code,
                              card.difficulty);
        };
        return place(a) < place(b);
    });
    view.cards = std::move(cards);
    return view;
}

} // namespace mailscope::viz
