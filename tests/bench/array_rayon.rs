// Rayon, as a static library that array_rayon.c puts behind the driver's interface.
use rayon::prelude::*;
use std::collections::HashMap;
use std::slice::{from_raw_parts, from_raw_parts_mut};

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Record {
    key: u64,
    place: u64,
}

#[no_mangle]
pub extern "C" fn rayon_open(threads: usize) {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().unwrap();
}

#[no_mangle]
pub unsafe extern "C" fn rayon_sort_u32(x: *mut u32, n: usize) {
    from_raw_parts_mut(x, n).par_sort_unstable();
}

#[no_mangle]
pub unsafe extern "C" fn rayon_sort_i64(x: *mut i64, n: usize) {
    from_raw_parts_mut(x, n).par_sort_unstable();
}

#[no_mangle]
pub unsafe extern "C" fn rayon_sort_f64(x: *mut f64, n: usize) {
    from_raw_parts_mut(x, n).par_sort_unstable_by(|a, b| a.partial_cmp(b).unwrap());
}

#[no_mangle]
pub unsafe extern "C" fn rayon_sort_record(x: *mut Record, n: usize) {
    from_raw_parts_mut(x, n).par_sort_by_key(|r| r.key);
}

// Rayon fills a vector of its own; only where the output is looked at is it copied to out.
unsafe fn filter<T>(x: *const T, n: usize, out: *mut T, check: bool) -> usize
where
    T: Copy + Send + Sync + PartialOrd + Default,
{
    let kept: Vec<T> = from_raw_parts(x, n).par_iter().copied().filter(|v| *v > T::default()).collect();
    if check {
        from_raw_parts_mut(out, kept.len()).copy_from_slice(&kept);
    }
    kept.len()
}

#[no_mangle]
pub unsafe extern "C" fn rayon_filter_i32(x: *const i32, n: usize, out: *mut i32, check: bool) -> usize {
    filter(x, n, out, check)
}

#[no_mangle]
pub unsafe extern "C" fn rayon_filter_f64(x: *const f64, n: usize, out: *mut f64, check: bool) -> usize {
    filter(x, n, out, check)
}

unsafe fn histogram<T: Copy + Sync>(keys: *const T, n: usize, counts: *mut u64, bins: usize, bin: fn(T) -> usize) {
    let tables = from_raw_parts(keys, n)
        .par_chunks(1 << 16)
        .fold(
            || vec![0u64; bins],
            |mut table, part| {
                for key in part {
                    table[bin(*key)] += 1;
                }
                table
            },
        )
        .reduce(
            || vec![0u64; bins],
            |mut a, b| {
                for (p, q) in a.iter_mut().zip(&b) {
                    *p += q;
                }
                a
            },
        );
    from_raw_parts_mut(counts, bins).copy_from_slice(&tables);
}

#[no_mangle]
pub unsafe extern "C" fn rayon_histogram_256(keys: *const u8, n: usize, counts: *mut u64) {
    histogram(keys, n, counts, 256, |k| k as usize);
}

#[no_mangle]
pub unsafe extern "C" fn rayon_histogram_65536(keys: *const u32, n: usize, counts: *mut u64) {
    histogram(keys, n, counts, 65536, |k| k as usize);
}

#[no_mangle]
pub unsafe extern "C" fn rayon_reduce(
    keys: *const u32,
    values: *const f64,
    n: usize,
    out: *mut u32,
    sums: *mut f64,
) -> usize {
    let groups = from_raw_parts(keys, n)
        .par_chunks(1 << 16)
        .zip(from_raw_parts(values, n).par_chunks(1 << 16))
        .fold(HashMap::new, |mut table: HashMap<u32, f64>, (keys, values)| {
            for (key, value) in keys.iter().zip(values) {
                *table.entry(*key).or_insert(0.0) += value;
            }
            table
        })
        .reduce(HashMap::new, |a, b| {
            let (mut into, from) = if a.len() < b.len() { (b, a) } else { (a, b) };
            for (key, sum) in from {
                *into.entry(key).or_insert(0.0) += sum;
            }
            into
        });
    let mut sorted: Vec<(u32, f64)> = groups.into_iter().collect();
    sorted.par_sort_unstable_by_key(|g| g.0);
    for (k, (key, sum)) in sorted.iter().enumerate() {
        *out.add(k) = *key;
        *sums.add(k) = *sum;
    }
    sorted.len()
}

#[no_mangle]
pub unsafe extern "C" fn rayon_find(x: *const f64, n: usize, needle: f64) -> usize {
    from_raw_parts(x, n).par_iter().position_first(|v| *v == needle).unwrap_or(n)
}

#[no_mangle]
pub unsafe extern "C" fn rayon_count(x: *const f64, n: usize) -> usize {
    from_raw_parts(x, n).par_iter().filter(|v| **v > 0.0).count()
}
