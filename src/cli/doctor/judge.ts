import { basename, resolve } from "node:path";
import type { CoreSettings } from "../../app/settings.ts";
import { createJudge } from "../../jobs/judging/judge.ts";
import type { JudgeFacts } from "../../jobs/judging/messages.ts";
import { descriptionBeside } from "../../jobs/judging/model-files.ts";
import { systemClock } from "../../lib/clock.ts";
import type { Finding } from "./findings.ts";

const LOAD_WITHIN_MS = 60_000;

/** Loads the classifier and has it look at a grey picture; nothing where there is none. */
export async function judgeFindings({ SAFETY_MODEL }: Pick<CoreSettings, "SAFETY_MODEL">): Promise<readonly Finding[]> {
  if (SAFETY_MODEL === undefined) return [];
  const path = resolve(SAFETY_MODEL);
  const title = `Classifier ${basename(path)}`;
  const judge = createJudge({ path, clock: systemClock });
  try {
    descriptionBeside(path);
    return [{ title, ok: true, facts: factsOf(await judge.load(AbortSignal.timeout(LOAD_WITHIN_MS))), nextSteps: [] }];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [
      { title, ok: false, facts: [why], nextSteps: ["Mend it, or leave SAFETY_MODEL empty: docs/moderation.md."] },
    ];
  } finally {
    await judge.close();
  }
}

const factsOf = ({ description, sha256, lookMs }: JudgeFacts): readonly string[] => [
  `${description.title}: ${Math.max(1, Math.round(lookMs))} ms a picture here, beside reading it`,
  `SHA-256 ${sha256}${description.sha256 === undefined ? ", which nothing was compared with: put it into its description as sha256" : ", as described"}`,
  ...Object.entries(description.thresholds).map(
    ([label, { spoiler, hold }]) => `${label}: covered from ${spoiler}, held from ${hold}`,
  ),
];
