#!/bin/sh
# run.sh -- run the cases of *.cases files with busybox's shell, keep what they say
#
#   busybox sh run.sh DIR PROGRAMS FILE...
#
# The files lie beside this one. A case begins with "## NAME" and is a script,
# run in an empty folder below DIR, without input and terminal, with the folder
# PROGRAMS as its path. DIR/results gets, for each one, "@@ FILE/NAME STATUS" and
# what it printed, each line behind "| ", in printable characters. It is to be
# the same on the host and in Tender. DIR/times says when each one ended.

. "${0%/*}/watch.sh"
dir=$1
PATH=$2
shift 2
rm -rf "$dir"
mkdir -p "$dir"
for file in "$@"; do
    cp "${0%/*}/$file" "$dir/" || exit
done
cd "$dir" || exit
umask 022
: >results
start_watch "$dir" 50
for file in *.cases; do
    mkdir "split"
    awk '/^## / { close(out); out = "split/" ++n + 1000 " " $2; next }
        { print >out }' "$file"
    for case in split/*; do
        mv "$case" script
        mkdir w
        (cd w && begin_case .. &&
            exec setsid env -i PATH="$PATH" HOME=/ \
                TZ=UTC sh ../script) >out 2>&1 </dev/null
        status=$?
        rm -rf w
        read -r now rest </proc/uptime
        echo "$now $case" >>times
        {
            echo "@@ ${file%.cases}/${case#* } $status"
            cat -vt out | awk '{ print "| " $0 }'
        } >>results
    done
    rmdir "split"
done
end_watch
echo "@@ end" >>results
