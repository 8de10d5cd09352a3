"""The kernel as Python calls it, in a module of its own: loky's processes import it."""

import ctypes
import os

lib = ctypes.CDLL(os.environ["CREW_BENCH_KERNEL"])
lib.process_kernel_turns.argtypes = [ctypes.c_double]
lib.process_kernel.argtypes = [ctypes.c_uint, ctypes.c_double]
lib.process_kernel.restype = ctypes.c_uint


def turn(turns, x):
    return lib.process_kernel(x, turns)
