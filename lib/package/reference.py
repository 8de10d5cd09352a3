#!/usr/bin/env python3
"""The reference, made from the comments of the public headers.

    reference.py man FOLDER VERSION HEADER...    a man page for each function, statement and type
    reference.py filter HEADER                   the header as Doxygen wants its comments (INPUT_FILTER)
    reference.py names HEADER...                 what is documented, one name a line
    reference.py types HEADER...                 the types of these
    reference.py bare HEADER...                  public functions that no comment describes; 1 where there are any
"""

import os
import re
import sys

TYPES = r"(?:_(?:f32|f64|i8|i16|i32|i64|u8|u16|u32|u64|bool))+"
PROGRAM = "A whole program:\n"
PUBLIC = re.compile(r"\b((?:crew|CREW)_(?!_)\w+)")


class Entry:
    """One public name: its declaration, the comment that describes it, and what is said of all around it."""

    def __init__(self, header, kind, name, declaration, comment, about):
        self.header, self.kind, self.name, self.declaration = header, kind, name, declaration
        self.comment, self.about = comment, about


def comment_text(raw):
    """The text of a comment without its marks, lines indented as in the first one."""
    lines = raw[2:-2].rstrip().split("\n")
    lines = [lines[0].strip()] + [re.sub(r"^ ?\* ?|^ {3}", "", line, count=1).rstrip() for line in lines[1:]]
    return "\n".join(lines).strip("\n")


def pieces(text):
    """(kind, text, blank line behind) of comments, directives and declarations, in order."""
    at = 0
    token = re.compile(r"\s*(?:(/\*.*?\*/)|(#(?:\\\n|[^\n])*))", re.S)
    while at < len(text):
        if m := token.match(text, at):
            end = m.end()
            kind, part = ("comment", m.group(1)) if m.group(1) else ("directive", m.group(2))
        else:
            part, end, depth = "", at, 0
            while end < len(text):
                if text.startswith("/*", end):
                    end = text.index("*/", end) + 2
                    continue
                c = text[end]
                depth += c == "{"
                depth -= c == "}"
                end += 1
                body_ends = c == "}" and depth == 0 and re.match(r"\s*(CREW_API|static)\b", text[at:end])
                if c == ";" and depth <= 0 or body_ends or depth < 0 or text[at:end].strip() == 'extern "C" {':
                    break
            kind, part = "declaration", text[at:end].strip()
            if not part:
                break
        rest = text[end:]
        yield kind, part, re.match(r"[ \t]*\n[ \t]*\n", rest) is not None
        at = end


def declared(kind, part):
    """(kind, name) of a declaration or a directive; None for what is no part of the reference."""
    if kind == "directive":
        m = re.match(r"#define (CREW_(?!_)\w+)(\(.*?\))?", part)
        if not m or m.group(1).endswith("_H") or m.group(1) in ("CREW_API", "CREW_NO_ARRAY", "CREW_NAME", "CREW_TYPE"):
            return None
        return "macro", m.group(1)
    bare = re.sub(r"/\*.*?\*/", " ", part, flags=re.S)
    if bare.startswith("CREW_API"):
        signature = bare.split("{")[0]
        m = re.search(r"\b(crew_\w+)\s*(?:\(|;$)", signature.replace("CREW_API", "", 1))
        return ("function", m.group(1)) if m and not m.group(1).startswith("crew__") else None
    if bare.startswith("static inline"):
        m = re.search(r"\b(crew_(?!_)\w+)\(", bare)
        return ("function", m.group(1)) if m else None
    if bare.startswith("typedef"):
        m = re.search(r"(\w+)\s*;$", bare) if "{" in bare or not bare.rstrip().endswith(");") else \
            re.search(r"\b(crew_\w+)\s*\(", bare)
        return ("type", m.group(1)) if m and m.group(1).startswith("crew_") and "__" not in m.group(1) else None
    return None


def read(path):
    """The entries of a header."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    header = "crew/" + os.path.relpath(path, os.path.dirname(path)) if "/inline/" not in path else \
        "crew/inline/" + os.path.basename(path)
    entries, first, common, pending, last = [], None, None, None, None
    for kind, part, blank in pieces(text):
        if kind == "comment":
            said = comment_text(part)
            if first is None:
                first, pending = said, None
            elif said.startswith("What follows belongs to crew"):
                break
            elif blank:
                common, pending = said, None
            else:
                pending = last = said
            continue
        found = declared(kind, part)
        if found:
            said = last if found[0] == "function" else pending  # several may stand under one comment
            signature = part.split("\n{")[0] if found[0] == "function" else part
            if found[0] == "macro":
                signature = re.match(r"#define (\w+(?:\([^)]*\))?)", part).group(1)
            about = [first] + ([common] if common and common != first else [])
            entries.append(Entry(header, found[0], found[1], signature, said, about))
        pending = None
    return entries


def reference(paths):
    """All entries; a type's variants have the comment of the one that is described."""
    entries = [entry for path in paths for entry in read(path)]

    def family(name):  # crew_sort is another function than those of the types
        stem = re.sub(TYPES + "$", "", name)
        return stem, stem != name

    described = {}
    for e in entries:
        if e.comment and not e.comment.startswith("The same for the other types"):
            described.setdefault(family(e.name), e)
    for e in entries:
        if not e.comment or e.comment.startswith("The same for the other types"):
            twin = described.get(family(e.name))
            e.comment = twin.comment if twin and twin is not e else None
            if twin and twin is not e:
                e.about = twin.about
    return entries


def paragraphs(text):
    """(preformatted, lines): code and columns stay as they are."""
    for part in re.split(r"\n\s*\n", text):
        lines = part.split("\n")
        aligned = any(re.search(r"\S {2,}\S", line) for line in lines) or all(line.startswith(" ") for line in lines)
        yield aligned, lines


def roff(line):
    line = line.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga")
    return "\\&" + line if line.startswith((".", "'")) else line


def man_text(text):
    out = []
    for preformatted, lines in paragraphs(text):
        out.append(".PP")
        if preformatted:
            out += [".nf", *(roff(line) for line in lines), ".fi"]
        else:
            out += [roff(line.strip()) for line in lines]
    return out


def without_program(about):
    """The comment that a header begins with, and the program in it; None where there is none."""
    prose, _, program = about.partition(PROGRAM)
    return prose.rstrip(), program and program.strip("\n")


def since(comment):
    """The version that has it first: what its comment says ("Since 0.2.0."), else the first one."""
    said = re.search(r"\bSince (\d+\.\d+\.\d+)\.", comment or "")
    return said.group(1) if said else "0.1.0"


def man_page(e, version, others):
    said = e.comment or without_program(e.about[0])[0]
    brief = re.split(r"(?<=[a-z0-9)])[.:;]\s", " ".join(said.split()))[0].rstrip(".:")
    brief = brief[:90].rsplit(" ", 1)[0] + " ..." if len(brief) > 90 else brief
    out = [f'.TH {e.name.upper()} 3 "" "crew {version}" "crew"', ".SH NAME", f"{roff(e.name)} \\- {roff(brief)}",
           ".SH SYNOPSIS", ".nf", f"#include <{e.header}>", "",
           *(roff(line) for line in re.sub("CREW_API |CREW__INLINE ", "", e.declaration).split("\n")), ".fi",
           ".SH DESCRIPTION"]
    out += man_text(e.comment) if e.comment else []
    program = without_program(e.about[0])[1]
    for about in e.about:
        if about != e.comment:
            out += [".SH " + ("IN THIS HEADER" if about == e.about[0] else "IN COMMON"),
                    *man_text(without_program(about)[0])[1:]]
    if program:
        out += [".SH EXAMPLE", ".nf", *(roff(line) for line in program.split("\n")), ".fi"]
    out += [".SH SINCE", "crew " + since(e.comment), ".SH SEE ALSO",
            ",\n".join(f".BR {name} (3)" for name in others[:12]).replace(",\n", " ,\n") or roff(e.header)]
    return "\n".join(out) + "\n"


def write_man(folder, version, paths):
    os.makedirs(folder, exist_ok=True)
    entries = reference(paths)
    for e in entries:
        others = [o.name for o in entries if o.header == e.header and o.name != e.name and o.kind == e.kind and
                  (not re.search(TYPES + "$", o.name) or o.name.endswith("_f64"))]
        with open(os.path.join(folder, e.name + ".3"), "w", encoding="utf-8") as f:
            f.write(man_page(e, version, others))


def doxygen_filter(path):
    """Comments before declarations and behind members become Doxygen's; lines keep their numbers."""
    with open(path, encoding="utf-8") as f:
        text = f.read()
    if path.endswith(".md"):  # links into the tree lead nowhere from there
        print(re.sub(r"\[([^]]*)\]\((?!https?:)[^)]*\)", r"\1", text), end="")
        return

    def prose(raw):
        raw, _, program = raw[2:-2].partition(PROGRAM)
        lines = raw.split("\n")
        out, k = [], 0
        blocks = re.split(r"(\n\s*\n)", "\n".join(lines))
        for block in blocks:
            rows = [row[3:] if row.startswith("   ") else row for row in block.split("\n")]
            aligned = any(re.search(r"\S {2,}\S", row) for row in rows) or \
                (block.strip() and k > 0 and all(row.startswith(" ") for row in rows if row.strip()))
            if aligned and block.strip():
                out.append("@verbatim " + block.replace("*/", "") + "@endverbatim")
            else:
                plain = re.sub(r"([\\@<>#&$%\"|~])", r"\\\1", re.sub(r"`([^`\n]*)`", r"'\1'", block))
                out.append(plain.replace("..", "&hellip;"))  # two dots would end the sentence
            k += bool(block.strip())
        if program:  # the lines of the program keep their places
            out.append(f"{PROGRAM}@code{{.c}}{program}@endcode ")
        return "".join(out)

    def replace(m):
        before = text[text.rfind("\n", 0, m.start()) + 1:m.start()].strip()
        inside = prose(m.group(0))
        if before and not before.startswith("#"):
            return "/**<" + inside + "*/"
        if before:
            return m.group(0)
        if m.start() == 0:
            return "/** @file\n" + inside + "*/"
        return f"/**{inside} @since {since(m.group(0))} */"

    # A template's comment says all; its code is no C without the parameters.
    cut = text.find("*/") + 2 if "/inline/" in path else text.find("/* What follows belongs to crew")
    public, rest = (text, "") if cut < 0 else (text[:cut], text[cut:])
    hidden = "/** @cond */" + rest + "/** @endcond */" if rest else ""
    print(re.sub(r"/\*.*?\*/", replace, public, flags=re.S) + hidden, end="")


def main():
    command, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 2 else ("", [])
    if command == "man":
        write_man(rest[0], rest[1], rest[2:])
    elif command == "filter":
        doxygen_filter(rest[0])
    elif command == "names":
        print(*sorted({e.name for e in reference(rest)}), sep="\n")
    elif command == "types":
        print(*sorted({e.name for e in reference(rest) if e.kind == "type"}), sep="\n")
    elif command == "bare":
        bare = sorted({e.name for e in reference(rest) if e.kind == "function" and not e.comment})
        print(*bare, sep="\n")
        sys.exit(bool(bare))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main()
