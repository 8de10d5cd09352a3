# Writes README.md with its table of speeds made anew from what run.sh has printed; a row whose figures are not all there
# stays as it is. Usage: awk -f tests/bench/speed.awk LINES README.md

FNR == 1 { file++ }

file == 1 {
    if ($1 == "bench") {
        split($4, n, "=")
        split($6, ns, "=")
        split($7, ratio, "=")
        key = $2 " " $3 " " n[2]
        times[key] = ns[2]
        ratios[key] = ratio[2]
    }
    next
}

function figure(x)
{
    return sprintf(x < 9.95 ? "%.1f" : "%.0f", x)
}

function quotient(x)
{
    return sprintf(x < 1.995 ? "%.2f" : x < 9.95 ? "%.1f" : "%.0f", x)
}

# The time or the ratio of a system, or "" with `missing` set.
function time(key)
{
    missing = missing || !(key in times)
    return figure(times[key])
}

function over(key)
{
    missing = missing || !(key in ratios)
    return quotient(ratios[key])
}

function row(old, new)
{
    print missing ? old : new
    missing = 0
}

/^\| 64 trivial iterations \|/ {
    row($0, "| 64 trivial iterations | " time("launch crew 64") " ns | plain loop " time("launch plain 64") \
        ", `omp parallel for` " time("launch libgomp-static 64") " |")
    next
}
/^\| axpy of 10\^6 doubles, peer ÷ crew \|/ {
    row($0, "| axpy of 10^6 doubles, peer ÷ crew | 1.00 | plain loop " over("axpy plain 1000000") \
        ", `omp parallel for` " over("axpy libgomp-static 1000000") " |")
    next
}
/^\| sum of 10\^6 doubles, peer ÷ crew \|/ {
    row($0, "| sum of 10^6 doubles, peer ÷ crew | 1.00 | `omp simd reduction` at `-Ofast -march=native` " \
        over("sum libgomp-simd 1000000") " |")
    next
}
/^\| sort of 10\^6 doubles, peer ÷ crew \|/ {
    row($0, "| sort of 10^6 doubles, peer ÷ crew | 1.00 | Rayon " over("sort-f64-random rayon 1000000") ", oneTBB " \
        over("sort-f64-random tbb 1000000") ", `std::sort` " over("sort-f64-random std 1000000") " |")
    next
}
/^\| fork and join, `fib\(35\)` \|/ {
    row($0, "| fork and join, `fib(35)` | " time("fork_join-fib crew 35") " ns a fork | plain calls " \
        time("fork_join-fib plain 35") ", Rayon " time("fork_join-fib rayon 35") ", oneTBB " \
        time("fork_join-fib tbb 35") ", libgomp " time("fork_join-fib libgomp 35") " |")
    next
}
/^\| submit 10\^6 empty tasks \|/ {
    row($0, "| submit 10^6 empty tasks | " time("submit-1 crew 1000000") " ns a task | mutex and condition " \
        time("submit-1 pool 1000000") ", oneTBB " time("submit-1 tbb 1000000") " |")
    next
}
{ print }
