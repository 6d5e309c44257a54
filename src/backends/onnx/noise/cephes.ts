import { fusedMultiplyAdd32 as fma, splitFloat32 } from "./rounding.ts";

const f = Math.fround;

// Source: the cephes polynomials of avx_mathfun, with the multiply-adds that the compiler fused in torch's AVX2 kernel: they
// decide the last bit.
const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
].map(f);
const LOG_LOW = f(-2.1219444e-4);
const LOG_HIGH = f(0.693359375);
const SQRT_HALF = f(Math.SQRT1_2);

/** Natural logarithm of a positive normal float32, as float32. */
export function log32(value: number): number {
  const { exponent, mantissa } = splitFloat32(value);
  const isLow = mantissa < SQRT_HALF;
  const e = isLow ? exponent - 1 : exponent;
  const x = isLow ? f(f(mantissa - 1) + mantissa) : f(mantissa - 1);
  const z = f(x * x);
  let y = LOG[0]!;
  for (let at = 1; at < LOG.length; at += 1) y = fma(y, x, LOG[at]!);
  y = fma(f(y * x), z, f(e * LOG_LOW));
  y = fma(-z, 0.5, y);
  return fma(e, LOG_HIGH, f(x + y));
}

const FOUR_OVER_PI = f(1.27323954473516);
/** π/4 in three parts. */
const QUARTER = [-0.78515625, -2.4187564849853516e-4, -3.774894977445941e-8].map(f);
const SIN = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1].map(f);
const COS = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2].map(f);

const result = { sin: 0, cos: 0 };

/** Sine and cosine of a float32 from 0 on, as float32. The object is the same each time: half a million are asked for at once. */
export function sinCos32(angle: number): { readonly sin: number; readonly cos: number } {
  const octant = (Math.trunc(f(angle * FOUR_OVER_PI)) + 1) & ~1;
  let x = fma(octant, QUARTER[0]!, angle);
  x = fma(octant, QUARTER[1]!, x);
  x = fma(octant, QUARTER[2]!, x);
  const z = f(x * x);
  let c = fma(fma(COS[0]!, z, COS[1]!), z, COS[2]!);
  c = f(fma(f(c * z), z, -0.5 * z) + 1);
  const s = fma(f(fma(fma(SIN[0]!, z, SIN[1]!), z, SIN[2]!) * z), x, x);
  const straight = (octant & 2) === 0;
  result.sin = (octant & 4 ? -1 : 1) * (straight ? s : c);
  result.cos = ((octant - 2) & 4 ? 1 : -1) * (straight ? c : s);
  return result;
}
