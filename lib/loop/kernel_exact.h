/* Included first by every file of kernels: keeps the compiler from changing what is rounded. A product that is fused
   into the sum after it is not rounded, so the bits would depend on whether the processor can fuse. */
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
#elif defined(__GNUC__)
#pragma GCC optimize("fp-contract=off")
#endif
