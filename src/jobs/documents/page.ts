import type { Decision } from "../../domain/decision.ts";
import type { Job, Picture } from "../../domain/job.ts";
import { type Style, styleNameOf } from "../../domain/style.ts";
import { facts, text, verbatim } from "../../domain/text.ts";
import { cutText } from "../../lib/text.ts";
import type { DocumentPage } from "../../ports/documents.ts";
import { countOf, votedCount } from "../../views/decision/facts.ts";
import { votersText } from "../../views/voters.ts";
import type { DocumentWords } from "./words.ts";

const HEADING_MAX_CHARS = 90;

/** What is said beside a picture. */
export interface PictureWords {
  readonly picture: Picture;
  /** Absent: no longer kept. */
  readonly job: Job | undefined;
  /** That chose among the pictures of its job. */
  readonly vote: Decision | undefined;
}

interface Saying {
  readonly reads: { styleOf(styleId: string): Style | undefined };
  readonly words: DocumentWords;
}

/** By what it says, where it says something; else by what was asked for. */
function headingOf({ recipe }: Picture): string {
  const { lettering, prompt } = recipe.request;
  const said = lettering?.words.find(({ level }) => level === "title")?.text ?? lettering?.words[0]?.text;
  return cutText((said ?? prompt).replaceAll(/\s+/gu, " ").trim(), HEADING_MAX_CHARS);
}

/** "5 of 7 approve", and the line that was said about it. Nothing where it did not win. */
function outcomeLines({ picture, vote }: Pick<PictureWords, "picture" | "vote">, { say }: DocumentWords) {
  const option = vote?.options.find(({ imageId }) => imageId === picture.imageId);
  if (vote?.state !== "passed" || !option || !vote.outcome?.winners.includes(option.id)) return [];
  const { note } = vote.outcome;
  return [
    say(text("best.votes", { votes: countOf(vote, option.id), voted: votedCount(vote) })),
    ...(note === undefined ? [] : [say(text("decision.note", { note }))]),
  ];
}

/** Who asked, who carried it, and by what it can be made again. */
export function creditLines(
  { picture, job }: Pick<PictureWords, "picture" | "job">,
  { reads, words: { say } }: Saying,
): readonly string[] {
  const { styleId, seed } = picture.recipe.request;
  return [
    job && job.voterNames.length > 0
      ? say(text("document.credit.voted", { names: votersText(job.voterNames) }))
      : say(text("document.credit.asked", { name: picture.memberName })),
    say(
      facts(
        verbatim(`#${picture.number}`),
        styleNameOf(styleId, (id) => reads.styleOf(id)),
        text("card.fact.seed", { seed }),
      ),
    ),
  ];
}

/** Of one picture by itself. */
export const pageOf = (said: PictureWords, shown: DocumentPage["picture"], making: Saying): DocumentPage => {
  const outcome = outcomeLines(said, making.words);
  return {
    heading: headingOf(said.picture),
    ...(shown ? { picture: shown } : {}),
    outcome,
    credits: creditLines(said, making),
    notes: [said.picture.recipe.request.prompt],
    ...(outcome.length > 0 ? { chosen: true as const } : {}),
  };
};
