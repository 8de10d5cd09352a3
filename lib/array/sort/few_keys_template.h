/* sample_BITS, find_hash_BITS, count_BITS and write_BITS of few_keys.c; undefined at the end. */
#define KEY CREW__JOIN(uint, CREW__JOIN(BITS, _t))
#define FN(name) CREW__CAT(name, BITS)

static inline size_t FN(slot)(KEY key, uint64_t factor)
{
    return (size_t)((KEY)(key * (KEY)factor) >> (BITS - SLOT_BITS));
}

/* The different keys of a sample, in order, and how many they are; 0 where there are too many or one is a NaN. */
static int FN(sample)(const KEY *x, size_t n, const struct crew__key *key, uint64_t *keys)
{
    unsigned char place[SLOTS] = {0}; /* one more than where in keys */
    int count = 0;
    for (size_t i = 0; i < SAMPLES; i++) {
        size_t step = n / SAMPLES, at = i * step + (size_t)(i * GOLDEN >> 40) % step;
        size_t slot = FN(slot)(x[at], GOLDEN >> (64 - BITS) | 1);
        while (place[slot] != 0 && keys[place[slot] - 1] != x[at])
            slot = (slot + 1) % SLOTS;
        if (place[slot] != 0)
            continue;
        if (count == MOST_KEYS)
            return 0;
        keys[count++] = x[at];
        place[slot] = (unsigned char)count;
    }
    for (int i = 0; i < count; i++) {
        const KEY k = (KEY)keys[i], rank = FN(crew__rank)(k, key);
        int j = i;
        if ((KEY)(rank - (KEY)key->least) > (KEY)key->span)
            return 0;
        for (; j > 0 && FN(crew__rank)((KEY)keys[j - 1], key) > rank; j--)
            keys[j] = keys[j - 1];
        keys[j] = k;
    }
    return count;
}

static bool FN(find_hash)(struct few_keys *f)
{
    for (uint64_t try = 1; try <= TRIES; try++) {
        f->factor = try * GOLDEN >> (64 - BITS) | 1;
        bool taken[SLOTS] = {false};
        int i = 0;
        for (; i < f->count; i++) {
            size_t slot = FN(slot)((KEY)f->keys[i], f->factor);
            if (taken[slot])
                break;
            taken[slot] = true;
            f->in_slot[slot] = f->keys[i];
        }
        if (i < f->count)
            continue;
        KEY elsewhere = 1; /* than slot 0, which is where 0 belongs */
        while (FN(slot)(elsewhere, f->factor) == 0)
            elsewhere++;
        for (size_t slot = 0; slot < SLOTS; slot++)
            if (!taken[slot])
                f->in_slot[slot] = slot == 0 ? elsewhere : 0;
        return true;
    }
    return false;
}

/* Not 0 where the key has no slot. */
static inline KEY FN(count_key)(KEY key, uint64_t factor, const KEY *in_slot, uint32_t *counts)
{
    size_t slot = FN(slot)(key, factor);
    counts[slot]++;
    return in_slot[slot] ^ key;
}

static void FN(count)(size_t begin, size_t end, void *ctx)
{
    struct few_keys *f = ctx;
    const uint64_t factor = f->factor;
    KEY in_slot[SLOTS];
    for (size_t s = 0; s < SLOTS; s++)
        in_slot[s] = (KEY)f->in_slot[s];
    for (size_t b = begin; b < end; b++) {
        if (atomic_load_explicit(&f->missed, memory_order_relaxed))
            return;
        const KEY *x = f->x;
        size_t i = crew__cut_begin(&f->blocks, b), to = crew__cut_end(&f->blocks, b);
        uint32_t counts[2][SLOTS] = {{0}}; /* one would wait for its last count where a key repeats */
        KEY other = 0;
        while (i < to && other == 0) {
            size_t stop = to - i > 1024 ? i + 1024 : to;
            for (; stop - i >= 2; i += 2) { /* of four at a time gcc makes vectors, which are slower */
                other |= FN(count_key)(x[i], factor, in_slot, counts[0]);
                other |= FN(count_key)(x[i + 1], factor, in_slot, counts[1]);
            }
            for (; i < stop; i++)
                other |= FN(count_key)(x[i], factor, in_slot, counts[0]);
        }
        if (other != 0)
            atomic_store_explicit(&f->missed, true, memory_order_relaxed);
        for (int k = 0; k < f->count; k++) {
            size_t slot = FN(slot)((KEY)f->keys[k], factor), found = (size_t)counts[0][slot] + counts[1][slot];
            atomic_fetch_add_explicit(&f->found[slot], found, memory_order_relaxed);
        }
    }
}

static void FN(write)(size_t begin, size_t end, void *ctx)
{
    const struct few_keys *f = ctx;
    KEY *x = f->x;
    size_t at = crew__cut_begin(&f->blocks, begin), to = crew__cut_end(&f->blocks, end - 1);
    for (int k = 0; at < to; k++) {
        const KEY key = (KEY)f->keys[k];
        size_t stop = f->end[k] < to ? f->end[k] : to;
        for (; at < stop; at++)
            x[at] = key;
    }
}

#undef KEY
#undef FN
#undef BITS
