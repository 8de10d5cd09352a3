#!/usr/bin/env python3
"""What the public headers declare, for crew.py (ctypes) and crew.pxd (Cython).

    python3 examples/python/declarations.py --write    after a change of a public header
    python3 examples/python/declarations.py --check    says what does not agree with the headers; 1 where something does

crew.pxd is written whole; of crew.py the text between its two marks. The headers are plain C in one style, so a few
expressions read them; what they do not understand ends the script with a message.
"""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HEADERS = os.path.join(HERE, "..", "..", "include", "crew")
WIDTH = 120

# These declare nothing that a program without a C compiler could use.
LEFT_OUT = {"accumulate.h", "compiler.h", "crew.h", "expression.h", "expression_run.h", "mpi.h", "mpi_algorithms.h",
            "mpi_submit.h", "mpi_types.h", "reducers.h", "task_inline.h"}


def strip(text):
    """The text without comments and preprocessor lines."""
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    text = re.sub(r"//[^\n]*", " ", text)
    text = text.replace("\\\n", " ")
    return re.sub(r"^[ \t]*#.*$", "", text, flags=re.M)


def statements(text):
    """Declarations, each without its end; a function's body is left out."""
    text = re.sub(r'extern\s+"C"\s*\{', " ", text)
    start = depth = 0
    for at, c in enumerate(text):
        if c == "{":
            depth += 1
        elif c == "}":
            depth -= 1
            if depth < 0:  # the end of extern "C"
                depth, start = 0, at + 1
            elif depth == 0 and re.match(r"\s*(CREW_API|static)\b", text[start:]):
                yield " ".join(text[start:at].split("{")[0].split())
                start = at + 1
        elif c == ";" and depth == 0:
            yield " ".join(text[start:at].split())
            start = at + 1


class Declarations:
    """Lists of (name, text): constants, opaque, enums, callbacks, structs, functions, in the headers' order."""

    def __init__(self, folder=HEADERS):
        self.constants, self.opaque, self.enums, self.callbacks = [], [], [], []
        self.structs, self.functions, self.order = [], [], []
        for header in self.sorted_headers(folder):
            with open(os.path.join(folder, header), encoding="ascii") as f:
                for statement in statements(strip(f.read())):
                    self.add(header, statement)
        with open(os.path.join(folder, "version.h"), encoding="ascii") as f:
            for name, value in re.findall(r"^#define (CREW_VERSION_\w+) (\d+)", f.read(), flags=re.M):
                self.constants.append((name, int(value)))
        # A struct that is only declared at one place may be defined at another.
        self.opaque = [name for name in dict.fromkeys(self.opaque) if name not in dict(self.structs)]

    @staticmethod
    def sorted_headers(folder):
        """Those that others include come first."""
        done = []

        def visit(header):
            with open(os.path.join(folder, header), encoding="ascii") as f:
                for other in re.findall(r"^#include <crew/(\w+\.h)>", f.read(), flags=re.M):
                    if other not in LEFT_OUT and other not in done:
                        visit(other)
            if header not in done:
                done.append(header)

        for header in sorted(set(h for h in os.listdir(folder) if h.endswith(".h")) - LEFT_OUT):
            visit(header)
        return done

    def add(self, header, s):
        if "crew__" in s and "struct crew__member" not in s or s.startswith("static ") or not s:
            return
        if m := re.fullmatch(r"CREW_API (?:CREW__INLINE )?(.*)", s):
            s = m.group(1)
            if m := re.fullmatch(r"(\w+) (\w+)", s):  # declared by the name of its type
                self.functions.append((m.group(2), f"{m.group(1)} {m.group(2)}"))
            elif m := re.fullmatch(r"[\w\s*]+?\b(crew_\w+)\(.*\)", s):
                self.functions.append((m.group(1), s))
            else:
                sys.exit(f"{header}: not understood: {s}")
        elif m := re.fullmatch(r"typedef struct (\w+) (\w+)", s):
            self.opaque.append(m.group(2))
            self.order.append(("opaque", m.group(2)))
        elif m := re.fullmatch(r"typedef struct \w+ \{(.*)\} (\w+)", s):
            members = [member.strip() for member in m.group(1).split(";") if member.strip()]
            self.structs.append((m.group(2), members))
            self.order.append(("struct", m.group(2)))
        elif m := re.fullmatch(r"(?:typedef )?enum (?:\w+ )?\{(.*)\}\s*(\w*)", s):
            self.enums.append((m.group(2), [value.strip() for value in m.group(1).split(",")]))
            self.order.append(("enum", m.group(2)))
        elif m := re.fullmatch(r"typedef ([\w\s*]+?)\b(crew_\w+)(\(.*\))", s):
            self.callbacks.append((m.group(2), m.group(1), m.group(3)))
            self.order.append(("callback", m.group(2)))
        else:
            sys.exit(f"{header}: not understood: {s}")


def evaluated(enums):
    """(type, name, value) of each."""
    known = {"INT_MIN": -2**31}
    for name, values in enums:
        following = 0
        for text in values:
            key, _, value = (part.strip() for part in text.partition("="))
            known[key] = eval(value, {}, dict(known)) if value else following  # sums of names and numbers
            following = known[key] + 1
            yield name, key, known[key]


def wrapped(text, indent="    ", first=""):
    """Lines of at most WIDTH columns."""
    lines, line = [], first
    for word in text.replace(" *", "\0*").split(" "):  # a star stays with its type
        word = word.replace("\0", " ")
        if len(line) + 1 + len(word) > WIDTH and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += word + " "
    return "\n".join(lines + [line.rstrip()])


def for_ctypes(d):
    out = ["# Constants, structs, callbacks and functions, as the headers declare them."]
    for _, key, value in evaluated(d.enums):
        out.append(f"{key} = {value}")
    for key, value in d.constants:
        out.append(f"{key} = {value}")
    for name, words in (("_ENUMS", [name for name, _ in d.enums if name]), ("_OPAQUE", d.opaque)):
        out.append(f'\n{name} = """\n' + wrapped(" ".join(words), "") + '\n""".split()')
    out.append('\n_STRUCTS = """')
    for name, members in d.structs:
        out.append(wrapped(f"{name}: " + "; ".join(members) + ";"))
    out.append('"""\n\n_CALLBACKS = """')
    for name, returns, arguments in d.callbacks:
        out.append(wrapped(f"{returns}{name}{arguments};"))
    out.append('"""\n\n_FUNCTIONS = """')
    for _, text in d.functions:
        out.append(wrapped(text + ";"))
    out.append('"""')
    return "\n".join(out) + "\n"


def cython(text):
    """A C declaration in Cython's words."""
    text = re.sub(r"\bstruct (crew__\w+) \*", "void *", text)
    text = re.sub(r"\b(?:struct|enum) (?=\w)", "", text)
    text = re.sub(r"\bunsigned(?! (?:char|int|long))\b", "unsigned int", text)
    text = text.replace("(void)", "()").replace("*const ", "*").replace(" noexcept nogil", "\0noexcept\0nogil")
    text = re.sub(r"\b(in|from)\b", r"\1_", text)  # keywords of Python's
    return re.sub(r"\bbool\b", "crew_bool", text)


def for_cython(d):
    out = ['"""Declarations of crew for Cython: cimport crew. Made by declarations.py from the headers.',
           "",
           "Everything may be called without the GIL. A callback is a cdef function that is noexcept nogil.",
           '"""',
           "",
           "from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t",
           "from libc.stdio cimport FILE",
           "",
           'cdef extern from "<stdbool.h>":',
           '    ctypedef unsigned char crew_bool "bool"',
           "",
           'cdef extern from "crew/crew.h" nogil:']
    enums, structs = {}, dict(d.structs)
    for name, key, _ in evaluated(d.enums):
        enums.setdefault(name, []).append(key)
    callbacks = {name: (returns, arguments) for name, returns, arguments in d.callbacks}
    first = [("constants", "")]
    nameless = sum((keys for name, keys in enums.items() if not name), [])
    for kind, name in first + d.order:
        if kind == "constants":
            out += ["    enum:"] + [f"        {key}" for key in nameless + [key for key, _ in d.constants]] + [""]
        elif kind == "opaque" and name in d.opaque:
            out += [f"    ctypedef struct {name}:", "        pass", ""]
        elif kind == "enum" and name:
            out += [f"    ctypedef enum {name}:"] + [f"        {key}" for key in enums[name]] + [""]
        elif kind == "callback":
            returns, arguments = callbacks[name]
            out += [wrapped(cython(f"ctypedef {returns}{name}{arguments} noexcept nogil"), " " * 8, "    "), ""]
        elif kind == "struct":
            out.append(f"    ctypedef struct {name}:")
            for member in structs[name]:
                if "(*" in member:
                    out.append("        " + cython(member) + " noexcept nogil")
                else:  # several of one type
                    base = re.match(r"(?:const )?(?:unsigned |struct |enum )?\w+ ", member).group(0)
                    base = member[:member.rindex(" *") + 1] if " *" in member and "," not in member else base
                    rest = member[len(base):]
                    for one in rest.split(","):
                        one = one.strip().replace("CREW_ARRAY_DIMS", "64")
                        out.append("        " + cython(f"{base.strip()} {one}").replace("* *", "**"))
            out.append("")
    for name, text in d.functions:
        if "(" not in text:  # declared by its type's name
            returns, arguments = callbacks[text.split()[0]]
            text = f"{returns}{name}{arguments}"
        out.append(wrapped(cython(text), " " * 8, "    "))
    return "\n".join(out) + "\n"


def main():
    d = Declarations()
    module, pxd = os.path.join(HERE, "crew.py"), os.path.join(HERE, "crew.pxd")
    with open(module, encoding="utf-8") as f:
        text = f.read()
    before, begin, rest = text.partition("# <declarations: made by declarations.py>\n")
    _, end, after = rest.partition("# </declarations>\n")
    wanted = {module: before + begin + for_ctypes(d) + end + after, pxd: for_cython(d)}
    if not end:
        sys.exit(f"{module}: the marks are missing")
    failed = False
    for path, new in wanted.items():
        try:
            with open(path, encoding="utf-8") as f:
                old = f.read()
        except FileNotFoundError:
            old = ""
        if old == new:
            continue
        if sys.argv[1:] == ["--write"]:
            with open(path, "w", encoding="utf-8") as f:
                f.write(new)
            print("written:", os.path.relpath(path))
        else:
            failed = True
            gone = [line.strip() for line in old.splitlines() if line not in new.splitlines()]
            come = [line.strip() for line in new.splitlines() if line not in old.splitlines()]
            print(f"error: {os.path.relpath(path)} does not agree with the headers; run "
                  "python3 examples/python/declarations.py --write", *(f"  - {line}" for line in gone[:5]),
                  *(f"  + {line}" for line in come[:5]), sep="\n")
    if sys.argv[1:] not in (["--write"], ["--check"]):
        sys.exit(__doc__)
    sys.exit(failed)


if __name__ == "__main__":
    main()
