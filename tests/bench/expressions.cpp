// Expressions that are compiled in the program: crew's statements and inline algorithms beside plain loops, OpenMP's
// pragmas and the standard library, under the same flags.
#include <algorithm>
#include <chrono>
#include <crew/crew.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

namespace
{

struct record {
    double key;
    uint64_t place;
};

} // namespace

#define CREW_NAME sort_records
#define CREW_TYPE record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/sort.h>

#define CREW_NAME nth_record
#define CREW_TYPE record
#define CREW_LESS(a, b) ((a)->key < (b)->key)
#include <crew/inline/nth.h>

#define CREW_NAME running_sums
#define CREW_TYPE double
#define CREW_MERGE(acc, right) *(acc) += *(right)
#include <crew/inline/scan.h>

#define CREW_NAME keep_positive
#define CREW_TYPE int32_t
#define CREW_TEST(x) (*(x) > 0)
#include <crew/inline/filter.h>

#define CREW_NAME scale
#define CREW_TYPE double
#define CREW_MAP(x) (*(x)*2.5 + 1)
#include <crew/inline/map.h>

namespace
{

int most;
volatile double sink;

double now()
{
    return (double)std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

struct system_ {
    const char *name;
    int threads;
    std::function<void(size_t)> run; // one call on the set of that number
};

// Rounds take turns, so that noise is shared. `sets` inputs, so that no branch predictor knows one by heart.
void compare(const char *workload, size_t n, size_t sets, const std::function<void()> &fresh,
             const std::vector<system_> &systems)
{
    int rounds = n > 1000000 ? 9 : n > 10000 ? 31 : 61;
    std::vector<std::vector<double>> ns(systems.size());
    for (int r = 0; r < rounds; r++)
        for (size_t k = 0; k < systems.size(); k++) {
            fresh();
            crew_set_num_threads(systems[k].threads);
            double start = now();
            for (size_t s = 0; s < sets; s++)
                systems[k].run(s);
            ns[k].push_back((now() - start) / (double)sets);
        }
    double first = 0;
    for (size_t k = 0; k < systems.size(); k++) {
        std::sort(ns[k].begin(), ns[k].end());
        double median = ns[k][ns[k].size() / 2];
        first = k == 0 ? median : first;
        printf("bench %s %s n=%zu threads=%d median_ns=%.0f ratio=%.2f\n", workload, systems[k].name, n,
               systems[k].threads, median, median / first);
    }
}

size_t sets_of(size_t n)
{
    return n < 20000 ? 20000 / n : 1;
}

void sum(size_t n)
{
    size_t sets = sets_of(n);
    std::vector<double> x(n * sets);
    for (size_t i = 0; i < x.size(); i++)
        x[i] = (double)(i * 2654435761U % 1000003);
    const double m = 0.5;
    compare("expressions-sum", n, sets, [] {},
            {{"crew", most,
              [&](size_t set) {
                  const double *y = &x[set * n];
                  double s = 0;
                  CREW_SUM(s, i, n, (y[i] - m) * (y[i] - m));
                  sink = s;
              }},
             {"plain", 1,
              [&](size_t set) {
                  const double *y = &x[set * n];
                  double s = 0;
                  for (size_t i = 0; i < n; i++)
                      s += (y[i] - m) * (y[i] - m);
                  sink = s;
              }},
             {"libgomp-simd", most, [&](size_t set) {
                  const double *y = &x[set * n];
                  double s = 0;
#pragma omp parallel for simd reduction(+ : s) num_threads(most)
                  for (size_t i = 0; i < n; i++)
                      s += (y[i] - m) * (y[i] - m);
                  sink = s;
              }}});
}

void smallest(size_t n)
{
    size_t sets = sets_of(n);
    std::vector<double> x(n * sets);
    for (size_t i = 0; i < x.size(); i++)
        x[i] = (double)(1 + i * 2654435761U % 1000003);
    compare("expressions-min", n, sets, [] {},
            {{"crew", most,
              [&](size_t set) {
                  const double *y = &x[set * n];
                  double low = 1e300;
                  CREW_MIN(low, i, n, y[i]);
                  sink = low;
              }},
             {"libgomp-simd", most, [&](size_t set) {
                  const double *y = &x[set * n];
                  double low = 1e300;
#pragma omp parallel for simd reduction(min : low) num_threads(most)
                  for (size_t i = 0; i < n; i++)
                      low = y[i] < low ? y[i] : low;
                  sink = low;
              }}});
}

std::vector<record> records(size_t n)
{
    std::vector<record> in(n);
    uint64_t state = 88172645463325252U;
    for (auto &r : in) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        r = {(double)(state >> 40), state};
    }
    return in;
}

void sort(size_t n)
{
    size_t sets = sets_of(n);
    std::vector<record> in = records(n * sets), x(n * sets);
    auto standard = [&](size_t set) {
        record *y = &x[set * n];
        std::stable_sort(y, y + n, [](const record &a, const record &b) { return a.key < b.key; });
    };
    auto crew = [&](size_t set) { (void)sort_records(&x[set * n], n, nullptr); };
    compare("expressions-sort", n, sets, [&] { x = in; },
            {{"crew", 1, crew}, {"crew-all", most, crew}, {"std-stable", 1, standard}});
}

void nth(size_t n)
{
    size_t sets = sets_of(n);
    std::vector<record> in = records(n * sets), x(n * sets);
    auto standard = [&](size_t set) {
        record *y = &x[set * n];
        std::nth_element(y, y + n / 3, y + n, [](const record &a, const record &b) { return a.key < b.key; });
    };
    auto crew = [&](size_t set) { (void)nth_record(&x[set * n], n, n / 3, nullptr); };
    compare("expressions-nth", n, sets, [&] { x = in; },
            {{"crew", 1, crew}, {"crew-all", most, crew}, {"std-not-stable", 1, standard}});
}

void scan(size_t n)
{
    size_t sets = sets_of(n);
    std::vector<double> in(n * sets, 0.5), out(n);
    auto crew = [&](size_t set) { (void)running_sums(&in[set * n], out.data(), n, nullptr, nullptr); };
    compare("expressions-scan", n, sets, [] {},
            {{"crew", 1, crew}, {"crew-all", most, crew}, {"plain", 1, [&](size_t set) {
                                                               const double *x = &in[set * n];
                                                               double *to = out.data(), s = 0;
                                                               for (size_t i = 0; i < n; i++)
                                                                   to[i] = s += x[i];
                                                           }}});
}

void filter(size_t n)
{
    size_t sets = sets_of(n);
    std::vector<int32_t> in(n * sets), out(n);
    uint32_t state = 1;
    for (auto &v : in)
        v = (int32_t)(state = state * 1664525U + 1013904223U);
    auto crew = [&](size_t set) {
        size_t count;
        (void)keep_positive(&in[set * n], out.data(), n, &count, nullptr);
        sink = (double)count;
    };
    compare("expressions-filter", n, sets, [] {},
            {{"crew", 1, crew}, {"crew-all", most, crew}, {"branch-free", 1, [&](size_t set) {
                                                               const int32_t *x = &in[set * n];
                                                               int32_t *to = out.data();
                                                               size_t kept = 0;
                                                               for (size_t i = 0; i < n; i++) {
                                                                   to[kept] = x[i];
                                                                   kept += x[i] > 0;
                                                               }
                                                               sink = (double)kept;
                                                           }}});
}

void map(size_t n)
{
    size_t sets = sets_of(n);
    std::vector<double> in(n * sets), out(n);
    compare("expressions-map", n, sets, [] {},
            {{"crew", most, [&](size_t set) { (void)scale(&in[set * n], out.data(), n, nullptr); }},
             {"plain", 1, [&](size_t set) {
                  const double *x = &in[set * n];
                  double *to = out.data();
                  for (size_t i = 0; i < n; i++)
                      to[i] = x[i] * 2.5 + 1;
              }}});
}

} // namespace

int main(int argc, char **argv)
{
    most = argc > 1 ? atoi(argv[1]) : crew_num_threads();
    size_t largest = argc > 2 && strcmp(argv[2], "1") == 0 ? 1000000 : 10000000;
    for (size_t n = 10; n <= largest; n *= 10) {
        sum(n);
        filter(n);
        map(n);
        smallest(n);
        scan(n);
        if (n <= 1000000) {
            sort(n);
            nth(n);
        }
    }
    return 0;
}
