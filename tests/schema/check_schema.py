#!/usr/bin/python3
"""Holds scenarios/scenario.schema.json against the same files as the program's own parser.

Good files (the shipped scenarios and tests/scenario_files/good) must validate. Bad files must not,
except those with mistakes that no schema can see: these are named here, each with its reason.
Every key and word of the schema must be explained in docs/scenarios.md.

Usage: check_schema.py PROJECT_FOLDER. Exit status 77: the jsonschema library is not there.
"""
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    print("python3-jsonschema is not installed")
    sys.exit(77)

# What goes wrong with names that stand elsewhere in the file, or with the text as a text.
BEYOND_A_SCHEMA = {
    "alias_cycle": "aliases refer to each other",
    "duplicate_keys": "JSON readers keep one of the two",
    "duplicate_names": "names are compared with each other",
    "unknown_names": "names are declared elsewhere",
    "values_that_only_look_good": "needs arithmetic or a calendar",
}


def load(path):
    """The document, or None when it is no JSON."""
    try:
        return json.loads(path.read_bytes().decode("utf-8"))
    except (ValueError, RecursionError):
        return None


def first_error(validator, document):
    error = jsonschema.exceptions.best_match(validator.iter_errors(document))
    return f"{error.json_path}: {error.message}"[:300] if error else None


def check_files(root, validator):
    good = sorted((root / "scenarios").glob("*.json")) + sorted(
        (root / "tests/scenario_files/good").glob("*.json")
    )
    for path in good:
        if path.name.endswith(".schema.json"):
            continue
        error = first_error(validator, load(path))
        if error:
            yield f"{path.relative_to(root)}: {error}"
    for path in sorted((root / "tests/scenario_files/bad").glob("*.json")):
        document = load(path)
        refused = document is None or not validator.is_valid(document)
        if refused and path.stem in BEYOND_A_SCHEMA:
            yield f"{path.stem}: the schema does see it; take it off the list"
        if not refused and path.stem not in BEYOND_A_SCHEMA:
            yield f"{path.relative_to(root)}: validates, though it is bad"


def undocumented(root, schema):
    text = (root / "docs/scenarios.md").read_text(encoding="utf-8")

    def visit(node):
        if isinstance(node, list):
            for item in node:
                yield from visit(item)
        elif isinstance(node, dict):
            for key, value in node.get("properties", {}).items():
                if value is not False and f"`{key}`" not in text:
                    yield f"docs/scenarios.md: nothing about `{key}`"
            for word in node.get("enum", []):
                if f'"{word}"' not in text and f"`{word}`" not in text and f" {word} " not in text:
                    yield f'docs/scenarios.md: nothing about "{word}"'
            for value in node.values():
                yield from visit(value)

    yield from visit(schema)


def main():
    root = pathlib.Path(sys.argv[1])
    schema = json.loads((root / "scenarios/scenario.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    problems = [*check_files(root, validator), *sorted(set(undocumented(root, schema)))]
    print("\n".join(problems) or "schema, files and documentation agree")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
