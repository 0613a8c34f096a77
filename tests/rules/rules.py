#!/usr/bin/env python3
"""The house rules as a test: what a folder may include, how files open, lengths, banned names.

    rules.py ROOT          checks the tree under ROOT; prints every finding; exit status 1 if any
    rules.py --self-test   checks that every rule refuses its bad examples and accepts its good ones

Why it exists: all folders share one include root, so nothing but this test keeps a layer from
knowing the layers above it, and a rule that nothing checks is a wish. A rule is a function with
examples; without a bad example it cannot be registered. A new arrow between folders, or a new
limit, is a change to the tables below, with its reason. Layout is clang-format's matter.
"""
import fnmatch
import json
import os
import re
import sys

# What may include what, apart from its own folder. The lists are complete. A name stands for the
# files directly in that folder, "name/*" for those of its sub-folders too, "name/*/x.h" for files.
# A protocol knows itself and the contract of all engines (sim/protocol/engine.h), no neighbour.
ENGINE = ["sim/core", "sim/mail", "sim/protocol"]
BELOW_HOSTS = ["sim/core", "sim/mail", "sim/net", "sim/protocol/*", "sim/trust", "sim/trace"]
BELOW_WORLD = BELOW_HOSTS + ["sim/hosts"]
MAY_INCLUDE = {
    "sim/core": [],
    "sim/mail": ["sim/core"],
    "sim/net": ["sim/core"],
    "sim/protocol": ["sim/core", "sim/mail"],
    "sim/protocol/dns": ENGINE,
    "sim/protocol/http": ENGINE,
    "sim/protocol/imap": ENGINE,
    "sim/protocol/pop3": ENGINE,
    "sim/protocol/smtp": ENGINE,
    "sim/protocol/tls": ENGINE,
    "sim/trust": ["sim/core", "sim/mail", "sim/protocol/dns"],
    # Records hold the engines' event structs; engines never include trace.
    "sim/trace": ["sim/core", "sim/mail", "sim/net", "sim/protocol/*/events.h",
                  "sim/trust/events.h"],
    "sim/hosts": BELOW_HOSTS,
    "sim/world": BELOW_WORLD,
    "sim/scenario": BELOW_WORLD + ["sim/world"],
    # Text for people, by key and language. It knows nothing of what it explains.
    "sim/text": ["sim/core"],
    # The live door drives a World, which holds all engines.
    "sim/live": BELOW_WORLD + ["sim/world"],
    "sim/cli": ["sim/*"],
    # The inspector shows packets field by field (net, dns) and letters as people read them (mail).
    "viz/model": ["sim/core", "sim/mail", "sim/net", "sim/protocol/dns", "sim/trace", "sim/world",
                  "sim/scenario", "sim/text"],
    "viz/draw": ["viz/model"],
    "viz/panels": ["viz/model", "viz/draw"],
    "viz/platform": [],
    # The API of `mailscope serve` is the command's, and the app's live door offers it, too.
    "viz/main": ["viz/*", "sim/core", "sim/trace", "sim/world", "sim/scenario", "sim/live",
                 "sim/cli"],
    "tests": ["sim/*", "viz/*", "tests/*"],
}

# Libraries of others, by the start of the header's name: the folders that may include them.
LIBRARY_HOMES = {
    "nlohmann/": ["sim/scenario", "sim/cli", "tests"],
    "CLI/": ["sim/cli", "viz/main"],
    "catch2/": ["tests"],
    "imgui": ["viz/draw", "viz/panels", "viz/platform", "viz/main", "tests"],
    "GLFW/": ["viz/platform"],
    "glad/": ["viz/platform"],
    "asio": ["sim/live"],
    "openssl/": ["sim/live"],
    # Sockets of the system, as well.
    "sys/socket": ["sim/live"],
    "netinet/": ["sim/live"],
    "arpa/": ["sim/live"],
    "netdb": ["sim/live"],
}
# Slow to compile or wide: only in .cpp files, so that no header passes them on.
SOURCE_ONLY_LIBRARIES = ["nlohmann/", "CLI/"]

# Headers that some compiler of ours lacks (docs/hacking.md), or that make runs differ.
BANNED_HEADERS = {
    "format": "use fmt", "print": "use fmt", "expected": "use tl::expected by sim/core/result.h",
    "coroutine": "outside the language subset", "source_location": "outside the language subset",
    "memory_resource": "outside the language subset", "syncstream": "outside the language subset",
    "random": "its distributions differ between libraries; use sim/core/rng.h",
}

# Names banned in code (comments and strings do not count): pattern, folders, exempt, reason.
BANNED_NAMES = [
    (r"\bs?rand\s*\(", [""], [], "use the World's own random streams"),
    (r"\brandom_device\b", [""], [], "a run must repeat from its seed"),
    (r"\b(system|steady|high_resolution)_clock\b", [""],
     ["sim/live", "sim/cli", "viz/platform", "viz/main"], "time is simulated; it is an argument"),
    (r"\b(gettimeofday|clock_gettime|std::time|localtime|gmtime)\b", [""],
     ["sim/live", "sim/cli"], "time is simulated; it is an argument"),
    (r"\bsleep_for\b|\bsleep_until\b|\bu?sleep\s*\(", ["sim", "tests"], ["sim/live"],
     "nothing waits in real time"),
    (r"\bunordered_\w+", ["sim"], [], "its order differs between libraries"),
    (r"\bstd::function\b", ["sim"], ["sim/cli"], "the World holds data, not callbacks"),
    (r"\bstd::(format|format_to|print|println|expected|unexpected)\b", [""], [],
     "outside the language subset"),
    (r"\bstd::(views|ranges::views|pmr)\b", [""], [], "outside the language subset"),
    (r"\bstd::(bit_cast|jthread|source_location|osyncstream|chars_format)\b", [""], [],
     "outside the language subset"),
    (r"\bco_(await|yield|return)\b", [""], [], "outside the language subset"),
    (r"\busing\s+namespace\s+std\s*;", [""], [], "say std::"),
]

LINE_COLUMNS_MAX = 100
FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 70
FLAT_SWITCH_LINES_MAX = 140  # A function that is one flat switch, or a table, may be longer.
OPENING_COMMENT_LINES_MIN = 3  # Headers; a source file has one line at least.
LANGUAGES = ["en", "ja"]

CODE = (".h", ".cpp")
SCRIPTS = (".py", ".sh", ".cmake", "CMakeLists.txt", "/run", "/test")
PROSE = (".md",)
SELF = "tests/rules/"  # This file names what it bans.

RULES = []


def rule(bad, good):
    """Registers a check with examples: lists of (path, text) that it must refuse and accept."""
    assert bad and good

    def register(check):
        RULES.append((check, bad, good))
        return check

    return register


def within(path, folders):
    return any(f == "" or path == f or path.startswith(f + "/") for f in folders)


COMMENTS_AND_STRINGS = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"'
    r'|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)


def without_strings(text, comments_too=False):
    """The text with the inside of strings and characters blanked, and of comments; lines stay."""
    def blank(match):
        keep = match.group().startswith("/") and not comments_too
        return match.group() if keep else re.sub(r"[^\n]", " ", match.group())

    return COMMENTS_AND_STRINGS.sub(blank, text)


def without_comments_and_strings(text):
    return without_strings(text, comments_too=True)


def includes(text):
    """(line number, header, quoted) of every #include."""
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s*(["<])([^">]+)[">]', line)
        if found:
            yield number, found.group(2), found.group(1) == '"'


@rule(bad=[("sim/core/a.h", '#include "sim/mail/address.h"'),
           ("sim/protocol/smtp/server.cpp", '#include "sim/protocol/dns/grammar.h"'),
           ("sim/protocol/smtp/server.cpp", '#include "sim/trace/record.h"'),
           ("sim/world/world.h", '#include "viz/model/rows.h"'),
           ("viz/panels/queue.cpp", '#include "sim/world/world.h"'),
           ("sim/trace/record.h", '#include "sim/protocol/dns/server.h"'),
           ("sim/protocol/finger/a.h", '#include "sim/core/time.h"'),
           ("sim/core/a.cpp", '#include "a.h"')],
      good=[("sim/protocol/smtp/server.cpp", '#include "sim/protocol/engine.h"'),
            ("sim/protocol/smtp/server.cpp", '#include "sim/protocol/smtp/grammar.h"'),
            ("sim/trace/record.h", '#include "sim/protocol/dns/events.h"'),
            ("tests/unit/core/a.test.cpp", '#include "tests/support/dialogue.h"')])
def a_folder_includes_only_what_the_table_allows(path, text):
    if not path.endswith(CODE):
        return
    folder = os.path.dirname(path)
    key = "tests" if within(folder, ["tests"]) else folder
    if key not in MAY_INCLUDE:
        yield 1, f"the folder {folder} is not in the include table"
        return
    for number, header, quoted in includes(text):
        home = os.path.dirname(header)
        if not quoted:
            continue
        if not within(header, ["sim", "viz", "tests"]):
            if not any(header.startswith(name) for name in LIBRARY_HOMES):
                yield number, f'"{header}" does not start at the include root (sim/, viz/, tests/)'
        elif home != key and not any(
                home == allowed or allowed.endswith("/*") and within(home, [allowed[:-2]])
                or allowed.endswith(".h") and fnmatch.fnmatch(header, allowed)
                for allowed in MAY_INCLUDE[key]):
            yield number, f"{key} may not include {header}"


@rule(bad=[("sim/world/world.cpp", "#include <nlohmann/json.hpp>"),
           ("sim/scenario/parse.h", "#include <nlohmann/json.hpp>"),
           ("viz/model/rows.h", "#include <imgui.h>")],
      good=[("sim/scenario/parse.cpp", "#include <nlohmann/json.hpp>"),
            ("viz/panels/queue.cpp", "#include <imgui.h>")])
def a_library_is_included_only_where_it_belongs(path, text):
    if not path.endswith(CODE):
        return
    for number, header, _ in includes(text):
        for name, homes in LIBRARY_HOMES.items():
            if header.startswith(name) and not within(path, homes):
                yield number, f"{header} belongs to {', '.join(homes)}"
        if path.endswith(".h") and header.startswith(tuple(SOURCE_ONLY_LIBRARIES)):
            yield number, f"{header} is for .cpp files only"


@rule(bad=[("sim/core/a.h", "#include <random>"),
           ("tests/unit/core/a.test.cpp", "#include <format>")],
      good=[("sim/core/a.h", "#include <tl/expected.hpp>\n#include <array>")])
def no_banned_header_is_included(path, text):
    if path.endswith(CODE):
        for number, header, _ in includes(text):
            if header in BANNED_HEADERS:
                yield number, f"<{header}>: {BANNED_HEADERS[header]}"


@rule(bad=[("sim/core/a.cpp", "int x = rand();"),
           ("sim/net/a.cpp", "auto t = std::chrono::steady_clock::now();"),
           ("sim/net/a.h", "std::unordered_map<int, int> m;"),
           ("sim/hosts/a.h", "std::function<void()> f;"),
           ("viz/model/a.cpp", "std::format(\"{}\", 1);"),
           ("tests/unit/core/a.test.cpp", "std::this_thread::sleep_for(1s);")],
      good=[("sim/core/a.cpp", "// not rand()\nint brand(int);\nauto s = \"std::format\";"),
            ("sim/cli/bench.cpp", "std::chrono::steady_clock::now(); std::function<int()> f;"),
            ("viz/model/a.h", "std::unordered_map<int, int> m;")])
def no_banned_name_is_used(path, text):
    if not path.endswith(CODE):
        return
    code = without_comments_and_strings(text)
    for pattern, folders, exempt, reason in BANNED_NAMES:
        if within(path, folders) and not within(path, exempt):
            for found in re.finditer(pattern, code):
                yield code.count("\n", 0, found.start()) + 1, f"{found.group().strip()}: {reason}"


@rule(bad=[("viz/panels/a.cpp", "void draw()\n{\n    static int open = 0;\n}"),
           ("sim/net/a.cpp", "    static std::map<int, Id> seen;"),
           ("sim/net/a.h", "    thread_local int depth{0};")],
      good=[("viz/panels/a.cpp", "static constexpr int width = 3;\nstatic_assert(width > 2);"),
            ("sim/net/a.h", "    static Block make(int size = 0);\n    static const int n = 3;"),
            ("sim/core/memory.cpp", "thread_local FreeLists free_lists{};"),
            ("viz/main/a.cpp", "    static int n = 0;")])
def nothing_is_remembered_outside_values(path, text):
    # A run's state belongs to the World, a panel's to UiState. Memory that nobody uses is no state.
    if within(path, ["sim", "viz/panels", "viz/draw"]) and path != "sim/core/memory.cpp":
        variable = r"\s*(static|thread_local)\s+(?!constexpr\b|const\b)[^(;={]*[=;{]"
        for number, line in enumerate(without_comments_and_strings(text).splitlines(), 1):
            if re.match(variable, line):
                yield number, "a static variable is state that no copy of the World has"


def opening_comment_lines(text):
    lines = text.splitlines()
    if lines and lines[0].startswith("/*"):
        return text[:text.find("*/")].count("\n") + 1
    count = 0
    while count < len(lines) and lines[count].startswith("//"):
        count += 1
    return count


@rule(bad=[("sim/core/a.h", "#pragma once\n// What.\n// Why.\n// Not.\n"),
           ("sim/core/a.h", "// A thing.\n#pragma once\n"), ("sim/core/a.cpp", "int a;\n")],
      good=[("sim/core/a.h", "// What it is.\n// Why it exists.\n// What it leaves out.\n"),
            ("sim/core/a.cpp", "// Implements a.h.\nint a;\n")])
def a_file_opens_with_its_reason(path, text):
    least = {".h": OPENING_COMMENT_LINES_MIN, ".cpp": 1}.get(os.path.splitext(path)[1], 0)
    found = opening_comment_lines(text)
    if found < least:
        yield 1, f"opens with {found} lines of comment, {least} at least: what it is, and why"


@rule(bad=[("sim/core/a.h", "// What.\nint a();\n")],
      good=[("sim/core/a.h", "// What.\n#pragma once\n")])
def a_header_is_included_once(path, text):
    if path.endswith(".h") and not re.search(r"^#pragma once$", text, re.M):
        yield 1, "#pragma once is missing"


@rule(bad=[("sim/core/a.cpp", "x" * 101)], good=[("sim/core/a.cpp", "あ" * 100)])
def a_line_fits(path, text):
    if path.endswith(CODE + SCRIPTS):
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > LINE_COLUMNS_MAX:
                yield number, f"{len(line)} columns, at most {LINE_COLUMNS_MAX}"


@rule(bad=[("sim/core/a.cpp", "int a;\n" * 601)], good=[("sim/core/a.cpp", "int a;\n" * 600)])
def a_file_is_short(path, text):
    if path.endswith(CODE + SCRIPTS) and text.count("\n") > FILE_LINES_MAX:
        yield 1, f"{text.count(chr(10))} lines, at most {FILE_LINES_MAX}"


def function_example(before, lines):
    return f"namespace a\n{{\nvoid f()\n{{\n{before}" + "    g();\n" * lines + "}\n}\n"


@rule(bad=[("sim/core/a.cpp", function_example("", 71)),
           ("sim/core/a.cpp", function_example("    switch (x) {\n    }\n", 140))],
      good=[("sim/core/a.cpp", function_example("", 70)),
            ("sim/core/a.h", "class A\n{\n" + "    void f();\n" * 80 + "};\n"),
            ("sim/core/a.cpp", function_example("    switch (x) {\n    }\n", 90)),
            ("sim/core/a.h", "class A\n{\n" + "    int f();\n" * 80 + "};\n")])
def a_function_is_short(path, text):
    # clang-format gives every function at file level opening and closing braces in column 1.
    if not path.endswith(CODE):
        return
    lines = text.splitlines()
    for start, line in enumerate(lines):
        head = lines[start - 1] if start else ""
        if line != "{" or re.match(r"(template.*>\s+)?(namespace|struct|class|enum|union)\b", head):
            continue
        end = next((i for i in range(start, len(lines)) if lines[i].startswith("}")), len(lines))
        flat = any(line.startswith("    switch (") for line in lines[start:end])
        most = FLAT_SWITCH_LINES_MAX if flat else FUNCTION_LINES_MAX
        if end - start - 1 > most:
            yield start, f"a function of {end - start - 1} lines, at most {most}"


@rule(bad=[("sim/core/a.cpp", "// TODO: more"), ("docs/a.md", "This is not implemented yet."),
           ("cmake/a.cmake", "# FIXME"), ("sim/core/a.h", "// A placeholder for now.")],
      good=[("sim/core/a.cpp", "// The stub resolver asks for nowhere else."),
            ("sim/core/a.cpp", 'constexpr auto reply = "502 Command not implemented";'),
            ("docs/a.md", "Not there: IMAP.")])
def nothing_is_left_half_done(path, text):
    if not path.endswith(CODE + SCRIPTS + PROSE) or path.startswith(SELF):
        return
    # "Stub" is not among them: it is DNS's word for the resolver of an end host.
    words = r"\b(TODO|FIXME|XXX)\b|(?i:\bnot (yet )?implemented\b|\bplaceholder\b|\bfor now\b)"
    said = without_strings(text) if path.endswith(CODE) else text  # A reply's text is the RFC's.
    for found in re.finditer(words, said):
        yield text.count("\n", 0, found.start()) + 1, f'"{found.group()}": do it or leave it out'


@rule(bad=[("docs/a.md", "Look into /home/ann/mailscope."),
           ("sim/core/a.cpp", "// See /home/ann/a")],
      good=[("docs/a.md", "Mail lies in `/var/mail`; see https://example.org/home/ann.")])
def the_project_speaks_of_itself(path, text):
    if path.endswith(CODE + SCRIPTS + PROSE) and not path.startswith(SELF):
        for found in re.finditer(r"(?<![\w.])/(home|root|work|tmp)/\w+", text):
            yield text.count("\n", 0, found.start()) + 1, f"{found.group()} is somebody's own path"


@rule(bad=[("tests/unit/core/a.test.cpp", 'TEST_CASE("parse")\n{\n}'),
           ("tests/unit/core/a.test.cpp", 'TEMPLATE_TEST_CASE("Queue", "[q]", int)\n{\n}')],
      good=[("tests/unit/core/a.test.cpp", 'TEST_CASE("A queue keeps order", "[q]")\n{\n}')])
def a_test_is_named_by_a_sentence(path, text):
    if path.endswith(".test.cpp"):
        for found in re.finditer(r'TEST_CASE\(\s*"([^"]*)"', text):
            if " " not in found.group(1).strip():
                yield (text.count("\n", 0, found.start()) + 1,
                       f'"{found.group(1)}" is no sentence that states a behaviour')


@rule(bad=[("tests/unit/core/queue.cpp", "// A test."), ("tests/golden/all_tests.cpp", "//")],
      good=[("tests/unit/core/queue.test.cpp", "// A test."), ("tests/support/given.cpp", "//")])
def a_test_file_is_called_so(path, text):
    if (within(path, ["tests"]) and path.endswith(".cpp") and not path.endswith(".test.cpp")
            and not within(path, ["tests/support", "tests/fuzz"])):
        yield 1, "a test file is named after the tested file plus .test.cpp"


def check_file(path, text):
    for check, _, _ in RULES:
        for line, message in check(path, text):
            yield f"{path}:{line}: {message} ({check.__name__})"


def keys(value, prefix=""):
    """The dotted paths of all texts in a catalogue."""
    if not isinstance(value, dict):
        return {prefix}
    return {k for name, inner in value.items() for k in keys(inner, f"{prefix}.{name}".strip("."))}


def missing_texts(catalogues):
    """catalogues: language -> file name -> parsed JSON. Every key stands in every language."""
    found = {language: {f"{file}: {key}" for file, value in files.items() for key in keys(value)}
             for language, files in catalogues.items()}
    everywhere = set().union(*found.values())
    for language in sorted(found):
        for key in sorted(everywhere - found[language]):
            yield f"assets/text/{language}/{key} is missing (every_text_is_in_every_language)"


def read_catalogues(root):
    folder = os.path.join(root, "assets", "text")
    catalogues = {}
    for language in LANGUAGES if os.path.isdir(folder) else []:
        catalogues[language] = {}
        for name in sorted(os.listdir(os.path.join(folder, language))):
            if name.endswith(".json"):
                with open(os.path.join(folder, language, name), encoding="utf-8") as file:
                    catalogues[language][name] = json.load(file)
    return catalogues


def tree(root):
    for top in ["sim", "viz", "tests", "cmake", "docs"]:
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in names:
                yield os.path.relpath(os.path.join(folder, name), root)
    for name in ["CMakeLists.txt", "README.md", "README.ja.md", "./run", "./test", ".ci/run"]:
        if os.path.exists(os.path.join(root, name)):
            yield name


def check_tree(root):
    count = 0
    for path in sorted(tree(root)):
        if path.endswith(CODE + SCRIPTS + PROSE):
            count += 1
            with open(os.path.join(root, path), encoding="utf-8") as file:
                yield from check_file(path, file.read())
    assert count, f"no files under {root}"
    catalogues = read_catalogues(root)
    if catalogues:
        yield from missing_texts(catalogues)


def self_test():
    for check, bad, good in RULES:
        for path, text in bad:
            if not list(check(path, text)):
                yield f"{check.__name__} accepts its bad example {path}: {text[:60]!r}"
        for path, text in good:
            for line, message in check(path, text):
                yield f"{check.__name__} refuses its good example {path}:{line}: {message}"
    same = {"a": {"title": "x"}}
    if list(missing_texts({"en": {"t.json": same}, "ja": {"t.json": same}})):
        yield "every_text_is_in_every_language refuses equal catalogues"
    if len(list(missing_texts({"en": {"t.json": same}, "ja": {"t.json": {"a": {}}}}))) != 1:
        yield "every_text_is_in_every_language accepts a missing key"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    findings = list(self_test() if sys.argv[1] == "--self-test" else check_tree(sys.argv[1]))
    print("\n".join(findings) or f"{len(RULES) + 1} rules hold")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
