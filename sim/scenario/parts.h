// The parts of a scenario file, each read by a file of its own.
//
// Internal to this folder: parse.h is the door. Every part also describes itself, that is, asks for
// all its keys on an empty object while the Reading notes them (see reading.h).
#pragma once

#include "sim/scenario/reading.h"
#include "sim/scenario/scenario.h"

namespace mailscope
{

/// "world": domains, people, places, providers, links, faults.
void read_world(Reading &reading, NodeIndex node, Scenario &scenario);
void describe_world(Reading &reading);

/// A remedy's "repair": a host or a link whose faults end.
void read_repair(Reading &reading, NodeIndex node, ChangeSpec &change);

/// One entry of a domain's "dns.records"; a remedy sets such a record too.
extern const ValueKind<RecordSpec> record_value;
/// A client that a block list lists.
extern const ValueKind<std::string> listed_client_value;
void read_domain(Reading &reading, NodeIndex node, DomainSpec &domain);
void describe_domain(Reading &reading);

/// A person with devices.
void read_person(Reading &reading, NodeIndex node, PersonSpec &person);
void describe_person(Reading &reading);

/// "story": what people do.
void read_story(Reading &reading, ObjectReader &object, std::string_view key,
                std::vector<ActionSpec> &actions, std::string_view default_person);
void describe_story(Reading &reading);

/// "lesson": what is said and asked.
extern const ValueKind<MomentSpec> moment_value;
void describe_lesson(Reading &reading);

/// "remedies". `default_person` acts where a remedy's action names nobody.
void read_remedies(Reading &reading, ObjectReader &object, std::vector<RemedySpec> &remedies,
                   std::string_view default_person);
void describe_remedies(Reading &reading);

/// "expect": what must be true at the end.
extern const ValueKind<ExpectationSpec> expectation_value;
void describe_expectations(Reading &reading);

} // namespace mailscope
