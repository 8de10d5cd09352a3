/* Counting of one type of key. Parameters, undefined at the end:

   TYPE   suffix of the names
   KEY    the type
   WORD   the unsigned type of its size, or a larger one; a negative key becomes a large one
   BINS   how many bins a key can reach at the most: keys of it and above are none */

static void CREW__CAT(tally_few, TYPE)(const KEY *keys, size_t n, uint32_t *table, size_t bins)
{
    size_t width = bins + 1, i = 0;
    for (; n - i >= 4; i += 4) {
        size_t k0 = (WORD)keys[i], k1 = (WORD)keys[i + 1], k2 = (WORD)keys[i + 2], k3 = (WORD)keys[i + 3];
        table[k0 < bins ? k0 : bins]++;
        table[width + (k1 < bins ? k1 : bins)]++;
        table[2 * width + (k2 < bins ? k2 : bins)]++;
        table[3 * width + (k3 < bins ? k3 : bins)]++;
    }
    for (; i < n; i++) {
        size_t k = (WORD)keys[i];
        table[k < bins ? k : bins]++;
    }
}

/* Four equal keys in a row are one addition: a byte has no copies to spread increments over. */
static void CREW__CAT(tally_many, TYPE)(const KEY *keys, size_t n, uint32_t *carries, size_t bins)
{
    uint8_t *bytes = (uint8_t *)(carries + bins + 1);
    size_t i = 0;
    for (; n - i >= 4; i += 4) {
        size_t k[4] = {(WORD)keys[i], (WORD)keys[i + 1], (WORD)keys[i + 2], (WORD)keys[i + 3]};
        size_t differ = (k[0] ^ k[1]) | (k[2] ^ k[3]) | (k[0] ^ k[2]);
        for (int j = 0; j < 4; j++)
            k[j] = k[j] < bins ? k[j] : bins;
        if (CREW__UNLIKELY(differ == 0)) {
            bytes[k[0]] = (uint8_t)(bytes[k[0]] + 4);
            if (CREW__UNLIKELY(bytes[k[0]] < 4))
                carries[k[0]]++;
            continue;
        }
        for (int j = 0; j < 4; j++)
            if (CREW__UNLIKELY(++bytes[k[j]] == 0))
                carries[k[j]]++;
    }
    for (; i < n; i++) {
        size_t k = (WORD)keys[i];
        k = k < bins ? k : bins;
        if (++bytes[k] == 0)
            carries[k]++;
    }
}

static void CREW__CAT(tally, TYPE)(size_t begin, size_t end, void *ctx, void *table, size_t bins)
{
    const KEY *keys = ctx;
    if (bins < CREW__TALLY_WIDE)
        CREW__CAT(tally_few, TYPE)(keys + begin, end - begin, table, bins);
    else
        CREW__CAT(tally_many, TYPE)(keys + begin, end - begin, table, bins);
}

static uint64_t CREW__CAT(direct, TYPE)(size_t begin, size_t end, void *ctx, uint64_t *counts, size_t bins)
{
    const KEY *keys = ctx;
    uint64_t in_range = 0;
    for (size_t i = begin; i < end; i++)
        if ((WORD)keys[i] < bins) {
            counts[(WORD)keys[i]]++;
            in_range++;
        }
    return in_range;
}

int CREW__CAT(crew_bincount, TYPE)(const KEY *keys, size_t n, uint64_t *counts, size_t bins, size_t *out_of_range)
{
    size_t reached = bins < (size_t)BINS ? bins : (size_t)BINS, key_bytes, count_bytes;
    if ((n > 0 && keys == NULL) || (bins > 0 && counts == NULL))
        return -EINVAL;
    if (!crew__mul(n, sizeof *keys, &key_bytes) || !crew__mul(bins, sizeof *counts, &count_bytes))
        return -EOVERFLOW;
    if (crew__overlap(keys, key_bytes, counts, count_bytes))
        return -EINVAL;
    struct crew__tally t = {n,
                            sizeof *keys,
                            reached,
                            reached + 1,
                            0.6,
                            CREW__CAT(tally, TYPE),
                            CREW__CAT(direct, TYPE),
                            (void *)(uintptr_t)keys};
    return crew__tally_result(n - (size_t)crew__tally_run(&t, counts, bins), out_of_range);
}

#undef TYPE
#undef KEY
#undef WORD
#undef BINS
