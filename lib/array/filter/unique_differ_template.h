/* Flags elements of one type that differ from their neighbours, for each_type_template.h. The including file defines

   NAME(type)   name of the function, a differ_fn
   TARGET       attribute of the function, may be empty */
static TARGET void NAME(TYPE)(const void *a, const void *b, size_t n, unsigned char *flags, const struct unique *u)
{
    const char *p = a, *q = b;
    (void)u;
    for (size_t i = 0; i < n; i++) {
        ELEMENT x, y; /* by memcpy: bytes of any type, at any address */
        memcpy(&x, p + i * sizeof x, sizeof x);
        memcpy(&y, q + i * sizeof y, sizeof y);
#if FLOATING
        flags[i] = !((x == y) | ((x != x) & (y != y))); /* without branches, so that the loop vectorises */
#else
        flags[i] = x != y;
#endif
    }
}
