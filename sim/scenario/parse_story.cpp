// What people do, and what the lesson says about it.
#include "sim/scenario/kinds.h"
#include "sim/scenario/parts.h"
#include "sim/scenario/words.h"

#include <fmt/core.h>

#include <algorithm>

namespace mailscope
{

namespace
{

constexpr std::uint64_t attachment_bytes_max = 100'000'000;

void read_attachment(Reading &reading, NodeIndex node, AttachmentSpec &attachment)
{
    ObjectReader object(reading, node, "attachment");
    object.value("name", line_value, attachment.name, Need::Required);
    object.value("media_type", line_value, attachment.media_type);
    object.value("size", size_value, attachment.size, Need::Required);
    const std::string &type = attachment.media_type;
    if (type.find('/') == type.npos || type.find_first_of(" ;\"") != type.npos)
        reading.refuse(object.node("media_type"), "a media type such as \"image/jpeg\"");
    if (attachment.size > attachment_bytes_max)
        reading.refuse(object.node("size"), "at most \"100MB\"");
}

constexpr ValueKind<AttachmentSpec> attachment_value{"attachment", read_attachment};

// Which keys an action takes beside at, does and scene.
enum class Takes : std::uint8_t
{
    Letter,
    Changes,
    Draft,
    Reply,
    Forward,
    Device,
    Choice,
    Folder,
    Move,
    Host,
    Nothing
};

Takes takes(ActionKind kind)
{
    switch (kind) {
    case ActionKind::Send:
        return Takes::Letter;
    case ActionKind::Resend:
        return Takes::Changes;
    case ActionKind::SaveDraft:
    case ActionKind::SendDraft:
        return Takes::Draft;
    case ActionKind::Reply:
        return Takes::Reply;
    case ActionKind::Forward:
        return Takes::Forward;
    case ActionKind::Read:
    case ActionKind::Delete:
        return Takes::Choice;
    case ActionKind::Fetch:
    case ActionKind::GoOffline:
    case ActionKind::GoOnline:
    case ActionKind::HangUp:
    case ActionKind::OpenDrafts:
        return Takes::Device;
    case ActionKind::MakeFolder:
        return Takes::Folder;
    case ActionKind::Move:
        return Takes::Move;
    case ActionKind::Retry:
        return Takes::Host;
    case ActionKind::Wait:
        return Takes::Nothing;
    }
    return Takes::Nothing;
}

// A recipient without "@" is a name of the writer's address book.
void mention_contacts(Reading &reading, const ObjectReader &object, std::string_view key,
                      const std::vector<std::string> &recipients, const std::string &writer)
{
    if (!object.has(key) || writer.empty())
        return;
    const std::vector<NodeIndex> items = reading.items(object.node(key));
    for (std::size_t i = 0; i < recipients.size(); ++i)
        if (!recipients[i].empty() && recipients[i].find('@') == std::string::npos)
            reading.mention(NameKind::Contact, items[i], recipients[i], writer);
}

void read_letter(Reading &reading, ObjectReader &object, ActionSpec &action, Need recipients)
{
    object.list("to", recipient_value, action.to, recipients);
    object.list("cc", recipient_value, action.cc);
    mention_contacts(reading, object, "to", action.to, action.who);
    mention_contacts(reading, object, "cc", action.cc, action.who);
    object.value("subject", line_value, action.subject);
    object.value("text", string_value, action.text);
    object.value("from", address_value, action.from);
    object.list("attach", attachment_value, action.attach);
    object.word("charset", words::charset, action.iso_2022_jp);
    object.value("notify_success", flag_value, action.notify_success);
}

// The keys that the action's kind allows; the object refuses the others.
void read_details(Reading &reading, ObjectReader &object, ActionSpec &action, bool needs_person)
{
    const Takes what = takes(action.does);
    if (what == Takes::Host)
        object.value("host", mail_server_value, action.host, Need::Required);
    if (what == Takes::Host || what == Takes::Nothing)
        return;
    object.value("who", person_value, action.who, needs_person ? Need::Required : Need::Optional);
    object.value("device", line_value, action.device);
    if (object.has("device") && !action.who.empty())
        reading.mention(NameKind::Device, object.node("device"), action.device, action.who);
    if (what == Takes::Letter)
        read_letter(reading, object, action, Need::Required);
    if (what == Takes::Changes) {
        read_letter(reading, object, action, Need::Optional);
        object.value("drop_attachments", flag_value, action.drop_attachments);
    }
    if (what == Takes::Draft) {
        object.value("draft", line_value, action.draft);
        read_letter(reading, object, action, Need::Optional);
    }
    if (what == Takes::Reply || what == Takes::Forward) {
        object.value("letter", line_value, action.letter);
        read_letter(reading, object, action,
                    what == Takes::Forward ? Need::Required : Need::Optional);
    }
    if (what == Takes::Choice || what == Takes::Move)
        object.value("subject", line_value, action.subject);
    if (what == Takes::Folder)
        object.value("folder", new_folder_value, action.folder, Need::Required);
    if (what == Takes::Move)
        object.value("folder", own_folder_value, action.folder, Need::Required);
}

// The name under which the format describes the action: its verb, as far as it has a good one.
std::string_view name_of_action(Reading &reading, NodeIndex node)
{
    const NodeIndex verb = reading.tree().member(node, "does");
    if (verb != no_node && reading.is_string(verb))
        for (const Word<ActionKind> &word : words::action)
            if (word.text == reading[verb].text)
                return word.text;
    return "action";
}

// `action.at` and `action.who` hold what counts when nothing is said.
void read_action(Reading &reading, NodeIndex node, ActionSpec &action, std::string_view name)
{
    const bool needs_person = action.who.empty();
    ObjectReader object(reading, node, name);
    object.value("at", duration_value, action.at);
    object.value("scene", text_value, action.scene);
    if (object.word("does", words::action, action.does, Need::Required) || object.describing()) {
        read_details(reading, object, action, needs_person);
        return;
    }
    object.skip({"who", "device", "to", "cc", "subject", "text", "from", "attach", "charset",
                 "notify_success", "drop_attachments", "draft", "letter", "folder", "host"});
}

// "resend" for {"does": "resend"}, where it is known who acts.
void read_action_word(Reading &reading, NodeIndex node, ActionSpec &action)
{
    const std::string &text = reading[node].text;
    if (text == words::word_of(words::action, ActionKind::Resend))
        action.does = ActionKind::Resend;
    else if (text == words::word_of(words::action, ActionKind::Fetch))
        action.does = ActionKind::Fetch;
    else
        action.who.clear();
    if (action.who.empty())
        reading.refuse(node, "an object with \"who\" and \"does\"; in a remedy also \"resend\" or "
                             "\"fetch\", done by who sent last in the story");
}

constexpr ValueKind<NodeIndex> action_node_value = node_value("action");

void read_choice(Reading &reading, NodeIndex node, ChoiceSpec &choice)
{
    ObjectReader object(reading, node, "choice");
    object.value("text", text_value, choice.text, Need::Required);
    object.value("correct", flag_value, choice.correct);
    object.value("why", text_value, choice.why);
}

constexpr ValueKind<ChoiceSpec> choice_value{"choice", read_choice};

void read_question(Reading &reading, NodeIndex node, MomentSpec &moment)
{
    ObjectReader object(reading, node, "question");
    object.value("question", text_value, moment.question, Need::Required);
    object.list("choices", choice_value, moment.choices, Need::Required);
    const auto correct = std::count_if(moment.choices.begin(), moment.choices.end(),
                                       [](const ChoiceSpec &choice) { return choice.correct; });
    if (object.has("choices") && (moment.choices.size() < 2 || correct == 0))
        reading.refuse_as(
            object.node("choices"),
            fmt::format("{} choices, {} of them correct", moment.choices.size(), correct),
            "at least two, one of them with \"correct\": true");
}

constexpr ValueKind<MomentSpec> question_value{"question", read_question};

void read_moment(Reading &reading, NodeIndex node, MomentSpec &moment)
{
    ObjectReader object(reading, node, "moment");
    object.value("when", query_value, moment.when, Need::Required);
    object.value("topic", topic_value, moment.topic);
    object.value("say", text_value, moment.say);
    MomentSpec asked;
    object.value("ask", question_value, asked);
    moment.question = std::move(asked.question);
    moment.choices = std::move(asked.choices);
    if (!object.has("topic") && !object.has("say") && !object.has("ask"))
        reading.refuse_as(node, "nothing to say", "\"topic\", \"say\" or \"ask\"");
}

} // namespace

const ValueKind<MomentSpec> moment_value{"moment", read_moment};

void read_story(Reading &reading, ObjectReader &object, std::string_view key,
                std::vector<ActionSpec> &actions, std::string_view default_person)
{
    std::vector<NodeIndex> nodes;
    object.list(key, action_node_value, nodes);
    Duration at = Duration::zero();
    for (const NodeIndex node : nodes) {
        ActionSpec action;
        action.at = at;
        action.who = default_person;
        if (reading.is_string(node))
            read_action_word(reading, node, action);
        else
            read_action(reading, node, action, name_of_action(reading, node));
        at = action.at;
        actions.push_back(std::move(action));
    }
}

void describe_story(Reading &reading)
{
    for (const Word<ActionKind> &word : words::action) {
        ActionSpec action;
        action.does = word.value;
        action.who = "somebody";
        read_action(reading, 0, action, word.text);
    }
    AttachmentSpec attachment;
    read_attachment(reading, 0, attachment);
}

void describe_lesson(Reading &reading)
{
    MomentSpec moment;
    read_moment(reading, 0, moment);
    read_question(reading, 0, moment);
    ChoiceSpec choice;
    read_choice(reading, 0, choice);
}

} // namespace mailscope
