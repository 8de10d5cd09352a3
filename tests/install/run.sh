#!/bin/sh
# Installs crew and builds a program out of tree against it: with pkg-config and with CMake, shared and static; then
# with crew as a Meson subproject and inside another CMake project. With and without OpenMP; as an archive alone, into
# DESTDIR and out again; the core alone. Usage: run.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$PWD
out=$1
here=$root/tests/install
status=0
rm -rf "$out"
mkdir -p "$out"

complain() {
    echo "error: $*"
    status=1
}

# expect WHAT PROGRAM LOOPS shared|static
expect() {
    if [ ! -x "$2" ]; then
        complain "$1: not built"
        return
    fi
    said=$("$2")
    [ "$said" = "2.85e+06, version 0.1.0, CREW_FOR $3" ] || complain "$1 said: $said"
    if readelf -d "$2" | grep -q 'NEEDED.*libcrew\.so'; then link=shared; else link=static; fi
    [ $link = "$4" ] || complain "$1 is linked $link"
}

for openmp in enabled disabled; do
    loops=parallel
    [ $openmp = enabled ] || loops=sequential
    build=$out/build-$openmp
    prefix=$out/prefix-$openmp
    { meson setup "$build" --prefix "$prefix" -Dlibdir=lib -Dbuildtype=debug -Dopenmp=$openmp -Dtests=disabled \
        -Dexamples=false &&
        meson compile -C "$build" && meson install -C "$build" --quiet; } || {
        complain "install, openmp=$openmp"
        continue
    }
    # A package must work from where it was moved to.
    mv "$prefix" "$prefix-moved"
    prefix=$prefix-moved
    export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"

    flags() {
        pkg-config --define-prefix "$@" crew
    }
    app=$out/pkgconfig-$openmp
    # shellcheck disable=SC2046
    cc -O2 "$here/main.c" $(flags --cflags --libs) -Wl,-rpath,"$prefix/lib" -o "$app"
    expect "pkg-config, openmp=$openmp" "$app" $loops shared
    # shellcheck disable=SC2046
    c++ -x c++ -O2 "$here/main.c" -x none $(flags --cflags --libs) -Wl,-rpath,"$prefix/lib" -o "$app-cpp"
    expect "C++, openmp=$openmp" "$app-cpp" $loops shared
    # shellcheck disable=SC2046
    cc -O2 "$here/main.c" $(flags --cflags --libs --static | sed 's/-lcrew/-l:libcrew.a/g') -o "$app-static"
    expect "pkg-config --static, openmp=$openmp" "$app-static" $loops static

    # An archive in a plugin that is unloaded while its threads sleep.
    flag=
    [ $openmp = disabled ] || flag=-fopenmp
    # shellcheck disable=SC2046,SC2086
    { cc -O2 -fPIC -shared -DPLUGIN $flag $(flags --cflags) "$here/plugin.c" "$prefix/lib/libcrew.a" -lm \
        -o "$app-plugin.so" && cc -O2 "$here/plugin.c" -ldl -o "$app-loader" && "$app-loader" "$app-plugin.so"; } ||
        complain "plugin, openmp=$openmp"

    cmake -S "$here" -B "$out/cmake-$openmp" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
    cmake --build "$out/cmake-$openmp"
    expect "CMake, openmp=$openmp" "$out/cmake-$openmp/app_shared" $loops shared
    expect "CMake static, openmp=$openmp" "$out/cmake-$openmp/app_static" $loops static

    # Only crew_* is visible, and what its inline functions and libcrew-mpi use.
    hidden=$(nm -D --defined-only "$prefix/lib/libcrew.so" | awk '{ sub(/@.*/, "", $3); print $3 }' |
        grep -vE '^crew__(expression_[a-z]+|[a-z_]+_by_steps|random_refill)$' |
        grep -vE '^crew__(cpu_count|limits_mask|threads_share|(find|reduce|scan)_typed|scan_kernels)$' |
        grep -vE '^(crew_([a-z]|_(self|fork_elsewhere|join_elsewhere|join_region)$)|CREW_0)')
    [ -z "$hidden" ] || complain "visible symbols that are not public: $hidden"
    nm -D --defined-only "$prefix/lib/libcrew.so" | grep -q ' crew_for@@CREW_0.1$' || complain "crew_for is not visible"
    readelf -d "$prefix/lib/libcrew.so" | grep -q NODELETE || complain "the library may be unloaded"

    app=$out/subproject-$openmp
    mkdir -p "$app/subprojects"
    cp "$here/main.c" "$here/meson.build" "$app"
    ln -s "$root" "$app/subprojects/crew"
    unset PKG_CONFIG_PATH
    meson setup "$app/build" "$app" -Dbuildtype=debug -Dcrew:openmp=$openmp
    meson compile -C "$app/build"
    expect "Meson subproject, openmp=$openmp" "$app/build/app" $loops shared

    # add_subdirectory, which is what FetchContent does after it has fetched.
    on=ON type=Release
    [ $openmp = enabled ] || on=OFF type=Debug # in a third of the time
    cmake -S "$here/subdirectory" -B "$out/subdirectory-$openmp" -DCREW_ROOT="$root" -DCREW_OPENMP=$on \
        -DCMAKE_BUILD_TYPE=$type
    cmake --build "$out/subdirectory-$openmp" -j "$(nproc)"
    expect "CMake add_subdirectory, openmp=$openmp" "$out/subdirectory-$openmp/app" $loops static
done

# An archive alone, into DESTDIR, and out again.
build=$out/build-static
{ meson setup "$build" --prefix /usr -Dlibdir=lib -Dbuildtype=debug -Ddefault_library=static -Dtests=disabled \
    -Dexamples=false &&
    DESTDIR=$out/destdir meson install -C "$build" --quiet; } || complain "install of the archive"
[ -e "$out/destdir/usr/lib/libcrew.a" ] || complain "DESTDIR: no archive"
! ls "$out"/destdir/usr/lib/libcrew.so* >/dev/null 2>&1 || complain "-Ddefault_library=static installs a shared library"
export PKG_CONFIG_PATH="$out/destdir/usr/lib/pkgconfig"
# shellcheck disable=SC2046
cc -O2 "$here/main.c" $(pkg-config --define-prefix --cflags --libs --static crew) -o "$out/archive"
expect "the archive alone" "$out/archive" parallel static
DESTDIR=$out/destdir ninja -C "$build" uninstall
left=$(find "$out/destdir" -type f)
[ -z "$left" ] || complain "uninstall leaves $left"
unset PKG_CONFIG_PATH

# The core alone.
build=$out/build-core
{ meson setup "$build" --prefix "$out/core" -Dlibdir=lib -Dbuildtype=debug -Darray=disabled -Dtests=disabled \
    -Dexamples=false &&
    meson install -C "$build" --quiet; } || complain "install of the core"
[ ! -e "$out/core/include/crew/sort.h" ] || complain "-Darray=disabled installs crew/sort.h"
printf '#include <crew/crew.h>\n#include <stdio.h>\nint main(void) { puts(crew_backend()); return 0; }\n' >"$out/core.c"
{ cc -O2 -fopenmp -I"$out/core/include" "$out/core.c" -L"$out/core/lib" -Wl,-rpath,"$out/core/lib" -lcrew \
    -o "$out/core-app" && "$out/core-app"; } || complain "a program of the core alone"
exit $status
