"""Prints a C program that prints the size of each struct of crew.py and the offsets of its members."""

import ctypes
import sys

import crew


def structs():
    for name in sorted(vars(crew)):
        kind = getattr(crew, name)
        if name.startswith("crew_") and isinstance(kind, type) and issubclass(kind, ctypes.Structure) and \
                hasattr(kind, "_fields_"):
            yield name, kind


if sys.argv[1] == "c":
    print("#include <crew/crew.h>\n#include <stdio.h>\n#include <stddef.h>\n\nint main(void)\n{")
    for name, kind in structs():
        print(f'    printf("{name} %zu", sizeof({name}));')
        for field, _ in kind._fields_:
            print(f'    printf(" {field}:%zu", offsetof({name}, {field}));')
        print('    printf("\\n");')
    print("    return 0;\n}")
else:
    for name, kind in structs():
        print(name, ctypes.sizeof(kind), *(f"{field}:{getattr(kind, field).offset}" for field, _ in kind._fields_))
