/* Included first by every file of kernels: keeps the compiler from changing what is rounded. A product that is fused
   into the sum after it is not rounded, so the bits would depend on whether the processor can fuse. With gcc the
   kernels also stay exact in a program that is compiled with -ffast-math; other compilers cannot undo that here. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off", "no-fast-math")
#endif
