#!/bin/sh
# busybox.sh -- busybox's own tests, one by one, and what each says
#
#   busybox sh busybox.sh DIR PROGRAMS SUITES ash_test|testsuite|bc [NAMES]
#
# SUITES: busybox's shell/ash_test and testsuite, and the config it was built
# with. DIR/results gets "@@ ash/NAME ok" (or bad, and what it printed), and for
# each program "@@ PROGRAM/NAME STATUS" with a line for each of its tests.
# bc, which takes longer than all others together, is a suite by itself, with
# "@@ bc/N RESULT" for each of its tests.
# NAMES: a pattern, "awk/*"; only the cases it fits. DIR/times says when each
# one ended.
# Left out: tests that mount, or want a network.

. "${0%/*}/watch.sh"
dir=$1
PATH=$2
suites=$3
which=$4
names=${5-*}
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
export SHELL=/bin/sh bindir="$dir" tsdir="$dir/testsuite" VERBOSE= HOME=/
export THIS_SH="$dir/ash_test/ash"
OPTIONFLAGS=:$(sed -nr 's/^CONFIG_//p' .config | sed 's/=.*//' | xargs |
    sed 's/ /:/g'):
export OPTIONFLAGS
SETTINGS=$(sed -e '/^#/d' -e '/^$/d' -e 's/^/export /' .config)

# Say how a test ended, and what it printed, without our folder's name.
tell()
{
    read -r now rest </proc/uptime
    echo "$now $1" >>"$dir/times"
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

# Is the case NAME wanted?
wanted()
{
    case $1 in $names) ;; *) false ;; esac
}

ash_tests()
{
    for name in ash_test/ash-*/*.tests; do
        name=${name%.tests}
        folder=${name%/*}
        [ -f "$name.right" ] && wanted "ash/${name##*/}" || continue
        ash_test "${folder#*/}" "${name##*/}" >>results
    done
}

program_tests()
{
    for applet in $(busybox --list); do
        case $applet in mount | mdev | wget | bc) continue ;; esac
        for old in "$tsdir/$applet"/*; do
            [ -f "$old" ] && wanted "$applet/${old##*/}" || continue
            old_test "$applet" "${old##*/}" >>results
        done
        [ -f "$tsdir/$applet.tests" ] && wanted "$applet/tests" || continue
        new_test "$applet" >>results
    done
}

bc_tests()
{
    {
        (
            cd "$tsdir" || exit
            export PATH="$dir/links:$tsdir:$dir:$PATH"
            begin_case "$dir"
            exec setsid sh ./bc.tests 2>&1
        )
        echo "end: $?"
    } </dev/null | while read -r line; do
        number=$((number + 1))
        read -r now rest </proc/uptime
        echo "$now bc/$number" >>"$dir/times"
        echo "@@ bc/$number $line" >>results
        read -r now rest <"$dir/running"
        echo "$now $number" >"$dir/running"
    done
}

start_watch "$dir" 900
case $which in
ash_test) ash_tests ;;
testsuite) program_tests ;;
bc) bc_tests ;;
esac
end_watch
echo "@@ end" >>results
