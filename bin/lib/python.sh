# shellcheck shell=bash disable=SC2034,SC2154
# Python itself, and the virtual environment .venv made from a lock with hashes.

python=
venv=$checkout/.venv
venv_python=$venv/bin/python

is_supported_python() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

# Sets `python`: one that can make environments if there is such a one, else any that is new enough.
find_python() {
    local name path
    python=
    for name in python3 python3.13 python3.12 python3.11; do
        path=$(command -v "$name") || continue
        is_supported_python "$path" || continue
        [[ -n $python ]] || python=$path
        if can_make_environments "$path"; then
            python=$path
            return
        fi
    done
    [[ -n $python ]]
}

refuse_python() {
    local found
    found=$(python3 --version 2>/dev/null) || found='no python3'
    refuse "Polyvox needs Python 3.11, 3.12 or 3.13, and this machine has $found." \
        'Please install one of these, then start again.'
}

# An environment that stands needs nothing more; making one needs a part that Debian and Ubuntu ship apart.
note_missing_python() {
    python=$venv_python
    ! is_made_environment || return 0
    if ! find_python; then
        ! command -v python3 >/dev/null || refuse_python
        missing_packages+=(python3 python3-venv)
    elif ! can_make_environments "$python"; then
        missing_packages+=("$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')")
    fi
}

check_python() {
    is_made_environment || find_python || refuse_python
}

# What the environment was made from: Python, the checkout (its scripts name it), and the locks.
environment_facts() {
    local tests=-
    [[ $1 == run ]] || tests=$(sha256sum <"$checkout/requirements-test.lock")
    printf '%s\n' "$checkout" "$(sha256sum <"$checkout/requirements.lock")" "$tests"
}

# An environment made for tests serves for running too, as long as its locks are still these.
is_environment_current() {
    is_made_environment || return
    local facts
    facts=$(<"$venv/made-from")
    [[ $facts == "$(environment_facts test)" ]] ||
        [[ $mode == run && $facts == "$(environment_facts run)" ]]
}

is_made_environment() {
    [[ -f $venv/made-from && ! -e $venv/unfinished ]] &&
        [[ $(head -n 1 "$venv/made-from") == "$checkout" ]] && is_supported_python "$venv_python"
}

# A first installation needs the room; a later one mostly replaces what is there.
check_disk() {
    local needed=1500 free
    [[ $mode == run ]] || needed=2500
    ! is_made_environment || needed=500
    needed=${INSTALL_NEEDS_MB:-$needed}
    free=$(df -Pm "$checkout" | awk 'NR == 2 {print $4}')
    ((free >= needed)) || refuse \
        "The installation needs about $needed MB of free disk space, and only $free MB are free where $checkout lies." \
        'Please make room, then start again.'
}

# A half-made environment, or one that was copied here and whose scripts name the old place, is made anew.
make_environment() {
    if [[ -e $venv/unfinished ]] || ! is_supported_python "$venv_python" ||
        [[ -f $venv/made-from && $(head -n 1 "$venv/made-from") != "$checkout" ]]; then
        rm -rf "$venv"
        "$python" -m venv "$venv"
    fi
    touch "$venv/unfinished"
}

prepare_packages() {
    if is_environment_current; then
        step_outcome='already there'
        return
    fi
    local lock=$checkout/requirements.lock
    [[ $mode == run ]] || lock=$checkout/requirements-test.lock
    check_disk
    make_environment
    "$venv_python" -m pip --disable-pip-version-check install \
        --quiet --no-input --require-hashes --requirement "$lock"
    environment_facts "$mode" >"$venv/made-from"
    rm "$venv/unfinished"
}
