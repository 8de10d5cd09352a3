/* n values of one type. Parameters: TYPE, ELEMENT, FLOATING; the includer undefines them. */
static ELEMENT *CREW__CAT(values, TYPE)(struct fuzz *f, size_t n)
{
    unsigned kind = fuzz_byte(f) % 9, few = fuzz_byte(f) + 1;
    if (kind == 8)
        return fuzz_bytes(f, n * sizeof(ELEMENT));
    ELEMENT *x = fuzz_alloc(f, n * sizeof *x);
    for (size_t i = 0; i < n; i++) {
        uint64_t r = fuzz_random(f), bits = r;
        memcpy(&x[i], &bits, sizeof *x);
        if (kind == 1)
            x[i] = (ELEMENT)(r % few);
        else if (kind == 2)
            x[i] = (ELEMENT)few;
        else if (kind == 3)
            x[i] = (ELEMENT)i;
        else if (kind == 4)
            x[i] = (ELEMENT)(n - i);
        else if (kind == 5)
            x[i] = r >> 32 & 31 ? (ELEMENT)i : x[i];
#if FLOATING
        else if (kind == 6) {
            static const double special[] = {0.0, -0.0, 1, -1, INFINITY, -INFINITY, 1e-40, NAN};
            x[i] = (ELEMENT)special[r % 8];
            if (r % 16 == 15)
                x[i] = -x[i];
        } else if (kind == 7)
            x[i] = (ELEMENT)((double)(int64_t)r * 0x1p-60);
#else
        else if (kind == 6)
            memset(&x[i], r % 2 ? 0xff : 0, sizeof *x - r % 3 / 2);
        else if (kind == 7)
            x[i] = (ELEMENT)(r >> (few % 64));
#endif
    }
    return x;
}
