#!/bin/sh
# lua.sh -- Lua's own tests, file by file, and what each says
#
#   busybox sh lua.sh DIR PROGRAMS SUITES
#
# SUITES/lua: lua5.1, the official tests of this version (tests/) and the examples in
# its sources (test/). DIR/results gets "@@ FOLDER/FILE STATUS", the MD5 of what
# it printed, and the last of that, each line behind "| ": all without addresses,
# times and amounts of memory.

. "${0%/*}/watch.sh"
dir=$1
PATH=$2
suites=$3
rm -rf "$dir"
mkdir -p "$dir"
cp -r "$suites/lua/." "$dir/"
cd "$dir" || exit
umask 022
: >results
start_watch "$dir" 300
for file in tests/*.lua test/*.lua; do
    (
        cd "${file%/*}" || exit
        begin_case "$dir"
        exec setsid env -i PATH="$PATH" HOME=/ TZ=UTC \
            LUA_PATH='?;./?.lua' ../lua5.1 "${file#*/}"
    ) >out 2>&1 <"$file"
    status=$?
    sed -E "s|$PATH|PROGRAMS|g" out | sed -E 's/0x[0-9a-f]+/ADDRESS/g
        s/[0-9]+(\.[0-9]+)?K/MEMORY/g; s/memory: [0-9]+/memory: MEMORY/
        s/[0-9]+\.[0-9]+ m?sec/TIME/; s/(time: *|clock *)[0-9.]+/\1TIME/
        s|/tmp/lua_[A-Za-z]+|/tmp/lua_NAME|
        s/^(plain|cached)(\t[0-9]+\t[0-9]+\t)[0-9.e-]+/\1\2TIME/
        s/^(test done on|Hello there from Lua .* on) .*/\1 TIME/' >out2
    {
        echo "@@ $file $status"
        md5sum <out2
        tail -n 40 out2 | cat -vt | awk '{ print "| " $0 }'
    } >>results
done
end_watch
echo "@@ end" >>results
