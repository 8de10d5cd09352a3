/* crew__descents_avx2_BITS, for keys of BITS bits, FLOAT where they are floats; undefined at the end. Ranks become
   signed numbers, which is what AVX2 compares. In the vectors' own arithmetic: the header of the intrinsics takes
   longer to read than all of this. */
#define KEY CREW__JOIN(uint, CREW__JOIN(BITS, _t))
#define SIGNED CREW__JOIN(int, CREW__JOIN(BITS, _t))
#define FN(name) CREW__CAT(name, BITS)
#define VECTOR FN(vector)
#define FLOATS FN(floats)

enum { FN(LANES) = 32 / sizeof(KEY) };
typedef SIGNED VECTOR __attribute__((vector_size(32)));
typedef FLOAT FLOATS __attribute__((vector_size(32)));

/* flip: what turns an integer's bits into its rank as a signed number. */
static FUNCTION inline VECTOR FN(ranks)(const KEY *k, SIGNED flip, bool floating)
{
    VECTOR bits;
    memcpy(&bits, k, sizeof bits);
    if (!floating)
        return bits ^ flip;
    const SIGNED largest = (SIGNED)((KEY) ~(KEY)0 >> 1);
    VECTOR nan = (FLOATS)bits != (FLOATS)bits;
    bits ^= (bits < 0) & largest;
    return (nan & largest) | (~nan & bits);
}

static FUNCTION inline size_t FN(count)(const KEY *k, size_t n, const struct crew__key *key, bool floating)
{
    const SIGNED flip = (SIGNED)((KEY)key->top ^ (KEY)1 << (BITS - 1));
    VECTOR count = {0};
    size_t i = 0, descents = 0;
    for (; n - i >= FN(LANES); i += FN(LANES)) /* -1 where the next key is lower */
        count -= FN(ranks)(k + i, flip, floating) > FN(ranks)(k + i + 1, flip, floating);
    for (size_t lane = 0; lane < FN(LANES); lane++)
        descents += (size_t)count[lane];
    for (; i < n; i++)
        descents += FN(crew__rank)(k[i], key) > FN(crew__rank)(k[i + 1], key);
    return descents;
}

FUNCTION size_t FN(crew__descents_avx2)(const KEY *keys, size_t n, const struct crew__key *key)
{
    return key->negative != 0 ? FN(count)(keys, n, key, true) : FN(count)(keys, n, key, false);
}

#undef KEY
#undef SIGNED
#undef FN
#undef VECTOR
#undef FLOATS
#undef FLOAT
#undef BITS
