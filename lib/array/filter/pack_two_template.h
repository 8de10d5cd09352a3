/* Branch-free packing of elements whose size is known at run time. Parameters, undefined at the end:

   PACK    name of the function
   CHUNK   size is more than CHUNK and at most 2 * CHUNK */
static void PACK(size_t size, const void *in, const unsigned char *flags, void *out, size_t count, int invert)
{
    const char *from = in, *to_end = (const char *)out + count * size;
    for (char *to = out; to != to_end; from += size) {
        /* both parts are read before one is written: in and out may overlap */
        char first[CHUNK], last[CHUNK];
        memcpy(first, from, CHUNK);
        memcpy(last, from + size - CHUNK, CHUNK);
        memcpy(to, first, CHUNK);
        memcpy(to + size - CHUNK, last, CHUNK);
        to += size & -(size_t)((*flags++ != 0) ^ invert);
    }
}

#undef PACK
#undef CHUNK
