# suites.sh -- get the tests that others wrote for the programs of /linux, read by userland
#
# A suite that cannot be had is left out, with a message that says why; without
# busybox's there is no tree at all.

suite_busybox()
{
    local from program

    from=$(folder_of "$(source_of busybox)" shell/ash_test/run-all) || return 1
    cp -a "$from/shell/ash_test" "$from/testsuite" "$1/"
    for program in recho zecho printenv; do
        musl_gcc "$1/ash_test/$program" -O2 "$1/ash_test/$program.c" ||
            return 1
    done
    tar -xOf "$(compgen -G "$cache/busybox_*.debian.tar.*" | head -1)" \
        debian/config/pkg/static >"$1/config"
}

suite_sqlite()
{
    local from

    from=$(sqlite_source) || return 1
    musl_gcc "$1/speedtest1" -O1 -DSQLITE_THREADSAFE=0 -DHAVE_USLEEP=1 \
        -DSQLITE_OMIT_LOAD_EXTENSION -I"$from" "$from/sqlite3.c" \
        "$from/test/speedtest1.c"
}

# Lua's own tests are in Debian for Lua 5.1 only, beside another Lua that is
# written in Go: so Lua 5.1 it is that they are run with.
suite_lua()
{
    local from

    from=$(folder_of "$(source_of golang-github-yuin-gopher-lua)" \
        _lua5.1-tests/all.lua) || return 1
    compile_lua lua5.1 "$1/lua5.1" || return 1
    cp -r "$from/_lua5.1-tests" "$1/lua"
}

# The npm package that has Lua 5.3's own tests, unpacked; prints the directory.
fengari()
{
    local name=fengari-0.1.5 to=$dir/fengari sum

    sum=d034b8367e2b57cab2165402a4a2bc6eb4fad4452db30ca7ae97c54dc80b12b7
    sum+=22941201b2448c43ce9f3b6595bb26ebd78cb0c8a7518eff75162459c2712ebd
    command -v npm >/dev/null && command -v node >/dev/null ||
        because "npm or node, of Debian's packages npm and nodejs, is missing" ||
        return 1
    [ -f "$cache/$name.tgz" ] ||
        (cd "$cache" && timeout 60 npm pack "${name/-/@}" >>"$log" 2>&1) ||
        because "the npm package $name cannot be had" || return 1
    sha512sum --status -c <<<"$sum  $cache/$name.tgz" || {
        rm -f "$cache/$name.tgz"
        because "the npm package $name is not what it was" || return 1
    }
    rm -rf "$to" && mkdir -p "$to"
    tar -xf "$cache/$name.tgz" -C "$to" || return 1
    echo "$to/package"
}

# Lua 5.3's own tests, for Lua 5.3 and the Lua 5.4 of the image.
suite_lua53()
{
    local from

    from=$(fengari) || return 1
    compile_lua lua5.3 "$1/lua5.3" || return 1
    mkdir "$1/lua53.new" || return 1
    node "$here/lua53.js" "$from/test/test-suite" "$1/lua53.new" >>"$log" 2>&1 ||
        return 1
    mv "$1/lua53.new" "$1/lua53"
}

# The tests of others, which tests/linux/{busybox,others}.sh run.
make_suites()
{
    local to=$dir/suites.new suite

    rm -rf "$to" && mkdir -p "$to"
    for suite in busybox sqlite lua lua53; do
        rm -f "$dir/why"
        "suite_$suite" "$to" && continue
        because "it cannot be made" ||
            say "no $suite in the suites: $(<"$dir/why") ($log)"
    done
    [ -f "$to/config" ] || return 1
    rm -rf "$dir/suites"
    mv "$to" "$dir/suites"
}
