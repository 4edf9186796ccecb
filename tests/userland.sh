#!/bin/bash
# userland.sh -- programs that cannot be fetched: is the tree made without them?
#
# tools/userland runs with an apt-get that has no network, then with one whose
# archive has nothing, and then with one that hands out what build/userland/cache
# has of the real one. So it does for the tests of others (userland DIR suites),
# with an npm that has no network and without any npm.

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

# An apt-get for tools/userland, whose last word is the package's name; the
# archive's first file is the apt-get itself.  set_network off, empty or on.
set_network()
{
    local first=$work/bin/apt-get

    [ "$1" != off ] || first=$work/nothing
    mkdir -p "$work/bin"
    cat >"$work/bin/apt-get" <<END
#!/bin/bash
[[ "\$*" != *--print-uris* ]] || { echo "'copy:$first' InRelease 0"; exit; }
[ $1 = on ] || { echo "no package here"; exit 100; }
name=\${!#}
cp $cache/\${name%:*}_* . || [ "\$name" = update ]
END
    chmod 755 "$work/bin/apt-get"
}

# What it says, and that it ends well.
run()
{
    PATH=$work/bin:$PATH tools/userland "$work/userland" >"$work/said" 2>&1
}

# Plain make, as far as this tree; the last try to reach the archive was so long ago.
again()
{
    touch -d "$1" "$work/userland/unreachable"
    PATH=$work/bin:$PATH NEED=skip env -u MAKEFLAGS -u MAKELEVEL \
        make -s B="$work" "$work/userland.stamp" >"$work/said" 2>&1
}

noted() { [ -n "$(find "$work/userland/unreachable" -mmin -50)" ]; }
forgot() { [ ! -e "$work/userland/unreachable" ]; }
tried() { says '^  USERLAND'; }
not_tried() { ! tried; }
says() { grep -q "$1" "$work/said"; }
silent() { [ ! -s "$work/said" ]; }
lacks() { [ "$(paste -sd ' ' "$work/userland/missing")" = "$1" ]; }
has() { [ -e "$work/userland/linux/$1" ]; }
has_not() { [ ! -e "$work/userland/linux/$1" ]; }

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
env -u MAKEFLAGS -u MAKELEVEL make -n userland >"$work/said"
judge "make userland does not try" says '^tools/userland '

# Plain make does after an hour, if the archive answers then.
judge "it is not noted that there was no network" noted
touch "$work/userland.stamp"
judge "make fails soon after" again "50 minutes ago"
judge "make tries soon after" not_tried
judge "make without a network fails" again "2 hours ago"
judge "make without a network tries" not_tried
judge "make without a network will try each time" noted
set_network empty
judge "make with a network fails soon after" again "50 minutes ago"
judge "make with a network tries soon after" not_tried
judge "make with a network fails" again "2 hours ago"
judge "make with a network does not try" tried
judge "what the archive has not will be tried each time" forgot
set_network off

# The tests of others, without any package, and why each is left out.
suites()
{
    ! PATH=$work/bin:$1 tools/userland "$work/userland" suites >"$work/said" 2>&1
}

printf '#!/bin/sh\nexit 1\n' | tee "$work/bin/npm" >"$work/bin/node"
chmod 755 "$work/bin/npm" "$work/bin/node"
judge "there are suites without busybox's" suites "$PATH"
judge "no message about busybox's" \
    says "^userland: no busybox in the suites: Debian's sources of busybox cannot"
judge "no message about Lua 5.1's" says "^userland: no lua in the suites: Debian's "
judge "no message about Lua 5.3's" \
    says "^userland: no lua53 in the suites: the npm package fengari-0.1.5 cannot be"
echo damaged >"$work/userland/cache/fengari-0.1.5.tgz"
judge "there are suites with a damaged package" suites "$PATH"
judge "it is not said that the npm package is damaged" says "is not what it was"
judge "a damaged npm package stays" [ ! -e "$work/userland/cache/fengari-0.1.5.tgz" ]
mkdir "$work/few"
ln -s /usr/bin/* "$work/few/"
rm -f "$work"/{bin,few}/{npm,node}
judge "there are suites without npm" suites "$work/few"
judge "it does not say what to install" \
    says "no lua53 in the suites: npm or node, of Debian's packages npm and nodejs"

# Lua 5.3's tests out of JavaScript: what becomes a file, and what is left out.
lua53()
{
    [ "$(paste -sd ' ' "$work/lua53/$1")" = "$2" ]
}

if command -v node >/dev/null; then
    mkdir "$work/lua53"
    cat >"$work/a.test.js" <<'END'
const lua = require('../../src/lua.js');
const run = (text, name) => () => {
    lua.luaL_openlibs({});
    if (name) lua.luaL_loadbuffer({}, text, 0, name);
    else lua.luaL_loadstring({}, text);
    lua.lua_call({}, 0, 0);
};
test('[test-suite] a: A b, c!', run('a[b[1]] = x'));
test.skip('[test-suite] a: named', run('y = z[1]', '@db.lua'));
test('[test-suite] a: C', run('T.testC("x")'));
test('[test-suite] a: other C', run("T = require('T')"));
test('[test-suite] a: other', () => { lua.lua_pushnil({}); run('z')(); });
test('[test-suite] a: nothing', () => {});
END
    judge "Lua 5.3's tests do not become files" \
        node tools/lua53.js "$work" "$work/lua53"
    judge "not those files" [ "$(cd "$work/lua53" && echo *)" = \
        "a-01-a-b-c.lua a-02-named.lua left-out" ]
    judge "a text is another" lua53 a-01-a-b-c.lua 'assert(load([=[ a[b[1]] = x]=]))()'
    judge "a text's name is another" \
        lua53 a-02-named.lua 'assert(load([=[ y = z[1]]=], [[ @db.lua]]))()'
    judge "others are left out" lua53 left-out "a-03-c: uses the library T \
a-04-other-c: uses the library T a-05-other: uses lua_pushnil \
a-06-nothing: loads 0 texts and calls 0"
fi

# The rest needs the real packages and what was made of them.
if [ -s build/userland/missing ] || [ ! -e build/userland/missing ]; then
    echo "skipped: programs missing one at a time: the packages are not there"
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
fi

# One is missing: the others are there.  Then it can be had again.
cp "$cache"/busybox-static_* "$work/userland/cache/"
cp -r build/userland/made/{lua,sqlite3} "$work/userland/made/"
judge "without tcc it fails" run
judge "tcc alone is not missing" lacks tcc
judge "busybox is missing, too" has bin/busybox
judge "sqlite is missing, too" has bin/sqlite3
judge "tcc is there" has_not bin/cc

rm -rf "$work/userland/busybox-static" "$work/userland/cache/"*
cp -r build/userland/made/tcc* "$work/userland/made/"
judge "without busybox it fails" run
judge "busybox alone is not missing" lacks busybox
judge "there is a shell" has_not bin/sh
judge "tcc is missing, too" has bin/cc

# A file cut short is no package; it does not stay in the way.
file=$(compgen -G "$cache/busybox-static_*")
head -c 5000 "$file" >"$work/userland/cache/${file##*/}"
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
