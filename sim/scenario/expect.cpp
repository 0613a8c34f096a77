// What a scenario expects, held against what happened.
#include "sim/scenario/expect.h"

#include "sim/core/text.h"
#include "sim/mail/letter.h"
#include "sim/trace/query.h"
#include "sim/world/conservation.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mailscope
{
namespace
{

/// Checks the expectations against one play.
class Checker
{
public:
    Checker(const Play &play, ExpectationResult &result)
        : play_(play), spec_(*result.spec), result_(result)
    {
    }

    void check();

private:
    void delivered();
    void on_device();
    void on_server();
    void report(std::string_view action);
    void refused();
    void queued();
    void happened();
    void judge(std::size_t found, std::string_view what);
    bool in_time(const Record &record) const;
    bool subject_fits(ByteView message) const;
    std::size_t count_on_server(std::string_view address) const;
    std::string sentence_about_place(std::string_view place) const;
    std::vector<const MailClient *> devices() const;

    const Play &play_;
    const ExpectationSpec &spec_;
    ExpectationResult &result_;
};

std::string with_subject(const std::string &sentence, const std::string &subject)
{
    return subject.empty() ? sentence : sentence + " with subject \"" + subject + "\"";
}

bool Checker::in_time(const Record &record) const
{
    return !spec_.by || record.at <= SimTime(*spec_.by);
}

bool Checker::subject_fits(ByteView message) const
{
    return spec_.subject.empty() || mail::read_message(message).subject == spec_.subject;
}

std::vector<const MailClient *> Checker::devices() const
{
    std::vector<const MailClient *> found;
    for (const MailClient &client : play_.world.clients) {
        const std::string &name = play_.world.directory->name_of(client.settings().host);
        const bool person = spec_.who.empty()
                                ? equals_ignoring_case(client.settings().address, spec_.to)
                                : client.settings().person == spec_.who;
        if (person &&
            (spec_.device.empty() || name == client.settings().person + "-" + spec_.device))
            found.push_back(&client);
    }
    return found;
}

/// Counts against `count`, or against "at least one".
void Checker::judge(std::size_t found, std::string_view what)
{
    result_.holds = spec_.count ? found == *spec_.count : found > 0;
    if (spec_.count)
        result_.sentence += ", " + std::to_string(*spec_.count) + " times";
    if (!result_.holds)
        result_.found = "found " + std::to_string(found) + " " + std::string(what);
}

/// By the trace, because the letter may have been fetched since.
void Checker::delivered()
{
    std::size_t count = 0;
    std::string instead;
    std::vector<std::uint32_t> fitting; // messages whose subject fits
    play_.records.for_each([&](const Record &record) {
        if (record.kind == RecordKind::LetterWritten &&
            (spec_.subject.empty() || record.text.view() == spec_.subject))
            fitting.push_back(record.message.value);
        if (record.kind == RecordKind::DeliveryFailed || record.kind == RecordKind::Deferred)
            instead = info_of(record.kind).name;
        if (record.kind == RecordKind::DeliveryFailed || record.kind == RecordKind::Deferred)
            instead += ": " + std::string(record.text.view());
        if (record.kind != RecordKind::Delivered || !in_time(record) ||
            !equals_ignoring_case(record.text.view(), spec_.to))
            return;
        if (spec_.subject.empty() ||
            std::find(fitting.begin(), fitting.end(), record.message.value) != fitting.end())
            ++count;
    });
    const bool wanted = spec_.kind == ExpectationKind::Delivered;
    result_.sentence =
        with_subject((wanted ? "delivered to " : "not delivered to ") + spec_.to, spec_.subject);
    if (!wanted) {
        result_.holds = count == 0;
        result_.found = "it was delivered " + std::to_string(count) + " times";
        return;
    }
    judge(count, "deliveries" + (instead.empty() ? "" : "; last trouble: " + instead));
}

void Checker::on_device()
{
    const bool wanted = spec_.kind == ExpectationKind::OnDevice;
    std::size_t count = 0;
    const std::string_view folder = spec_.folder == FolderSpec::Drafts ? MailClient::drafts_name
                                    : spec_.folder == FolderSpec::Sent ? MailClient::sent_name
                                                                       : mail::inbox_name;
    const auto count_in = [&](const mail::Folder &each) {
        each.for_each([&](const mail::StoredLetter &letter) {
            count += subject_fits(letter.content.view()) ? 1U : 0U;
        });
    };
    for (const MailClient *client : devices()) {
        if (spec_.own_folder.empty())
            count_in(client->folder(folder));
        for (const mail::Folder *own : client->own_folders())
            if (own->name() == spec_.own_folder)
                count_in(*own);
    }
    result_.sentence = sentence_about_place((wanted ? "on " : "not on ") + spec_.who + "'s " +
                                            (spec_.device.empty() ? "device" : spec_.device));
    if (wanted)
        return judge(count, "such letters there");
    result_.holds = count == 0;
    result_.found = "found " + std::to_string(count) + " such letters there";
}

std::size_t Checker::count_on_server(std::string_view address) const
{
    constexpr std::array<mail::SpecialUse, 3> uses = {
        mail::SpecialUse::None, mail::SpecialUse::Drafts, mail::SpecialUse::Sent};
    std::size_t count = 0;
    for (const mail::Store &store : play_.world.stores) {
        const std::optional<mail::UserId> user = store.find_user(address);
        if (!user)
            continue;
        const mail::Mailbox &mailbox = store.mailbox(*user);
        for (const mail::Folder &folder : mailbox.folders) {
            const bool is_meant =
                !spec_.own_folder.empty() ? folder.name() == spec_.own_folder
                : spec_.folder == FolderSpec::Inbox
                    ? folder.id() == mailbox.inbox().id()
                    : folder.special_use() == uses[static_cast<std::size_t>(spec_.folder)];
            if (is_meant)
                folder.for_each([&](const mail::StoredLetter &letter) {
                    count += subject_fits(letter.content.view()) ? 1U : 0U;
                });
        }
    }
    return count;
}

/// A place, the folder there unless it is the usual one, and the subject.
std::string Checker::sentence_about_place(std::string_view place) const
{
    std::string sentence(place);
    if (!spec_.own_folder.empty())
        sentence += " in folder " + spec_.own_folder;
    if (spec_.folder != FolderSpec::Inbox)
        sentence += spec_.folder == FolderSpec::Drafts ? " as a draft" : " among what was sent";
    return with_subject(sentence, spec_.subject);
}

void Checker::on_server()
{
    const bool wanted = spec_.kind == ExpectationKind::OnServer;
    const std::size_t count = count_on_server(spec_.to);
    result_.sentence =
        sentence_about_place((wanted ? "on the server of " : "not on the server of ") + spec_.to);
    if (wanted)
        return judge(count, "such letters there");
    result_.holds = count == 0;
    result_.found = "found " + std::to_string(count) + " such letters there";
}

/// A report in the mailbox of `to` or on a device of its owner.
void Checker::report(std::string_view action)
{
    result_.sentence = std::string(action) + " reported to " + spec_.to +
                       (spec_.status.empty() ? "" : " with status " + spec_.status);
    std::size_t count = 0;
    std::string others;
    const auto look = [&](const mail::StoredLetter &letter) {
        const Result<mail::StatusReport> parsed = mail::parse_status_report(letter.content.view());
        if (!parsed)
            return;
        for (const mail::RecipientStatus &recipient : parsed->recipients) {
            const bool fits = name_of(recipient.action) == action &&
                              (spec_.status.empty() || recipient.status == spec_.status);
            count += fits ? 1U : 0U;
            if (!fits)
                others += " " + std::string(name_of(recipient.action)) + " " + recipient.status;
        }
    };
    for (const mail::Store &store : play_.world.stores)
        if (const std::optional<mail::UserId> user = store.find_user(spec_.to))
            store.mailbox(*user).inbox().for_each(look);
    for (const MailClient *client : devices())
        client->inbox().for_each(look);
    judge(count, "such reports" + (others.empty() ? "" : ", others:" + others));
}

void Checker::refused()
{
    result_.sentence = spec_.who + "'s own server refused with " + std::to_string(spec_.code);
    std::size_t count = 0;
    std::string others;
    play_.records.for_each([&](const Record &record) {
        if (record.kind != RecordKind::SubmissionRefused)
            return;
        const bool person = std::any_of(play_.world.clients.begin(), play_.world.clients.end(),
                                        [&](const MailClient &client) {
                                            return client.settings().host == record.host &&
                                                   client.settings().person == spec_.who;
                                        });
        const bool fits = person && (spec_.code == 0 || record.code == spec_.code) &&
                          (spec_.status.empty() || to_string_status(record.status) == spec_.status);
        count += fits ? 1U : 0U;
        if (!fits)
            others += " " + std::string(record.text.view());
    });
    judge(count, "such refusals" + (others.empty() ? "" : ", others:" + others));
}

void Checker::queued()
{
    result_.sentence = "waiting in the queue of " + spec_.host;
    std::size_t count = 0;
    for (const MailServerPlace &place : play_.world.mail_servers)
        if (play_.world.directory->name_of(place.server.host()) == spec_.host)
            count += place.server.queue().messages.size();
    judge(count, "letters there");
}

void Checker::happened()
{
    result_.sentence = "happened: " + spec_.query;
    const std::vector<std::string> names = host_names(play_.world);
    const Result<Query> query = Query::parse(spec_.query, names);
    if (!query) {
        result_.found = query.error().message;
        return;
    }
    std::size_t count = 0;
    play_.records.for_each([&](const Record &record) {
        count += query->matches(record) && in_time(record) ? 1U : 0U;
    });
    if (spec_.count)
        return judge(count, "such records");
    result_.holds = count >= spec_.count_min && (!spec_.count_max || count <= *spec_.count_max);
    result_.found = "found " + std::to_string(count) + " such records, expected at least " +
                    std::to_string(spec_.count_min) +
                    (spec_.count_max ? " and at most " + std::to_string(*spec_.count_max) : "");
}

void Checker::check()
{
    switch (spec_.kind) {
    case ExpectationKind::Delivered:
    case ExpectationKind::NotDelivered:
        return delivered();
    case ExpectationKind::OnDevice:
    case ExpectationKind::NotOnDevice:
        return on_device();
    case ExpectationKind::OnServer:
    case ExpectationKind::NotOnServer:
        return on_server();
    case ExpectationKind::Bounce:
        return report("failed");
    case ExpectationKind::Delayed:
        return report("delayed");
    case ExpectationKind::Refused:
        return refused();
    case ExpectationKind::Queued:
        return queued();
    case ExpectationKind::Happened:
        return happened();
    }
}

} // namespace

std::vector<ExpectationResult> check_expectations(const Scenario &scenario, const Play &play,
                                                  std::string_view after)
{
    std::vector<ExpectationResult> results;
    for (const ExpectationSpec &spec : scenario.expect) {
        if (spec.after != after)
            continue;
        ExpectationResult result;
        result.spec = &spec;
        Checker(play, result).check();
        if (!after.empty())
            result.sentence = "after " + std::string(after) + ": " + result.sentence;
        results.push_back(std::move(result));
    }
    return results;
}

Result<std::vector<ExpectationResult>> test_scenario(const Scenario &scenario)
{
    std::vector<std::string> branches = {""};
    for (const ExpectationSpec &spec : scenario.expect)
        if (std::find(branches.begin(), branches.end(), spec.after) == branches.end())
            branches.push_back(spec.after);
    std::vector<ExpectationResult> results;
    for (const std::string &branch : branches) {
        PlayOptions options;
        options.remedy = branch;
        Result<Play> played = play(scenario, options);
        if (!played)
            return tl::unexpected<Error>(played.error());
        for (ExpectationResult &result : check_expectations(scenario, *played, branch))
            results.push_back(std::move(result));
        std::vector<std::string> lost = conservation_errors(played->world);
        for (std::string &error : conservation_errors(played->world, played->records))
            lost.push_back(std::move(error));
        ExpectationResult kept;
        kept.sentence = (branch.empty() ? std::string() : "after " + branch + ": ") +
                        "no accepted letter is lost";
        kept.holds = lost.empty();
        for (const std::string &error : lost)
            kept.found += (kept.found.empty() ? "" : "; ") + error;
        results.push_back(std::move(kept));
    }
    return results;
}

} // namespace mailscope
