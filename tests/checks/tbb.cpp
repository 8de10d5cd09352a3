// crew and oneTBB in one process: right results whoever calls whom, and how long it takes and how many threads there
// are, those that earlier lines left included. Usage: tbb [OUTER INNER]: so many pieces, each of so many numbers.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <crew/crew.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <oneapi/tbb.h>
#include <thread>
#include <vector>

namespace
{

size_t outer = 64, inner = 20000;
std::vector<double> x, y, wanted;
std::vector<double> sums, wanted_sums;
std::atomic<int> threads{0};

void count_threads()
{
    int n = -2;
    DIR *tasks = opendir("/proc/self/task");
    while (tasks && readdir(tasks))
        n++;
    if (tasks)
        closedir(tasks);
    int seen = threads.load();
    while (n > seen && !threads.compare_exchange_weak(seen, n))
        ;
}

double kernel(double v)
{
    for (int k = 0; k < 8; k++)
        v = v * 0.75 + 1;
    return v;
}

void plain_piece(size_t piece)
{
    for (size_t i = piece * inner; i < (piece + 1) * inner; i++)
        y[i] = kernel(x[i]);
    count_threads();
}

// What a piece does with either library: a loop and, with crew, a sum that has the same bits in every way.
void crew_piece(size_t piece)
{
    double *in = &x[piece * inner], *out = &y[piece * inner], sum = 0;
    CREW_EACH(i, inner, out[i] = kernel(in[i]));
    CREW_SUM(sum, j, inner, out[j]);
    sums[piece] = sum;
    count_threads();
}

void tbb_piece(size_t piece)
{
    tbb::parallel_for(tbb::blocked_range<size_t>(piece * inner, (piece + 1) * inner), [](const auto &range) {
        for (size_t i = range.begin(); i < range.end(); i++)
            y[i] = kernel(x[i]);
    });
    count_threads();
}

template <void (*piece)(size_t)> int body(size_t begin, size_t end, void *)
{
    for (size_t p = begin; p < end; p++)
        piece(p);
    return 0;
}

template <void (*piece)(size_t)> void by_loop()
{
    for (size_t p = 0; p < outer; p++)
        piece(p);
}

template <void (*piece)(size_t)> void by_crew()
{
    if (crew_for(outer, body<piece>, nullptr, nullptr) != 0)
        abort();
}

template <void (*piece)(size_t)> void by_tbb()
{
    tbb::parallel_for(size_t(0), outer, [](size_t p) { piece(p); });
}

std::vector<size_t> numbers;

template <void (*piece)(size_t)> int task(void *arg)
{
    piece(*static_cast<size_t *>(arg));
    return 0;
}

template <void (*piece)(size_t)> int fork_all(void *)
{
    std::vector<crew_task> tasks(outer);
    for (size_t p = 0; p < outer; p++)
        crew_fork(&tasks[p], task<piece>, &numbers[p]);
    for (size_t p = outer; p-- > 0;)
        crew_join(&tasks[p]);
    return 0;
}

template <void (*piece)(size_t)> void by_fork()
{
    if (crew_run(fork_all<piece>, nullptr, nullptr) != 0)
        abort();
}

template <void (*piece)(size_t)> void by_executor()
{
    crew_executor *ex = crew_executor_open(nullptr);
    for (size_t p = 0; p < outer; p++)
        if (!ex || crew_submit_with(ex, task<piece>, &numbers[p], nullptr, nullptr) != 0)
            abort();
    crew_executor_shutdown(ex, 0);
}

// Half of the pieces from a thread of the program with crew, half with oneTBB, at the same time.
void side_by_side()
{
    std::thread other([] {
        for (size_t p = 0; p < outer / 2; p++)
            crew_piece(p);
    });
    for (size_t p = outer / 2; p < outer; p++)
        tbb_piece(p);
    other.join();
}

struct way {
    const char *name;
    void (*run)();
};

const way ways[] = {
    {"a plain loop in one thread", by_loop<plain_piece>},
    {"plain pieces, crew_for", by_crew<plain_piece>},
    {"plain pieces, tbb::parallel_for", by_tbb<plain_piece>},
    {"pieces of crew, one after the other", by_loop<crew_piece>},
    {"pieces of oneTBB, one after the other", by_loop<tbb_piece>},
    {"crew in tbb::parallel_for", by_tbb<crew_piece>},
    {"oneTBB in crew_for", by_crew<tbb_piece>},
    {"oneTBB in crew_fork", by_fork<tbb_piece>},
    {"oneTBB in an executor's tasks", by_executor<tbb_piece>},
    {"side by side on two threads", side_by_side},
};

double now()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

} // namespace

int main(int argc, char **argv)
{
    if (argc > 2) {
        outer = strtoul(argv[1], nullptr, 10);
        inner = strtoul(argv[2], nullptr, 10);
    }
    size_t n = outer * inner;
    x.resize(n);
    y.resize(n);
    wanted.resize(n);
    sums.resize(outer);
    for (size_t i = 0; i < n; i++)
        x[i] = double(i % 1013) / 7;
    for (size_t p = 0; p < outer; p++)
        numbers.push_back(p);
    for (size_t i = 0; i < n; i++)
        wanted[i] = kernel(x[i]);
    for (size_t p = 0; p < outer; p++)
        wanted_sums.push_back(crew_sum_f64(&wanted[p * inner], inner));
    size_t tbb_threads = size_t(crew_num_threads());
    tbb::global_control limit(tbb::global_control::max_allowed_parallelism, tbb_threads);
    int status = 0;
    for (const way &w : ways) {
        double best = 1e9;
        threads = 0;
        for (int round = 0; round < 5; round++) {
            std::fill(y.begin(), y.end(), 0);
            sums = wanted_sums;
            double start = now();
            w.run();
            best = std::min(best, now() - start);
            if (y != wanted || sums != wanted_sums) {
                printf("error: %s: a wrong result\n", w.name);
                status = 1;
            }
        }
        count_threads();
        // Each thread that oneTBB has may open a team of crew's; an executor has its own, which may do so too.
        int each = crew_num_threads(), bound = each * each + 3 * each + 2;
        if (threads > bound) {
            printf("error: %s: %d threads, %d expected\n", w.name, threads.load(), bound);
            status = 1;
        }
        printf("%-40s %8.2f ms, %d threads\n", w.name, best * 1e3, threads.load());
    }
    return status;
}
