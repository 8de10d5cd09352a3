# Cuts the program out of a header's opening comment: what is indented behind "A whole program:", to FOLDER/NAME.c, and
# what stands behind "// prints", to FOLDER/NAME.want. Usage: awk -v folder=FOLDER -v name=NAME -f programs.awk HEADER
/^   A whole program:$/ {
    inside = 1
    print "#line " NR + 1 " \"" FILENAME "\"" >(folder "/" name ".c")
    next
}
inside {
    ended = sub(/ \*\/$/, "")
    if ($0 != "" && !sub(/^       /, "")) {
        print "error: " FILENAME ":" NR ": a line of the program that is not indented by seven"
        exit 1
    }
    print >(folder "/" name ".c")
    if (match($0, /\/\/ prints /))
        print substr($0, RSTART + RLENGTH) >(folder "/" name ".want")
}
/\*\/$/ || ended {
    exit
}
