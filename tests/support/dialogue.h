// Text dialogues: a protocol test written as a conversation, for a person who knows the RFC.
//
// A file is read line by line; "#" begins a comment. Lines of a dialogue:
//
//     option: helo_required          a setting, up to the test
//     answer: <bob@x.test> 550 ...   what the owner answers to a question about it
//     S: 250 mx.example.org          the server says this line
//     C: EHLO laptop.example.net     the client says this line, CRLF is added
//     bytes: NOOP\n                  the client says exactly this; \r \n \0 \\ are escapes
//     event: CommandRefused RCPT     an event that begins so happens, in this order
//     state: Identified              the engine is in this state
//     silence:                       nothing happens until the engine's deadline
//     gone:                          the client's side closes the connection
//     not glued                      leaves out the delivery in which all lines arrive at once
//
// Every line the server says has to be expected; events may be left out.
#pragma once

#include "tests/support/reference.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace mailscope::test
{

/// One line of a dialogue.
struct DialogueStep
{
    enum class Kind
    {
        Server,
        Client,
        Event,
        State,
        Silence,
        Gone
    };
    Kind kind = Kind::Server;
    std::string text; ///< for Client the bytes, escapes resolved
    int line = 0;
};

/// A dialogue file taken apart.
struct Dialogue
{
    std::string name;
    std::vector<std::string> options;
    std::map<std::string, std::string> answers; ///< by what the question is about
    std::vector<DialogueStep> steps;
    bool may_be_glued = true;
};

/// All dialogues of tests/dialogue/<folder>, in the order of their names.
std::vector<Dialogue> dialogues_in(const std::string &folder);

/// One engine with its owner, as the runner needs it. Each gives what the engine says to that.
struct DialogueEngine
{
    std::function<std::string(ByteView)> feed;
    std::function<std::string()> silence;
    std::function<std::string()> gone;
    std::function<std::vector<std::string>()> take_events;
    std::function<std::string()> state;
};

/// What came of it.
struct Played
{
    std::vector<std::string> differences; ///< empty when all went as written
    std::vector<std::string> events;      ///< all that happened
};

/// Plays the client's side. Glued, only the server's lines, the events and the last state count.
Played play(const Dialogue &dialogue, Delivery delivery, const DialogueEngine &engine);

} // namespace mailscope::test
