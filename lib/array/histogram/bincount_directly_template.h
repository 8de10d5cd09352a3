/* directly_TYPE and directly_32_TYPE of bincount_template.h, for keys of an unsigned type. Parameters, undefined at the
   end: DIRECTLY, the name, and COUNTER, the type of a count. */
static uint64_t DIRECTLY(size_t begin, size_t end, void *ctx, void *to, size_t bins)
{
    COUNTER *counts = to;
    const KEY *keys = ctx;
    uint64_t in_range = 0;
    size_t i = begin;
    const int repeats = CREW__CAT(repeats, TYPE)(keys + begin, end - begin);
    for (; end - i >= 4; i += 4) {
        size_t k0 = crew__bin_of(keys[i]), k1 = crew__bin_of(keys[i + 1]), k2 = crew__bin_of(keys[i + 2]),
               k3 = crew__bin_of(keys[i + 3]);
        if (CREW__UNLIKELY(k0 >= bins || k1 >= bins || k2 >= bins || k3 >= bins)) {
            for (size_t j = 0; j < 4; j++)
                if (crew__bin_of(keys[i + j]) < bins) {
                    counts[crew__bin_of(keys[i + j])]++;
                    in_range++;
                }
            continue;
        }
        in_range += 4;
        if (repeats && k0 == k2 && k0 == k1 && k1 == k3) {
            counts[k0] += 4;
            continue;
        }
        counts[k0]++;
        counts[k1]++;
        counts[k2]++;
        counts[k3]++;
    }
    for (; i < end; i++)
        if (crew__bin_of(keys[i]) < bins) {
            counts[crew__bin_of(keys[i])]++;
            in_range++;
        }
    return in_range;
}

#undef COUNTER
#undef DIRECTLY
