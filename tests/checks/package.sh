#!/bin/sh
# What lib/package/release.sh makes of the last commit: the archive has all files and its first command works; the wrap,
# the vcpkg port and the Conan recipe fetch it, and programs run with what they build; the Debian packages have no
# warning of lintian's, and a program runs with what is in them. Usage: package.sh FOLDER
set -u
cd "$(dirname "$0")/../.." || exit 2
root=$PWD
rm -rf "$1"
mkdir -p "$1"
out=$(cd "$1" && pwd)
here=$root/tests/install
version=$(sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build)
status=0

complain() {
    echo "error: $*"
    status=1
}

# expect WHAT PROGRAM
expect() {
    said=$("$2") || complain "$1: no program, or it fails"
    [ "$said" = "2.85e+06, version $version, CREW_FOR parallel" ] || complain "$1 said: $said"
}

grep -q "^crew ($version-" lib/package/debian/changelog || complain "lib/package/debian/changelog lacks $version"
if ! git rev-parse HEAD >/dev/null 2>&1; then
    echo "SKIP packages: no git repository, of which meson dist makes the archive"
    exit 0
fi
# In a clean directory: what is committed and nothing else.
git clone -q --no-hardlinks . "$out/clean" || exit 1
DEB_BUILD_OPTIONS=nocheck sh "$out/clean/lib/package/release.sh" "$out/release" || exit 1
archive=$out/release/crew-$version.tar.xz

mkdir "$out/unpacked"
tar -C "$out/unpacked" -xf "$archive"
(cd "$out/clean" && git ls-files) | sort >"$out/files.want"
(cd "$out/unpacked/crew-$version" && find . ! -type d | sed 's#^\./##') | sort >"$out/files.got"
diff "$out/files.want" "$out/files.got" || complain "the archive has other files than the tree"
sh "$out/unpacked/crew-$version/examples/run.sh" >"$out/examples.log" || complain "examples/run.sh of the archive"
grep -q '^-- all threads' "$out/examples.log" || complain "examples/run.sh of the archive runs nothing"

mkdir -p "$out/wrap/subprojects"
cp "$here/main.c" "$here/meson.build" "$out/wrap"
cp "$out/release/crew.wrap" "$out/wrap/subprojects"
{ meson setup "$out/wrap/build" "$out/wrap" -Dbuildtype=debug && meson compile -C "$out/wrap/build"; } \
    >"$out/wrap.log" 2>&1 || complain "wrap: $(tail -n 5 "$out/wrap.log")"
expect wrap "$out/wrap/build/app"

if command -v cmake >/dev/null 2>&1; then
    cmake -DFOLDER="$out/release/vcpkg" -DFEATURES=openmp -P tests/checks/vcpkg_stub.cmake >"$out/vcpkg.log" 2>&1 ||
        complain "vcpkg port: $(tail -n 5 "$out/vcpkg.log")"
    prefix=$out/release/vcpkg/packages/crew
    # shellcheck disable=SC2046
    cc -O2 "$here/main.c" $(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags --libs crew) \
        -Wl,-rpath,"$prefix/lib" -o "$out/vcpkg-app"
    expect "vcpkg port" "$out/vcpkg-app"
    [ -s "$prefix/share/crew/LICENSE" ] || complain "vcpkg port: no license"
else
    echo "SKIP vcpkg port: no cmake"
fi
python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$out/release/vcpkg/crew/vcpkg.json" ||
    complain "vcpkg.json is no JSON"

if python3 tests/checks/conan_stub.py "$out/release/conan/conanfile.py" "$out/conan" >"$out/conan.log" 2>&1; then
    # shellcheck disable=SC2046
    cc -O2 "$here/main.c" $(tail -n 1 "$out/conan.log") -o "$out/conan-app"
    expect "Conan recipe" "$out/conan-app"
else
    complain "Conan recipe: $(tail -n 5 "$out/conan.log")"
fi

debs=$(ls "$out/release/debian"/*.deb 2>/dev/null)
if [ -n "$debs" ]; then
    if command -v lintian >/dev/null 2>&1; then
        # reference.sh has gone through the man pages already, which would take most of the time.
        lintian -X documentation/manual --fail-on error,warning "$out"/release/debian/*.changes 2>"$out/lintian.log" ||
            complain "lintian: $(tail -n 5 "$out/lintian.log")"
    else
        echo "SKIP lintian: not found"
    fi
    for deb in $debs; do
        dpkg-deb -x "$deb" "$out/debian"
    done
    lib=$(echo "$out"/debian/usr/lib/*/pkgconfig)
    # shellcheck disable=SC2046
    cc -O2 "$here/main.c" -Wl,-rpath,"${lib%/pkgconfig}" -o "$out/debian-app" \
        $(PKG_CONFIG_PATH=$lib PKG_CONFIG_SYSROOT_DIR=$out/debian pkg-config --cflags --libs crew)
    expect "Debian packages" "$out/debian-app"
    [ -e "$out/debian/usr/share/man/man3/crew_sort_f64.3.gz" ] || complain "Debian packages: no man page"
fi
exit $status
