/* crew_{sort,sort_by_key,sort_records,argsort,merge,is_sorted,nth_element,top_k}_TYPE, for each_type_template.h. */
#define FN(name) CREW__CAT(name, TYPE)
#define THIS (&crew__sort_types[ID])

int FN(crew_sort)(ELEMENT *x, size_t n)
{
    return crew__sort_keys(THIS, x, n);
}

int FN(crew_sort_by_key)(ELEMENT *keys, void *values, size_t value_size, size_t n)
{
    return crew__sort_pairs(THIS, keys, values, value_size, n);
}

int FN(crew_sort_records)(void *base, size_t n, size_t size, size_t key_offset)
{
    return crew__sort_records(THIS, base, n, size, key_offset);
}

int FN(crew_argsort)(const ELEMENT *x, size_t n, size_t *index)
{
    return crew__argsort_keys(THIS, x, n, index);
}

int FN(crew_merge)(const ELEMENT *a, size_t na, const ELEMENT *b, size_t nb, ELEMENT *out)
{
    return crew__merge_keys(THIS, a, na, b, nb, out);
}

bool FN(crew_is_sorted)(const ELEMENT *x, size_t n)
{
    return crew__is_sorted_keys(THIS, x, n);
}

int FN(crew_nth_element)(ELEMENT *x, size_t n, size_t k)
{
    return crew__nth_key(THIS, x, n, k);
}

int FN(crew_top_k)(const ELEMENT *x, size_t n, size_t k, ELEMENT *out, size_t *index)
{
    return crew__top_keys(THIS, x, n, k, out, index);
}

#undef FN
#undef THIS
