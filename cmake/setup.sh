# Sourced by run, test and .ci/run: makes sure that the tools and libraries are there, and builds.
#
# Debian and Ubuntu: missing packages are installed by apt (sudo when not root); never a question.
# Catch2 3 where the system's own is older (Debian 12), and the sources of Dear ImGui 1.90: packages
# of newer suites are unpacked under build/deps, and the system stays untouched. Anywhere else
# nothing is installed, and CMake fetches the libraries it does not find (cmake/dependencies.cmake).
# A stamp under build/ lets a later start skip all of this.
#
# Expects: the project's root as working directory, `set -euo pipefail`.
# Offers: say, setup, build PRESET [CMAKE OPTIONS], run_tests PRESET [CTEST OPTIONS].

setup_packages=(
    build-essential cmake ninja-build git python3 ca-certificates ccache
    clang-14 libclang-rt-14-dev clang-format-14 libc++-14-dev libc++abi-14-dev
    libfmt-dev libexpected-dev nlohmann-json3-dev libcli11-dev python3-jsonschema
    # The live door: sockets and real TLS.
    libasio-dev libssl-dev
    # Real mail programs that the tests let talk to it.
    curl swaks libnet-ssleay-perl msmtp fetchmail isync mutt bind9-dnsutils
    # Captures are read by Wireshark's own program.
    tshark
    # The desktop app: window, OpenGL loader, pictures, fonts with Japanese.
    libglfw3-dev python3-glad libstb-dev fonts-noto-cjk fonts-jetbrains-mono xvfb xdotool
    imagemagick dpkg-dev
)

say() { printf '\033[2m%s\033[0m\n' "$*" >&2; }
[ -t 2 ] || say() { printf '%s\n' "$*" >&2; }

# What makes a command run as root: nothing, or sudo (which may ask for a password at a terminal).
root_prefix() {
    if [ "$(id -u)" = 0 ]; then
        printf 'env\n'
    elif command -v sudo >/dev/null; then
        if [ -t 0 ]; then printf 'sudo\n'; else printf 'sudo\n-n\n'; fi
    else
        return 1
    fi
}

apt_get() {
    local prefix
    mapfile -t prefix < <(root_prefix)
    [ ${#prefix[@]} -gt 0 ] || return 1
    "${prefix[@]}" DEBIAN_FRONTEND=noninteractive \
        apt-get -q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" \
        </dev/null >>build/setup.log 2>&1
}

# The packages of "$@" that are not installed, one a line.
missing_packages() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
            printf '%s\n' "$package"
    done
}

# The packages of "$@" that this system's archive offers, one a line.
known_packages() {
    apt-cache policy "$@" 2>/dev/null |
        awk '/^[^ ]/ {name = $1; sub(/:$/, "", name)} /Candidate:/ && $2 != "(none)" {print name}'
}

install_missing() {
    local missing
    mapfile -t missing < <(missing_packages "$@")
    [ ${#missing[@]} -gt 0 ] || return 0
    say "mailscope: installing packages: ${missing[*]}"
    if [ "$(known_packages "${missing[@]}" | wc -l)" -lt ${#missing[@]} ]; then
        apt_get update || true
    fi
    # A package that this release does not have is left to CMake, which fetches or does without.
    mapfile -t missing < <(known_packages "${missing[@]}")
    [ ${#missing[@]} -gt 0 ] || return 0
    apt_get install --no-install-recommends "${missing[@]}" ||
        { apt_get update && apt_get install --no-install-recommends "${missing[@]}"; } || {
        say "mailscope: that failed (build/setup.log). What helps, as root:" \
            "apt-get install ${missing[*]}"
        say "mailscope: going on; CMake fetches the libraries it does not find"
        return 1
    }
}

# Calls apt-get with a suite of its own: `newer_suite WORK SUITE KIND COMMAND...`, where KIND is deb
# or deb-src. Nothing is installed: apt works with a sources list, an index and a download folder
# under WORK, on the system's own mirror.
newer_suite() {
    local work=$1 suite=$2 kind=$3 mirror
    shift 3
    mirror=$(apt-get indextargets --format '$(LABEL) $(CODENAME) $(REPO_URI)' \
        'Created-By: Packages' | awk '$1 == "Debian" && $2 == "bookworm" {print $3; exit}')
    [ -n "$mirror" ] || return 1
    mkdir -p "$work/lists/partial"
    printf '%s [signed-by=%s] %s %s main\n' "$kind" \
        /usr/share/keyrings/debian-archive-keyring.gpg "$mirror" "$suite" >"$work/sources.list"
    apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= \
        -o Acquire::Languages=none -o APT::Sandbox::User=root "$@"
}

# Unpacks Catch2 3 of Debian 12's backports suite into build/deps/catch2.
unpack_catch2() {
    local deps=$PWD/build/deps work=$PWD/build/deps/catch2.part
    [ ! -e "$deps/catch2" ] || return 0
    say "mailscope: unpacking Catch2 3 under build/deps"
    rm -rf "$work" && mkdir -p "$work/root"
    (
        cd "$work"
        newer_suite "$work" bookworm-backports deb update &&
            newer_suite "$work" bookworm-backports deb download catch2 libcatch2-dev &&
            for package in *.deb; do dpkg -x "$package" root || exit 1; done
    ) </dev/null >>build/setup.log 2>&1 || return 1
    mv "$work/root" "$deps/catch2" && rm -rf "$work"
}

# Unpacks the sources of Dear ImGui, as Debian 13 has them, into build/deps/imgui: the library of
# Debian 12 is 1.86, with the old input interface.
unpack_imgui() {
    local deps=$PWD/build/deps work=$PWD/build/deps/imgui.part
    [ ! -e "$deps/imgui" ] || return 0
    say "mailscope: unpacking Dear ImGui under build/deps"
    rm -rf "$work" && mkdir -p "$work"
    (
        cd "$work"
        newer_suite "$work" trixie deb-src update &&
            newer_suite "$work" trixie deb-src source --download-only imgui=1.90.1+ds-1 &&
            dpkg-source -x imgui_*.dsc sources
    ) </dev/null >>build/setup.log 2>&1 || return 1
    mv "$work/sources" "$deps/imgui" && rm -rf "$work"
}

provide_catch2() {
    local candidate
    candidate=$(apt-cache policy catch2 2>/dev/null | awk '/Candidate:/ {print $2}')
    case "$candidate" in
        [3-9].*) install_missing catch2 ;;
        *) unpack_catch2 || say "mailscope: no packaged Catch2 3 here; CMake fetches it" ;;
    esac
}

setup() {
    local stamp=build/setup.stamp wanted
    # The stamp holds this file's checksum: another list of packages sets up again.
    wanted=$(cksum <cmake/setup.sh)
    if [ -e "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return 0; fi
    mkdir -p build
    : >build/setup.log
    if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
        install_missing "${setup_packages[@]}" || wanted=incomplete
        provide_catch2 || wanted=incomplete
        unpack_imgui || say "mailscope: no packaged Dear ImGui here; CMake fetches it"
    fi
    printf '%s\n' "$wanted" >"$stamp"
}

# Configures where needed and builds a preset. At a terminal one line shows how far it is; the rest
# goes into a log, of which the end is shown when it fails.
build() {
    local preset=$1 dir=build/$1 log=build/$1.log line
    shift
    [ -e "$dir/build.ninja" ] || say "mailscope: building ($preset) for the first time"
    {
        if [ ! -e "$dir/build.ninja" ] || [ CMakePresets.json -nt "$dir/build.ninja" ]; then
            cmake --preset "$preset" "$@"
        fi && cmake --build "$dir"
    } </dev/null 2>&1 | tee "$log" | while IFS= read -r line; do
        if [ -t 2 ] && [[ $line == \[* ]]; then
            printf '\r\033[Kmailscope: building (%s) %s' "$preset" "${line%%]*}]" >&2
        fi
    done || {
        [ ! -t 2 ] || printf '\r\033[K' >&2
        grep -E 'error|warning|FAILED|CMake Error' -A 5 "$log" | head -n 80 >&2
        say "mailscope: the build ($preset) failed; the whole log is in $log"
        return 1
    }
    [ ! -t 2 ] || printf '\r\033[K' >&2
}

run_tests() {
    local preset=$1
    shift
    ctest --test-dir "build/$preset" --output-on-failure --no-tests=error \
        --parallel "${CTEST_PARALLEL_LEVEL:-$(getconf _NPROCESSORS_ONLN)}" "$@" </dev/null
}
