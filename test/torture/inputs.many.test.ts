import fc from "fast-check";
import { expect, it } from "vitest";
import { cases } from "../many.ts";
import { faultOf, quickDoors } from "./input-doors.ts";

const INPUTS = cases(200, 2000);

it.each(await quickDoors())(
  `$name: ${INPUTS} hostile inputs are answered in words, and nothing breaks`,
  async (door) => {
    for (const input of fc.sample(door.inputs, { numRuns: INPUTS, seed: 20_261_129 }))
      expect([await faultOf(door, input), input]).toEqual([undefined, input]);
  },
);
