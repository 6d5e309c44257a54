import { describe, expect, it } from "vitest";
import { z } from "zod";
import { flowFirstStep, flowSchedule } from "../../../src/backends/onnx/sampling/flow.ts";
import { discreteFirstStep } from "../../../src/backends/onnx/sampling/sampler.ts";
import { type TrajectoryCase, trajectory } from "./adapter.ts";
import { arraySchema, expectSame, openReferences } from "./references.ts";

const { cases, valuesOf } = openReferences(
  "sched",
  z.object({
    cases: z.array(
      z.looseObject({
        scheduler: z.string(),
        steps: z.int(),
        first_step: z.int(),
        strength: z.number().optional(),
        sigmas: arraySchema.optional(),
        timesteps: arraySchema,
        initial: arraySchema,
        first_input: arraySchema,
        result: arraySchema,
        next_draw: arraySchema,
      }),
    ),
    tables: z.array(
      z.object({ steps: z.int(), tokens: z.int(), mu: z.number(), dynamic: arraySchema, shift3: arraySchema }),
    ),
  }),
);

/** The network of the references: exact in float32. */
const network = (step: number) =>
  Float32Array.from({ length: 256 }, (_, at) => (((37 * at + 101 * step) % 256) - 128) / 64);

describe("diffusers' schedulers, bit for bit", () => {
  it("has cases of each kind", () =>
    expect(new Set(cases.cases.map(({ scheduler }) => scheduler))).toEqual(
      new Set(["flow", "euler", "euler-ancestral", "lcm"]),
    ));

  it.each(cases.cases)("walks as $scheduler in $steps steps, strength $strength, $config", (given) => {
    // The fixture's own shape: what it holds beside the arrays is what the adapter takes.
    const got = trajectory(given as unknown as TrajectoryCase, network);
    expect(got.firstStep).toBe(given.first_step);
    if (given.sigmas) expectSame(got.sigmas ?? [], valuesOf(given.sigmas), "sigmas");
    expectSame(got.timesteps, valuesOf(given.timesteps), "timesteps");
    expectSame(got.initial, valuesOf(given.initial), "before the first step");
    expectSame(got.firstInput, valuesOf(given.first_input), "what the network sees first");
    expectSame(got.result, valuesOf(given.result), "the result");
    expectSame(got.nextDraw, valuesOf(given.next_draw), "the draw after the last step");
  });

  it(`has FLUX's sigmas for ${cases.tables.length} pairs of steps and tokens`, () => {
    for (const { steps, tokens, mu, dynamic, shift3 } of cases.tables) {
      const shifted = flowSchedule(steps, tokens, { use_dynamic_shifting: true });
      expect(shifted.mu).toBe(mu);
      expectSame(shifted.sigmas.subarray(0, steps), valuesOf(dynamic), `${steps} steps, ${tokens} tokens`);
      expectSame(flowSchedule(steps, tokens, { shift: 3 }).sigmas.subarray(0, steps), valuesOf(shift3), "shift 3");
    }
  });

  it.each([
    ["leaves out what the strength leaves out", 10, 0.6, 4],
    ["leaves out nothing of a picture that is ignored", 10, 1, 0],
    ["has no step for a picture that is kept", 10, 0, undefined],
  ])("%s", (_why, steps, strength, first) => {
    expect(flowFirstStep(steps, strength)).toBe(first);
    expect(discreteFirstStep(steps, strength)).toBe(first);
  });
});
