import type { Picture } from "../../domain/job.ts";
import type { MeetingItem } from "../../domain/meeting.ts";
import { sentences, type Text, text } from "../../domain/text.ts";
import type { DocumentText } from "../../ports/documents.ts";
import { askedText, outcomeNotes, outcomeText } from "../../views/decision/words.ts";
import type { MeetingParts } from "./built.ts";
import type { HeldVote } from "./votes-table.ts";
import type { DocumentWords } from "./words.ts";

/** An item, as the minutes tell it. */
export interface MinutedItem {
  readonly item: MeetingItem;
  /** Those that are over, oldest first. */
  readonly votes: readonly HeldVote[];
  readonly chosen: Picture | undefined;
}

/** What came of an item, in a few sentences: by vote, by the chair, or nothing. */
export function itemOutcome({ item, votes, chosen }: MinutedItem): readonly Text[] {
  const decided = votes.flatMap(({ decision, known }) => [
    outcomeText(decision, known),
    ...outcomeNotes(decision, known),
  ]);
  const byChair =
    item.chosen?.by === "chair" && chosen ? [text("document.chair-chose", { number: chosen.number })] : [];
  return [...decided, ...byChair];
}

/**
 * The minutes in Markdown: who was there, and item by item what was asked, what came of it, who decided, and what was noted.
 */
export function minutesText(
  { meeting }: Pick<MeetingParts, "meeting">,
  items: readonly MinutedItem[],
  words: DocumentWords,
): DocumentText {
  const { say, date, time } = words;
  const { title, startedAtMs, endedAtMs, chair, present } = meeting;
  const until = endedAtMs === undefined ? "" : `–${time(endedAtMs)}`;
  const blocks = [
    `# ${plain(title)}`,
    `${date(startedAtMs)}, ${time(startedAtMs)}${until} · ${plain(say(text("document.minutes.chair", { name: chair.name })))}`,
    `## ${say(text("document.minutes.present", { n: present.length }))}`,
    list(present.map(({ name }) => name)),
    ...items.flatMap((minuted, at) => itemBlocks(minuted, at, words)),
  ];
  return { name: "minutes.md", content: `${blocks.filter((block) => block !== "").join("\n\n")}\n` };
}

function itemBlocks(minuted: MinutedItem, at: number, { say, time }: DocumentWords): readonly string[] {
  const { item, votes, chosen } = minuted;
  const outcome = itemOutcome(minuted);
  return [
    `## ${at + 1}. ${plain(item.title)}`,
    ...votes.map(({ decision, known }) => plain(say(askedText(decision, known)))),
    `**${outcome.length === 0 ? say(text("document.minutes.nothing")) : plain(say(sentences(...outcome)))}**`,
    ...(chosen
      ? [plain(say(text("document.minutes.chosen", { number: chosen.number, name: chosen.memberName })))]
      : []),
    ...(item.notes.length === 0 ? [] : [`### ${say(text("document.minutes.notes"))}`]),
    list(item.notes.map(({ by, note, atMs }) => `${time(atMs)} ${by.name}: ${note}`)),
  ];
}

const list = (lines: readonly string[]): string => lines.map((line) => `- ${plain(line)}`).join("\n");

/** Members' words on one line, none of which is Markdown. */
const plain = (words: string): string =>
  words
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replaceAll(/[\\`*_[\]<>|]/gu, "\\$&")
    .replace(/^(?:[#>+-]|\d{1,9}(?=[.)]))/u, "\\$&");
