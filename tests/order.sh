#!/bin/bash
# order.sh -- is every file of the kernel explained, and does it say its name?
#
# docs/design.md names every source file of boot, tender, resources, vspace
# and plate by its path, as in plate/save.c.  Every file there begins with a
# comment that starts with the file's own name.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folders='boot tender resources vspace linux plate'
book=docs/design.md
passed=0
failed=0

# Count one answer; complain if it is bad.
judge()
{
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "order: $1"
    fi
}

# Is this path in the book, and not only as a part of a longer one?
named()
{
    [ -f $book ] &&
        grep -qE "(^|[^A-Za-z0-9_./-])${1//./\\.}([^A-Za-z0-9_/]|$)" $book
}

begins_with_name()
{
    local mark='//' line

    [ "${1##*.}" != asm ] || mark=';'
    IFS= read -r line <"$1" || true
    [[ $line == "$mark ${1##*/} -- "?* ]]
}

while read -r file; do
    judge "$file: the first line is not a comment that begins with its name" \
        begins_with_name "$file"
    [ "${file##*.}" = h ] ||
        judge "$file: $book does not name it" named "$file"
done < <(find $folders -name '*.[ch]' -o -name '*.asm' | sort)

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
