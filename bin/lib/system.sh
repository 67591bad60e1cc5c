# shellcheck shell=bash disable=SC2034,SC2154
# What has to be on the machine itself: libraries, fonts and, for tests, a browser and two servers.
# Each is looked for by what it does, so it does not matter how it was installed; apt brings what is missing.

missing_packages=()

loads() {
    "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2>/dev/null
}

has_font() {
    [[ -n $(fc-list "$1" 2>/dev/null) ]]
}

# find_program NAME…: the first that is in PATH, in the system folders, or among PostgreSQL's own.
find_program() {
    local name folder
    for name in "$@"; do
        for folder in ${PATH//:/ } /usr/sbin /usr/lib/postgresql/*/bin; do
            if [[ -f $folder/$name && -x $folder/$name ]]; then
                printf '%s\n' "$folder/$name"
                return
            fi
        done
    done
    return 1
}

# Some systems ship a browser of this name that only asks to be installed another way.
find_chromium() {
    local name path
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if path=$(find_program "$name") && timeout 30 "$path" --version >/dev/null 2>&1; then
            printf '%s\n' "$path"
            return
        fi
    done
    return 1
}

note_missing_for_run() {
    loads libpango-1.0.so.0 || missing_packages+=(libpango-1.0-0)
    loads libpangoft2-1.0.so.0 || missing_packages+=(libpangoft2-1.0-0)
    loads libharfbuzz-subset.so.0 || missing_packages+=(libharfbuzz-subset0)
    has_font 'Noto Sans Arabic' || missing_packages+=(fonts-noto-core)
    has_font 'Noto Sans CJK JP' || missing_packages+=(fonts-noto-cjk)
}

note_missing_for_test() {
    find_program pdftotext >/dev/null || missing_packages+=(poppler-utils)
    find_program nats-server >/dev/null || missing_packages+=(nats-server)
    find_program initdb >/dev/null || missing_packages+=(postgresql)
    find_program chromium chromium-browser google-chrome google-chrome-stable >/dev/null ||
        missing_packages+=(chromium)
}

can_install() {
    command -v apt-get >/dev/null || return
    ((EUID == 0)) && return
    command -v sudo >/dev/null || return
    sudo -n true 2>/dev/null || [[ -t 0 ]]
}

as_root() {
    if ((EUID == 0)); then
        "$@"
    else
        sudo "$@"
    fi
}

ask_for_packages() {
    command -v apt-get >/dev/null || refuse \
        'Something is missing, and this machine has no apt to install it with.' \
        "Please install what your system calls these Debian packages, then start again: $*"
    local root=''
    ! command -v sudo >/dev/null || root='sudo '
    refuse 'Some system packages are missing, and installing them needs root.' \
        'Please run this line as root, then start again:' \
        "    ${root}apt-get install --yes --no-install-recommends $*"
}

apt_offers() {
    [[ $(apt-cache policy "$1" 2>/dev/null) == *'Candidate: '[^\(]* ]]
}

# Prints the name under which the sources offer a package: some releases add t64 to a library's.
offered_name() {
    local name
    for name in "$1" "${1}t64"; do
        if apt_offers "$name"; then
            printf '%s\n' "$name"
            return
        fi
    done
    return 1
}

apt_install() {
    local name found offered=()
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300)
    # One unreachable source among several is no reason to stop; the installation itself will tell.
    as_root "${apt[@]}" update || true
    for name in "$@"; do
        if found=$(offered_name "$name"); then
            offered+=("$found")
        elif [[ $name != chromium ]]; then # A browser is the one thing that can be done without.
            refuse "The package $name is missing, and the package sources of this machine do not offer it." \
                'Please add a source that does (on Ubuntu, universe), then start again.'
        fi
    done
    ((${#offered[@]} == 0)) ||
        as_root "${apt[@]}" install --yes --no-install-recommends "${offered[@]}"
}

# Without a browser only the browser tests are left out, so its absence alone stops nothing.
lacks_only_a_browser_not_to_be_had() {
    [[ ${missing_packages[*]} == chromium ]] || return
    ! can_install || { apt_offers python3 && ! apt_offers chromium; }
}

prepare_system() {
    missing_packages=()
    note_missing_python
    note_missing_for_run
    [[ $mode != test ]] || note_missing_for_test
    if ((${#missing_packages[@]} == 0)) || lacks_only_a_browser_not_to_be_had; then
        step_outcome='already there'
        return
    fi
    check_disk
    can_install || ask_for_packages "${missing_packages[@]}"
    apt_install "${missing_packages[@]}"
    check_python
}
