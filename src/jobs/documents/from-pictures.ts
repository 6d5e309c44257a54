import type { StoredDocument } from "../../domain/document-order.ts";
import { facts, text, verbatim } from "../../domain/text.ts";
import type { DocumentPage, DocumentSpec } from "../../ports/documents.ts";
import { isCovered } from "../../views/picture.ts";
import { type Built, COVERED, GONE, type Making, NothingToMake } from "./built.ts";
import { pageOf } from "./page.ts";
import { presentOf } from "./reads.ts";
import { recipesText } from "./recipes.ts";
import { votesTable } from "./votes-table.ts";
import { ENDING, fileName } from "./words.ts";

/** Of a selection: a page, a tile or an original a picture. @throws NothingToMake */
export async function fromPictures(
  document: StoredDocument,
  imageIds: readonly string[],
  making: Making,
): Promise<Omit<Built, "letGo">> {
  const { reads, borrowed, words } = making;
  const { kind, print, target, askedAtMs } = document;
  const there = await presentOf(await Promise.all(imageIds.map((imageId) => reads.picture(imageId))), borrowed);
  const [first] = there;
  if (!first) throw new NothingToMake(GONE);
  const shown = there.map(({ picture }) => picture);
  if (kind === "sheet" && isCovered(await reads.rulesIn(target.place), ...shown)) throw new NothingToMake(COVERED);
  const title = target.place.title ?? words.say(text("document.title.pictures"));
  const subtitle = words.say(facts(verbatim(words.date(askedAtMs)), text("document.of.pictures", { n: there.length })));
  const head = { title, subtitle, language: words.language };
  const counted = { pictures: there.length, gone: imageIds.length - there.length };
  const built = (name: string, spec: DocumentSpec) => ({ ...counted, name: fileName(name, ENDING[kind]), spec });
  switch (kind) {
    case "print":
      if (!print) throw new Error("a print without its paper");
      return built(`placard-${first.picture.number}-${print.paper}`, { ...head, kind, picture: first.shown, print });
    case "zip": {
      const pictures = there.map(({ picture }) => picture);
      const table = votesTable(await reads.votesAbout(pictures), words);
      const texts = [recipesText(pictures), ...(table ? [table] : [])];
      return built(title, { ...head, kind, pictures: there.map(({ shown }) => shown), texts });
    }
    case "sheet":
    case "deck":
    case "slides": {
      const pages: DocumentPage[] = [];
      for (const { picture, shown } of there) pages.push(pageOf(await reads.wordsOf(picture), shown, making));
      return built(title, { ...head, kind, pages });
    }
  }
}
