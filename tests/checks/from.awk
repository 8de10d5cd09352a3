# Cuts the C snippets out of examples/FROM.md. The first block of the page stands in front of every program, the first
# one of a section in front of that section's; every other block becomes a function, and main runs the one whose number
# it gets. Writes FOLDER/<section>.c, and what each function prints, as the page says, to FOLDER/<section>-<k>.want.
# Usage: awk -v folder=FOLDER -f from.awk examples/FROM.md
/^## / {
    finish()
    section = tolower($2)
    gsub(/[^a-z0-9]/, "_", section)
    have_functions = 0
}
/^```c$/ {
    inside = 1
    start = NR + 1
    body = ""
    wants = ""
    next
}
/^```$/ && inside {
    inside = 0
    place = "#line " start " \"" FILENAME "\"\n"
    if (section == "") {
        common = place body
    } else if (!have_functions) {
        functions = place body
        have_functions = 1
    } else {
        snippets++
        functions = functions "\nstatic void snippet_" snippets "(void)\n{\n" place body "}\n"
        if (wants == "") {
            print "error: " FILENAME ":" start ": a snippet that states no result"
            failed = 1
        }
        printf "%s", wants >(folder "/" section "-" snippets ".want")
        close(folder "/" section "-" snippets ".want")
    }
    next
}
inside {
    body = body $0 "\n"
    if (match($0, /\/\/ prints /))
        wants = wants substr($0, RSTART + RLENGTH) "\n"
}
END {
    finish()
    exit failed
}

function finish(    k)
{
    if (section == "")
        return
    file = folder "/" section ".c"
    print "/* Cut out of " FILENAME ". */\n" common functions "\nint main(int argc, char **argv)\n{" >file
    print "    switch (argc > 1 ? atoi(argv[1]) : 0) {" >file
    for (k = 1; k <= snippets; k++)
        print "    case " k ":\n        snippet_" k "();\n        return 0;" >file
    print "    default:\n        return 2;\n    }\n}" >file
    close(file)
    snippets = 0
}
