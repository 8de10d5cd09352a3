# shellcheck shell=sh disable=SC2086,SC2154 # run.sh reads this file, and sets what is not set here
# Rayon comes as source, with everything it needs, in a folder that stands for the registry; nothing is fetched.

crates=/usr/share/cargo/registry
cargo=${CARGO:-/usr/bin/cargo}

rayon_crate() { # name: compiles name.rs
    mkdir -p "$build/rayon_$1/.cargo"
    cat >"$build/rayon_$1/Cargo.toml" <<END
[package]
name = "$1"
version = "0.0.0"
edition = "2021"
[lib]
crate-type = ["staticlib"]
path = "$here/$1.rs"
[dependencies]
rayon = "1"
[workspace]
END
    cat >"$build/rayon_$1/.cargo/config.toml" <<END
[source.crates-io]
replace-with = "packages"
[source.packages]
directory = "$crates"
END
    (cd "$build/rayon_$1" && CARGO_HOME="$build/rayon_$1/home" RUSTC="${RUSTC:-/usr/bin/rustc}" \
        "$cargo" build --offline --quiet --release --target-dir "$build/rayon_$1/target")
}

rayon_library() { # name: makes $library of name.rs, or says why not
    library=$build/rayon_$1/target/release/lib$1.a
    rm -f "$library"
    if ! [ -x "$cargo" ]; then
        missing "$1" "rustc cargo librust-rayon-dev"
    elif ! [ -e "$(echo "$crates"/rayon-1*/Cargo.toml)" ]; then
        missing "$1" librust-rayon-dev
    else
        builds "$1_library" "rustc cargo librust-rayon-dev" rayon_crate "$1"
    fi
    [ -e "$library" ]
}
