/* Cuts what one thread does of a set operation into parts whose steps do not wait for each other. */
#include "set_chains.h"
#include "../../core/base/fp_environment.h"
#include <string.h>

enum { LEAST = 64, MOST = 256, ELEMENT_BYTES = 8 }; /* elements of a stretch, of a chain */

static size_t common_steps(const struct crew__set_chain *chains, size_t size)
{
    size_t bytes = SIZE_MAX;
    for (size_t c = 0; c < CREW__CHAINS; c++) {
        size_t a = (size_t)(chains[c].a_end - chains[c].a), b = (size_t)(chains[c].b_end - chains[c].b);
        bytes = a < bytes ? a : bytes;
        bytes = b < bytes ? b : bytes;
    }
    return bytes / size;
}

size_t crew__set_chained_part(const struct crew__set_chained *with, const char *a, size_t na, const char *b, size_t nb,
                              char *out, size_t most, const struct crew__order *o)
{
    const size_t size = o->step;
    size_t count = 0;
    if (na + nb < LEAST || na + nb > most)
        return with->steps->part(a, na, b, nb, out, most, o);
    struct crew__fp_saved fp = crew__fp_begin();
    while (na >= LEAST / 4 && nb >= LEAST / 4) {
        _Alignas(ELEMENT_BYTES) char room[CREW__CHAINS][(MOST + 1) * ELEMENT_BYTES];
        struct crew__set_chain chains[CREW__CHAINS];
        const size_t quarter = (na + nb + CREW__CHAINS - 1) / CREW__CHAINS, each = quarter < MOST ? quarter : MOST;
        size_t taken = 0, made = 0, turns = 0;
        for (size_t c = 0; c < CREW__CHAINS; c++) {
            size_t i = na, j = nb;
            if (c + 1 < CREW__CHAINS || na + nb > MOST)
                with->steps->split(a, na, b, nb, each, &i, &j, o);
            chains[c] = (struct crew__set_chain){a, b, a + i * size, b + j * size, room[c]};
            a += i * size;
            b += j * size;
            na -= i;
            nb -= j;
            taken += i + j;
        }
        for (size_t steps; (steps = common_steps(chains, size)) >= 4; made += steps)
            turns += with->run(chains, steps);
        for (size_t c = 0; c < CREW__CHAINS; c++) {
            const struct crew__set_chain *t = &chains[c];
            size_t kept = (size_t)(t->out - room[c]);
            if (out != NULL)
                memcpy(out + count * size, room[c], kept);
            count += kept / size;
            size_t a_left = (size_t)(t->a_end - t->a) / size, b_left = (size_t)(t->b_end - t->b) / size;
            count += with->steps->part(t->a, a_left, t->b, b_left, out ? out + count * size : NULL, a_left + b_left, o);
        }
        /* Where turns are rare, branches are better. */
        if (turns < made / 8 || taken == 0)
            break;
    }
    crew__fp_end(&fp);
    return count + with->steps->part(a, na, b, nb, out ? out + count * size : NULL, na + nb, o);
}
