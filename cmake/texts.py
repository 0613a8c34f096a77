#!/usr/bin/env python3
"""Makes the table of all texts from assets/text, one sorted array of entries per language:
    texts.py FOLDER OUTPUT.cpp
The program then has nothing to read at its start: a lesson spent half of its time on that. What is
not as sim/text/catalogue.h says is refused here, with file and key."""
import json
import pathlib
import sys

TEXTS = ("title", "say", "detail", "cause", "remedy", "wire", "rfc")
LISTS = ("names", "lessons")
WORDS = {"fault": ("nobody", "sender", "recipient", "server", "network"),
         "lasting": ("none", "temporary", "permanent")}
# The order of the members of Entry.
MEMBERS = ("title", "say", "detail", "cause", "remedy", "names", "wire", "fault", "lasting", "rfc",
           "lessons")


def is_text(value):
    return isinstance(value, str)


def is_good(field, value):
    if field in TEXTS:
        return is_text(value)
    if field in LISTS:
        return isinstance(value, list) and all(map(is_text, value))
    return value in WORDS.get(field, ())


def unique(pairs):
    """The object of these pairs, in which no key comes twice."""
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key comes twice among: " + ", ".join(key for key, _ in pairs))
    return result


def add_file(entries, path):
    """Adds a file's entries. A text alone is short for {"say": text}."""
    for key, fields in json.loads(path.read_text("utf-8"), object_pairs_hook=unique).items():
        entry = entries.setdefault(key, {})
        for field, value in ({"say": fields} if is_text(fields) else fields).items():
            if not is_good(field, value) or field in entry:
                raise ValueError(f"unexpected: {key}.{field}")
            entry[field] = value


def entries_of(folder, language):
    """What holds in every language, and this language's own texts, in the order of keys."""
    entries = {}
    for path in sorted(folder.glob("*.json")) + sorted((folder / language).glob("*.json")):
        try:
            add_file(entries, path)
        except (ValueError, AttributeError) as problem:
            sys.exit(f"{path}: {problem}")
    return sorted(entries.items(), key=lambda item: item[0].encode())


def literal(text):
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}
    return '"' + "".join(escapes.get(c, c) for c in text) + '"sv'


class Source:
    """The C++ text. A list of texts becomes an array of its own, in front of the entries."""

    def __init__(self):
        self.lists = []
        self.arrays = []

    def value_of(self, field, value):
        if field in WORDS:
            return f"{field.capitalize()}::{value.capitalize()}"
        if field not in LISTS:
            return literal(value)
        texts = ", ".join(map(literal, value))
        if texts not in self.lists:
            self.lists.append(texts)
        return f"list_{self.lists.index(texts)}"

    def add(self, language, entries):
        rows = []
        for key, entry in entries:
            members = [f".key = {literal(key)}"]
            members += [f".{name} = {self.value_of(name, entry[name])}"
                        for name in MEMBERS if entry.get(name)]
            rows.append("    {" + ", ".join(members) + "},\n")
        self.arrays.append(f"constexpr Entry {language}[] = {{\n{''.join(rows)}}};\n")


def source_of(folder):
    source = Source()
    languages = sorted(path.name for path in folder.iterdir() if path.is_dir())
    for language in languages:
        source.add(language, entries_of(folder, language))
    lists = "".join(f"constexpr std::string_view list_{i}[] = {{{texts}}};\n"
                    for i, texts in enumerate(source.lists))
    rows = "".join(f'    {{"{language}"sv, {language}}},\n' for language in languages)
    return f"""// Made from assets/text by cmake/texts.py.
#include "sim/text/texts.h"

namespace mailscope
{{
namespace
{{

using namespace std::string_view_literals;

{lists}
{chr(10).join(source.arrays)}
constexpr LanguageTexts languages[] = {{
{rows}}};

}} // namespace

std::span<const LanguageTexts> all_texts() {{ return languages; }}

}} // namespace mailscope
"""


if __name__ == "__main__":
    pathlib.Path(sys.argv[2]).write_text(source_of(pathlib.Path(sys.argv[1])), "utf-8")
