// What a learner can do about what went wrong.
#include "sim/scenario/kinds.h"
#include "sim/scenario/parts.h"
#include "sim/scenario/words.h"

#include <fmt/core.h>

namespace mailscope
{

namespace
{

using ChangeList = std::vector<ChangeSpec>;

// Several keys of one object are several changes to the same thing.
void change_mailbox(Reading &reading, NodeIndex node, ChangeList &changes)
{
    ObjectReader object(reading, node, "change_mailbox");
    ChangeSpec change;
    bool creates = false;
    object.value("create", flag_value, creates);
    // A mailbox that is created now need not be there before.
    object.value("mailbox", creates ? address_value : mailbox_value, change.mailbox,
                 Need::Required);
    const auto add = [&](ChangeKind kind) {
        change.kind = kind;
        changes.push_back(change);
    };
    if (creates) {
        add(ChangeKind::CreateMailbox);
        reading.declare(NameKind::Mailbox, object.node("mailbox"), change.mailbox, "remedies");
    } else if (object.has("create")) {
        reading.refuse(object.node("create"), "true, or no \"create\"");
    }
    if (object.word("delete", words::mailbox_delete, change.kind))
        add(change.kind);
    object.value("quota", size_value, change.number);
    if (object.has("quota"))
        add(ChangeKind::SetQuota);
    object.value("forward_to", address_value, change.value);
    if (object.has("forward_to"))
        add(ChangeKind::SetForwarding);
}

void change_server(Reading &reading, NodeIndex node, ChangeList &changes)
{
    ObjectReader object(reading, node, "change_server");
    ChangeSpec change;
    object.value("server", mail_server_value, change.host, Need::Required);
    object.value("size_limit", size_value, change.number);
    if (object.has("size_limit")) {
        change.kind = ChangeKind::SetSizeLimit;
        changes.push_back(change);
    }
    if (object.word("maintenance", words::end_maintenance, change.kind))
        changes.push_back(change);
    if (object.word("unlist", words::unlist, change.kind))
        changes.push_back(change);
}

void change_domain(Reading &reading, NodeIndex node, ChangeList &changes)
{
    ObjectReader object(reading, node, "change_domain");
    ChangeSpec change;
    object.value("domain", known_domain_value, change.domain, Need::Required);
    std::vector<RecordSpec> records;
    object.list("record", record_value, records);
    for (RecordSpec &record : records) {
        change.kind = ChangeKind::SetRecord;
        change.record = std::move(record);
        changes.push_back(change);
    }
    change.record = RecordSpec();
    if (object.word("zone", words::serve_zone, change.kind))
        changes.push_back(change);
    object.value("unlist", listed_client_value, change.value);
    if (object.has("unlist")) {
        change.kind = ChangeKind::UnlistClient;
        changes.push_back(change);
    }
}

// Adds a change for each setting of a mail client that is there.
class Settings
{
public:
    Settings(ObjectReader &object, const ChangeSpec &device, ChangeList &changes)
        : object_(&object), change_(device), changes_(&changes)
    {
        change_.kind = ChangeKind::Device;
    }

    void text(std::string_view key, const ValueKind<std::string> &kind)
    {
        std::string value;
        object_->value(key, kind, value);
        add(key, std::move(value));
    }
    void flag(std::string_view key)
    {
        bool value = false;
        object_->value(key, flag_value, value);
        add(key, value ? "true" : "false");
    }
    void port(std::string_view key)
    {
        std::uint64_t value = 0;
        object_->integer(key, value, 1, port_max);
        add(key, std::to_string(value));
    }

private:
    void add(std::string_view key, std::string value)
    {
        if (!object_->has(key))
            return;
        change_.setting = key;
        change_.value = std::move(value);
        changes_->push_back(change_);
    }

    ObjectReader *object_;
    ChangeSpec change_;
    ChangeList *changes_;
};

void read_settings(Reading &reading, NodeIndex node, const ChangeSpec &device, ChangeList &changes)
{
    ObjectReader object(reading, node, "settings");
    Settings settings(object, device, changes);
    settings.text("from", address_value);
    settings.text("user", line_value);
    settings.text("password", line_value);
    settings.flag("authenticates");
    settings.text("submission_host", domain_name_value);
    settings.port("submission_port");
    settings.text("incoming_host", domain_name_value);
    settings.port("incoming_port");
    settings.flag("leave_on_server");
    settings.flag("starttls");
    settings.flag("implicit_tls");
}

constexpr ValueKind<NodeIndex> settings_node_value = node_value("settings");
constexpr ValueKind<NodeIndex> change_node_value = node_value("change");
constexpr ValueKind<ChangeSpec> repair_value{"repair", read_repair};

void change_device(Reading &reading, NodeIndex node, ChangeList &changes)
{
    ObjectReader object(reading, node, "change_device");
    ChangeSpec change;
    object.value("person", person_value, change.person, Need::Required);
    object.value("device", line_value, change.device);
    if (object.has("device"))
        reading.mention(NameKind::Device, object.node("device"), change.device, change.person);
    NodeIndex settings = no_node;
    object.value("set", settings_node_value, settings, Need::Required);
    if (settings != no_node)
        read_settings(reading, settings, change, changes);
}

void change_repair(Reading &reading, NodeIndex node, ChangeList &changes)
{
    ObjectReader object(reading, node, "change_repair");
    ChangeSpec change;
    object.value("repair", repair_value, change, Need::Required);
    changes.push_back(std::move(change));
}

struct ChangeReader
{
    std::string_view subject; ///< the key that says what is changed
    void (*read)(Reading &reading, NodeIndex node, ChangeList &changes);
};

constexpr std::array<ChangeReader, 5> change_readers{{{"mailbox", change_mailbox},
                                                      {"server", change_server},
                                                      {"domain", change_domain},
                                                      {"person", change_device},
                                                      {"repair", change_repair}}};

void read_change(Reading &reading, NodeIndex node, ChangeList &changes)
{
    const std::size_t before = changes.size();
    for (const ChangeReader &reader : change_readers) {
        if (reading.tree().member(node, reader.subject) == no_node)
            continue;
        reader.read(reading, node, changes);
        if (changes.size() == before)
            reading.refuse_as(node, "nothing that changes",
                              "a change beside \"" + std::string(reader.subject) + "\"");
        return;
    }
    reading.refuse(node, "an object with \"mailbox\", \"server\", \"domain\", \"person\" or "
                         "\"repair\"");
}

void read_remedy(Reading &reading, NodeIndex node, RemedySpec &remedy,
                 std::string_view default_person)
{
    ObjectReader object(reading, node, "remedy");
    object.value("id", name_value, remedy.id, Need::Required);
    object.value("label", text_value, remedy.label, Need::Required);
    object.value("at", duration_value, remedy.at);
    std::vector<NodeIndex> changes;
    object.list("change", change_node_value, changes);
    for (const NodeIndex change : changes)
        read_change(reading, change, remedy.changes);
    read_story(reading, object, "then", remedy.then, default_person);
    if (!remedy.id.empty())
        reading.declare(NameKind::Remedy, object.node("id"), remedy.id);
    if (!object.describing() && !object.has("change") && !object.has("then"))
        reading.refuse_as(node, "a remedy that does nothing", "\"change\" or \"then\"");
}

} // namespace

void read_remedies(Reading &reading, ObjectReader &object, std::vector<RemedySpec> &remedies,
                   std::string_view default_person)
{
    constexpr ValueKind<NodeIndex> remedy_node_value = node_value("remedy");
    std::vector<NodeIndex> nodes;
    object.list("remedies", remedy_node_value, nodes);
    for (const NodeIndex node : nodes)
        read_remedy(reading, node, remedies.emplace_back(), default_person);
}

void describe_remedies(Reading &reading)
{
    RemedySpec remedy;
    read_remedy(reading, 0, remedy, "");
    for (const ChangeReader &reader : change_readers)
        reader.read(reading, 0, remedy.changes);
    read_settings(reading, 0, ChangeSpec(), remedy.changes);
}

} // namespace mailscope
