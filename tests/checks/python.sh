#!/bin/sh
# Python and Cython on crew: crew.py and crew.pxd agree with the headers and with the library, structs have C's layout,
# the README's lines build the Cython module, whose three ways give the same bytes, and crew.py does what NumPy does.
# Usage: python.sh FOLDER [PREFIX], PREFIX being where crew is installed; without one it is built.
set -u
cd "$(dirname "$0")/../.." || exit 2
mkdir -p "$1"
out=$(cd "$1" && pwd)
prefix=${2:-$out/prefix}
python=/usr/bin/python3
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH="$PWD/examples/python"
status=0

complain() {
    echo "error: $*"
    status=1
}

command -v $python >/dev/null 2>&1 || {
    echo "SKIP Python: no python3"
    exit 0
}
$python examples/python/declarations.py --check || status=1

# It sees what has changed: a type, a member, a new function.
$python - <<'END' || complain "declarations.py does not see that a header has changed"
import declarations, os, shutil, tempfile
good = declarations.Declarations()
for header, old, new in (("for.h", "crew_for(size_t n,", "crew_for(long n,"), ("options.h", "double timeout;", ""),
                         ("map.h", "CREW_API", "CREW_API int crew_sort2(int x);\nCREW_API"),
                         ("stream.h", "CREW_STREAM_END = INT_MIN", "CREW_STREAM_END = INT_MIN + 2")):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(declarations.HEADERS, folder, dirs_exist_ok=True)
        path = os.path.join(folder, header)
        text = open(path).read()
        assert text.count(old) == 1, (header, old)
        open(path, "w").write(text.replace(old, new))
        bad = declarations.Declarations(folder)
        assert declarations.for_ctypes(bad) != declarations.for_ctypes(good), header
        if "STREAM" not in old:  # Cython gets values from the header
            assert declarations.for_cython(bad) != declarations.for_cython(good), header
END

if [ -z "${2-}" ]; then
    { meson setup "$out/build" --prefix "$prefix" -Dlibdir=lib -Dtests=disabled -Dexamples=false ||
        [ -e "$out/build/build.ninja" ]; } >"$out/build.log" 2>&1
    meson install -C "$out/build" >>"$out/build.log" 2>&1 || {
        tail -n 20 "$out/build.log"
        exit 1
    }
fi
# The folder may have been moved since it was installed.
mkdir -p "$out/pkgconfig"
sed "s#^prefix=.*#prefix=$prefix#" "$prefix/lib/pkgconfig/crew.pc" >"$out/pkgconfig/crew.pc"
export PKG_CONFIG_PATH="$out/pkgconfig" LD_LIBRARY_PATH="$prefix/lib" LIBCREW="$prefix/lib/libcrew.so"
[ -e "$prefix/include/crew/crew.pxd" ] || complain "crew.pxd is not installed"

# The functions of the tables are those that the library shows.
nm -D --defined-only "$LIBCREW" | awk '{ sub(/@.*/, "", $3); print $3 }' | grep '^crew_[a-z]' | sort >"$out/shown"
$python -c 'import declarations
print(*sorted(name for name, _ in declarations.Declarations().functions), sep="\n")' | sort >"$out/declared"
diff "$out/declared" "$out/shown" || complain "functions in the headers (<) and in the library (>) differ"

$python tests/checks/python_struct.py c >"$out/structs.c"
gcc -Iinclude "$out/structs.c" -o "$out/structs" && "$out/structs" >"$out/in-c"
$python tests/checks/python_struct.py ctypes >"$out/in-python"
diff "$out/in-c" "$out/in-python" || complain "structs in C (<) and in crew.py (>) differ"
[ -s "$out/in-c" ] || complain "no structs"

# shellcheck disable=SC2046
cc -O2 -shared -fPIC -Wall -Wextra -Werror $(pkg-config --cflags crew) examples/python/kernels.c -o "$out/kernels.so" ||
    complain "kernels.c"
$python -I -S -c "import sys; sys.path[:0] = ['$PYTHONPATH']; sys.argv = ['', '$out/kernels.so', '--plain']
exec(open('tests/checks/python_crew.py').read())" || complain "crew.py without NumPy"
if $python -c 'import numpy' 2>/dev/null; then
    $python tests/checks/python_crew.py "$out/kernels.so" || complain "crew.py with NumPy"
else
    echo "SKIP crew.py with NumPy: no python3-numpy"
fi

if ! command -v cython3 >/dev/null 2>&1 || ! $python-config --includes >/dev/null 2>&1 ||
    ! $python -c 'import numpy' 2>/dev/null; then
    echo "SKIP the Cython module: cython3, python3-dev or python3-numpy is missing"
    exit $status
fi
cp examples/python/process.pyx "$out"
lines=$(sed -n 's/^    \(cython3 .*\|cc .*process\.so\)$/\1/p' examples/python/README.md)
(cd "$out" && PATH=/usr/bin:$PATH sh -e -c "$lines") || complain "the README's lines do not build the module"
PYTHONPATH=$out $python - <<'END' || complain "the Cython module"
import os, process, numpy as np
for n in (0, 1, 2, 1000, 100000):
    x = np.random.default_rng(n).random(n)
    want = process.sequential_process(x)
    if n == 1000:
        assert np.allclose(want * np.exp(want), 1 + x)
    for workers in (1, 2, 8):
        assert process.parallel_process(x, workers).tobytes() == want.tobytes(), (n, workers)
        if n < 100000:
            assert process.isolated_process(x, workers).tobytes() == want.tobytes(), (n, workers)
    assert np.isclose(process.sum_process(want), want.sum())
print("sequential_process, parallel_process, isolated_process: the same bytes")
END

# Every function of crew.pxd is known to Cython and to the compiler by that name.
$python - >"$out/names.pyx" <<'END'
import declarations
d = declarations.Declarations()
print("# cython: language_level=3\ncimport crew\ncdef void *p")
print(*(f"p = <void *>&crew.{name}" for name, _ in d.functions), sep="\n")
print(*(f"cdef crew.{name} s{k}" for k, (name, _) in enumerate(d.structs)), sep="\n")
END
(cd "$out" && cython3 -3 -I "$prefix/include/crew" names.pyx) || complain "crew.pxd does not compile"
# shellcheck disable=SC2046
cc -O0 -shared -fPIC $($python-config --includes) -I"$prefix/include" "$out/names.c" -o "$out/names.so" ||
    complain "crew.pxd's names do not compile"
exit $status
