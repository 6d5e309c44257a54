import { describe, expect, it } from "vitest";
import { LETTERING_BACKEND, type Recipe } from "../../../src/domain/recipe.ts";
import { createLookAt } from "../../../src/jobs/judging/judged.ts";
import { silentLog } from "../../fakes/module-services.ts";
import { picturesFor, sampleJob } from "../../stores/contract/inputs.ts";

const sampleRecipe = (): Recipe => {
  const [picture] = picturesFor(sampleJob("a"));
  if (!picture) throw new Error("no picture");
  return picture.recipe;
};
const never = new AbortController().signal;
const posted = Uint8Array.of(1);

function looking(answers: () => Promise<{ readonly kind: "fine" }>) {
  const notices = new Map<string, string | undefined>();
  let looks = 0;
  const judge = {
    judge() {
      looks += 1;
      return answers();
    },
  };
  const say = (id: string, sentence: string | undefined) => void notices.set(id, sentence);
  const lookAt = createLookAt({ judge, log: silentLog, notices: { say } });
  return { lookAt, said: () => [...notices.values()], looks: () => looks };
}

const fine = async () => ({ kind: "fine" }) as const;

describe("finished pictures", () => {
  it("of the sketch are not looked at, nor larger ones or other words over them; all others are", async () => {
    const { lookAt, looks } = looking(fine);
    const recipe = sampleRecipe();
    const start = { init: { key: "a", strength: 0.5 } };
    const sketched: Recipe = { ...recipe, backend: "sketch", typeset: true };
    const cases: readonly (readonly [recipe: Recipe, isLookedAt: boolean])[] = [
      [recipe, true],
      [{ ...recipe, enlarged: { by: "resampling", from: { widthPx: 1, heightPx: 1 } } }, true],
      [sketched, false],
      [{ ...sketched, enlarged: { by: "drawing", from: { widthPx: 1, heightPx: 1 } } }, false],
      [{ ...sketched, enlarged: { by: "model", model: "m", backend: "b", from: { widthPx: 1, heightPx: 1 } } }, true],
      [{ ...sketched, request: { ...recipe.request, ...start }, over: "trainedAlgorithmicMedia" }, true],
      // A member's own picture with words: Placard posts it.
      [{ ...recipe, backend: LETTERING_BACKEND, request: { ...recipe.request, ...start } }, true],
    ];
    for (const [each, isLookedAt] of cases) {
      const before = looks();
      expect(await lookAt({ posted, recipe: each }, never)).toEqual(isLookedAt ? { kind: "fine" } : undefined);
      expect(looks() - before).toBe(isLookedAt ? 1 : 0);
    }
  });

  it("that could not be looked at say so, and so do those who run it know until one was", async () => {
    let broken = true;
    const { lookAt, said } = looking(async () => {
      if (broken) throw new Error("no memory");
      return { kind: "fine" };
    });
    const made = { posted, recipe: sampleRecipe() };
    expect(await lookAt(made, never)).toEqual({ kind: "unseen" });
    expect(said()).toEqual([expect.stringContaining("SAFETY_MODEL (no memory)")]);
    broken = false;
    expect(await lookAt(made, never)).toEqual({ kind: "fine" });
    expect(said()).toEqual([undefined]);
  });

  it("of a job that was cancelled meanwhile have no verdict", async () => {
    const reason = new Error("cancelled");
    const { lookAt } = looking(() => Promise.reject(new Error("too late")));
    await expect(lookAt({ posted, recipe: sampleRecipe() }, AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
