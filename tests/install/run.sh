#!/bin/sh
# Installs crew and builds a program out of tree against it: with pkg-config and with CMake, shared and static; then with
# crew as a Meson subproject. With and without OpenMP. Usage: run.sh FOLDER
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
    { meson setup "$build" --prefix "$prefix" -Dlibdir=lib -Dbuildtype=debug -Dopenmp=$openmp -Dtests=disabled -Dexamples=false &&
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

    cmake -S "$here" -B "$out/cmake-$openmp" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_BUILD_TYPE=Release
    cmake --build "$out/cmake-$openmp"
    expect "CMake, openmp=$openmp" "$out/cmake-$openmp/app_shared" $loops shared
    expect "CMake static, openmp=$openmp" "$out/cmake-$openmp/app_static" $loops static

    # Only crew_* is visible, and what its inline functions use.
    hidden=$(nm -D --defined-only "$prefix/lib/libcrew.so" | awk '{ print $3 }' |
        grep -vE '^crew_([a-z]|_(self|fork_elsewhere|join_elsewhere)$)')
    [ -z "$hidden" ] || complain "visible symbols that are not public: $hidden"
    nm -D --defined-only "$prefix/lib/libcrew.so" | grep -q ' crew_for$' || complain "crew_for is not visible"
    readelf -d "$prefix/lib/libcrew.so" | grep -q NODELETE || complain "the library may be unloaded"

    app=$out/subproject-$openmp
    mkdir -p "$app/subprojects"
    cp "$here/main.c" "$here/meson.build" "$app"
    ln -s "$root" "$app/subprojects/crew"
    unset PKG_CONFIG_PATH
    meson setup "$app/build" "$app" -Dbuildtype=debug -Dcrew:openmp=$openmp
    meson compile -C "$app/build"
    expect "Meson subproject, openmp=$openmp" "$app/build/app" $loops shared
done
exit $status
