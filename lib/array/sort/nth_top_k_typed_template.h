/* What nth_top_k_typed.c does with keys of BITS bits, which the including file defines; undefined at the end. */
#define KEY CREW__JOIN(uint, CREW__JOIN(BITS, _t))
#define FN(name) CREW__CAT(name, BITS)

static inline KEY FN(rank_at)(const void *x, size_t i, const struct crew__key *key)
{
    KEY bits;
    memcpy(&bits, (const char *)x + i * sizeof bits, sizeof bits);
    return FN(crew__rank)(bits, key);
}

/* Counts the digits of those keys whose higher bits are s->prefix. */
static void FN(count)(size_t begin, size_t end, void *ctx)
{
    const struct select *s = ctx;
    const struct crew__key key = s->type->key;
    const KEY prefix = (KEY)s->prefix, mask = ((KEY)1 << s->bits) - 1;
    for (size_t c = begin; c < end; c++) {
        size_t *count = s->counts + (c << DIGIT);
        memset(count, 0, sizeof *count << DIGIT);
        for (size_t i = crew__cut_begin(&s->chunks, c), to = crew__cut_end(&s->chunks, c); i < to; i++) {
            KEY r = FN(rank_at)(s->x, i, &key);
            KEY above = s->shift + s->bits < BITS ? r >> (s->shift + s->bits) : 0;
            count[r >> s->shift & mask] += above == prefix;
        }
    }
}

/* counts[2 c] keys of chunk c are before the one selected, counts[2 c + 1] equal to it. */
static void FN(classify)(size_t begin, size_t end, void *ctx)
{
    const struct select *s = ctx;
    const struct crew__key key = s->type->key;
    const KEY t = (KEY)s->rank;
    for (size_t c = begin; c < end; c++) {
        size_t less = 0, equal = 0;
        for (size_t i = crew__cut_begin(&s->chunks, c), to = crew__cut_end(&s->chunks, c); i < to; i++) {
            KEY r = FN(rank_at)(s->x, i, &key);
            less += r < t;
            equal += r == t;
        }
        s->counts[2 * c] = less;
        s->counts[2 * c + 1] = equal;
    }
}

/* Parts the chunks into s->out. counts now say where; what is behind the equal ones has no count of its own. */
static void FN(part)(size_t begin, size_t end, void *ctx)
{
    const struct select *s = ctx;
    const struct crew__key key = s->type->key;
    const KEY t = (KEY)s->rank;
    for (size_t c = begin; c < end; c++) {
        size_t at[3] = {s->counts[2 * c], s->less + s->counts[2 * c + 1], s->less + s->equal};
        at[2] += crew__cut_begin(&s->chunks, c) - s->counts[2 * c] - s->counts[2 * c + 1];
        for (size_t i = crew__cut_begin(&s->chunks, c), to = crew__cut_end(&s->chunks, c); i < to; i++) {
            KEY r = FN(rank_at)(s->x, i, &key);
            size_t *place = &at[(r >= t) + (r > t)];
            memcpy(s->out + *place * sizeof(KEY), (const char *)s->x + i * sizeof(KEY), sizeof(KEY));
            ++*place;
        }
    }
}

/* Collects the keys behind the one selected and the first s->ties equal ones: complemented ranks, which a stable sort
   puts in the order asked for, and indices. */
static void FN(collect)(size_t begin, size_t end, void *ctx)
{
    const struct select *s = ctx;
    const struct crew__key key = s->type->key;
    const KEY t = (KEY)s->rank;
    for (size_t c = begin; c < end; c++) {
        size_t equal = s->counts[2 * c + 1], taken = equal < s->ties ? equal : s->ties;
        size_t at = crew__cut_begin(&s->chunks, c) - s->counts[2 * c] - equal + taken;
        for (size_t i = crew__cut_begin(&s->chunks, c), to = crew__cut_end(&s->chunks, c); i < to; i++) {
            KEY r = FN(rank_at)(s->x, i, &key);
            if (r < t || (r == t && equal++ >= s->ties))
                continue;
            r = ~r;
            memcpy(s->out + at * sizeof r, &r, sizeof r);
            s->index[at++] = i;
        }
    }
}

static inline KEY FN(median)(KEY x, KEY y, KEY z)
{
    KEY low = x < y ? x : y, high = x < y ? y : x;
    return z < low ? low : z > high ? high : z;
}

/* The rank of the one selected, for few keys; memory has room for twice as many. Parts them around a pivot, without a
   branch on their order, and goes on in one part. A pivot that left more than three quarters is followed by the middle
   of the range of ranks that is left, which at most BITS times can happen. */
static KEY FN(quickselect)(const struct select *s, size_t k, void *memory)
{
    KEY *a = memory, *b = a + s->chunks.n, low = 0, high = (KEY) ~(KEY)0;
    const struct crew__key key = s->type->key;
    size_t n = s->chunks.n;
    for (size_t i = 0; i < n; i++)
        a[i] = FN(rank_at)(s->x, i, &key);
    for (bool bad = false;;) {
        const size_t t = n / 9;
        KEY pivot = low + (high - low) / 2;
        if (!bad)
            pivot = FN(median)(FN(median)(a[0], a[t], a[2 * t]), FN(median)(a[3 * t], a[4 * t], a[5 * t]),
                               FN(median)(a[6 * t], a[7 * t], a[n - 1]));
        size_t below = 0, above = n; /* while i < n there is a free place between them */
        for (size_t i = 0; i < n; i++) {
            KEY r = a[i];
            b[below] = r;
            below += r < pivot;
            b[above - 1] = r;
            above -= r > pivot;
        }
        if (k >= below && k < above)
            return pivot;
        KEY *part = b;
        size_t left = below;
        if (k < below) {
            high = pivot - 1;
        } else {
            low = pivot + 1;
            part = b + above;
            left = n - above;
            k -= above;
        }
        bad = left > n - n / 4;
        n = left;
        b = a;
        a = part;
    }
}

/* The k last keys, k up to TOP_FEW, by insertion into a sorted list. */
static void FN(top)(const struct select *s, size_t k, size_t *index)
{
    const struct crew__key key = s->type->key;
    const size_t n = s->chunks.n;
    const void *x = s->x;
    KEY list[TOP_FEW];
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        KEY r = FN(rank_at)(x, i, &key);
        if (CREW__LIKELY(kept == k) && CREW__LIKELY(r <= list[k - 1]))
            continue;
        size_t j = kept < k ? kept++ : k - 1;
        for (; j > 0 && list[j - 1] < r; j--) {
            list[j] = list[j - 1];
            index[j] = index[j - 1];
        }
        list[j] = r;
        index[j] = i;
    }
}

#undef KEY
#undef FN
#undef BITS
