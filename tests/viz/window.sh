#!/bin/bash
# The app in a real window, driven by keys and mouse, for the main path: open a lesson, step, go to
# the error, press the remedy, switch the branch, copy, save a picture, quit.
#
#     window.sh MAILSCOPE-VIEW SOURCE-DIR [PICTURES-DIR]
#
# Needs Xvfb, xdotool and ImageMagick; without them the test is skipped (77). What happened is read
# from the window's picture, the saved picture and the settings that are kept at the end.
set -u
view=$(readlink -f "$1")
source=$(readlink -f "$2")
for tool in Xvfb xdotool import compare; do
    command -v "$tool" >/dev/null || { echo "no $tool: skipped"; exit 77; }
done
work=$(mktemp -d)
pictures=${3:-$work}
mkdir -p "$pictures"
pictures=$(readlink -f "$pictures")
app=
server=
# Ends what was started here, and nothing else.
end() {
    [ -n "$app" ] && kill "$app" 2>/dev/null
    [ -n "$server" ] && kill "$server" 2>/dev/null
    rm -rf "$work"
}
trap end EXIT
fail() { echo "$*"; cat "$work/app.log"; exit 1; }

Xvfb -displayfd 3 -screen 0 1440x900x24 -nolisten tcp 3>"$work/display" 2>/dev/null &
server=$!
for _ in $(seq 100); do [ -s "$work/display" ] && break; sleep 0.1; done
[ -s "$work/display" ] || { echo "no display: skipped"; exit 77; }
export DISPLAY=:$(cat "$work/display")
export HOME=$work XDG_CONFIG_HOME=$work/config LIBGL_ALWAYS_SOFTWARE=1

cd "$work" || exit 1
"$view" "$source/scenarios/errors-550-user-unknown.json" --lang en --theme dark \
    >"$work/app.log" 2>&1 &
app=$!
window=
for _ in $(seq 100); do
    window=$(xdotool search --onlyvisible --name mailscope 2>/dev/null | head -1)
    [ -n "$window" ] && break
    kill -0 "$app" 2>/dev/null || fail "it ended by itself"
    sleep 0.1
done
[ -n "$window" ] || fail "no window came up"
xdotool windowfocus "$window" 2>/dev/null
sleep 1

key() { xdotool key "$@"; sleep 0.4; }
# At once: both keys are up again before the next frame begins.
chord() { xdotool key --delay 0 "$1+$2"; sleep 0.6; }
click() {
    xdotool mousemove "$1" "$2"; sleep 0.4
    xdotool mousedown 1; sleep 0.3
    xdotool mouseup 1; sleep 0.4
}
shot() { import -window "$window" "$pictures/$1.png"; }
differ() {
    local pixels
    pixels=$(compare -metric AE "$pictures/$1.png" "$pictures/$2.png" null: 2>&1)
    awk -v n="${pixels%% *}" 'BEGIN { exit !(n > 200) }' || fail "$1 and $2 look the same ($pixels)"
}

shot begin
key Right; key Right
shot stepped
differ begin stepped
key e
shot error
differ stepped error
key 1
shot branch
differ error branch
click 360 872 # the branch pill of the main story
shot main
differ branch main
key b
shot changes
differ main changes
key Escape
key g
shot japanese
differ main japanese
key t
shot light
differ japanese light
# Nothing moves: no frame is drawn, and the processor rests.
ticks() { awk '{ print $14 + $15 }' "/proc/$app/stat" 2>/dev/null || echo 0; }
sleep 1
before=$(ticks)
sleep 2
spent=$(($(ticks) - before))
[ "$spent" -le 10 ] || fail "it draws while nothing happens ($spent ticks in 2 seconds)"
key p
chord ctrl q
for _ in $(seq 50); do kill -0 "$app" 2>/dev/null || break; sleep 0.1; done
kill -0 "$app" 2>/dev/null && fail "Ctrl+Q does not end it"
wait "$app"
status=$?
app=
[ "$status" = 0 ] || fail "it ended with $status"
grep -q "^language ja" "$work/config/mailscope/view.txt" || fail "the language is not kept"
grep -q "^theme light" "$work/config/mailscope/view.txt" || fail "the theme is not kept"
ls "$work"/mailscope-errors-550-user-unknown-*.png >/dev/null || fail "no picture was saved"
echo "good"
