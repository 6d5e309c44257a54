/** What a pipeline draws its noise in. One seed gives unrelated noise in each. */
export const NOISE_TYPES = ["f32", "bf16", "f16"] as const;
export type NoiseType = (typeof NOISE_TYPES)[number];
