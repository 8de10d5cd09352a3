/* key_steps_BITS of merge.c: the steps of a merge for typed keys of BITS bits; undefined at the end. o->base is their
   struct crew__key. */
#define KEY CREW__JOIN(uint, CREW__JOIN(BITS, _t))
#define FN(name) CREW__CAT(name, BITS)

static inline KEY FN(rank_at)(const char *x, size_t i, const struct crew__key *key)
{
    KEY bits;
    memcpy(&bits, x + i * sizeof bits, sizeof bits);
    return FN(crew__rank)(bits, key);
}

static inline const char *FN(pick)(size_t yes, const char *x, const char *y)
{
    return (const char *)((uintptr_t)y ^ (((uintptr_t)x ^ (uintptr_t)y) & (0 - (uintptr_t)yes)));
}

/* Which array the next key comes from cannot be predicted: arithmetic, not a branch. From both ends at once, as far as
   neither array can run out, so that the processor works on two keys at a time. */
static void FN(merge_keys)(const char *a, size_t na, const char *b, size_t nb, char *out, const struct crew__order *o)
{
    const size_t size = sizeof(KEY);
    const struct crew__key key = *(const struct crew__key *)(const void *)o->base;
    while (na > 3 && nb > 3) {
        size_t steps = na < nb ? na : nb, i = 0, j = 0, i_last = na - 1, j_last = nb - 1;
        char *back = out + (na + nb - 1) * size;
        for (size_t s = 0; s < steps; s++) {
            size_t right = FN(rank_at)(b, j, &key) < FN(rank_at)(a, i, &key);
            memcpy(out, FN(pick)(right, b + j * size, a + i * size), size);
            out += size;
            i += 1 - right;
            j += right;
            size_t left = FN(rank_at)(b, j_last, &key) < FN(rank_at)(a, i_last, &key);
            memcpy(back, FN(pick)(left, a + i_last * size, b + j_last * size), size);
            back -= size;
            i_last -= left;
            j_last -= 1 - left;
        }
        if (CREW__UNLIKELY(i > i_last + 1 || j > j_last + 1)) { /* they met in different places: not sorted */
            out -= steps * size;
            break;
        }
        a += i * size;
        b += j * size;
        na = i_last + 1 - i;
        nb = j_last + 1 - j;
    }
    while (na > 0 && nb > 0) {
        size_t right = FN(rank_at)(b, 0, &key) < FN(rank_at)(a, 0, &key);
        memcpy(out, FN(pick)(right, b, a), size);
        out += size;
        a += size & ~(0 - right);
        b += size & (0 - right);
        na -= 1 - right;
        nb -= right;
    }
    if (na > 0)
        memcpy(out, a, na * size);
    else if (nb > 0)
        memcpy(out, b, nb * size);
}

static size_t FN(corank)(const char *a, size_t na, const char *b, size_t nb, size_t k, const struct crew__order *o)
{
    const struct crew__key *key = (const struct crew__key *)(const void *)o->base;
    size_t low = k > nb ? k - nb : 0, high = k < na ? k : na;
    while (low < high) {
        size_t i = low + (high - low) / 2;
        if (FN(rank_at)(b, k - i - 1, key) < FN(rank_at)(a, i, key))
            high = i;
        else
            low = i + 1;
    }
    return low;
}

static const struct crew__steps FN(key_steps) = {.merge = FN(merge_keys), .corank = FN(corank)};

#undef KEY
#undef FN
#undef BITS
