# shellcheck shell=bash disable=SC2034,SC2154
# How the scripts speak: numbered steps with their time, and sentences when something cannot be done.
# Sourced, not run. Exit 2: something is needed from the person; exit 3: a step of ours failed.

exec 3>&1 4>&2 # Steps send their own output to the log; people read 3 and 4.

step_number=0
step_count=0
step_name=
step_began=0
step_outcome=
step_log=/dev/null

say() {
    printf '%s\n' "$*" >&3
}

begin_step() {
    step_number=$((step_number + 1))
    step_name=$1
    step_began=$SECONDS
    step_outcome=
    printf '[%d/%d] %s … ' "$step_number" "$step_count" "$step_name" >&3
}

end_step() {
    say "${step_outcome:-$((SECONDS - step_began)) s}"
    step_name=
}

# step NAME FUNCTION: runs the function, its output in the log. It may set step_outcome.
step() {
    begin_step "$1"
    "$2" >>"$step_log" 2>&1
    end_step
}

# refuse SENTENCE…: says what is needed, one sentence a line, and ends with 2.
refuse() {
    [[ -z $step_name ]] || say 'stopped'
    step_name=
    printf '%s\n' "$@" >&4
    exit 2
}

# A step that was under way when the script ended has failed, so its last lines help.
explain_exit() {
    local status=$1
    [[ $status -ne 0 && -n $step_name ]] || return "$status"
    if ((status >= 129)); then
        say 'stopped'
        printf 'Stopped before it was done. Run it again and it goes on from here.\n' >&4
        return "$status"
    fi
    say 'failed'
    if [[ -s $step_log ]]; then
        printf 'The last lines of %s:\n' "$step_log" >&4
        tail -n 15 "$step_log" | sed 's/^/    /' >&4
    fi
    printf 'The step "%s" did not succeed; %s\n' "$step_name" \
        'the lines above say why. Once that is mended, run it again and it goes on from here.' >&4
    return 3
}

# Every script that takes steps calls this first.
watch_exit() {
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'explain_exit $? || exit $?' EXIT
}
