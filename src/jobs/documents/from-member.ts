import type { StoredDocument } from "../../domain/document-order.ts";
import { text } from "../../domain/text.ts";
import type { DocumentPicture, DocumentText } from "../../ports/documents.ts";
import type { HeldRecords } from "../../ports/forgetting.ts";
import type { Store } from "../../ports/store.ts";
import type { Built, Making } from "./built.ts";
import { recipesText } from "./recipes.ts";
import { ENDING, fileName } from "./words.ts";

const json = (name: string, content: unknown): DocumentText => ({
  name,
  content: `${JSON.stringify(content, undefined, 2)}\n`,
});
const time = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());

/** Times as other programs read them. */
function recordTexts({ votes, ledger, gifts, accounts }: HeldRecords): readonly DocumentText[] {
  const said = votes.map(({ atMs, openedAtMs, ...vote }) => ({ ...vote, openedAt: time(openedAtMs), at: time(atMs) }));
  const paid = ledger.map(({ endedAtMs, ...row }) => ({ ...row, endedAt: time(endedAtMs) }));
  const given = gifts.map(({ atMs, ...row }) => ({ ...row, at: time(atMs) }));
  return [
    json("votes.json", said),
    json("ledger.json", { pictures: paid, gifts: given }),
    json("accounts.json", accounts),
  ];
}

/** All that there is of a member, over their accounts and all chats: for them alone. */
export async function fromMember(
  store: Pick<Store, "history" | "recordsOf">,
  { target, askedAtMs }: StoredDocument,
  memberId: string,
  { borrowed, words }: Making,
): Promise<Omit<Built, "letGo">> {
  const pictures = await store.history({ memberId, limit: Number.MAX_SAFE_INTEGER });
  const shown: DocumentPicture[] = [];
  for (const picture of pictures.toReversed()) {
    const file = await borrowed.of(picture);
    if (file) shown.push(file);
  }
  const title = words.say(text("document.title.member"));
  return {
    name: fileName(title, ENDING.zip),
    pictures: shown.length,
    gone: pictures.length - shown.length,
    spec: {
      kind: "zip",
      title,
      subtitle: words.date(askedAtMs),
      language: words.language,
      pictures: shown,
      texts: [recipesText(pictures), ...recordTexts(await store.recordsOf(target.memberId))],
    },
  };
}
