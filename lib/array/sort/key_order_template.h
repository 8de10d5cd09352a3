/* few_descents_BITS, descents_BITS and bits_BITS of key_order.c, for keys of BITS bits; undefined at the end. */
#define KEY CREW__JOIN(uint, CREW__JOIN(BITS, _t))
#define FN(name) CREW__CAT(name, BITS)

/* The rank of key i of a strided array. */
static inline KEY FN(rank)(const struct crew__keys *keys, size_t i, const struct crew__key *key)
{
    KEY bits;
    memcpy(&bits, (const char *)keys->first + i * keys->stride, sizeof bits);
    return FN(crew__rank)(bits, key);
}

/* How many of the first n keys have a lower one behind them. */
static inline size_t FN(few_descents)(const struct crew__keys *keys, size_t n)
{
    const struct crew__key *key = keys->key;
    size_t descents = 0;
    for (size_t i = 0; i < n; i++)
        descents += FN(rank)(keys, i, key) > FN(rank)(keys, i + 1, key);
    return descents;
}

/* The same of the n keys from `from` on. */
static size_t FN(descents)(const struct crew__keys *keys, size_t from, size_t n)
{
    const struct crew__key key = *keys->key;
    size_t descents = 0;
    if (keys->stride == sizeof(KEY)) {
        const KEY *k = (const KEY *)keys->first + from;
        if (memcmp(k, k + 1, n * sizeof *k) == 0) /* all equal: 0.3 to 0.8 of the time */
            return 0;
        if (crew__isa() >= CREW__ISA_AVX2)
            return FN(crew__descents_avx2)(k, n, &key);
        if (key.negative == 0) { /* integers need no look at NaNs: twice as fast */
            const KEY top = (KEY)key.top;
            for (size_t i = 0; i < n; i++)
                descents += (k[i] ^ top) > (k[i + 1] ^ top);
            return descents;
        }
    }
    if (key.negative == 0) {
        const KEY top = (KEY)key.top;
        const char *at = (const char *)keys->first + from * keys->stride;
        KEY last, next;
        memcpy(&last, at, sizeof last);
        for (size_t i = 0; i < n; i++, last = next) {
            at += keys->stride;
            memcpy(&next, at, sizeof next);
            descents += (last ^ top) > (next ^ top);
        }
        return descents;
    }
    KEY last = FN(rank)(keys, from, &key);
    for (size_t i = from + 1; i <= from + n; i++) {
        KEY r = FN(rank)(keys, i, &key);
        descents += last > r;
        last = r;
    }
    return descents;
}

/* Of the keys from .. to-1. NaNs are counted among keys that are not in records. */
static struct bits_seen FN(bits)(const struct crew__keys *keys, size_t from, size_t to)
{
    const struct crew__key key = *keys->key;
    KEY set = 0, clear = 0;
    size_t nans = 0;
    if (keys->stride == sizeof(KEY) && key.negative == 0) { /* keys differ where ranks do */
        const KEY *k = keys->first;
        for (size_t i = from; i < to; i++) {
            set |= k[i];
            clear |= ~k[i];
        }
    } else if (keys->stride == sizeof(KEY)) {
        const KEY *k = keys->first;
        for (size_t i = from; i < to; i++) {
            KEY r = k[i] ^ ((KEY)key.top | ((KEY)(0 - (k[i] >> (BITS - 1))) & (KEY)key.negative));
            set |= r;
            clear |= ~r;
            nans += (KEY)(r - (KEY)key.least) > (KEY)key.span;
        }
    } else {
        for (size_t i = from; i < to; i++) {
            KEY r = FN(rank)(keys, i, &key);
            set |= r;
            clear |= ~r;
        }
    }
    return (struct bits_seen){set, clear, nans};
}

#undef KEY
#undef FN
#undef BITS
