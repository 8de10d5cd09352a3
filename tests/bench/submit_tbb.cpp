/* submit with oneTBB's arena of workers only. Its results come through std::promise; "spin" has the caller look at a
   flag in a loop, which is the shortest way back, at the price of a CPU. */
#include "task_submit.h"

#include <atomic>
#include <future>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/task_arena.h>
#include <vector>

static tbb::task_arena *arena;

static void open_arena(int threads)
{
    /* The control counts a thread that submits, too. */
    static tbb::global_control control(tbb::global_control::max_allowed_parallelism, static_cast<size_t>(threads) + 1);
    static tbb::task_arena workers(threads, 0);
    workers.initialize();
    arena = &workers;
}

static void submit(size_t n)
{
    for (size_t k = 0; k < n; k++)
        arena->enqueue([] { task_ran(); });
}

static size_t submit_future(size_t n)
{
    std::vector<std::promise<size_t>> promises(n);
    std::vector<std::future<size_t>> futures;
    futures.reserve(n);
    for (std::promise<size_t> &p : promises) {
        futures.push_back(p.get_future());
        arena->enqueue([&p] { p.set_value(1); });
    }
    size_t sum = 0;
    for (std::future<size_t> &f : futures)
        sum += f.get();
    return sum;
}

/* The task may still be inside set_value when get returns, so it has an owner of its own. */
static size_t round_trip()
{
    auto promise = std::make_shared<std::promise<size_t>>();
    std::future<size_t> future = promise->get_future();
    arena->enqueue([promise] { promise->set_value(1); });
    return future.get();
}

static size_t round_trip_spin()
{
    std::atomic<size_t> value{0};
    arena->enqueue([&value] { value.store(1, std::memory_order_release); });
    while (value.load(std::memory_order_acquire) == 0)
        __builtin_ia32_pause();
    return value.load(std::memory_order_relaxed);
}

extern "C" const submit_system submit_systems[] = {{"tbb", open_arena, submit, submit_future, round_trip, 0},
                                                   {"spin", open_arena, nullptr, nullptr, round_trip_spin, 0},
                                                   {}};
