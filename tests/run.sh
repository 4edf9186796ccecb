#!/bin/bash
# run.sh -- run test programs and add up what they found
#
# A program says how it went in lines like Check's
#     100%: Checks: 3, Failures: 0, Errors: 0
# or the scripts' "3 passed, 0 failed".  All such lines of a program count.  A
# line that begins with "skipped:" counts as one test skipped.  A program that
# says nothing of the kind has failed, and so has one that ends badly although
# its lines are good.
#
# Programs that start machines (build/tests/vm/) run after all the others, one
# by one.
# What failed is named again at the end, in 50 lines, for who sees only those.
# The last line printed is "N passed, M failed", with ", K skipped" if any.
# Full output: build/test-logs/.  JOBS, VM_JOBS and TEST_SECONDS may be set.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

logs=build/test-logs
host_jobs=${JOBS:-2}
vm_jobs=${VM_JOBS:-1}           # they share the names of files in build/vm/
seconds=${TEST_SECONDS:-900}    # for one program; then it counts as failed
# Check's own four seconds for a test are not enough where the machine stands
# still for some: it only bounds hangs.
export CK_DEFAULT_TIMEOUT=300
passed=0
failed=0
skipped=0
bad_lines=()                    # of each program that failed: its line,
bad_logs=()                     # and its log

# Where a program's output goes: its path without build/ and tests/.
log_of()
{
    local name=${1#build/}
    name=${name#tests/}
    echo "$logs/${name//\//-}.log"
}

# Run one program; leave its output, exit code and duration under its log.
run_one()
{
    local log start pid code=0
    log=$(log_of "$1")
    start=${EPOCHREALTIME/[.,]/}
    timeout -k 10 "$seconds" "$1" >"$log" 2>&1 </dev/null &
    pid=$!
    trap 'kill $pid; exit 130' TERM INT
    { wait $pid; } 2>/dev/null || code=$?
    echo "$code $(((${EPOCHREALTIME/[.,]/} - start) / 100000))" >"$log.end"
}

# Print "passed failed skipped lines" as the log has them.
count()
{
    sed 's/\x1b\[[0-9;]*m//g' "$1" | awk '
        /^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+/ {
            gsub(/[^0-9 ]/, ""); lines++; bad = $3 + $4
            good += $2 - bad; worse += bad
        }
        /^[0-9]+ passed, [0-9]+ failed/ {
            lines++; good += $1; worse += $3
        }
        /^skipped:/ { skips++ }
        END { print good + 0, worse + 0, skips + 0, lines + 0 }'
}

# show_failures LOG MOST: print the first failures in a log, or its end if it
# names none, in so many lines at the most.
show_failures()
{
    if grep -qaE ':[FE]:|^(layers|headers|order):' "$1"; then
        awk -v most="$2" '
            /:[FE]:|^(layers|headers|order):/ { named = 1; print; n++ }
            /^    / && named { print; n++ }
            n == most { exit }' "$1"
    else
        tail -n "$2" "$1"
    fi
}

# Name what failed once more.  All together they get 50 lines, each at least
# two, so if they are very many the first are not among the last 50.
repeat_failures()
{
    local i most
    [ ${#bad_logs[@]} -ne 0 ] || return 0
    most=$((50 / ${#bad_logs[@]} - 1))
    [ $most -ge 1 ] || most=1
    [ $most -le 8 ] || most=8
    echo "what failed:"
    for i in "${!bad_logs[@]}"; do
        echo "${bad_lines[i]}"
        show_failures "${bad_logs[i]}" $most
    done
}

# Add a finished program to the sums and print its line.
report()
{
    local log line code tenths good bad skips lines note=''
    log=$(log_of "$1")
    read -r code tenths <"$log.end"
    rm -f "$log.end"
    read -r good bad skips lines < <(count "$log")
    if [ "$code" -eq 124 ] || [ "$code" -eq 137 ]; then
        note=", stopped after $seconds s"
        bad=$((bad + 1))
    elif [ "$lines" -eq 0 ] && [ "$skips" -eq 0 ]; then
        note=", ended with code $code and no result"
        bad=$((bad + 1))
    elif [ "$code" -ne 0 ] && [ "$bad" -eq 0 ]; then
        note=", ended with code $code"
        bad=1
    fi
    [ "$skips" -eq 0 ] || note+=", $skips skipped"
    printf -v line '%-34s %4d passed, %d failed%s (%d.%d s)' "${1#build/}" \
        "$good" "$bad" "$note" $((tenths / 10)) $((tenths % 10))
    echo "$line"
    if [ "$bad" -ne 0 ]; then
        bad_lines+=("$line")
        bad_logs+=("$log")
        show_failures "$log" 20
        echo "    all of it: $log"
    fi
    passed=$((passed + good))
    failed=$((failed + bad))
    skipped=$((skipped + skips))
}

# run_all JOBS PROGRAM...: at most JOBS at once; report in the order given.
run_all()
{
    local program jobs=$1
    shift
    local waiting=("$@")

    for program in "$@"; do
        while [ "$(jobs -rp | wc -l)" -ge "$jobs" ]; do
            wait -n || true
            report_finished
        done
        run_one "$program" &
    done
    while [ -n "$(jobs -rp)" ]; do
        wait -n || true
        report_finished
    done
    report_finished
}

# Report from the head of the waiting list as far as it is finished.
report_finished()
{
    while [ ${#waiting[@]} -gt 0 ] && [ -s "$(log_of "${waiting[0]}").end" ]; do
        report "${waiting[0]}"
        waiting=("${waiting[@]:1}")
    done
}

# Ctrl-C ends the programs too.
trap 'kill $(jobs -rp) 2>/dev/null; echo "stopped"; exit 130' INT TERM

rm -rf "$logs"
mkdir -p "$logs"
host=()
vm=()
for program in "$@"; do
    case $program in
    build/tests/vm/*) vm+=("$program") ;;
    *) host+=("$program") ;;
    esac
done
run_all "$host_jobs" "${host[@]}"
run_all "$vm_jobs" "${vm[@]}"

repeat_failures
echo "logs: $logs/"
echo "$passed passed, $failed failed$([ $skipped -eq 0 ] || echo ", $skipped skipped")"
[ $failed -eq 0 ]
