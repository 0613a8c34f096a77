// Places for what is said about the present step.
#include "viz/model/map_speech.h"

#include "viz/model/wrap.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace mailscope::viz
{
namespace
{

// Weights of a pixel that is hidden.
constexpr float of_speakers = 240; ///< machines that the step is about
constexpr float of_their_words = 120;
constexpr float of_pictures = 60; ///< of faults
constexpr float of_boxes = 8;     ///< mailboxes that nothing happens to
constexpr float of_machines = 6;
constexpr float of_words = 2;
constexpr float of_ways = 4;
constexpr float of_trails = 20;

// What cannot be told any more, when so much of it is hidden, and how bad that is.
constexpr float machine_spared = 0.2F; ///< of its icon
constexpr float speaker_spared = 55;   ///< pixels
constexpr float name_spared = 290;
constexpr unsigned scenery_lost = 1;
constexpr unsigned line_too_long = 1;
constexpr unsigned sentence_cut = 1;
constexpr unsigned buttons_lost = 1;
constexpr unsigned sentence_lost = 4;
constexpr unsigned speaker_lost = 5;

constexpr float near_words = 110;    ///< pixels hidden rather than one farther away
constexpr float off_middle = 20000;  ///< rather than a flight at an end of its way
constexpr float cut_headline = 9000; ///< rather than a headline that is
constexpr float good_place = 9000;   ///< no better one is looked for
constexpr float low_map = 330;       ///< below it callouts are broad
constexpr float gloss_height = 20;   ///< of a line
constexpr float callout_margin = 12; ///< left and right together
constexpr float callout_empty = 46;  ///< its height without the sentence
constexpr float callout_short = 30;  ///< with the headline alone
constexpr float disc = 18;           ///< of the flight: its radius
constexpr float gate_half_area = 20; ///< to both sides of the way
constexpr float letter_before_gate = 42;

/// A size that the callout may have.
struct CalloutForm
{
    float wide = 0;
    float tall = 0;
    PlaceCost cost;
    bool whole = true;
};

class Speaker
{
public:
    Speaker(const MapView &map, const Rect &area, const MapLens &lens, const MapWords &words,
            const std::vector<HostMarks> &marks, const MeasureText &measure)
        : map_(map), area_(area), lens_(lens), words_(words), marks_(marks), measure_(measure)
    {
        if (!map.flights.empty()) {
            flight_ = &map.flights.front();
            speech_.way = corners(lens, flight_->path, flight_->curved);
            speech_.head = spot_on(speech_.way, flight_->at);
        } else if (map.callout) {
            speech_.head.at = lens.at(map.callout->at);
        }
    }

    MapSpeech place()
    {
        add_machines();
        add_words();
        for (float share = 0; share <= 1 && !speech_.way.empty(); share += 0.05F)
            add_dot(spot_on(speech_.way, share).at, 5, of_ways);
        add_pictures();
        place_faults();
        if (map_.callout)
            place_callout_box(*map_.callout);
        return std::move(speech_);
    }

private:
    void hide(const Rect &box, float weight, float spared = 0, unsigned loss = 0)
    {
        hides_.push_back({box, weight, spared, loss});
    }
    void add_dot(Point at, float half, float weight)
    {
        hide({at.x - half, at.y - half, 2 * half, 2 * half}, weight);
    }
    void add_machines();
    void add_words();
    void add_pictures();
    void add_line(const std::vector<Point> &points);
    void place_faults();
    std::vector<CalloutForm> forms(const CalloutRow &callout) const;
    void place_callout_box(const CalloutRow &callout);
    void try_place(float share, const CalloutForm &form);

    const MapView &map_;
    Rect area_;
    const MapLens &lens_;
    const MapWords &words_;
    const std::vector<HostMarks> &marks_;
    const MeasureText &measure_;
    const FlightRow *flight_ = nullptr;
    std::vector<Obstacle> hides_;
    MapSpeech speech_;
    std::optional<PlaceCost> least_; ///< what the best place costs
    Spot best_head_;                 ///< where the flight is for it
};

/// Machines that the step is about are never hidden; the routers between them are scenery.
void Speaker::add_machines()
{
    for (std::size_t i = 0; i < map_.hosts.size(); ++i) {
        const HostRow &host = map_.hosts[i];
        const bool box = host.shape == HostShape::Mailbox && !host.is_full;
        const bool speaks = host.takes_part && host.shape != HostShape::Router && !box;
        const Rect icon = icon_area(host, lens_);
        hide(icon,
             speaks                   ? of_speakers
             : box && host.takes_part ? of_boxes
                                      : of_machines,
             speaks ? speaker_spared : icon.w * icon.h * machine_spared,
             speaks ? speaker_lost : scenery_lost);
        const float weight = speaks ? of_their_words : of_words;
        if (words_.hosts[i].shown)
            hide(words_.hosts[i].area, weight, name_spared, speaks ? speaker_lost : 0);
        for (const Rect &badge : marks_[i].badges)
            hide(badge, weight);
        for (const Point pin : marks_[i].pins)
            add_dot(pin, mark_tall / 2, of_their_words);
    }
}

void Speaker::add_words()
{
    for (const CaptionWords &caption : words_.captions)
        if (caption.shown)
            hide(caption.area, of_words);
    if (words_.key.shown)
        hide(words_.key.area, of_words * 2);
    hide(map_buttons(area_), of_words * 4, 0, buttons_lost);
}

/// Where nothing comes through, with an octagon in the middle.
void Speaker::add_line(const std::vector<Point> &points)
{
    constexpr int dots = 10;
    for (int i = 0; i <= dots; ++i)
        add_dot(spot_on(points, static_cast<float>(i) / dots).at, 6, of_trails);
    add_dot(spot_on(points, 0.5F).at, 12, of_speakers);
}

void Speaker::add_pictures()
{
    for (const LinkRow &link : map_.links)
        if (link.look == LinkLook::Broken)
            add_line(corners(lens_, link.path, link.curved));
    for (const FaultRow &fault : map_.faults) {
        const Point at = lens_.at(fault.at);
        const Point to = lens_.at(fault.to);
        switch (fault.shape) {
        case FaultShape::Silence:
        case FaultShape::Moved:
            add_line({at, to});
            add_dot(to, 24, of_speakers); // Whom it is about, although nobody asks there.
            break;
        case FaultShape::NoDomain:
        case FaultShape::BadAddress:
            add_dot(at, 24, of_pictures);
            break;
        case FaultShape::Gate:
        case FaultShape::TooLarge: {
            const std::vector<Point> way = {at, to};
            const float near = gate_distance(at, to, lens_.k);
            const float far =
                near + (fault.shape == FaultShape::TooLarge ? letter_before_gate : 6.0F) * lens_.k;
            const float side = gate_half_area * lens_.k;
            const Point a = spot_from(way, {}, near - 6 * lens_.k).at;
            const Point b = spot_from(way, {}, far).at;
            const Rect picture{std::min(a.x, b.x) - side / 2, std::min(a.y, b.y) - side / 2,
                               std::abs(a.x - b.x) + side, std::abs(a.y - b.y) + side};
            hide(picture, of_pictures);
            speech_.covers.push_back(picture);
            break;
        }
        }
    }
}

/// Places for what faults say, where they hide least.
void Speaker::place_faults()
{
    for (const FaultRow &fault : map_.faults) {
        const Point a = lens_.at(fault.at);
        const Point b = lens_.at(fault.to);
        const bool domain = fault.shape == FaultShape::NoDomain;
        const float wide = measure_(domain ? MapText::Name : MapText::Address, fault.text) +
                           (domain                                  ? 48.0F
                            : fault.shape == FaultShape::BadAddress ? 36.0F
                                                                    : 12.0F);
        const float share = fault.shape == FaultShape::TooLarge ? 0.35F : 0.5F;
        const Point near{a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
        const Rect box = place_callout(area_, near, wide, domain ? 40.0F : 22.0F, hides_).box;
        speech_.fault_boxes.push_back(box);
        if (fault.text.empty())
            continue;
        hide(box, of_pictures);
        speech_.covers.push_back(box);
    }
}

/// With the sentence in one line or in a few; at last the headline alone.
std::vector<CalloutForm> Speaker::forms(const CalloutRow &callout) const
{
    std::vector<CalloutForm> all;
    const float around = callout_words_left + callout_words_right;
    const float headline = measure_(MapText::Headline, callout.headline) + around + 2;
    const float gloss = measure_(MapText::Gloss, callout.gloss) + around + 2;
    const float broad = area_.h < low_map ? 420.0F : std::clamp(area_.w * 0.34F, 240.0F, 340.0F);
    // As broad as it reads best; as low as can be; narrow.
    const float low = std::max(gloss, std::min(headline, broad));
    for (const float most : {broad, std::min(low, area_.w - callout_margin), 300.0F, 250.0F}) {
        CalloutForm form;
        form.wide = std::clamp(std::max(headline, gloss), 200.0F, most);
        const std::size_t lines =
            wrap_lines(callout.gloss, form.wide - around, [&](std::string_view piece) {
                return measure_(MapText::Gloss, piece);
            }).size();
        form.tall =
            callout_empty +
            gloss_height * static_cast<float>(std::clamp<std::size_t>(lines, 1, gloss_lines_max));
        if (lines > gloss_lines_max)
            form.cost.lost = sentence_cut;
        if (measure_(MapText::Headline, callout.headline) > form.wide - around)
            form.cost.price += cut_headline;
        if (all.empty() || all.back().wide != form.wide)
            all.push_back(form);
    }
    all.push_back({std::min(measure_(MapText::Headline, callout.headline) + around, 250.0F),
                   callout_short,
                   {sentence_lost, 0},
                   false});
    return all;
}

void Speaker::try_place(float share, const CalloutForm &form)
{
    const Spot head = flight_ == nullptr ? speech_.head : spot_on(speech_.way, share);
    const std::size_t known = hides_.size();
    PlaceCost cost = form.cost;
    if (flight_ != nullptr) {
        const Rect around{head.at.x - disc, head.at.y - disc, 2 * disc, 2 * disc};
        for (const Obstacle &obstacle : hides_)
            cost.price += std::min(obstacle.weight * 4, 40.0F) * overlap_of(around, obstacle.area);
        cost.price += std::abs(share - flight_->at) * off_middle;
        // What flies has a trail, and arrows before it.
        for (const float by : {-80.0F, -65.0F, -50.0F, -35.0F, 35.0F, 50.0F})
            add_dot(spot_from(speech_.way, head, by).at, 7, of_trails);
    }
    std::optional<PlaceCost> bound = least_;
    if (bound && bound->lost >= cost.lost)
        bound = PlaceCost{bound->lost - cost.lost, bound->price - cost.price};
    const bool can_be_better = !least_ || cost < *least_;
    const auto place = can_be_better ? find_callout(area_, head.at, form.wide, form.tall, hides_,
                                                    {near_words, line_too_long, bound})
                                     : std::nullopt;
    hides_.resize(known);
    if (!place)
        return;
    least_ = PlaceCost{cost.lost + place->cost.lost, cost.price + place->cost.price};
    speech_.callout = place->box;
    speech_.whole = form.whole;
    best_head_ = head;
}

void Speaker::place_callout_box(const CalloutRow &callout)
{
    constexpr std::array<float, 7> shares = {0, -0.1F, 0.1F, -0.2F, 0.2F, -0.3F, 0.3F};
    const bool moves = flight_ != nullptr && flight_->rests;
    // What weighs most is asked first: most places are refused by it.
    std::stable_sort(hides_.begin(), hides_.end(), [](const Obstacle &a, const Obstacle &b) {
        return a.loss != b.loss ? a.loss > b.loss : a.weight > b.weight;
    });
    for (const CalloutForm &form : forms(callout)) {
        for (const float by : shares) {
            if (least_ && *least_ < PlaceCost{0, good_place})
                break;
            try_place((flight_ == nullptr ? 0 : flight_->at) + by, form);
            if (!moves)
                break;
        }
    }
    speech_.head = best_head_;
    speech_.covers.push_back(speech_.callout);
}

} // namespace

float gate_distance(Point at, Point to, float k)
{
    constexpr float from_machine = 36;
    constexpr float below_name = 30; ///< more, where the machine's name stands on the way
    const float length = std::max(std::hypot(to.x - at.x, to.y - at.y), 1.0F);
    return from_machine * k + ((to.y - at.y) / length > 0.4F ? below_name : 0.0F);
}

MapSpeech place_map_speech(const MapView &map, const Rect &area, const MapLens &lens,
                           const MapWords &words, const std::vector<HostMarks> &marks,
                           const MeasureText &measure)
{
    return Speaker(map, area, lens, words, marks, measure).place();
}

} // namespace mailscope::viz
