#!/bin/sh
# Every script passes shellcheck.
set -u
cd "$(dirname "$0")/../.." || exit 2
find . -path './build*' -prune -o \( -name '*.sh' -o -path './.ci/run' \) -print0 | xargs -0 shellcheck -x -P SCRIPTDIR
