/* The parallel part of the radix sort: buckets by the highest varying bits, each then a segment. Parameters: see
   radix_template.h. */

static void FN(run)(struct FN(job) * job, size_t items, crew__block_fn *fn, double item_ns)
{
    struct crew__loop loop = {.n = items, .fn = fn, .ctx = job, .item_ns = item_ns};
    crew__run(&loop); /* no callback of these fails */
}

static void FN(look)(struct FN(scan) * s, crew__block_fn *fn, size_t n)
{
    size_t items = (n + CREW__RADIX_SCAN - 1) / CREW__RADIX_SCAN, failed;
    struct crew__loop loop = {.n = items, .fn = fn, .ctx = s, .item_ns = 1000};
    if (items < 8)
        fn(0, items, s, &failed);
    else
        crew__run(&loop);
}

static RANK FN(look_bits)(const ELEMENT *k, size_t n, bool first, const struct crew__key *key, size_t *nans)
{
    struct FN(scan) s = {.k = k, .n = n, .first = first, .key = key};
    FN(look)(&s, FN(scan_bits), n);
    *nans = s.nans;
    return (RANK)(s.any & s.none);
}

/* 1: sorted. -1: strictly falling. 0: neither. */
static int FN(look_order)(const ELEMENT *k, size_t n, const struct crew__key *key)
{
    size_t few = n - 1 < 32 ? n - 1 : 32, falls = 0;
    for (size_t i = 0; i < few; i++)
        falls += FN(raw)(k[i], key) > FN(raw)(k[i + 1], key);
    if (falls != 0 && falls != few)
        return 0;
    struct FN(scan) s = {.k = k, .n = n, .key = key, .not_up = falls != 0, .not_down = falls != few};
    FN(look)(&s, FN(scan_order), n - 1);
    return !s.not_up ? 1 : !s.not_down ? -1 : 0;
}

static int FN(reverse)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct FN(job) *job = ctx;
    (void)failed;
    size_t from = begin * CREW__RADIX_SCAN, half = job->n / 2;
    size_t to = half / CREW__RADIX_SCAN >= end ? end * CREW__RADIX_SCAN : half;
    struct VIEW a = job->from;
    for (size_t i = from; i < to; i++) {
        size_t j = job->n - 1 - i;
        ELEMENT e = a.k[i];
        a.k[i] = a.k[j];
        a.k[j] = e;
    }
#ifdef VALUE
    for (size_t i = from; i < to; i++) {
        size_t j = job->n - 1 - i;
        VALUE v = a.v[i];
        a.v[i] = a.v[j];
        a.v[j] = v;
    }
#endif
    return 0;
}

static int FN(copy_chunks)(size_t begin, size_t end, void *ctx, size_t *failed)
{
    const struct FN(job) *job = ctx;
    (void)failed;
    for (size_t c = begin; c < end; c++) {
        size_t at = c * job->chunk, n = FN(chunk_length)(job, c);
        struct VIEW want = job->into_to ? job->to : job->from;
        if (job->into_to)
            FN(copy)(FN(part)(want, at), FN(part)(job->from, at), n);
        FN(leave)(want.k + at, n, job->key);
    }
    return 0;
}

#ifndef RECORD
/* Moves the NaNs to the end, in order, through b. Returns how many other elements there are. */
static size_t FN(move_nans)(struct VIEW a, struct VIEW b, size_t n, const struct crew__key *key)
{
    size_t kept = 0, nans = 0;
    for (size_t i = 0; i < n; i++) {
        bool nan = (RANK)(FN(in)(a.k[i], key) - (RANK)key->least) > (RANK)key->span;
        FN(move)(b, nans, a, i);
        FN(move)(a, kept, a, i);
        nans += nan;
        kept += !nan;
    }
    FN(copy)(FN(part)(a, kept), b, nans);
    return kept;
}
#endif

/* Bits of the first digit: buckets of about 32 KiB, so that both a bucket and where it goes stay in the cache. */
static int FN(digit)(size_t n, RANK varying)
{
    int bits = crew__log2(n * sizeof(ELEMENT) >> 15 | 1) + 1;
    bits = bits < 6 ? 6 : bits > 11 ? 11 : bits;
    int needed = crew__log2(varying) + 1;
    return bits < needed ? bits : needed;
}

/* Cuts the range of ranks that vary into equal buckets. Where a few outliers make that range eight times as wide as the
   middle three quarters of a sample, only the range of these is cut. Both of its ends are elements that go to different
   buckets, so every split makes progress. */
static void FN(choose_buckets)(struct FN(job) * job, RANK varying)
{
    enum { SAMPLE = 64, FROM = SAMPLE / 8 };
    RANK sample[SAMPLE];
    for (size_t i = 0; i < SAMPLE; i++) {
        RANK r = FN(rank)(FN(enter)(job->from.k[job->n / SAMPLE * i], job->first, job->key), job->key);
        size_t j = i;
        for (; j > 0 && sample[j - 1] > r; j--)
            sample[j] = sample[j - 1];
        sample[j] = r;
    }
    int top = crew__log2(varying) + 1;
    job->low = top < BITS ? sample[0] >> top << top : 0;
    RANK range = sample[SAMPLE - 1 - FROM] - sample[FROM];
    if (range != 0 && job->outliers && crew__log2(range) + 3 < top) {
        job->low = sample[FROM];
        varying = range;
        top = crew__log2(range) + 1;
    }
    job->bits = FN(digit)(job->n, varying);
    job->shift = top - job->bits;
}

/* Splits job->from into buckets in job->to and sorts all but the big ones. */
static void FN(split)(struct FN(job) * job, RANK varying)
{
    FN(choose_buckets)(job, varying);
    job->buffered = job->bits > 8 && job->n * sizeof(ELEMENT) > (size_t)1 << 24;
    size_t buckets = (size_t)1 << job->bits;
    double chunk_ns = (double)job->chunk;
    FN(run)(job, job->chunks, FN(count), chunk_ns);
    size_t at = 0;
    for (size_t d = 0; d < buckets; d++) {
        for (size_t c = 0; c < job->chunks; c++) {
            size_t *place = &job->at[(c << job->bits) + d], count = *place;
            *place = at;
            at += count;
        }
    }
    FN(run)(job, job->chunks, FN(distribute), 2 * chunk_ns);
    job->first = false;
    FN(run)(job, buckets, FN(finish), 6 * (double)job->n / (double)buckets);
}

static void FN(set_chunks)(struct FN(job) * job)
{
    size_t chunks = job->n >> 14;
    chunks = chunks < 2 ? 2 : chunks > CREW__RADIX_CHUNKS ? CREW__RADIX_CHUNKS : chunks;
    job->chunk = (job->n + chunks - 1) / chunks;
    job->chunks = (job->n + job->chunk - 1) / job->chunk;
}

struct FN(pending) {
    size_t begin, n;
    bool in_a;
};

/* a is the array, b the scratch. Big buckets are disjoint and each a 64th of the whole, so 64 places hold those that
   wait. */
static void FN(all)(struct VIEW a, struct VIEW b, size_t n, size_t *counts, RANK varying, const struct crew__key *key)
{
    struct FN(pending) wait[CREW__RADIX_BIG + 1] = {{0, n, true}};
    size_t big = n / CREW__RADIX_BIG + 1;
    big = big < CREW__RADIX_ALONE * 2 ? CREW__RADIX_ALONE * 2 : big;
    int rounds = 0;
    for (int waiting = 1; waiting > 0; rounds++) {
        struct FN(pending) p = wait[--waiting];
        struct FN(job) job = {.n = p.n, .first = p.n == n && p.in_a, .big = big, .at = counts, .key = key};
        job.from = FN(part)(p.in_a ? a : b, p.begin);
        job.to = FN(part)(p.in_a ? b : a, p.begin);
        job.into_to = !p.in_a;
        job.outliers = rounds < 4 * CREW__RADIX_BIG; /* then by bits only, which end */
        FN(set_chunks)(&job);
        if (!job.first) {
            size_t nans;
            varying = FN(look_bits)(job.from.k, job.n, false, key, &nans);
        }
        if (varying == 0) {
            FN(run)(&job, job.chunks, FN(copy_chunks), (double)job.chunk / 2);
            continue;
        }
        FN(split)(&job, varying);
        const size_t *ends = counts + ((job.chunks - 1) << job.bits);
        for (size_t d = 0, begin = 0; d >> job.bits == 0; begin = ends[d++])
            if (ends[d] - begin >= big)
                wait[waiting++] = (struct FN(pending)){p.begin + begin, ends[d] - begin, !p.in_a};
    }
}

static int FN(sort_unordered)(struct VIEW a, struct VIEW b, size_t n, const struct crew__key *key)
{
    size_t nans = 0;
    RANK varying = FN(look_bits)(a.k, n, true, key, &nans);
    size_t *counts = NULL;
    if (n > CREW__RADIX_ALONE) {
        size_t chunks = n >> 14;
        chunks = chunks < 2 ? 2 : chunks > CREW__RADIX_CHUNKS ? CREW__RADIX_CHUNKS : chunks;
        counts = crew__scratch_take((chunks << FN(digit)(n, (RANK) ~(RANK)0)) * sizeof *counts);
        if (!counts)
            return -ENOMEM;
    }
#ifndef RECORD
    if (nans) {
        n = FN(move_nans)(a, b, n, key);
        varying = n ? FN(look_bits)(a.k, n, true, key, &nans) : 0;
    }
#endif
    if (varying != 0 && counts) {
        FN(all)(a, b, n, counts, varying, key);
    } else if (varying != 0) {
#ifndef RECORD
        for (size_t i = 0; i < n; i++)
            a.k[i] = FN(in)(a.k[i], key);
#endif
        FN(segment)(a, b, n, false, key);
        FN(leave)(a.k, n, key);
    }
    crew__scratch_give(counts);
    return 0;
}

static CREW__NOINLINE int FN(sort_on_stack)(struct VIEW a, size_t n, const struct crew__key *key)
{
    ELEMENT k[CREW__RADIX_STACK];
    struct VIEW b = {.k = k};
#ifdef VALUE
    VALUE v[CREW__RADIX_STACK];
    b.v = v;
#endif
    return FN(sort_unordered)(a, b, n, key);
}

static CREW__NOINLINE int FN(sort_on_heap)(struct VIEW a, size_t n, const struct crew__key *key)
{
    size_t size = n * sizeof *a.k, gap = (0 - size) & (CREW__CACHE_LINE - 1), values = 0;
#ifdef VALUE
    values = n * sizeof *a.v;
#endif
    char *memory = crew__scratch_take(size + gap + values);
    if (!memory)
        return -ENOMEM;
    struct VIEW b = {.k = (ELEMENT *)(void *)memory};
#ifdef VALUE
    b.v = (VALUE *)(void *)(memory + size + gap);
#endif
    int error = FN(sort_unordered)(a, b, n, key);
    crew__scratch_give(memory);
    return error;
}

int CREW__CAT(crew__radix_, INSTANCE)(void *keys, void *values, size_t n, const struct crew__key *key)
{
    struct VIEW a = {.k = keys};
#ifdef VALUE
    a.v = values;
#else
    (void)values;
#endif
    if (n <= FN(GROUP)) {
        RANK rank[FN(GROUP)];
        for (size_t i = 0; i < n; i++)
            rank[i] = FN(raw)(a.k[i], key);
        FN(sort_group)(a, a, n, rank);
        return 0;
    }
    int order = FN(look_order)(a.k, n, key);
    if (order < 0) {
        struct FN(job) job = {.from = a, .n = n};
        FN(run)(&job, n / 2 / CREW__RADIX_SCAN + 1, FN(reverse), 2000);
    }
    if (order != 0)
        return 0;
    return n <= CREW__RADIX_STACK ? FN(sort_on_stack)(a, n, key) : FN(sort_on_heap)(a, n, key);
}
