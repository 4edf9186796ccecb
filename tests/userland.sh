#!/bin/bash
# userland.sh -- programs that cannot be fetched: is the tree made without them?
#
# tools/userland runs with an apt-get that has no network, and then with one that
# has: it hands out what build/userland/cache has of the real one.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=$PWD/build/userland/cache
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

judge()
{
    if "${@:2}"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "userland: $1"
    fi
}

# An apt-get for tools/userland, whose last word is the package's name.
set_network()
{
    mkdir -p "$work/bin"
    cat >"$work/bin/apt-get" <<END
#!/bin/bash
[ $1 = on ] || { echo "no network here"; exit 100; }
name=\${!#}
cp $cache/\${name%:*}_* . || [ "\$name" = update ]
END
    chmod 755 "$work/bin/apt-get"
}

# What it says, and that it ends well.
run()
{
    PATH=$work/bin:$PATH tools/userland "$work/u" >"$work/said" 2>&1
}

says() { grep -q "$1" "$work/said"; }
silent() { [ ! -s "$work/said" ]; }
lacks() { [ "$(paste -sd ' ' "$work/u/missing")" = "$1" ]; }
has() { [ -e "$work/u/linux/$1" ]; }
has_not() { [ ! -e "$work/u/linux/$1" ]; }

# Nothing at all can be had.
set_network off
judge "without any package it fails" run
judge "not all are missing" lacks "busybox lua sqlite tcc"
judge "no message about busybox" \
    says "^userland: no busybox in the image: Debian's package busybox-static "
judge "no message about tcc" \
    says "^userland: no tcc in the image: Debian's sources of tcc cannot be had"
judge "it says more than four lines" [ "$(wc -l <"$work/said")" -eq 4 ]
judge "the rest of the tree is missing" has etc/passwd

# `make userland` does it again, though a disk image is there.
judge "make userland does not try" \
    grep -q '^tools/userland ' <(env -u MAKEFLAGS -u MAKELEVEL make -n userland)

# The rest needs the real packages and what was made of them.
if [ -s build/userland/missing ] || [ ! -e build/userland/missing ]; then
    echo "skipped: programs missing one at a time: the packages are not there"
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
fi

# One is missing: the others are there.  Then it can be had again.
cp "$cache"/busybox-static_* "$work/u/cache/"
cp -r build/userland/made/{lua,sqlite3} "$work/u/made/"
judge "without tcc it fails" run
judge "tcc alone is not missing" lacks tcc
judge "busybox is missing, too" has bin/busybox
judge "sqlite is missing, too" has bin/sqlite3
judge "tcc is there" has_not bin/cc

rm -rf "$work/u/busybox-static" "$work/u/cache/"*
cp -r build/userland/made/tcc* "$work/u/made/"
judge "without busybox it fails" run
judge "busybox alone is not missing" lacks busybox
judge "there is a shell" has_not bin/sh
judge "tcc is missing, too" has bin/cc

# A file cut short is no package; it does not stay in the way.
file=$(compgen -G "$cache/busybox-static_*")
head -c 5000 "$file" >"$work/u/cache/${file##*/}"
judge "with a damaged package it fails" run
judge "it is not said that the package is damaged" says "was damaged"
judge "busybox alone is not missing" lacks busybox

set_network on
judge "with the network it fails" run
judge "something is still missing" lacks ""
judge "there is no shell" has bin/sh
judge "there is something to say" silent

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
