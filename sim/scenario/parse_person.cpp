// People and their devices.
#include "sim/scenario/kinds.h"
#include "sim/scenario/names.h"
#include "sim/scenario/parts.h"
#include "sim/scenario/words.h"

namespace mailscope
{

namespace
{

void read_server_setting(Reading &reading, NodeIndex node, ServerSettingSpec &setting)
{
    if (reading.is_string(node)) {
        domain_name_value.read(reading, node, setting.host);
        return;
    }
    ObjectReader object(reading, node, "server_setting");
    object.value("host", domain_name_value, setting.host);
    object.integer("port", setting.port, 1, port_max);
}

constexpr ValueKind<ServerSettingSpec> server_setting_value{"server_setting", read_server_setting};

void read_device(Reading &reading, NodeIndex node, DeviceSpec &device)
{
    ObjectReader object(reading, node, "device");
    object.value("name", name_value, device.name);
    object.value("at", place_value, device.at);
    object.word("reads", words::reads, device.reads);
    object.value("leave_on_server", flag_value, device.leave_on_server);
    object.value("apop", flag_value, device.apop);
    object.value("capacity", size_value, device.capacity);
    object.value("check_every", interval_value, device.check_every);
    object.value("authenticates", flag_value, device.authenticates);
    object.value("password", line_value, device.password);
    object.value("user", line_value, device.user);
    object.value("from", address_value, device.from);
    object.value("submission", server_setting_value, device.submission);
    object.value("incoming", server_setting_value, device.incoming);
    object.value("starttls", flag_value, device.starttls);
    object.value("implicit_tls", flag_value, device.implicit_tls);
    object.value("stays_connected", flag_value, device.stays_connected);
}

constexpr ValueKind<DeviceSpec> device_value{"device", read_device};

void read_contact(Reading &reading, NodeIndex node, ContactSpec &contact)
{
    ObjectReader object(reading, node, "contact");
    object.value("name", contact_name_value, contact.name, Need::Required);
    object.value("address", address_value, contact.address, Need::Required);
}

constexpr ValueKind<ContactSpec> contact_value{"contact", read_contact};

void declare_contacts(Reading &reading, const PersonSpec &person, NodeIndex node)
{
    if (node == no_node || person.name.empty())
        return;
    const std::vector<NodeIndex> items = reading.items(node);
    for (std::size_t i = 0; i < person.address_book.size(); ++i)
        if (!person.address_book[i].name.empty())
            reading.declare(NameKind::Contact, reading.tree().member(items[i], "name"),
                            person.address_book[i].name, person.name);
}

void declare_devices(Reading &reading, const PersonSpec &person, NodeIndex node)
{
    const std::vector<NodeIndex> items = reading.items(node);
    for (std::size_t i = 0; i < person.devices.size(); ++i) {
        const NodeIndex name = reading.tree().member(items[i], "name");
        reading.declare(NameKind::Host, name == no_node ? items[i] : name,
                        host_of_device(person.name, person.devices[i].name));
    }
}

} // namespace

void read_person(Reading &reading, NodeIndex node, PersonSpec &person)
{
    ObjectReader object(reading, node, "person");
    object.value("name", name_value, person.name, Need::Required);
    object.value("display_name", text_value, person.display_name);
    object.value("address", mailbox_value, person.address, Need::Required);
    object.value("at", place_value, person.at);
    std::optional<DeviceSpec> client;
    object.value("client", device_value, client);
    object.list("devices", device_value, person.devices);
    object.list("address_book", contact_value, person.address_book);
    declare_contacts(reading, person, object.node("address_book"));

    if (client)
        person.devices.insert(person.devices.begin(), *client);
    if (object.has("client") && object.has("devices"))
        reading.refuse_key(object.node("client"), "either \"client\" or \"devices\"");
    else
        declare_devices(reading, person, object.node(client ? "client" : "devices"));
    if (!person.name.empty())
        reading.declare(NameKind::Person, object.node("name"), person.name);
}

void describe_person(Reading &reading)
{
    PersonSpec person;
    read_person(reading, 0, person);
    DeviceSpec device;
    read_device(reading, 0, device);
    ServerSettingSpec setting;
    read_server_setting(reading, 0, setting);
    ContactSpec contact;
    read_contact(reading, 0, contact);
}

} // namespace mailscope
