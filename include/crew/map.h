/* One function over every element of an array: multiprocessing's Pool.map.

   A whole program:

       #include <crew/map.h>
       #include <stdio.h>
       #include <string.h>

       static int measure(const void *in, void *out, void *ctx)
       {
           (void)ctx;
           *(size_t *)out = strlen(*(const char *const *)in);
           return 0;
       }

       int main(void)
       {
           const char *words[3] = {"one", "three", "seven"};
           size_t lengths[3];
           int error = crew_map(words, sizeof *words, lengths, sizeof *lengths, 3, measure, NULL, NULL);
           printf("%zu %zu %zu\n", lengths[0], lengths[1], lengths[2]); // prints 3 5 5
           return error != 0;
       } */
#ifndef CREW_MAP_H
#define CREW_MAP_H

#include <crew/map_fn.h>
#include <crew/options.h>

#ifdef __cplusplus
extern "C" {
#endif

/* out[i] = fn(in[i]) for every i. Equals

       for (size_t i = 0; i < n; i++)
           if ((error = fn((const char *)in + i * in_size, (char *)out + i * out_size, ctx)))
               return error;
       return 0;

   in, in_size    n elements of in_size bytes (not 0)
   out, out_size  room for n elements of out_size bytes (not 0). May be in itself where the sizes are equal; any other
                  overlap: -EINVAL
   n              elements; 0: returns 0 and the arrays may be NULL
   fn             NULL: -EINVAL
   opt            NULL: defaults

   Returns as crew_for, and -EOVERFLOW where n * in_size or n * out_size does not fit. After a failure at index f the
   elements below f are written, the others may be or not; opt->failed receives f.

   Work O(n), span O(largest item + log n), no scratch. The same bytes at any thread count. Thread safe; may be called
   from inside callbacks. A loop whose body should vectorise is better written with crew_for. */
CREW_API int crew_map(const void *in, size_t in_size, void *out, size_t out_size, size_t n, crew_map_fn *fn, void *ctx,
                      const crew_options *opt);

#ifdef __cplusplus
}
#endif
#endif
