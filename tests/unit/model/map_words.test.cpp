// Words on the map, for every shipped scenario in windows of every size.
#include "viz/model/map_words.h"

#include "sim/core/text.h"
#include "tests/unit/model/reader.h"
#include "viz/model/map_speech.h"
#include "viz/model/screen_layout.h"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <set>

using namespace mailscope;
using namespace mailscope::viz;
using namespace mailscope::testing;

namespace
{

/// Widths a little above those of the fonts in use: Japanese letters are square, those of the
/// fixed face 0.6 em.
float wide(MapText kind, std::string_view text)
{
    const bool bold = kind == MapText::Name || kind == MapText::Caption;
    const float em = kind == MapText::Headline ? 15 : kind == MapText::Gloss ? 14 : bold ? 13 : 12;
    const float latin = kind == MapText::Address || kind == MapText::Headline ? 0.61F
                        : bold                                                ? 0.62F
                                                                              : 0.58F;
    float sum = 0;
    while (!text.empty()) {
        const std::size_t length = std::max<std::size_t>(utf8_sequence_length(text), 1);
        sum += em * (length > 1 ? 1.0F : latin);
        text.remove_prefix(length);
    }
    return sum;
}

struct Named
{
    std::string what;
    Rect area;
    const HostRow *host = nullptr;
};

/// Everything on the map that must not lie upon anything else, apart from icons.
std::vector<Named> words_on(const MapView &map, const MapWords &words)
{
    std::vector<Named> all;
    for (std::size_t i = 0; i < map.hosts.size(); ++i)
        if (words.hosts[i].shown)
            all.push_back({map.hosts[i].name, words.hosts[i].area, &map.hosts[i]});
    for (std::size_t i = 0; i < map.regions.size(); ++i)
        if (words.captions[i].shown)
            all.push_back({map.regions[i].name, words.captions[i].area, nullptr});
    if (words.key.shown)
        all.push_back({"the key", words.key.area, nullptr});
    return all;
}

struct Window
{
    float width;
    float height;
};
constexpr Window windows[] = {{1280, 720}, {1440, 900}, {1920, 1080}};

/// What is on the map of a scenario in a window at a step.
struct Sight
{
    Sight(const Moment &now, const MapLayout &layout, Window window)
        : map(map_view(now, layout)), area(layout_screen(window.width, window.height).map),
          lens(map_lens(area, map, {}))
    {
        std::vector<std::string> names;
        for (const Mark mark : map.key)
            names.push_back(now.words.mark(mark));
        words = place_map_words(map, area, lens, names, now.words.view("key"), -1, wide);
        marks = place_map_marks(map, area, lens, words, wide);
    }

    /// What is said in it. Finding the place for that costs more than all the rest.
    MapSpeech speech() const { return place_map_speech(map, area, lens, words, marks, wide); }

    MapView map;
    Rect area;
    MapLens lens;
    MapWords words;
    std::vector<HostMarks> marks;
};

/// Steps at which something is new on the map: the first and the last one, those with trouble,
/// and some between them.
std::vector<std::size_t> steps_to_look_at(const Story &story)
{
    std::set<std::size_t> chosen;
    const std::vector<StoryStep> &steps = story.steps();
    for (std::size_t i = 0; i < steps.size(); i += std::max<std::size_t>(steps.size() / 6, 1))
        chosen.insert(steps[i].record);
    std::size_t troubles = 0;
    for (const StoryStep &step : steps)
        if (step.trouble != Mark::None && ++troubles <= 6)
            chosen.insert(step.record);
    chosen.insert(steps.back().record);
    return {chosen.begin(), chosen.end()};
}

/// Badges and the numbers of the Why list, which may touch the icon of their own machine only.
std::vector<Named> marks_on(const Sight &sight)
{
    std::vector<Named> all;
    for (std::size_t i = 0; i < sight.map.hosts.size(); ++i) {
        const HostRow &host = sight.map.hosts[i];
        for (const Rect &badge : sight.marks[i].badges)
            all.push_back({"a badge of " + host.name, badge, &host});
        for (const Point pin : sight.marks[i].pins)
            all.push_back({"a pin of " + host.name, {pin.x - 10, pin.y - 10, 20, 20}, &host});
    }
    return all;
}

void expect_no_overlap(const Sight &sight)
{
    std::vector<Named> all = words_on(sight.map, sight.words);
    for (Named &mark : marks_on(sight))
        all.push_back(std::move(mark));
    for (std::size_t i = 0; i < all.size(); ++i) {
        for (std::size_t j = i + 1; j < all.size(); ++j)
            if (overlap_of(all[i].area, all[j].area) > 0) {
                INFO(all[i].what << " and " << all[j].what);
                CHECK(overlap_of(all[i].area, all[j].area) == 0);
            }
        for (const HostRow &host : sight.map.hosts)
            if (&host != all[i].host && overlap_of(all[i].area, icon_area(host, sight.lens)) > 0) {
                INFO(all[i].what << " upon the icon of " << host.name);
                CHECK(overlap_of(all[i].area, icon_area(host, sight.lens)) == 0);
            }
    }
}

/// Looks at every shipped scenario in both languages and all windows.
template <class Look>
void look_everywhere(Look look, Reader::Outside outside = Reader::Outside::Nobody)
{
    for (const std::string &name : shipped_scenarios()) {
        Reader reader(name, "en", outside);
        reader.state.show_why = true;
        for (const char *language : {"en", "ja"}) {
            reader.speak(language);
            for (const std::size_t record : steps_to_look_at(*reader.story))
                for (const Window window : windows) {
                    INFO(name << " in " << language << " at " << record << ", " << window.width
                              << " x " << window.height);
                    look(Sight(reader.go_to(record), reader.layout, window));
                }
        }
    }
}

} // namespace

TEST_CASE("No word on the map lies upon another one, upon the key or upon a machine", "[map_words]")
{
    look_everywhere(expect_no_overlap);
}

TEST_CASE("A machine outside brings no overlap, and its home stays clear of the key", "[map_words]")
{
    look_everywhere(
        [](const Sight &sight) {
            expect_no_overlap(sight);
            for (const RegionRow &region : sight.map.regions)
                if (region.tint == RegionTint::Home && !sight.words.key.folded)
                    CHECK(overlap_of(sight.words.key.area, sight.lens.at(region.area)) == 0);
        },
        Reader::Outside::Machine);
}

TEST_CASE("A name is drawn in the place that was found for it", "[map_words]")
{
    look_everywhere([](const Sight &sight) {
        for (std::size_t i = 0; i < sight.map.hosts.size(); ++i) {
            const HostWords &words = sight.words.hosts[i];
            if (!words.shown)
                continue;
            const float room = wide(MapText::Name, sight.map.hosts[i].name);
            const float left = words.side == Side::Right  ? words.name.x
                               : words.side == Side::Left ? words.name.x - room
                                                          : words.name.x - room / 2;
            INFO(sight.map.hosts[i].name);
            CHECK(left >= words.area.x);
            CHECK(left + room <= words.area.right());
        }
    });
}

TEST_CASE("A pin stands in the region of its machine where there is room", "[map_words]")
{
    Reader reader("errors-552-mailbox-full", "ja");
    reader.state.show_why = true;
    for (const Window window : windows) {
        INFO(window.width << " x " << window.height);
        const Sight sight(reader.at("kind:delivery-failed"), reader.layout, window);
        for (std::size_t i = 0; i < sight.map.hosts.size(); ++i)
            for (const RegionRow &region : sight.map.regions) {
                const Point at = sight.map.hosts[i].at;
                const Rect ground = sight.lens.at(region.area);
                if (region.tint == RegionTint::Home && region.area.contains(at.x, at.y))
                    for (const Point pin : sight.marks[i].pins) {
                        CHECK(pin.x - 10 >= ground.x);
                        CHECK(pin.x + 10 <= ground.right());
                    }
            }
    }
}

TEST_CASE("Every machine has its name on the map, and the key and all captions are there",
          "[map_words]")
{
    look_everywhere([](const Sight &sight) {
        for (std::size_t i = 0; i < sight.map.hosts.size(); ++i)
            if (!sight.words.hosts[i].shown) {
                INFO(sight.map.hosts[i].name);
                CHECK(sight.words.hosts[i].shown);
            }
        CHECK(sight.words.key.shown);
        CHECK((sight.area.h < 420 || !sight.words.key.folded));
        for (std::size_t i = 0; i < sight.map.regions.size(); ++i)
            if (!sight.words.captions[i].shown) {
                INFO(sight.map.regions[i].name);
                CHECK(sight.words.captions[i].shown);
            }
    });
}

TEST_CASE("The callout is whole, near what it tells of, and hides no machine that speaks",
          "[map_words]")
{
    look_everywhere([](const Sight &sight) {
        if (!sight.map.callout)
            return;
        const MapSpeech speech = sight.speech();
        const Rect &box = speech.callout;
        CHECK(speech.whole);
        CHECK(box.x >= sight.area.x);
        CHECK(box.right() <= sight.area.right());
        CHECK(box.y >= sight.area.y);
        CHECK(box.bottom() <= sight.area.bottom());
        const Point target = speech.head.at;
        const CalloutPointer pointer = pointer_of(box, target);
        const float line = std::hypot(pointer.end.x - pointer.tip.x, pointer.end.y - pointer.tip.y);
        CHECK(line < 220);
        for (std::size_t i = 0; i < sight.map.hosts.size(); ++i) {
            const HostRow &host = sight.map.hosts[i];
            if (!host.takes_part || host.shape == HostShape::Router ||
                host.shape == HostShape::Mailbox)
                continue;
            INFO(host.name);
            CHECK(overlap_of(box, icon_area(host, sight.lens)) < 60);
            if (sight.words.hosts[i].shown)
                CHECK(overlap_of(box, sight.words.hosts[i].area) < 300);
        }
    });
}
