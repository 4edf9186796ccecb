#!/bin/bash
# layers.sh -- does every folder include only its own files and those below?
#
# boot > plate, linux > vspace > resources > tender.  User programs see only user/lib
# and tender/abi.h.  Only boot/ speaks to the machine.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

passed=0
failed=0

# Print "file:line: included" for every quoted include of the folder's files.
includes()
{
    find "$1" -name '*.[ch]' -exec \
        sed -nE '/^[[:space:]]*#[[:space:]]*include[[:space:]]*"/{
            s/^[^"]*"([^"]*)".*/\1/; =; F; p}' {} \; |
        paste -d ' ' - - - | awk '{ print $2 ":" $1 ": " $3 }'
}

# Count QUESTION as answered well if nothing is in COMPLAINTS.
judge()
{
    if [ -z "$2" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "layers: $1"
        sed 's/^/    /' <<<"$2"
    fi
}

# plate/ and linux/ lie beside each other.
below=''
for folder in tender resources vspace plate linux boot; do
    below+=${below:+|}$folder
    may=$below
    [ $folder != linux ] || may=${may/|plate/}
    judge "$folder/ may include only $may:" \
        "$(includes $folder | grep -vE ": ($may)/" || true)"
done

if [ -d user ]; then
    own=$(cd user/lib 2>/dev/null && ls -- *.h 2>/dev/null | tr '\n' '|')
    judge "user/ may include only user/lib and tender/abi.h:" \
        "$(includes user |
            grep -vE ": (${own}user/lib/[a-z0-9_]+\.h|tender/abi\.h)$" || true)"
fi

judge "only boot/ speaks to the machine:" \
    "$(grep -rnE '\basm\b|outb|inb\b' --include='*.c' --include='*.h' \
        tender linux plate vspace resources 2>/dev/null || true)"

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
