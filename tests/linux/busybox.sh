#!/bin/sh
# busybox.sh -- busybox's own tests, one by one, and what each says
#
#   busybox sh busybox.sh DIR PROGRAMS SUITES
#
# SUITES: busybox's shell/ash_test and testsuite, and the config it was built
# with. DIR/results gets "@@ ash/NAME ok" (or bad, and what it printed), and for
# each program "@@ PROGRAM/NAME STATUS" with a line for each of its tests.
# Left out: tests that mount, or want a network.

. "${0%/*}/watch.sh"
dir=$1
PATH=$2
suites=$3
rm -rf "$dir"
mkdir -p "$dir/links"
cp -r "$suites/ash_test" "$suites/testsuite" "$dir/"
cp "$suites/config" "$dir/.config"
cd "$dir" || exit
umask 022
ln -s "$PATH/busybox" busybox
ln -s "$PATH/busybox" ash_test/ash
for applet in $(busybox --list); do
    ln -s "$PATH/busybox" "links/$applet"
done
: >results
export bindir="$dir" tsdir="$dir/testsuite" VERBOSE= HOME=/
export THIS_SH="$dir/ash_test/ash"
OPTIONFLAGS=:$(sed -nr 's/^CONFIG_//p' .config | sed 's/=.*//' | xargs |
    sed 's/ /:/g'):
export OPTIONFLAGS
SETTINGS=$(sed -e '/^#/d' -e '/^$/d' -e 's/^/export /' .config)

# Say how a test ended, and what it printed, without our folder's name.
tell()
{
    echo "@@ $1 $2"
    sed "s|$dir|DIR|g" "$dir/out" | cat -vt | awk '{ print "| " $0 }'
}

ash_test()
{
    (
        cd "$dir/ash_test/$1" || exit
        eval "$SETTINGS"
        export PATH="$dir/ash_test:$PATH"
        begin_case "$dir"
        exec setsid "$THIS_SH" "./$2.tests"
    ) >out 2>&1 </dev/null
    grep -va '^ash: using fallback suid method$' out >out2
    cmp -s out2 "ash_test/$1/$2.right" && result=ok || result=bad
    tell "ash/$2" "$result"
}

new_test()
{
    (
        cd "$tsdir" || exit
        export PATH="$dir/links:$tsdir:$dir:$PATH"
        begin_case "$dir"
        exec setsid sh "./$1.tests"
    ) >out 2>&1 </dev/null
    tell "$1/tests" $?
}

old_test()
{
    mkdir -p "$tsdir/old"
    (
        cd "$tsdir/old" || exit
        export PATH="$dir/links:$tsdir:$dir:$PATH" d="$tsdir"
        begin_case "$dir"
        exec setsid sh -x -e "$tsdir/$1/$2"
    ) >out 2>&1 </dev/null
    result=$?
    : >out
    tell "$1/$2" "$result"
    rm -rf "$tsdir/old"
}

# SQLite's speedtest1, without the times it says.
speedtest()
{
    (
        begin_case "$dir"
        exec setsid "$suites/speedtest1" --size 5 --verify "$dir/speed.db"
    ) >out2 2>&1 </dev/null
    status=$?
    sed 's/ *[0-9]*\.[0-9]*s//' out2 >out
    tell speedtest1/size-5 "$status"
    rm -f speed.db*
}

start_watch "$dir" 300
for name in ash_test/ash-*/*.tests; do
    name=${name%.tests}
    folder=${name%/*}
    [ ! -f "$name.right" ] || ash_test "${folder#*/}" "${name##*/}" >>results
done
for applet in $(busybox --list); do
    case $applet in mount | mdev | wget) continue ;; esac
    for old in "$tsdir/$applet"/*; do
        [ ! -f "$old" ] || old_test "$applet" "${old##*/}" >>results
    done
    [ ! -f "$tsdir/$applet.tests" ] || new_test "$applet" >>results
done
[ ! -f "$suites/speedtest1" ] || speedtest >>results
end_watch
echo "@@ end" >>results
