// What must be true at the end.
#include "sim/scenario/kinds.h"
#include "sim/scenario/parts.h"
#include "sim/scenario/words.h"

#include <algorithm>

namespace mailscope
{

namespace
{

constexpr std::uint64_t count_max = 1'000'000;
constexpr std::uint64_t code_min = 200; // reply codes of RFC 5321 4.2.1
constexpr std::uint64_t code_max = 599;

// A key of an expectation.
enum Field : unsigned
{
    Mailbox = 1U << 0U, // "to": an address that has a mailbox
    Anybody = 1U << 1U, // "to": any address
    Who = 1U << 2U,
    Device = 1U << 3U,
    Host = 1U << 4U,
    Subject = 1U << 5U,
    Status = 1U << 6U,
    Code = 1U << 7U,
    Count = 1U << 8U,
    Query = 1U << 9U,
    By = 1U << 10U,
    Folder = 1U << 11U,
};

struct Fields
{
    unsigned required;
    unsigned optional;
};

Fields fields_of(ExpectationKind kind)
{
    switch (kind) {
    case ExpectationKind::Delivered:
        return {Mailbox, Subject | Count | By};
    case ExpectationKind::OnServer:
        return {Mailbox, Subject | Folder | Count | By};
    case ExpectationKind::NotDelivered:
        return {Anybody, Subject | By};
    case ExpectationKind::NotOnServer:
        return {Anybody, Subject | Folder | By};
    case ExpectationKind::OnDevice:
        return {Who, Device | Subject | Folder | Count | By};
    case ExpectationKind::NotOnDevice:
        return {Who, Device | Subject | Folder | By};
    case ExpectationKind::Bounce:
    case ExpectationKind::Delayed:
        return {Mailbox, Status | Count | By};
    case ExpectationKind::Refused:
        return {Who, Device | Code | Status | Count | By};
    case ExpectationKind::Queued:
        return {Host, Anybody | Subject | Count | By};
    case ExpectationKind::Happened:
        return {Query, By};
    }
    return {0, 0};
}

// How often something happened: "count" exactly, or from "min" (else 1) to "max".
void read_query(Reading &reading, ObjectReader &object, ExpectationSpec &expected)
{
    object.value("query", query_value, expected.query, Need::Required);
    std::optional<std::uint32_t> exactly;
    object.integer("count", exactly, 0, count_max);
    object.integer("min", expected.count_min, 0, count_max);
    object.integer("max", expected.count_max, 0, count_max);
    if (exactly) {
        expected.count_min = *exactly;
        expected.count_max = exactly;
    }
    if (object.has("count") && (object.has("min") || object.has("max")))
        reading.refuse_key(object.node("count"), "either \"count\" or \"min\" and \"max\"");
    else if (expected.count_max && *expected.count_max < expected.count_min)
        reading.refuse_as(object.node("max"), std::to_string(*expected.count_max),
                          "no less than \"min\", which is 1 when not said");
}

void read_folder(Reading &reading, ObjectReader &object, ExpectationSpec &expected)
{
    object.word("folder", words::folder, expected.folder);
    object.value("own_folder", own_folder_value, expected.own_folder);
    if (object.has("folder") && object.has("own_folder"))
        reading.refuse_key(object.node("own_folder"), "either \"folder\" or \"own_folder\"");
}

void read_detail(Reading &reading, NodeIndex node, std::string_view name, ExpectationSpec &expected)
{
    const Fields fields = fields_of(expected.kind);
    const auto takes = [&](unsigned field) {
        return ((fields.required | fields.optional) & field) != 0;
    };
    const auto need = [&](unsigned field) {
        return (fields.required & field) != 0 ? Need::Required : Need::Optional;
    };
    ObjectReader object(reading, node, name);
    if (takes(Mailbox))
        object.value("to", mailbox_value, expected.to, need(Mailbox));
    if (takes(Anybody))
        object.value("to", address_value, expected.to, need(Anybody));
    if (takes(Who))
        object.value("who", person_value, expected.who, need(Who));
    if (takes(Device)) {
        object.value("device", line_value, expected.device);
        if (object.has("device"))
            reading.mention(NameKind::Device, object.node("device"), expected.device, expected.who);
    }
    if (takes(Host))
        object.value("host", mail_server_value, expected.host, need(Host));
    if (takes(Subject))
        object.value("subject", line_value, expected.subject);
    if (takes(Folder))
        read_folder(reading, object, expected);
    if (takes(Status))
        object.value("status", status_value, expected.status);
    if (takes(Code))
        object.integer("code", expected.code, code_min, code_max);
    if (takes(Count))
        object.integer("count", expected.count, 0, count_max);
    if (takes(By))
        object.value("by", duration_value, expected.by);
    if (takes(Query))
        read_query(reading, object, expected);
}

void read_expectation(Reading &reading, NodeIndex node, ExpectationSpec &expected)
{
    ObjectReader object(reading, node, "expectation");
    object.value("after", remedy_value, expected.after);
    std::vector<std::string_view> kinds;
    expected.line = reading.line_of(node);
    for (const Word<ExpectationKind> &word : words::expectation) {
        kinds.push_back(word.text);
        NodeIndex detail = no_node;
        object.value(word.text, node_value(word.text), detail);
        if (detail == no_node)
            continue;
        expected.kind = word.value;
        read_detail(reading, detail, word.text, expected);
    }
    has_exactly_one(reading, object, kinds);
}

} // namespace

const ValueKind<ExpectationSpec> expectation_value{"expectation", read_expectation};

void describe_expectations(Reading &reading)
{
    ExpectationSpec expected;
    read_expectation(reading, 0, expected);
    for (const Word<ExpectationKind> &word : words::expectation) {
        expected.kind = word.value;
        read_detail(reading, 0, word.text, expected);
    }
}

} // namespace mailscope
