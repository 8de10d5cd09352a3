/* Flags elements that differ from their neighbours. Parameters, undefined at the end:

   DIFFER       name of the function, a differ_fn
   TARGET       attribute of the function, may be empty
   ELEMENT      type
   SAME(a, b)   not 0 where two are equal */
static TARGET void DIFFER(const void *a, const void *b, size_t n, unsigned char *flags, const struct unique *u)
{
    const char *p = a, *q = b;
    (void)u;
    for (size_t i = 0; i < n; i++) {
        ELEMENT x, y; /* by memcpy: bytes of any type, at any address */
        memcpy(&x, p + i * sizeof x, sizeof x);
        memcpy(&y, q + i * sizeof y, sizeof y);
        flags[i] = !SAME(x, y);
    }
}

#undef DIFFER
#undef TARGET
#undef ELEMENT
#undef SAME
