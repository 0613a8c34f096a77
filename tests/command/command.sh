#!/usr/bin/env bash
# The command as a shell sees it: exit statuses, colours, a closed pipe, the language.
#
#   command.sh MAILSCOPE SOURCE_FOLDER
#
# What needs a real process stands here; everything else is tested in tests/unit/cli.
set -u
mailscope=$1
letter=$2/tests/golden/letter.json
failures=0

expect() { # NAME EXPECTED ACTUAL
    if [ "$2" != "$3" ]; then
        printf 'FAILED: %s\n  expected: %s\n  found:    %s\n' "$1" "$2" "$3"
        failures=$((failures + 1))
    fi
}

"$mailscope" run "$letter" --format none >/dev/null 2>&1
expect "a good run ends with 0" 0 $?
"$mailscope" run /nowhere.json >/dev/null 2>&1
expect "a missing file ends with 2" 2 $?
"$mailscope" >/dev/null 2>&1
expect "no command ends with 2" 2 $?

errors=$({ "$mailscope" run "$letter" --format jsonl | head -n 1 >/dev/null; } 2>&1)
expect "a closed pipe is quiet" "" "$errors"
"$mailscope" run "$letter" --format jsonl >/dev/full 2>/dev/null
expect "a full disk ends with 2" 2 $?

escapes=$("$mailscope" run "$letter" --lang en | grep -c $'\x1b')
expect "no colours outside a terminal" 0 "$escapes"

title() { env -u LC_ALL -u LC_MESSAGES -u LANG "$@" "$mailscope" run "$letter" | head -n 1; }
expect "English without a language" "One letter" "$(title LC_ALL=C)"
expect "the language of LANG" "一通の手紙" "$(title LANG=ja_JP.UTF-8)"
expect "LC_ALL before LANG" "One letter" "$(title LC_ALL=en_US.UTF-8 LANG=ja_JP.UTF-8)"

exit $((failures > 0))
