# watch.sh -- end what hangs: one process for all cases, read by run.sh and busybox.sh
#
# A timeout for each case would stay for a second after it, and there are only
# so many tasks.

# The current process begins a case: note which one it is. Who is in the middle
# of a long case may write the line again, with another second word: it goes on.
begin_case()
{
    read -r pid rest </proc/self/stat && echo "$pid 0" >"$1/running"
}

# In folder $1: whatever is the same case for $2 times 2 seconds is killed,
# with its session.
watch()
{
    while sleep 2; do
        read -r now step <"$1/running"
        [ "$now $step" = "$last" ] || rounds=0
        last="$now $step" rounds=$((rounds + 1))
        [ -z "$now" ] || [ "$rounds" -lt "$2" ] || kill -9 "-$now"
    done
}

start_watch()
{
    : >"$1/running"
    watch "$1" "$2" 2>/dev/null &
    watcher=$!
}

end_watch()
{
    kill "$watcher"
}
