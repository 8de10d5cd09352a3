# shellcheck shell=sh disable=SC2086,SC2154 # run.sh reads this file, and sets what is not set here
# Builds the drivers for the array workloads.

$c -o "$build/arrays" "$here/arrays.c" "$here/array_cases.c" "$here/array_check.c" "$here/peer.c" -lm
$c -c -o "$build/array_driver.o" "$here/array_driver.c"
$c -o "$build/array_plain" "$here/array_plain.c" "$build/array_driver.o" -lm
$c -fopenmp -I"$root/include" -o "$build/array_crew" "$here/array_crew.c" "$build/array_driver.o" "$root"/lib/*/*.c -lm
# gcc 12 takes its own temporaries of the scan directive for uninitialised.
$c -Wno-maybe-uninitialized -fopenmp -o "$build/array_libgomp" "$here"/array_openmp*.c "$build/array_driver.o" -lm
builds array_std g++ $cpp -o "$build/array_std" "$here/array_std.cpp" "$build/array_driver.o" -lm
builds array_gnu g++ $cpp -fopenmp -D_GLIBCXX_PARALLEL -o "$build/array_gnu" "$here/array_std.cpp" \
    "$build/array_driver.o" -lm
builds array_tbb libtbb-dev $cpp -o "$build/array_tbb" "$here/array_tbb.cpp" "$build/array_driver.o" -ltbb -lm

# Rayon comes as source, with everything it needs, in a folder that stands for the registry; nothing is fetched.
crates=/usr/share/cargo/registry
cargo=${CARGO:-/usr/bin/cargo}
rayon_library() {
    mkdir -p "$build/rayon"
    cat >"$build/rayon/Cargo.toml" <<END
[package]
name = "array_rayon"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["staticlib"]
path = "$here/array_rayon.rs"
[dependencies]
rayon = "1"
[workspace]
END
    mkdir -p "$build/rayon/.cargo"
    cat >"$build/rayon/.cargo/config.toml" <<END
[source.crates-io]
replace-with = "packages"
[source.packages]
directory = "$crates"
END
    (cd "$build/rayon" && CARGO_HOME="$build/rayon/home" RUSTC="${RUSTC:-/usr/bin/rustc}" "$cargo" build --offline --quiet \
        --release --target-dir "$build/rayon/target")
}
if ! [ -x "$cargo" ]; then
    missing array_rayon "rustc cargo librust-rayon-dev"
elif ! [ -e "$(echo "$crates"/rayon-1*/Cargo.toml)" ]; then
    missing array_rayon librust-rayon-dev
else
    builds array_rayon_library "rustc cargo librust-rayon-dev" rayon_library
    if [ -e "$build/rayon/target/release/libarray_rayon.a" ]; then
        builds array_rayon gcc $c -o "$build/array_rayon" "$here/array_rayon.c" "$build/array_driver.o" \
            "$build/rayon/target/release/libarray_rayon.a" -lpthread -ldl -lm
    fi
fi
