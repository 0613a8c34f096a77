// The JSON Schema and the parser must know the same keys, kinds, words and limits.
#include "sim/scenario/format.h"
#include "sim/scenario/words.h"
#include "tests/unit/scenario/scenario_files.h"

#include <catch2/catch_test_macros.hpp>
#include <nlohmann/json.hpp>

#include <set>

using namespace mailscope;
using namespace mailscope::test;
using nlohmann::json;

namespace
{

json schema()
{
    return json::parse(
        read_text(std::filesystem::path(MAILSCOPE_SOURCE_DIR) / "scenarios/scenario.schema.json"));
}

bool is_action(const std::string &name)
{
    return std::any_of(words::action.begin(), words::action.end(),
                       [&name](const auto &word) { return word.text == name; });
}

// All that a property says about kinds: the definitions it refers to, "word" or "integer".
std::set<std::string> kinds_of(const json &property)
{
    std::set<std::string> kinds;
    if (property.contains("$ref"))
        kinds.insert(property["$ref"].get<std::string>().substr(8));
    if (property.contains("enum"))
        kinds.insert("word");
    if (property.value("type", "") == "integer")
        kinds.insert("integer");
    for (const json &choice : property.value("oneOf", json::array()))
        kinds.merge(kinds_of(choice));
    if (property.contains("items"))
        kinds.merge(kinds_of(property["items"]));
    return kinds;
}

bool takes_list(const json &property)
{
    return property.dump().find("\"type\":\"array\"") != std::string::npos;
}

void check_key(const KeyFormat &key, const json &property)
{
    if (key.kind == "word")
        CHECK(property["enum"] == json(key.words));
    else if (key.kind == "integer") {
        CHECK(property["minimum"] == key.min);
        CHECK(property["maximum"] == key.max);
    }
    CHECK(takes_list(property) == key.list);
}

// Keys whose property in the schema is said otherwise than by the kind's name.
bool is_spelt_out(const std::string &object, const std::string &key)
{
    return (object == "record" && key == "name") ||
           (object == "change_mailbox" && key == "create") || key == "device" || key == "story" ||
           key == "providers";
}

void check_object(const ObjectFormat &object, const json &definition)
{
    std::set<std::string> keys;
    std::set<std::string> required;
    for (const KeyFormat &key : object.keys) {
        INFO(object.name << "." << key.key);
        keys.insert(key.key);
        if (key.required)
            required.insert(key.key);
        REQUIRE(definition["properties"].contains(key.key));
        const json &property = definition["properties"][key.key];
        check_key(key, property);
        if (!is_spelt_out(object.name, key.key))
            CHECK(kinds_of(property).count(key.kind) == 1);
    }
    INFO(object.name);
    CHECK(definition["additionalProperties"] == false);
    std::set<std::string> in_schema;
    for (const auto &property : definition["properties"].items())
        in_schema.insert(property.key());
    CHECK(in_schema == keys);
    CHECK(definition.value("required", json::array()).get<std::set<std::string>>() == required);
}

// An action's keys depend on its verb; the schema says so in one condition per verb.
void check_action(const ObjectFormat &object, const json &definition)
{
    INFO(object.name);
    for (const json &rule : definition["allOf"]) {
        if (rule["if"]["properties"]["does"]["const"] != object.name)
            continue;
        std::set<std::string> keys;
        std::set<std::string> required;
        for (const KeyFormat &key : object.keys) {
            INFO(key.key);
            keys.insert(key.key);
            if (key.required && key.key != "does")
                required.insert(key.key);
            check_key(key, definition["properties"][key.key]);
        }
        CHECK(rule["then"]["propertyNames"]["enum"].get<std::set<std::string>>() == keys);
        CHECK(rule["then"].value("required", json::array()).get<std::set<std::string>>() ==
              required);
        return;
    }
    FAIL("the schema has no rule for this verb");
}

} // namespace

TEST_CASE("The schema has the parser's keys, words and limits", "[scenario]")
{
    const json whole = schema();
    for (const ObjectFormat &object : scenario_format()) {
        if (object.name == "scenario")
            check_object(object, whole);
        else if (object.name == "text")
            check_object(object, whole["$defs"]["text"]["oneOf"][1]);
        else if (is_action(object.name))
            check_action(object, whole["$defs"]["action"]);
        else
            check_object(object, whole["$defs"][object.name]);
    }
}

TEST_CASE("The schema describes no object that the parser does not know", "[scenario]")
{
    std::set<std::string> known{"action"};
    for (const ObjectFormat &object : scenario_format())
        known.insert(object.name);
    const auto definitions = schema()["$defs"]; // items() only refers to it
    for (const auto &definition : definitions.items())
        if (definition.value().contains("properties")) {
            INFO(definition.key());
            CHECK(known.count(definition.key()) == 1);
        }
}

TEST_CASE("The example of every key leaves no key out", "[scenario]")
{
    const std::string full = read_text(scenario_files / "good" / "full.json");
    for (const ObjectFormat &object : scenario_format())
        for (const KeyFormat &key : object.keys) {
            INFO(object.name << "." << key.key);
            CHECK(full.find("\"" + key.key + "\":") != std::string::npos);
        }
}
