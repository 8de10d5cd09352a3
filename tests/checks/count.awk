# Counts the tests in a log: prints "passed failed". A log is one program's output, or several joined by Meson with a
# header each. A program without a Check summary counts as one test, and one that failed without a failed test as one
# failure. -v status=N: the exit status of the command that wrote the log.

function end_of_program()
{
    if (!open)
        return
    if (ok && !summaries)
        passed++
    if (!ok && !failures)
        failed++
    open = summaries = failures = 0
}

/^=+ *[0-9]+\/[0-9]+ *=+$/ { end_of_program(); meson = open = 1; ok = 1 }

/^result: / && !/exit status (0|77)$/ { ok = 0 }
# 77: the suite lacks something of the system, and has said so.
/^result: / && /exit status 77$/ { open = 0 }

# What is skipped as a whole ends with 77, and is neither.
/^result: / && /exit status 77$/ { open = 0 }

/^[0-9]+%: Checks: [0-9]+, Failures: [0-9]+, Errors: [0-9]+$/ {
    gsub(/[^0-9 ]/, "")
    summaries++
    failures += $3 + $4 + ($2 == 0)
    passed += $2 - $3 - $4
    failed += $3 + $4 + ($2 == 0)
}

END {
    if (!meson && status != 77) {
        open = 1
        ok = status == 0
    }
    end_of_program()
    if (status != 0 && status != 77 && failed == 0)
        failed++
    print passed + 0, failed + 0
}
