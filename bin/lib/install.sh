# shellcheck shell=bash disable=SC2034,SC2154
# Everything that has to be there before Polyvox can run or be tested. Safe to run again: what is there stays.
# The caller has set `checkout`; bin/install, bin/serve and bin/test share this.

# shellcheck source=bin/lib/say.sh
source "$checkout/bin/lib/say.sh"
# shellcheck source=bin/lib/system.sh
source "$checkout/bin/lib/system.sh"
# shellcheck source=bin/lib/python.sh
source "$checkout/bin/lib/python.sh"
# shellcheck source=bin/lib/scripts.sh
source "$checkout/bin/lib/scripts.sh"

install_steps=4

mode=run

# Two installations at once would tread on each other, so the second waits for the first.
take_turn() {
    if ! { mkdir -p "$checkout/build" && [[ -w $checkout/build ]]; } 2>/dev/null; then
        refuse "This user may not write in $checkout, so nothing can be installed there." \
            'Please run this as the owner of the folder, or clone it into one of your own.'
    fi
    exec 9>"$checkout/build/install.lock"
    flock --nonblock 9 && return
    say 'Another installation is under way in this folder; this one waits for it.'
    flock 9
}

compile_catalogs() {
    local domain newer outcome='already there'
    for domain in respondent digest app; do
        newer=$(stale_catalogs "$domain")
        [[ -n $newer ]] || continue
        outcome=
        "$venv/bin/pybabel" --quiet compile --directory "$checkout/locales" --domain "$domain"
    done
    step_outcome=$outcome
}

# Prints the catalogs of a domain whose compiled form is older or lacking.
stale_catalogs() {
    local catalog compiled
    for catalog in "$checkout"/locales/*/LC_MESSAGES/"$1".po; do
        compiled=${catalog%.po}.mo
        if [[ -f $catalog && ! $compiled -nt $catalog ]]; then
            printf '%s\n' "$catalog"
        fi
    done
}

# install_everything run|test
install_everything() {
    mode=$1
    take_turn
    step_log=$checkout/build/install.log
    : >"$step_log"
    step 'Python, system libraries and fonts' prepare_system
    step 'Python packages' prepare_packages
    step 'Browser script and world map' prepare_scripts
    step 'Translations' compile_catalogs
    exec 9>&-
}
