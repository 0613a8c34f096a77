// Reading and playing text dialogues.
#include "tests/support/dialogue.h"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <fstream>

namespace mailscope::test
{

namespace
{

using Kind = DialogueStep::Kind;

std::string unescaped(const std::string &text)
{
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            bytes.push_back(text[i]);
            continue;
        }
        const char c = text[++i];
        bytes.push_back(c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c);
    }
    return bytes;
}

/// The value of "word: value" or "word:", when the line begins with that word.
bool take_value(const std::string &line, const std::string &word, std::string &value)
{
    if (line.rfind(word + ":", 0) != 0)
        return false;
    value = line.substr(std::min(line.size(), word.size() + 2));
    return true;
}

void read_line(const std::string &line, int number, Dialogue &dialogue)
{
    std::string value;
    const auto step = [&](Kind kind, const std::string &text) {
        dialogue.steps.push_back({kind, text, number});
    };
    if (line == "not glued") {
        dialogue.may_be_glued = false;
    } else if (take_value(line, "option", value)) {
        dialogue.options.push_back(value);
    } else if (take_value(line, "answer", value)) {
        const std::size_t space = value.find(' ');
        dialogue.answers[value.substr(0, space)] = value.substr(space + 1);
    } else if (take_value(line, "S", value)) {
        step(Kind::Server, value);
    } else if (take_value(line, "C", value)) {
        step(Kind::Client, value + "\r\n");
    } else if (take_value(line, "bytes", value)) {
        step(Kind::Client, unescaped(value));
    } else if (take_value(line, "event", value)) {
        step(Kind::Event, value);
    } else if (take_value(line, "state", value)) {
        step(Kind::State, value);
    } else if (take_value(line, "silence", value)) {
        step(Kind::Silence, value);
    } else if (take_value(line, "gone", value)) {
        step(Kind::Gone, value);
    } else {
        FAIL(dialogue.name << ':' << number << ": not a line of a dialogue: " << line);
    }
}

Dialogue read_dialogue(const std::filesystem::path &file)
{
    Dialogue dialogue;
    dialogue.name = file.filename().string();
    std::ifstream in(file);
    REQUIRE(in.good());
    int number = 0;
    for (std::string line; std::getline(in, line);) {
        ++number;
        if (!line.empty() && line.front() != '#')
            read_line(line, number, dialogue);
    }
    return dialogue;
}

/// Compares what the engine does with the steps of one dialogue.
class Player
{
public:
    Player(const Dialogue &dialogue, Delivery delivery, const DialogueEngine &engine)
        : dialogue_(dialogue), delivery_(delivery), engine_(engine)
    {
    }

    Played run()
    {
        hear(engine_.feed({}));
        if (delivery_ == Delivery::Glued)
            feed_everything();
        for (const DialogueStep &step : dialogue_.steps)
            follow(step);
        expect_quiet({Kind::Gone, {}, 0});
        return std::move(played_);
    }

private:
    void feed_everything()
    {
        std::string bytes;
        for (const DialogueStep &step : dialogue_.steps)
            if (step.kind == Kind::Client)
                bytes += step.text;
        hear(engine_.feed(bytes));
    }

    void hear(const std::string &said)
    {
        for (std::string &line : split_lines(said))
            said_.push_back(std::move(line));
        for (std::string &event : engine_.take_events()) {
            played_.events.push_back(event);
            events_.push_back(std::move(event));
        }
    }

    void differ(const DialogueStep &step, const std::string &expected, const std::string &got)
    {
        played_.differences.push_back(dialogue_.name + ":" + std::to_string(step.line) +
                                      ": expected '" + expected + "', got '" + got + "'");
    }

    void expect_quiet(const DialogueStep &step)
    {
        for (; !said_.empty(); said_.pop_front())
            differ(step, "nothing", said_.front());
    }

    void follow(const DialogueStep &step)
    {
        const bool glued = delivery_ == Delivery::Glued;
        switch (step.kind) {
        case Kind::Client:
            if (glued)
                break;
            expect_quiet_before(step);
            if (delivery_ == Delivery::Whole)
                hear(engine_.feed(step.text));
            else
                for (const char &byte : step.text)
                    hear(engine_.feed(ByteView(&byte, 1)));
            break;
        case Kind::Silence:
            hear(engine_.silence());
            break;
        case Kind::Gone:
            hear(engine_.gone());
            break;
        case Kind::Server:
            follow_server(step);
            break;
        case Kind::Event:
            follow_event(step);
            break;
        case Kind::State:
            if (!glued && engine_.state() != step.text)
                differ(step, step.text, engine_.state());
            break;
        }
        last_was_client_ = step.kind == Kind::Client;
    }

    /// Between two lines of the client the server's replies may still be to come (pipelining).
    void expect_quiet_before(const DialogueStep &step)
    {
        if (!last_was_client_)
            expect_quiet(step);
    }

    void follow_server(const DialogueStep &step)
    {
        const std::string got = said_.empty() ? "nothing" : said_.front();
        if (!said_.empty())
            said_.pop_front();
        if (got != step.text)
            differ(step, step.text, got);
    }

    void follow_event(const DialogueStep &step)
    {
        const auto found = std::find_if(events_.begin(), events_.end(), [&](const auto &event) {
            return event.rfind(step.text, 0) == 0;
        });
        if (found == events_.end())
            differ(step, "event " + step.text, "no such event");
        else
            events_.erase(events_.begin(), found + 1);
    }

    const Dialogue &dialogue_;
    Delivery delivery_;
    const DialogueEngine &engine_;
    Played played_;
    std::deque<std::string> said_;
    std::deque<std::string> events_;
    bool last_was_client_ = false;
};

} // namespace

std::vector<Dialogue> dialogues_in(const std::string &folder)
{
    const std::filesystem::path path =
        std::filesystem::path(MAILSCOPE_SOURCE_DIR) / "tests/dialogue" / folder;
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(path))
        if (entry.path().extension() == ".dialogue")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    REQUIRE_FALSE(files.empty());
    std::vector<Dialogue> dialogues;
    for (const std::filesystem::path &file : files)
        dialogues.push_back(read_dialogue(file));
    return dialogues;
}

Played play(const Dialogue &dialogue, Delivery delivery, const DialogueEngine &engine)
{
    return Player(dialogue, delivery, engine).run();
}

} // namespace mailscope::test
