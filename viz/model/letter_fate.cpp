// Where the letter of an error is now, and what happens to it next.
#include "viz/model/letter_fate.h"

#include "sim/core/text.h"
#include "sim/world/inspect.h"

#include <algorithm>
#include <optional>

namespace mailscope::viz
{
namespace
{

/// The letter that the record is about, or the nearest of its causes.
MessageId letter_of(const Moment &now)
{
    for (const std::size_t index : causes_of(now.records, now.index()))
        if (!now.records[index].message.is_none())
            return now.records[index].message;
    return {};
}

/// Where the letter waits to go on: at a server, or at its writer's.
std::optional<LetterPlace> waiting_place(const Moment &now, MessageId letter)
{
    const std::vector<LetterPlace> places = letter_places(now.world);
    for (const Place wanted : {Place::Queue, Place::Outbox})
        for (const LetterPlace &place : places)
            if (place.message == letter && place.place == wanted)
                return place;
    return std::nullopt;
}

/// Who gets the report when the delivery of a letter is given up; empty for a report itself.
std::string sender_in_queue(const Moment &now, const LetterPlace &place)
{
    for (const QueueRow &row : queue_rows(now.world))
        if (row.host == place.host && row.message == place.message)
            return row.sender;
    return {};
}

/// Whether the record ends an attempt, so that what follows is certain.
bool ends_attempt(RecordKind kind)
{
    return kind == RecordKind::RecipientRefused || kind == RecordKind::SenderRefused ||
           kind == RecordKind::DeliveryFailed || kind == RecordKind::Deferred ||
           kind == RecordKind::Greylisted || kind == RecordKind::SubmissionRefused ||
           kind == RecordKind::SubmissionFailed;
}

std::string next_sentence(const Moment &now, const LetterPlace &place)
{
    const bool temporary = trouble_of(now.record()) == Trouble::Temporary;
    const TextValues host = {{"host", now.words.host(place.host)}};
    if (place.place == Place::Outbox)
        return now.words.view(temporary ? "fate.send-later" : "fate.correct-first");
    if (temporary)
        return now.words.view("fate.tries-again", host);
    const std::string sender = sender_in_queue(now, place);
    return sender.empty() ? std::string()
                          : now.words.view("fate.reports",
                                           {{"host", now.words.host(place.host)}, {"who", sender}});
}

} // namespace

std::string letter_fate(const Moment &now)
{
    const Record &record = now.record();
    const Layer layer = info_of(record.kind).layer;
    const bool of_mail =
        layer == Layer::Mail || (layer == Layer::Line && record.protocol == Protocol::Smtp);
    if (trouble_of(record) == Trouble::None || !of_mail)
        return {};
    const MessageId letter = letter_of(now);
    const std::optional<LetterPlace> place =
        letter.is_none() ? std::nullopt : waiting_place(now, letter);
    if (!place)
        return {};
    std::string told = now.words.view(place->place == Place::Queue ? "fate.queue" : "fate.outbox",
                                      {{"host", now.words.host(place->host)}});
    const std::string next = ends_attempt(record.kind) ? next_sentence(now, *place) : std::string();
    if (!next.empty() && now.words.language() != "ja")
        told += ' ';
    return told + next;
}

} // namespace mailscope::viz
