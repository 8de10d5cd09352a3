/* search_TYPE_LEVEL of histogram_kernel.c, for each_type_template.h. LEVEL and FUNCTION, what stands before a
   function, are the includer's. */
#if FLOATING

/* The highest bin whose lower edge is not above the value: searches side by side, without branches. */
FUNCTION void CREW__CAT3(search, TYPE, LEVEL)(const ELEMENT *x, size_t n, const ELEMENT *edges, uint32_t bins,
                                              uint32_t *keys)
{
    const ELEMENT low = edges[0], high = edges[bins];
    for (size_t first = 0; first < n; first += SEARCHES) {
        uint32_t at[SEARCHES] = {0}, count = bins;
        ELEMENT v[SEARCHES];
        size_t many = n - first < SEARCHES ? n - first : SEARCHES;
        for (size_t j = 0; j < SEARCHES; j++)
            v[j] = x[first + (j < many ? j : 0)];
        for (; count > 1; count -= count / 2) {
            const ELEMENT *middle = edges + count / 2;
            for (size_t j = 0; j < SEARCHES; j++)
                at[j] += -(uint32_t)(middle[at[j]] <= v[j]) & (count / 2);
        }
        for (size_t j = 0; j < many; j++)
            keys[first + j] = v[j] >= low && v[j] <= high ? at[j] : UINT32_MAX;
    }
}

#endif
