/** Where networks are computed. "auto": the first that works here. */
export const PROVIDER_CHOICES = ["auto", "cuda", "webgpu", "dml", "coreml", "cpu"] as const;
export type ProviderChoice = (typeof PROVIDER_CHOICES)[number];
