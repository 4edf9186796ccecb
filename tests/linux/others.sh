#!/bin/sh
# others.sh -- Lua's own tests and SQLite's speedtest1, step by step
#
#   busybox sh others.sh DIR PROGRAMS SUITES lua|lua53|lua53on54|speedtest1
#
# DIR/results gets "@@ lua/FILE STATUS" and what it printed for each of Lua
# 5.1's files, "@@ lua53/TEST STATUS" and the same for each of Lua 5.3's tests
# (lua53on54: with Lua 5.4), "@@ speedtest1/STEP done" for each step of
# speedtest1 and "@@ speedtest1/hash STATUS" for the check of its answers.
# Times, sizes of memory, names of temporary files and rows of dots (one for
# each collection of garbage) are not shown. DIR/times says when each one ended.

. "${0%/*}/watch.sh"
dir=$1
PATH=$2
suites=$3
which=$4
rm -rf "$dir"
mkdir -p "$dir"
cd "$dir" || exit
umask 022
: >results

ended()
{
    read -r now rest </proc/uptime
    echo "$now $1" >>"$dir/times"
}

# Each file of Lua's tests by itself, so that one that ends early leaves the
# others alone. They take their folder for the place of modules.
lua_file()
{
    cp -r "$suites/lua" w
    (
        cd w || exit
        begin_case "$dir"
        exec setsid env -i PATH="$PATH" LUA_PATH='./?.lua;;' \
            LUA_INIT="package.path = '?;'..package.path" \
            "$suites/lua5.1" "$1" 2>&1
    ) >out </dev/null
    status=$?
    rm -rf w
    ended "lua/$1"
    {
        echo "@@ lua/${1%.lua} $status"
        sed -e "s|$suites|SUITES|g" -e 's/\.\.\.\.*//g' -e 's|/tmp/lua_......|TMP|g' \
            -e 's/ [0-9.]* sec\./ TIME/' -e 's/total memory: .*/total memory/' \
            -e 's/total time: .*/total time/' -e 's/^test done on .*/DATE/' out |
            cat -vt | awk '{ print "| " $0 }'
    } >>results
}

# Each of Lua 5.3's tests, in an empty folder, read from the standard input: so
# its place is in no message. One says whether the second is odd. lua53 TEST LUA
lua53()
{
    test=${1##*/}
    test=${test%.lua}
    mkdir w
    (
        cd w || exit
        begin_case "$dir"
        exec setsid env -i PATH="$PATH" "$2" - 2>&1
    ) >out <"$1"
    status=$?
    rm -rf w
    ended "$which/$test"
    echo "@@ $which/$test $status" >>results
    [ -s out ] || return
    sed -e "s|$suites|SUITES|g" -e 's/^\(testing short.* (\)[01])$/\1TIME)/' out |
        cat -vt | awk '{ print "| " $0 }' >>results
}

# The lines of speedtest1 are " NUMBER - WHAT......... TIMEs".
speedtest()
{
    {
        (
            begin_case "$dir"
            exec setsid "$suites/speedtest1" --size 20 --verify \
                "$dir/speed.db" 2>&1
        )
        echo "STATUS $?"
    } </dev/null | while read -r number rest; do
        case $number in
        [0-9]*) said="speedtest1/$number done" ;;
        Verification) hash=$rest ;;
        STATUS) said="speedtest1/hash $rest
| $hash" ;;
        TOTAL*) continue ;;
        *) said="speedtest1/said
| $number $rest" ;;
        esac
        [ -n "$said" ] || continue
        ended "speedtest1/$number"
        echo "@@ $said" >>results
        said=
    done
}

start_watch "$dir" 900
case $which in
lua)
    for file in "$suites"/lua/*.lua; do
        lua_file "${file##*/}"
    done
    ;;
lua53 | lua53on54)
    lua=$suites/lua5.3
    [ "$which" = lua53 ] || lua=lua
    for file in "$suites"/lua53/*.lua; do
        lua53 "$file" "$lua"
    done
    ;;
speedtest1) speedtest ;;
esac
end_watch
echo "@@ end" >>results
