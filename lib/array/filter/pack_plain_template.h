/* Branch-free packing of elements of one size in plain C. Parameters, undefined at the end:

   PACK      name of the function, a crew__pack_kernel
   ELEMENT   type of the element's size; it is copied by memcpy, so alignment does not matter */
static void PACK(const void *in, const unsigned char *flags, size_t n, void *out, size_t count, int invert)
{
    const char *from = in;
    char *to = out;
    (void)n;
    /* Every element is stored where the next kept one belongs. The loop ends with the last that is kept, so the store
       never leaves the count elements. The copy through a variable allows in and out to overlap. */
    for (size_t i = 0, kept = 0; kept < count; i++) {
        ELEMENT element;
        memcpy(&element, from + i * sizeof element, sizeof element);
        memcpy(to + kept * sizeof element, &element, sizeof element);
        kept += (size_t)((flags[i] != 0) ^ invert);
    }
}

#undef PACK
#undef ELEMENT
