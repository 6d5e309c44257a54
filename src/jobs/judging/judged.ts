import { sourceTypeOf } from "../../domain/made-by.ts";
import type { PictureVerdict } from "../../domain/picture-verdict.ts";
import type { Recipe } from "../../domain/recipe.ts";
import { asError } from "../../lib/error.ts";
import type { Log } from "../../ports/log.ts";
import type { Notices } from "../../ports/notices.ts";
import type { PictureJudge } from "../../ports/picture-judge.ts";

/** Under which those who run it are told that pictures are not looked at. */
const NOTICE = "safety-model";

interface JudgedDeps {
  readonly judge: PictureJudge;
  readonly log: Log;
  readonly notices: Notices;
}

/** What is set in type by rules, and of nothing else, shows what its words name as signs: there is nothing to look at. */
const isLookedAt = (recipe: Recipe): boolean => sourceTypeOf(recipe) !== "algorithmicMedia";

/** Looks at finished pictures; `undefined`: there was nothing to look at. @throws the signal's reason */
export type LookAt = (
  made: { readonly posted: Uint8Array; readonly recipe: Recipe },
  signal: AbortSignal,
) => Promise<PictureVerdict | undefined>;

/** A picture that could not be looked at is not lost: it is given with a verdict that says so. */
export function createLookAt({ judge, log, notices }: JudgedDeps): LookAt {
  return async ({ posted, recipe }, signal) => {
    if (!isLookedAt(recipe)) return undefined;
    try {
      const verdict = await judge.judge(posted, signal);
      notices.say(NOTICE, undefined);
      return verdict;
    } catch (cause) {
      signal.throwIfAborted();
      const error = asError(cause);
      log.error("judge.failed", { error });
      notices.say(NOTICE, `Pictures are not looked at by SAFETY_MODEL (${error.message}). npm run doctor says more.`);
      return { kind: "unseen" };
    }
  };
}
