/* crew_find_dist_TYPE, for each_type_template.h. */
int CREW__CAT(crew_find_dist, TYPE)(const crew_dist *d, ELEMENT value, size_t *index)
{
    int code = d && index && d->size == sizeof(ELEMENT) ? crew__mpi_check(d->m) : -EINVAL;
    if (code)
        return code;
    const size_t n = d->end - d->begin, at = CREW__CAT(crew_find, TYPE)((const ELEMENT *)(void *)d->items, n, value);
    int64_t first;
    code = lowest(d->m, at < n ? (int64_t)(d->begin + at) : INT64_MAX, &first);
    if (code == 0)
        *index = first == INT64_MAX ? d->n : (size_t)first;
    return code;
}
