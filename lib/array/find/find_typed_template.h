/* crew_find_TYPE and crew_contains_TYPE, for each_type_template.h. */
size_t CREW__CAT(crew_find, TYPE)(const ELEMENT *x, size_t n, ELEMENT value)
{
    return find(ID, x, sizeof *x, n, &value);
}

bool CREW__CAT(crew_contains, TYPE)(const ELEMENT *x, size_t n, ELEMENT value)
{
    return find(ID, x, sizeof *x, n, &value) < n;
}
