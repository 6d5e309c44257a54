import fc from "fast-check";
import { expect, it, onTestFinished } from "vitest";
import { faultOf, type InputDoor } from "./door.ts";

const SEED = 20_261_129;

/** What every door stands, in a test: this many hostile inputs, so many at once, and then an honest one. */
export function doorContract(
  name: string,
  open: () => Promise<InputDoor>,
  {
    inputs,
    atOnce = 1,
    seed = SEED,
  }: { readonly inputs: number; readonly atOnce?: number /** Another one: other inputs. */; readonly seed?: number },
): void {
  it(`${name}: ${inputs} hostile inputs are answered in words, and nothing breaks`, async () => {
    const door = await open();
    onTestFinished(() => door.close?.());
    const left = fc.sample(door.inputs, { numRuns: inputs, seed }).entries();
    const some = async () => {
      for (const [at, input] of left) expect([at, await faultOf(door, input)]).toEqual([at, undefined]);
    };
    await Promise.all(Array.from({ length: atOnce }, some));
    await door.honest?.();
  });
}
