const WORDS = 624;
const OFFSET = 397;
const UPPER = 0x80000000;
const LOWER = 0x7fffffff;
const TWIST = 0x9908b0df;

/** Where numbers for `torch.randn` come from, in order. */
export interface TorchGenerator {
  /** The next 32 bits. */
  uint32(): number;
  /** 53 bits of the next two draws, in [0, 1). */
  unit53(): number;
  /**
   * The second normal of a pair that was drawn one by one, for the next small draw. Large draws neither use nor clear it. A new
   * seed is a new generator without one.
   */
  keptNormal: number | undefined;
}

/**
 * torch's CPU generator: the Mersenne Twister 19937. Source: Matsumoto and Nishimura, 1998, with the seeding of 2002.
 *
 * @param seed only its low 32 bits count, as in torch; a negative one wraps
 */
export function torchGenerator(seed: number | bigint): TorchGenerator {
  const state = new Uint32Array(WORDS);
  state[0] = Number(BigInt.asUintN(32, BigInt(seed)));
  for (let at = 1; at < WORDS; at += 1) {
    const before = state[at - 1]! ^ (state[at - 1]! >>> 30);
    state[at] = Math.imul(1812433253, before) + at;
  }
  let next = WORDS;

  const refill = (): void => {
    for (let at = 0; at < WORDS; at += 1) {
      const mixed = (state[at]! & UPPER) | (state[(at + 1) % WORDS]! & LOWER);
      state[at] = state[(at + OFFSET) % WORDS]! ^ (mixed >>> 1) ^ (mixed & 1 ? TWIST : 0);
    }
    next = 0;
  };
  const uint32 = (): number => {
    if (next === WORDS) refill();
    let bits = state[next]!;
    next += 1;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  };
  return {
    uint32,
    unit53() {
      const high = uint32();
      const low = uint32();
      return ((high & 0x1fffff) * 4294967296 + low) * 2 ** -53;
    },
    keptNormal: undefined,
  };
}
