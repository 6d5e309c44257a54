import { resolve } from "node:path";
import { createJudge } from "../jobs/judging/judge.ts";
import { descriptionBeside } from "../jobs/judging/model-files.ts";
import type { Clock } from "../lib/clock.ts";
import type { AppDeps } from "./services.ts";
import type { CoreSettings } from "./settings.ts";

/**
 * Its own process starts with the first picture.
 *
 * @throws Error for a file that is not there, or described wrongly: better no start than pictures that nobody looks at
 */
export function judgeOf(
  { SAFETY_MODEL }: Pick<CoreSettings, "SAFETY_MODEL">,
  clock: Pick<Clock, "after">,
): Pick<AppDeps, "judge"> {
  if (SAFETY_MODEL === undefined) return {};
  const path = resolve(SAFETY_MODEL);
  descriptionBeside(path);
  return { judge: createJudge({ path, clock }) };
}
