/* crew__scan_steps_INSTANCE: what one thread does of a scan. crew/inline/scan.h and the callback forms of crew/scan.h
   include it. The including file defines, and this one undefines but for the two conditions,

   CREW__INSTANCE           suffix of the names
   CREW__SIZE               bytes of an element; may read d, a struct crew__scan_of
   CREW__EXCLUSIVE          1, 0 or what d says
   CREW__SEGMENTED          0, or what d says: whether it has flags
   CREW__SCAN_BEGIN         declarations that CREW__COMBINE needs
   CREW__HOLD(acc, at)      declares acc, where the accumulator is while elements are combined: a copy of that at `at`,
                            which a compiler keeps in registers, or `at`
   CREW__KEEP(acc, at)      the copy goes back
   CREW__COMBINE(acc, x)    acc = acc followed by the element at x */
#define CREW__STEP(name) CREW__CAT(crew__##name, CREW__INSTANCE)

static void CREW__STEP(scan_total)(const struct crew__scan_of *d, size_t begin, size_t end, char *at)
{
    const size_t size = CREW__SIZE;
    CREW__SCAN_BEGIN
    CREW__HOLD(acc, at)
    for (const char *x = d->in + begin * size, *last = d->in + end * size; x != last; x += size) {
        CREW__COMBINE(acc, x);
    }
    CREW__KEEP(acc, at)
}

static void CREW__STEP(scan_block)(const struct crew__scan_of *d, size_t begin, size_t end, char *at, char *total,
                                   char *kept)
{
    const size_t size = CREW__SIZE;
    const bool exclusive = CREW__EXCLUSIVE;
    const unsigned char *const flags = CREW__SEGMENTED ? d->flags : NULL;
    const char *x = d->in + begin * size;
    char *y = d->out + begin * size;
    CREW__SCAN_BEGIN
    CREW__HOLD(acc, at)
    CREW__HOLD(own, total != NULL ? total : at)
    const bool plain =
        !exclusive && flags == NULL && total == NULL; /* with calls 0.9 of the time that the other takes */
    for (size_t i = begin; plain && i < end; i++, x += size, y += size) {
        CREW__COMBINE(acc, x);
        memcpy(y, acc, size);
    }
    for (size_t i = begin; !plain && i < end; i++, x += size, y += size) {
        if (flags != NULL && flags[i]) {
            crew__scan_start(d->s, acc, size);
            if (total != NULL)
                crew__scan_start(d->s, own, size);
        }
        if (total != NULL) {
            CREW__COMBINE(own, x);
        }
        if (!exclusive) {
            CREW__COMBINE(acc, x);
            memcpy(y, acc, size);
        } else if (kept != NULL) {
            CREW__HOLD(before, kept)
            memcpy(before, acc, size);
            CREW__COMBINE(acc, x);
            memcpy(y, before, size);
        } else {
            memcpy(y, acc, size);
            CREW__COMBINE(acc, x);
        }
    }
    CREW__KEEP(acc, at)
    if (total != NULL) {
        CREW__KEEP(own, total)
    }
}

static const struct crew__scan_steps CREW__STEP(scan_steps) = {CREW__STEP(scan_total), CREW__STEP(scan_block)};

#undef CREW__STEP
#undef CREW__INSTANCE
#undef CREW__SIZE
#undef CREW__SCAN_BEGIN
#undef CREW__HOLD
#undef CREW__KEEP
#undef CREW__COMBINE
