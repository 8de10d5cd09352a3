# shellcheck shell=sh # run.sh reads this file
# Sets libomp to the library's path, empty where there is none, and libomp_link to what links with it in place of
# libgomp.

libomp=
for file in /usr/lib/llvm-*/lib/libomp.so /usr/lib/*/libomp.so.5 /usr/lib64/libomp.so; do
    if [ -e "$file" ]; then
        libomp=$file
    fi
done
# shellcheck disable=SC2034 # for the file that reads this one
libomp_link="$libomp -Wl,-rpath,$(dirname "$libomp")"
