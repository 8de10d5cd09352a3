#!/bin/sh
# Every C file is formatted by .clang-format, as version 14 does it.
set -u
cd "$(dirname "$0")/../.." || exit 2
tool=clang-format
! command -v clang-format-14 >/dev/null || tool=clang-format-14
find include lib tests examples \( -name '*.[ch]' -o -name '*.cpp' \) -exec "$tool" --dry-run -Werror {} +
