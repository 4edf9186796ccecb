#!/bin/bash
# crash.sh -- all power cuts: at random, at every event, in broken kernels
#
#   crash.sh PARTS MUTANTS [CUTS] [SEED]
#
# PARTS: some of random (tests/vm/crash.c), explore and mutants (docs/cut.md).
# What each says goes to build/crash/PART.log, the figures of all to
# build/crash/report.txt.  Ends badly if any part has found a loss.

set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit

parts=$1
read -ra mutants <<<"$2"
shift 2
out=build/crash
bad=0
began=$SECONDS

run_part()
{
    case $1 in
    random) build/tests/vm/crash "${@:2}" ;;
    explore) build/tests/cut/explore --whole 3 --report $out/table.txt ;;
    mutants) build/tests/cut/mutants none "${mutants[@]}" ;;
    *) echo "crash: there is no part $1"; return 2 ;;
    esac
}

# What a part has found, for the report.
figures()
{
    case $1 in
    random) sed -n '/^crash: seed/,$p' "$out/$1.log" ;;
    explore) cat $out/table.txt 2>/dev/null || tail -1 "$out/$1.log" ;;
    mutants) grep -aE '^mutants: |^skipped:|passed, ' "$out/$1.log" ;;
    esac
}

# In one word.  What could not be tried is not right.
word()
{
    if [ "$2" -ne 0 ]; then
        echo WRONG
    elif grep -qa '^skipped:' "$out/$1.log"; then
        echo skipped
    else
        echo right
    fi
}

mkdir -p $out
rm -f $out/*.log $out/*.txt
: >$out/report.txt
for part in $parts; do
    start=$SECONDS
    run_part "$part" "$@" 2>&1 | tee "$out/$part.log"
    code=${PIPESTATUS[0]}
    [ "$code" -eq 0 ] || bad=1
    {
        echo "--- $part: $(word "$part" "$code"), $((SECONDS - start)) s"
        figures "$part"
    } >>$out/report.txt
done
echo
cat $out/report.txt
echo "crash: $([ $bad -eq 0 ] && echo 'nothing lost' || echo 'LOSSES')," \
    "$((SECONDS - began)) s; $out/report.txt"
exit $bad
