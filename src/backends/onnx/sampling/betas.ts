const f = Math.fround;

/** What of `scheduler_config.json` decides a discrete schedule. diffusers' own names and defaults. */
export interface DiscreteConfig {
  readonly num_train_timesteps?: number;
  readonly beta_start: number;
  readonly beta_end: number;
  readonly beta_schedule: "scaled_linear" | "linear";
  readonly prediction_type?: "epsilon" | "v_prediction";
  readonly timestep_spacing?: "trailing" | "leading" | "linspace";
  readonly steps_offset?: number;
  readonly original_inference_steps?: number;
  readonly timestep_scaling?: number;
}

export const TRAIN_TIMESTEPS = 1000;
/** torch's kernel works in chunks of this many lanes. */
const LANES = 8;

/** `torch.linspace` in float32: both halves from their own end, with fused multiply-adds. */
function linspace32(from: number, to: number, count: number): Float32Array {
  const first = f(from);
  const last = f(to);
  const step = f(f(last - first) / f(count - 1));
  return Float32Array.from({ length: count }, (_, at) => {
    const chunk = at - (at % LANES);
    // Products and sums of these are exact in double, so one rounding is the fused one.
    const base = chunk < count / 2 ? f(first + step * chunk) : f(last - step * (count - 1 - chunk));
    return base + step * (at % LANES);
  });
}

/** ᾱ for each training timestep, float32. */
export function alphasCumprod(config: DiscreteConfig): Float32Array {
  const { num_train_timesteps: count = TRAIN_TIMESTEPS, beta_start, beta_end, beta_schedule } = config;
  const betas =
    beta_schedule === "scaled_linear"
      ? linspace32(Math.sqrt(beta_start), Math.sqrt(beta_end), count).map((root) => root * root)
      : linspace32(beta_start, beta_end, count);
  // torch.cumprod accumulates in double and stores float32.
  let product = 1;
  return betas.map((beta) => {
    product *= f(1 - beta);
    return product;
  });
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

/** The training timesteps that `steps` steps visit, falling. */
export function spacedTimesteps(config: DiscreteConfig, steps: number): Float32Array {
  const { num_train_timesteps: total = TRAIN_TIMESTEPS, timestep_spacing = "linspace", steps_offset = 0 } = config;
  switch (timestep_spacing) {
    case "trailing":
      return Float32Array.from({ length: steps }, (_, at) => roundHalfEven(total - (at * total) / steps) - 1);
    case "leading":
      return Float32Array.from(
        { length: steps },
        (_, at) => (steps - 1 - at) * Math.floor(total / steps) + steps_offset,
      );
    case "linspace": {
      const step = steps > 1 ? (total - 1) / (steps - 1) : 0;
      return Float32Array.from({ length: steps }, (_, at) =>
        steps > 1 && at === 0 ? total - 1 : (steps - 1 - at) * step,
      );
    }
  }
}
