/* crew_alloc and crew_free, and crew_scratch_trim. */
#define _DEFAULT_SOURCE
#include "../../core/base/compiler.h"
#include "../../core/base/memory.h"
#include "../../core/base/scratch.h"
#include "../../core/loop/cut.h"
#include "../../core/loop/runner.h"
#include <crew/move.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

enum { PAGE = 4096, FEW = 1 << 16 };

static const size_t LARGE = (size_t)4 << 20, HUGE_PAGE = (size_t)2 << 20;

/* Pages and elements are shared out in the same proportion, so a page's first touch is by the thread that gets its
 * elements. */
static void touch(size_t begin, size_t end, void *ctx)
{
    volatile char *memory = ctx;
    for (size_t page = begin; page < end; page++)
        memory[page * PAGE] = 0;
}

void *crew_alloc(size_t n, size_t size)
{
    size_t bytes;
    if (!crew__mul(n, size, &bytes)) {
        errno = EOVERFLOW;
        return NULL;
    }
    if (bytes > PTRDIFF_MAX - HUGE_PAGE) {
        errno = ENOMEM;
        return NULL;
    }
    size_t align = bytes < LARGE ? CREW__CACHE_LINE : HUGE_PAGE;
    size_t whole = bytes == 0 ? align : (bytes + align - 1) / align * align;
    void *memory = aligned_alloc(align, whole);
    if (memory == NULL) {
        errno = ENOMEM;
        return NULL;
    }
#ifdef MADV_HUGEPAGE
    if (bytes >= LARGE)
        (void)madvise(memory, whole, MADV_HUGEPAGE); /* only advice: nothing depends on it */
#endif
    if (bytes >= FEW)
        crew__each(crew__cut_by(bytes, PAGE).count, touch, memory, 500);
    return memory;
}

void crew_free(void *p)
{
    free(p);
}

void crew_scratch_trim(void)
{
    crew__scratch_trim();
}
