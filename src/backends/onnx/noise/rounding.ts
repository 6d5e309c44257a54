/** Rounds a number to a floating-point type, ties to even. */
export type Round = (value: number) => number;

const double = new Float64Array(1);
const doubleBits = new Uint32Array(double.buffer);
const single = new Float32Array(1);
const singleBits = new Int32Array(single.buffer);

export const toFloat32: Round = Math.fround;

/** By way of float32, as torch converts. */
export const toFloat16: Round = (value) => Math.f16round(Math.fround(value));

export const toBfloat16: Round = (value) => {
  single[0] = value;
  const bits = singleBits[0]!;
  singleBits[0] = (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000;
  return single[0];
};

/**
 * a·b + c of float32, rounded to float32 once. The product is exact in double; only the sum needs care: where the double lies
 * exactly between two float32, its own rounding error decides. Source: Knuth's TwoSum, which gives that error exactly.
 */
export function fusedMultiplyAdd32(a: number, b: number, c: number): number {
  const product = a * b;
  const sum = product + c;
  double[0] = sum;
  if ((doubleBits[0]! & 0x1fffffff) === 0x10000000) {
    const virtual = sum - product;
    const error = product - (sum - virtual) + (c - virtual);
    if (error !== 0) {
      doubleBits[0] = doubleBits[0]! + (error > 0 === sum > 0 ? 1 : -1);
      return Math.fround(double[0]);
    }
  }
  return Math.fround(sum);
}

/** Exponent and mantissa of a positive normal float32: `mantissa` in [0.5, 1), value = mantissa · 2^exponent. */
export function splitFloat32(value: number): { readonly exponent: number; readonly mantissa: number } {
  single[0] = value;
  const bits = singleBits[0]!;
  singleBits[0] = (bits & ~0x7f800000) | 0x3f000000;
  return { exponent: (bits >>> 23) - 126, mantissa: single[0] };
}
