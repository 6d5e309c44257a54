import type { StoredDocument } from "../../domain/document-order.ts";
import { facts, text, verbatim } from "../../domain/text.ts";
import type { DocumentPage, DocumentSpec } from "../../ports/documents.ts";
import { isCovered } from "../../views/picture.ts";
import { type Built, COVERED, GONE, type Making, type MeetingParts, NothingToMake } from "./built.ts";
import { itemOutcome, type MinutedItem, minutesText } from "./minutes.ts";
import { creditLines, pageOf } from "./page.ts";
import { presentOf } from "./reads.ts";
import { recipesText } from "./recipes.ts";
import { votesTable } from "./votes-table.ts";
import { ENDING, fileName } from "./words.ts";

/** Of a meeting: a page an item, a tile a candidate, or everything. @throws NothingToMake */
export async function fromMeeting(
  { kind, target }: StoredDocument,
  parts: MeetingParts,
  making: Making,
): Promise<Omit<Built, "letGo">> {
  const { reads, borrowed, words } = making;
  const { title, startedAtMs, present } = parts.meeting;
  const subtitle = words.say(
    facts(verbatim(words.date(startedAtMs)), text("document.took-part", { n: present.length })),
  );
  const head = { title, subtitle, language: words.language };
  const name = fileName(title, ENDING[kind]);
  const items = await minutedItems(parts, reads);
  switch (kind) {
    case "zip": {
      const wanted = allPictures(parts, items);
      const there = await presentOf(wanted, borrowed);
      const pictures = there.map(({ picture }) => picture);
      const votes = items.flatMap((item) => item.votes);
      const table = votesTable(votes, words);
      const texts = [minutesText(parts, items, words), recipesText(pictures), ...(table ? [table] : [])];
      const spec: DocumentSpec = { ...head, kind, pictures: there.map(({ shown }) => shown), texts };
      return { pictures: there.length, gone: wanted.length - there.length, name, spec };
    }
    case "sheet": {
      const there = parts.pictures.flat().filter(({ deleted }) => !deleted);
      if (isCovered(await reads.rulesIn(target.place), ...there)) throw new NothingToMake(COVERED);
      const pages = await candidatePages(parts, making);
      if (pages.length === 0) throw new NothingToMake(GONE);
      return { pictures: pages.length, gone: 0, name, spec: { ...head, kind, pages } };
    }
    case "deck":
    case "slides": {
      const pages: DocumentPage[] = [];
      for (const item of items) pages.push(await itemPage(item, making));
      const pictures = pages.filter(({ picture }) => picture).length;
      const gone = items.filter(({ item }) => item.chosen).length - pictures;
      return { pictures, gone, name, spec: { ...head, kind, pages } };
    }
    case "print":
      throw new Error("a meeting is not printed");
  }
}

/** Each item with what came of it. */
async function minutedItems(
  { meeting }: Pick<MeetingParts, "meeting">,
  reads: Pick<Making["reads"], "decision" | "factsOf" | "picture">,
): Promise<readonly MinutedItem[]> {
  const minuted: MinutedItem[] = [];
  for (const item of meeting.items) {
    const votes: MinutedItem["votes"][number][] = [];
    for (const decisionId of item.decisionIds) {
      const decision = await reads.decision(decisionId);
      if (decision && decision.state !== "open")
        votes.push({ item: item.title, decision, known: await reads.factsOf(decision) });
    }
    // Perhaps one of an earlier day, that was put to the vote here.
    const picked = item.chosen && (await reads.picture(item.chosen.imageId));
    minuted.push({ item, votes, chosen: picked?.deleted ? undefined : picked });
  }
  return minuted;
}

/** What was made in it, and what was chosen, each once. */
function allPictures({ pictures }: Pick<MeetingParts, "pictures">, items: readonly MinutedItem[]) {
  const all = [...pictures.flat(), ...items.flatMap(({ chosen }) => chosen ?? [])];
  return [...new Map(all.map((picture) => [picture.imageId, picture])).values()];
}

/** What it was, what was chosen, what came of it. Its notes go into the speaker's. */
async function itemPage(minuted: MinutedItem, { reads, borrowed, words }: Making): Promise<DocumentPage> {
  const { item, chosen } = minuted;
  const picture = chosen && (await borrowed.of(chosen));
  return {
    heading: item.title,
    ...(picture ? { picture } : {}),
    outcome: itemOutcome(minuted).map(words.say),
    credits: chosen ? creditLines(await reads.wordsOf(chosen), { reads, words }) : [],
    notes: item.notes.map(({ by, note }) => `${by.name}: ${note}`),
    ...(chosen ? { chosen: true as const } : {}),
  };
}

/** A tile a picture, under its item; what was chosen is marked. */
async function candidatePages({ meeting, pictures }: MeetingParts, making: Making): Promise<readonly DocumentPage[]> {
  const pages: DocumentPage[] = [];
  for (const [at, { title, chosen }] of meeting.items.entries())
    for (const { picture, shown } of await presentOf(pictures[at] ?? [], making.borrowed)) {
      const { chosen: _byVote, ...page } = pageOf(await making.reads.wordsOf(picture), shown, making);
      const isChosen = chosen?.imageId === picture.imageId;
      pages.push({ ...page, heading: title, ...(isChosen ? { chosen: true as const } : {}) });
    }
  return pages;
}
