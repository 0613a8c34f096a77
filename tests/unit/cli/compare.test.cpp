// mailscope compare, as a person sees it.
#include "tests/support/command.h"

#include <catch2/catch_test_macros.hpp>

#include <string>

using namespace mailscope;
using namespace mailscope::cli;
using namespace mailscope::test;

namespace
{

const std::string lessons = std::string(MAILSCOPE_SOURCE_DIR) + "/scenarios/";
const std::string pop3 = lessons + "two-devices-pop3.json";
const std::string webmail = lessons + "two-devices-webmail.json";

} // namespace

TEST_CASE("Two ways of one story stand side by side, scene by scene", "[cli][compare]")
{
    const CommandResult result = command({"compare", pop3, webmail, "--lang", "en"});
    CHECK(result.status == ExitStatus::Good);
    CHECK(result.out.find("two-devices-pop3  ") != std::string::npos);
    CHECK(result.out.find("2. At the laptop") != std::string::npos);
    CHECK(result.out.find("hana-laptop: device, read") != std::string::npos);
    CHECK(result.out.find("mx.example.jp: mailbox, read") != std::string::npos);
    CHECK(result.out.find("hana-laptop is offline") != std::string::npos);
    CHECK(result.out.find("The first difference: after scene 2, At the laptop") !=
          std::string::npos);
}

TEST_CASE("The same in Japanese, and of three", "[cli][compare]")
{
    const CommandResult result = command({"compare", pop3, webmail, pop3, "--lang", "ja"});
    CHECK(result.status == ExitStatus::Good);
    CHECK(result.out.find("最初の違い") != std::string::npos);
    CHECK(result.out.find("既読") != std::string::npos);
    CHECK(command({"compare", pop3, pop3, "--lang", "ja"}).out.find("すべて同じ場所") !=
          std::string::npos);
}

TEST_CASE("What is compared is told first, and what the marks mean", "[cli][compare]")
{
    const std::string out = command({"compare", pop3, webmail, "--lang", "en"}).out;
    const std::size_t first_scene = out.find("── 1. ");
    REQUIRE(first_scene != std::string::npos);
    const std::string head = out.substr(0, first_scene);
    CHECK(head.rfind("two-devices-pop3  ", 0) == 0);
    CHECK(head.find("With POP3 each letter lives on the device") != std::string::npos);
    CHECK(head.find("With webmail all letters live on the server") != std::string::npos);
    CHECK(head.find("≠ not the same everywhere") != std::string::npos);
}

TEST_CASE("What cannot be compared is said", "[cli][compare]")
{
    CHECK(command({"compare", pop3}).status == ExitStatus::BadInput);
    const CommandResult other = command({"compare", pop3, lessons + "journey.json"});
    CHECK(other.status == ExitStatus::BadInput);
    CHECK(other.err.find("scenes") != std::string::npos);
    CHECK(command({"compare", pop3, "missing.json"}).status == ExitStatus::BadInput);
}
