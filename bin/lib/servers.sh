# shellcheck shell=bash disable=SC2034,SC2154
# Throwaway PostgreSQL and NATS servers for tests, on free ports, with their data in a temporary folder.

servers_folder=
nats_pid=
postgres_user=
postgres_bin=

free_port() {
    "$venv_python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# PostgreSQL refuses to run as root, so there it runs as the user its package made.
as_postgres() {
    if ((EUID != 0)); then
        (cd "$servers_folder" && "$@" 3>&- 4>&-)
    else
        (cd "$servers_folder" && runuser -u "$postgres_user" -- "$@" 3>&- 4>&-)
    fi
}

init_postgres() {
    as_postgres "$postgres_bin/initdb" --pgdata "$1" --username polyvox --auth trust --encoding UTF8 \
        --locale C.UTF-8 --no-sync
}

# The data live as long as the tests, so nothing has to survive a power cut.
run_postgres() {
    as_postgres "$postgres_bin/pg_ctl" --pgdata "$1" --log "${1%/*}/log" --wait --options \
        "-p $2 -k ${1%/*} -c listen_addresses=127.0.0.1 -c fsync=off -c full_page_writes=off" start
}

start_postgres() {
    local port folder=$servers_folder/postgres
    postgres_bin=$(dirname "$(readlink -f "$(find_program initdb)")") # Its companions lie beside it.
    postgres_user=postgres
    id postgres >/dev/null 2>&1 || postgres_user=nobody
    mkdir "$folder"
    ((EUID != 0)) || chown "$postgres_user" "$folder"
    port=$(free_port)
    init_postgres "$folder/data" && run_postgres "$folder/data" "$port" &&
        as_postgres "$postgres_bin/createdb" --host 127.0.0.1 --port "$port" --username polyvox polyvox &&
        export TEST_DATABASE_URL=postgres://polyvox@127.0.0.1:$port/polyvox
}

start_nats() {
    local port log=$servers_folder/nats.log
    port=$(free_port)
    "$(find_program nats-server)" --jetstream --addr 127.0.0.1 --port "$port" --store_dir "$servers_folder/nats" \
        --log "$log" 3>&- 4>&- &
    nats_pid=$!
    for _ in {1..100}; do
        if grep -qs 'Server is ready' "$log"; then
            export TEST_BROKER_URL=nats://127.0.0.1:$port
            return
        fi
        sleep 0.1
    done
    cat "$log"
    return 1
}

start_servers() {
    servers_folder=$(mktemp --directory)
    chmod 755 "$servers_folder"
    start_postgres && start_nats
}

stop_servers() {
    [[ -n $servers_folder ]] || return 0
    [[ -z $nats_pid ]] || kill "$nats_pid" 2>/dev/null || true
    [[ ! -f $servers_folder/postgres/data/postmaster.pid ]] ||
        as_postgres "$postgres_bin/pg_ctl" --pgdata "$servers_folder/postgres/data" --mode immediate stop >/dev/null || true
    rm -rf "$servers_folder"
    servers_folder=
}
