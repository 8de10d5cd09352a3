// Rayon, as a static library that fork_rayon.c and submit_rayon.c put behind the driver's interface. What the tasks
// compute is that of task_work.h.
use std::os::raw::{c_int, c_long};
use std::sync::mpsc::{sync_channel, Receiver};
use std::sync::Once;

// The default stack of its threads is 2 MiB; the others have the system's 8 MiB, and the tree is deep.
const STACK: usize = 8 << 20;
const MOST: usize = 16;

fn open(threads: usize) {
    static OPENED: Once = Once::new();
    OPENED.call_once(|| {
        rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build_global().unwrap();
    });
}

fn fib(n: c_int) -> c_long {
    if n < 2 {
        return n as c_long;
    }
    let (a, b) = rayon::join(|| fib(n - 1), || fib(n - 2));
    a + b
}

// From outside the pool, each join would be sent there by itself; so the whole is.
fn inside<T: Send>(threads: usize, f: impl FnOnce() -> T + Send) -> T {
    open(threads);
    rayon::scope(|_| f())
}

#[no_mangle]
pub extern "C" fn rayon_fib(threads: usize, n: c_int) -> c_long {
    inside(threads, || fib(n))
}

#[derive(Clone, Copy)]
struct Queens {
    size: i32,
    placed: usize,
    at: [i8; MOST],
}

fn may_stand(q: &Queens, column: i32) -> bool {
    q.at[..q.placed].iter().enumerate().all(|(row, other)| {
        let (distance, other) = ((q.placed - row) as i32, *other as i32);
        other != column && other != column - distance && other != column + distance
    })
}

fn queens(q: &Queens) -> c_long {
    if q.placed == q.size as usize {
        return 1;
    }
    let mut solutions = [0; MOST];
    rayon::scope(|s| {
        for (column, solution) in solutions.iter_mut().enumerate().take(q.size as usize) {
            if may_stand(q, column as i32) {
                let mut next = *q;
                next.at[next.placed] = column as i8;
                next.placed += 1;
                s.spawn(move |_| *solution = queens(&next));
            }
        }
    });
    solutions.iter().sum()
}

#[no_mangle]
pub extern "C" fn rayon_queens(threads: usize, size: c_int) -> c_long {
    inside(threads, || queens(&Queens { size, placed: 0, at: [0; MOST] }))
}

fn mix(v: u64) -> u64 {
    let v = (v ^ (v >> 30)).wrapping_mul(0xbf58476d1ce4e5b9);
    let v = (v ^ (v >> 27)).wrapping_mul(0x94d049bb133111eb);
    v ^ (v >> 31)
}

// The children first .. first + count, halved until there is one.
fn children(node: u64, level: i32, first: i32, count: i32, width: i32, full: i32) -> c_long {
    if count == 1 {
        let child = mix(node.wrapping_add(((first + 1) as u64).wrapping_mul(0x9e3779b97f4a7c15)));
        return tree(child, level + 1, width, full);
    }
    let half = count / 2;
    let (a, b) = rayon::join(
        || children(node, level, first, half, width, full),
        || children(node, level, first + half, count - half, width, full),
    );
    a + b
}

fn tree(node: u64, level: i32, width: i32, full: i32) -> c_long {
    if level >= full && node >= u64::MAX / width as u64 {
        return 1;
    }
    1 + children(node, level, 0, width, width, full)
}

#[no_mangle]
pub extern "C" fn rayon_tree(threads: usize, root: u64, width: c_int, full: c_int) -> c_long {
    inside(threads, || tree(root, 0, width, full))
}

#[no_mangle]
pub extern "C" fn rayon_open(threads: usize) {
    open(threads);
}

#[no_mangle]
pub extern "C" fn rayon_submit(n: usize, task: extern "C" fn()) {
    for _ in 0..n {
        rayon::spawn(move || task());
    }
}

// Rayon has no futures; its documentation sends results through a channel.
fn submit_one() -> Receiver<usize> {
    let (sender, receiver) = sync_channel(1);
    rayon::spawn(move || sender.send(1).unwrap());
    receiver
}

#[no_mangle]
pub extern "C" fn rayon_submit_future(n: usize) -> usize {
    let all: Vec<Receiver<usize>> = (0..n).map(|_| submit_one()).collect();
    all.into_iter().map(|f| f.recv().unwrap()).sum()
}

#[no_mangle]
pub extern "C" fn rayon_round_trip() -> usize {
    submit_one().recv().unwrap()
}
