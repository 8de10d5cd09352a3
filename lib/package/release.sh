#!/bin/sh
# What is given out: FOLDER/crew-VERSION.tar.xz by `meson dist`, of what is committed, and the files by which others
# fetch and build it: crew.wrap (Meson), vcpkg/crew (an overlay port), conan/conanfile.py, and debian (a source package
# and what it builds). Usage: lib/package/release.sh FOLDER [URL]; URL is where the archive can be had, else the file.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "$1"
out=$(cd "$1" && pwd)
version=$(sed -n "s/^ *version: '\(.*\)',/\1/p" meson.build)
archive=crew-$version.tar.xz
url=${2:-file://$out/$archive}

rm -rf "$out/build" "$out/debian"
meson setup "$out/build" -Dtests=disabled -Dexamples=false >"$out/release.log"
# The tests have their own command, in what is unpacked.
meson dist -C "$out/build" --no-tests --formats xztar >>"$out/release.log"
mv "$out/build/meson-dist/$archive" "$out/$archive"
rm -rf "$out/build"

fill_in() {
    mkdir -p "$(dirname "$2")"
    sed -e "s#@version@#$version#; s#@url@#$url#; s#@archive@#$archive#" \
        -e "s#@sha256@#$(sha256sum <"$out/$archive" | cut -d ' ' -f 1)#" \
        -e "s#@sha512@#$(sha512sum <"$out/$archive" | cut -d ' ' -f 1)#" "$1" >"$2"
}
fill_in lib/package/crew.wrap.in "$out/crew.wrap"
fill_in lib/package/vcpkg/portfile.cmake.in "$out/vcpkg/crew/portfile.cmake"
fill_in lib/package/vcpkg/vcpkg.json.in "$out/vcpkg/crew/vcpkg.json"
fill_in lib/package/conan/conanfile.py.in "$out/conan/conanfile.py"

mkdir "$out/debian"
cp "$out/$archive" "$out/debian/crew_$version.orig.tar.xz"
tar -C "$out/debian" -xf "$out/$archive"
cp -r lib/package/debian "$out/debian/crew-$version/debian"
cd "$out/debian/crew-$version"
if command -v dpkg-buildpackage >/dev/null 2>&1 && dpkg-checkbuilddeps 2>/dev/null; then
    # DEB_BUILD_OPTIONS=nocheck builds without running the suites.
    dpkg-buildpackage -us -uc >>"$out/release.log" 2>&1 || {
        tail -n 30 "$out/release.log"
        exit 1
    }
    echo "Debian packages are in $out/debian"
else
    echo "SKIP Debian packages: no dpkg-buildpackage, or $(dpkg-checkbuilddeps 2>&1 | sed 's/.*error: //')"
fi
echo "$out/$archive"
