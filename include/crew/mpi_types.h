/* The typed functions of mpi.h, which includes this, for f32, i32, i64, u32 and u64. */
#ifndef CREW_MPI_TYPES_H
#define CREW_MPI_TYPES_H

#include <crew/mpi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The same for the other types. */
CREW_API int crew_sum_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_sum_dist_i32(const crew_dist *x, int64_t *result);
CREW_API int crew_sum_dist_i64(const crew_dist *x, int64_t *result);
CREW_API int crew_sum_dist_u32(const crew_dist *x, uint64_t *result);
CREW_API int crew_sum_dist_u64(const crew_dist *x, uint64_t *result);
CREW_API int crew_dot_dist_f32(const crew_dist *x, const crew_dist *y, float *result);
CREW_API int crew_dot_dist_i32(const crew_dist *x, const crew_dist *y, int64_t *result);
CREW_API int crew_dot_dist_i64(const crew_dist *x, const crew_dist *y, int64_t *result);
CREW_API int crew_dot_dist_u32(const crew_dist *x, const crew_dist *y, uint64_t *result);
CREW_API int crew_dot_dist_u64(const crew_dist *x, const crew_dist *y, uint64_t *result);
CREW_API int crew_min_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_min_dist_i32(const crew_dist *x, int32_t *result);
CREW_API int crew_min_dist_i64(const crew_dist *x, int64_t *result);
CREW_API int crew_min_dist_u32(const crew_dist *x, uint32_t *result);
CREW_API int crew_min_dist_u64(const crew_dist *x, uint64_t *result);
CREW_API int crew_max_dist_f32(const crew_dist *x, float *result);
CREW_API int crew_max_dist_i32(const crew_dist *x, int32_t *result);
CREW_API int crew_max_dist_i64(const crew_dist *x, int64_t *result);
CREW_API int crew_max_dist_u32(const crew_dist *x, uint32_t *result);
CREW_API int crew_max_dist_u64(const crew_dist *x, uint64_t *result);
CREW_API int crew_minmax_dist_f32(const crew_dist *x, float *min, float *max);
CREW_API int crew_minmax_dist_i32(const crew_dist *x, int32_t *min, int32_t *max);
CREW_API int crew_minmax_dist_i64(const crew_dist *x, int64_t *min, int64_t *max);
CREW_API int crew_minmax_dist_u32(const crew_dist *x, uint32_t *min, uint32_t *max);
CREW_API int crew_minmax_dist_u64(const crew_dist *x, uint64_t *min, uint64_t *max);
CREW_API int crew_argmin_dist_f32(const crew_dist *x, size_t *index);
CREW_API int crew_argmin_dist_i32(const crew_dist *x, size_t *index);
CREW_API int crew_argmin_dist_i64(const crew_dist *x, size_t *index);
CREW_API int crew_argmin_dist_u32(const crew_dist *x, size_t *index);
CREW_API int crew_argmin_dist_u64(const crew_dist *x, size_t *index);
CREW_API int crew_argmax_dist_f32(const crew_dist *x, size_t *index);
CREW_API int crew_argmax_dist_i32(const crew_dist *x, size_t *index);
CREW_API int crew_argmax_dist_i64(const crew_dist *x, size_t *index);
CREW_API int crew_argmax_dist_u32(const crew_dist *x, size_t *index);
CREW_API int crew_argmax_dist_u64(const crew_dist *x, size_t *index);
CREW_API int crew_mean_dist_f32(const crew_dist *x, double *result);
CREW_API int crew_mean_dist_i32(const crew_dist *x, double *result);
CREW_API int crew_mean_dist_i64(const crew_dist *x, double *result);
CREW_API int crew_mean_dist_u32(const crew_dist *x, double *result);
CREW_API int crew_mean_dist_u64(const crew_dist *x, double *result);
CREW_API int crew_scan_inclusive_sum_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_inclusive_sum_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_inclusive_sum_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_inclusive_sum_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_inclusive_sum_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_scan_exclusive_sum_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_exclusive_sum_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_exclusive_sum_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_exclusive_sum_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_exclusive_sum_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_scan_inclusive_product_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_inclusive_product_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_inclusive_product_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_inclusive_product_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_inclusive_product_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_scan_exclusive_product_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_exclusive_product_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_exclusive_product_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_exclusive_product_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_exclusive_product_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_scan_inclusive_min_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_inclusive_min_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_inclusive_min_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_inclusive_min_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_inclusive_min_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_scan_exclusive_min_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_exclusive_min_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_exclusive_min_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_exclusive_min_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_exclusive_min_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_scan_inclusive_max_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_inclusive_max_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_inclusive_max_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_inclusive_max_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_inclusive_max_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_scan_exclusive_max_dist_f32(const crew_dist *x, crew_dist *out, float *total);
CREW_API int crew_scan_exclusive_max_dist_i32(const crew_dist *x, crew_dist *out, int32_t *total);
CREW_API int crew_scan_exclusive_max_dist_i64(const crew_dist *x, crew_dist *out, int64_t *total);
CREW_API int crew_scan_exclusive_max_dist_u32(const crew_dist *x, crew_dist *out, uint32_t *total);
CREW_API int crew_scan_exclusive_max_dist_u64(const crew_dist *x, crew_dist *out, uint64_t *total);
CREW_API int crew_sort_dist_f32(crew_dist *d);
CREW_API int crew_sort_dist_i32(crew_dist *d);
CREW_API int crew_sort_dist_i64(crew_dist *d);
CREW_API int crew_sort_dist_u32(crew_dist *d);
CREW_API int crew_sort_dist_u64(crew_dist *d);
CREW_API int crew_find_dist_f32(const crew_dist *d, float value, size_t *index);
CREW_API int crew_find_dist_i32(const crew_dist *d, int32_t value, size_t *index);
CREW_API int crew_find_dist_i64(const crew_dist *d, int64_t value, size_t *index);
CREW_API int crew_find_dist_u32(const crew_dist *d, uint32_t value, size_t *index);
CREW_API int crew_find_dist_u64(const crew_dist *d, uint64_t value, size_t *index);

#ifdef __cplusplus
}
#endif
#endif
