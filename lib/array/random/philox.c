/* Philox4x32-10 in plain C, and the choice of the kernel. */
#include "philox.h"
#include "../typed/isa.h"
#include <stdbool.h>

void crew__philox(uint32_t words[4], uint32_t key0, uint32_t key1)
{
    for (int round = 0; round < CREW__PHILOX_ROUNDS; round++) {
        uint64_t p0 = (uint64_t)CREW__PHILOX_M0 * words[0], p1 = (uint64_t)CREW__PHILOX_M1 * words[2];
        words[0] = (uint32_t)(p1 >> 32) ^ words[1] ^ key0;
        words[1] = (uint32_t)p1;
        words[2] = (uint32_t)(p0 >> 32) ^ words[3] ^ key1;
        words[3] = (uint32_t)p0;
        key0 += CREW__PHILOX_W0;
        key1 += CREW__PHILOX_W1;
    }
}

void crew__philox_blocks(uint64_t *out, size_t n, uint64_t seed, uint64_t stream, uint64_t first)
{
    enum crew__isa isa = n >= 8 ? crew__isa() : CREW__ISA_PLAIN;
    if (isa >= CREW__ISA_AVX2) {
        bool wide = isa >= CREW__ISA_AVX512 && n >= 16;
        size_t most = wide ? n / 16 * 16 : n / 8 * 8;
        if (wide)
            crew__philox_avx512(out, most, seed, stream, first);
        else
            crew__philox_avx2(out, most, seed, stream, first);
        out += 2 * most;
        n -= most;
        first += most;
    }
    for (size_t k = 0; k < n; k++) {
        uint64_t block = first + k;
        uint32_t w[4] = {(uint32_t)block, (uint32_t)(block >> 32), (uint32_t)stream, (uint32_t)(stream >> 32)};
        crew__philox(w, (uint32_t)seed, (uint32_t)(seed >> 32));
        out[2 * k] = (uint64_t)w[1] << 32 | w[0];
        out[2 * k + 1] = (uint64_t)w[3] << 32 | w[2];
    }
}
