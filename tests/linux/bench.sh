# bench.sh -- everything that make bench-linux measures, once
/disk/tests/bench $1
/disk/tests/bench lua lua /disk/tests/bench.lua
/disk/tests/bench sqlite sqlite3 /tmp/bench.db '.read /disk/tests/bench.sql'
rm -f /tmp/bench.db
echo "bench: that is" all
