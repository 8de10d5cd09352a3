/* Kernels in plain C: vectors of one element. They serve other processors and compilers, where compilers may vectorise
   them as they like: nothing is reordered. */
#include "../typed/exact_rounding.h"

#include "reduce_kernel.h"

enum { width_acc = 1, width_f32 = 1, width_f64 = 1, width_i32 = 1, width_i64 = 1, width_u32 = 1, width_u64 = 1 };

typedef double acc_f64;
typedef uint64_t acc_u64;
typedef int ordered_f32, ordered_f64;

typedef float vec_f32;
static inline float load_f32(const float *p)
{
    return *p;
}
static inline void store_f32(float *p, float v)
{
    *p = v;
}
static inline float fill_f32(float x)
{
    return x;
}
static inline float min_f32(float x, float m)
{
    return x < m ? x : m;
}
static inline float max_f32(float x, float m)
{
    return x > m ? x : m;
}
static inline int equal_f32(float a, float b)
{
    return a == b;
}

static inline int ordered_all_f32(void)
{
    return 1;
}
static inline int both_ordered_f32(int ordered, float a, float b)
{
    return ordered & (a == a) & (b == b);
}
static inline int is_ordered_f32(int ordered)
{
    return ordered;
}

typedef double vec_f64;
static inline double load_f64(const double *p)
{
    return *p;
}
static inline void store_f64(double *p, double v)
{
    *p = v;
}
static inline double fill_f64(double x)
{
    return x;
}
static inline double min_f64(double x, double m)
{
    return x < m ? x : m;
}
static inline double max_f64(double x, double m)
{
    return x > m ? x : m;
}
static inline int equal_f64(double a, double b)
{
    return a == b;
}

static inline int ordered_all_f64(void)
{
    return 1;
}
static inline int both_ordered_f64(int ordered, double a, double b)
{
    return ordered & (a == a) & (b == b);
}
static inline int is_ordered_f64(int ordered)
{
    return ordered;
}

typedef int32_t vec_i32;
static inline int32_t load_i32(const int32_t *p)
{
    return *p;
}
static inline void store_i32(int32_t *p, int32_t v)
{
    *p = v;
}
static inline int32_t fill_i32(int32_t x)
{
    return x;
}
static inline int32_t min_i32(int32_t x, int32_t m)
{
    return x < m ? x : m;
}
static inline int32_t max_i32(int32_t x, int32_t m)
{
    return x > m ? x : m;
}
static inline int equal_i32(int32_t a, int32_t b)
{
    return a == b;
}

typedef int64_t vec_i64;
static inline int64_t load_i64(const int64_t *p)
{
    return *p;
}
static inline void store_i64(int64_t *p, int64_t v)
{
    *p = v;
}
static inline int64_t fill_i64(int64_t x)
{
    return x;
}
static inline int64_t min_i64(int64_t x, int64_t m)
{
    return x < m ? x : m;
}
static inline int64_t max_i64(int64_t x, int64_t m)
{
    return x > m ? x : m;
}
static inline int equal_i64(int64_t a, int64_t b)
{
    return a == b;
}

typedef uint32_t vec_u32;
static inline uint32_t load_u32(const uint32_t *p)
{
    return *p;
}
static inline void store_u32(uint32_t *p, uint32_t v)
{
    *p = v;
}
static inline uint32_t fill_u32(uint32_t x)
{
    return x;
}
static inline uint32_t min_u32(uint32_t x, uint32_t m)
{
    return x < m ? x : m;
}
static inline uint32_t max_u32(uint32_t x, uint32_t m)
{
    return x > m ? x : m;
}
static inline int equal_u32(uint32_t a, uint32_t b)
{
    return a == b;
}

typedef uint64_t vec_u64;
static inline uint64_t load_u64(const uint64_t *p)
{
    return *p;
}
static inline void store_u64(uint64_t *p, uint64_t v)
{
    *p = v;
}
static inline uint64_t fill_u64(uint64_t x)
{
    return x;
}
static inline uint64_t min_u64(uint64_t x, uint64_t m)
{
    return x < m ? x : m;
}
static inline uint64_t max_u64(uint64_t x, uint64_t m)
{
    return x > m ? x : m;
}
static inline int equal_u64(uint64_t a, uint64_t b)
{
    return a == b;
}

static inline double fill_acc_f64(double x)
{
    return x;
}
static inline double widen_f32(const float *p)
{
    return *p;
}
static inline double widen_f64(const double *p)
{
    return *p;
}
static inline void store_acc_f64(double *p, double v)
{
    *p = v;
}
static inline double add_f64(double a, double b)
{
    return a + b;
}
static inline double mul_f64(double a, double b)
{
    return a * b;
}

static inline uint64_t widen_i32(const int32_t *p)
{
    return (uint64_t)*p;
}
static inline uint64_t widen_u32(const uint32_t *p)
{
    return *p;
}
static inline uint64_t widen_u64(const uint64_t *p)
{
    return *p;
}
static inline void store_acc_u64(uint64_t *p, uint64_t v)
{
    *p = v;
}
static inline uint64_t add_u64(uint64_t a, uint64_t b)
{
    return a + b;
}
static inline uint64_t mul_u64(uint64_t a, uint64_t b)
{
    return a * b;
}
static inline uint64_t mul_i32(uint64_t a, uint64_t b)
{
    return a * b;
}
static inline uint64_t mul_u32(uint64_t a, uint64_t b)
{
    return a * b;
}

#define FUNCTION static
#define KERNELS crew__kernels_plain
#define ACCS 8
#include "reduce_kernels_template.h"
