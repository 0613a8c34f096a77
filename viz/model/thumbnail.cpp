// Where on the small map a lesson happens.
#include "viz/model/thumbnail.h"

#include "sim/core/text.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace mailscope::viz
{
namespace
{

using Topics = std::vector<std::string>;

bool is_about(const Topics &topics, std::initializer_list<std::string_view> words)
{
    return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
        return std::find(topics.begin(), topics.end(), word) != topics.end();
    });
}

/// "1.2" of the first topic like "5.1.2": subject and detail of RFC 3463; empty without one.
std::string_view subject_of(const Topics &topics)
{
    for (const std::string &topic : topics)
        if (topic.size() >= 5 && (topic[0] == '4' || topic[0] == '5') && topic[1] == '.' &&
            is_ascii_digit(topic[2]) && topic[3] == '.')
            return std::string_view(topic).substr(2);
    return {};
}

/// An error lies with a mailbox, with names, with the line, or with a server.
ThumbRow of_error(const Topics &topics, std::string_view subject)
{
    const bool at_submission = is_about(topics, {"submission"});
    const ThumbPlace server = at_submission ? ThumbPlace::Submission : ThumbPlace::Relay;
    const ThumbPlace first = at_submission ? ThumbPlace::Writer : ThumbPlace::Submission;
    ThumbRow row{first, server, server};
    if (subject == "1.1" || is_about(topics, {"user-unknown"}))
        row.last = row.at = ThumbPlace::Box;
    else if (subject == "1.6")
        row.moved = true;
    else if (subject == "1.2" || subject == "1.8" || subject == "1.10" || subject == "4.3" ||
             subject == "4.4" || is_about(topics, {"blocklist"}))
        row.names = true;
    else if (subject == "4.1" || subject == "4.2")
        row.at = ThumbPlace::Line;
    if (row.names && subject != "7.1") {
        row.last = ThumbPlace::Submission;
        row.at = ThumbPlace::Names;
    }
    // A size can be refused, too, where the mailbox has room (X.3.4); full is X.2.2.
    if (is_about(topics, {"quota"})) {
        row.last = row.at = ThumbPlace::Box;
        row.full = true;
    }
    return row;
}

} // namespace

ThumbRow thumbnail_of(const std::vector<std::string> &topics, const std::vector<Mark> &marks)
{
    const auto reads =
        std::find_if(marks.begin(), marks.end(), [](Mark mark) { return mark >= Mark::Pop3; });
    ThumbRow row{ThumbPlace::Writer, ThumbPlace::Reader, ThumbPlace::Line};
    const std::string_view subject = subject_of(topics);
    if (is_about(topics, {"journey"})) {
        row.names = true;
    } else if (is_about(topics, {"outbox", "nat", "private-address"})) {
        row = {ThumbPlace::Writer, ThumbPlace::Submission, ThumbPlace::Writer};
        row.home = true;
    } else if (reads != marks.end() && !is_about(topics, {"550"})) {
        row = {ThumbPlace::Box, ThumbPlace::Reader, ThumbPlace::Reader};
        row.full = is_about(topics, {"quota"});
        if (row.full || is_about(topics, {"auth", "in-use"}))
            row.at = ThumbPlace::Box;
    } else if (!subject.empty() || is_about(topics, {"550", "553", "554"})) {
        row = of_error(topics, subject);
    } else if (is_about(topics, {"dns"})) {
        row = {ThumbPlace::Submission, ThumbPlace::Submission, ThumbPlace::Names};
        row.names = true;
        if (is_about(topics, {"mx"}))
            row.last = ThumbPlace::Relay;
    } else if (is_about(topics, {"packet-loss", "provider", "tls", "mx", "port", "queue"})) {
        row = {ThumbPlace::Submission, ThumbPlace::Relay, ThumbPlace::Line};
    }
    row.moved = row.moved || is_about(topics, {"forwarding"});
    row.devices = is_about(topics, {"devices"});
    row.reading = reads == marks.end() ? Mark::Smtp : *reads;
    return row;
}

} // namespace mailscope::viz
