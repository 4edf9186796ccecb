#!/bin/bash
# headers.sh -- does each header of the layers compile alone, and twice?
#
# Once for the kernel's machine, once for the one the tests run on.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0
failed=0
include=$(gcc -print-file-name=include)

# True if HEADER compiles as the only thing in a file, with these FLAGS.
stands_alone()
{
    local header=$1
    shift
    printf '#include "%s"\n#include "%s"\n' "$header" "$header" |
        gcc "$@" -std=c11 -ffreestanding -fsyntax-only -Wall -Wextra -Werror \
            -nostdinc -isystem "$include" -I. -x c -
}

for header in {tender,resources,vspace,plate}/*.h linux/*.h linux/*/*.h; do
    [ -f "$header" ] || continue
    for bits in -m32 -m64; do
        if stands_alone "$header" $bits; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1))
            echo "headers: $header does not compile alone with $bits"
        fi
    done
done

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
