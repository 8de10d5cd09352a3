/* The steps of a merge for typed keys of BITS bits, which the including file defines; o->base is their struct crew__key. */
#define KEY CREW__CAT(CREW__CAT(uint, BITS), _t)
#define FN(name) CREW__CAT(name, BITS)

static inline KEY FN(rank_)(const char *x, size_t i, const struct crew__key *key)
{
    KEY bits;
    memcpy(&bits, x + i * sizeof bits, sizeof bits);
    return FN(crew__rank)(bits, key);
}

static void FN(merge_)(const char *a, size_t na, const char *b, size_t nb, char *out, const struct crew__order *o)
{
    const size_t size = sizeof(KEY);
    const struct crew__key key = *(const struct crew__key *)(const void *)o->base;
    size_t i = 0, j = 0;
    while (i < na && j < nb) {
        /* Arithmetic, not a branch: which array the next one comes from cannot be predicted. */
        size_t right = FN(rank_)(b, j, &key) < FN(rank_)(a, i, &key);
        uintptr_t from = (uintptr_t)(a + i * size), other = (uintptr_t)(b + j * size);
        memcpy(out, (const char *)(from ^ ((from ^ other) & (0 - (uintptr_t)right))), size);
        out += size;
        i += 1 - right;
        j += right;
    }
    if (i < na)
        memcpy(out, a + i * size, (na - i) * size);
    else if (j < nb)
        memcpy(out, b + j * size, (nb - j) * size);
}

static size_t FN(corank_)(const char *a, size_t na, const char *b, size_t nb, size_t k, const struct crew__order *o)
{
    const struct crew__key *key = (const struct crew__key *)(const void *)o->base;
    size_t low = k > nb ? k - nb : 0, high = k < na ? k : na;
    while (low < high) {
        size_t i = low + (high - low) / 2;
        if (FN(rank_)(b, k - i - 1, key) < FN(rank_)(a, i, key))
            high = i;
        else
            low = i + 1;
    }
    return low;
}

static const struct crew__steps FN(steps_) = {NULL, FN(merge_), FN(corank_)};

#undef KEY
#undef FN
#undef BITS
