import type { ChatRules } from "../domain/chat-settings.ts";
import type { Decision } from "../domain/decision.ts";
import type { Job, Picture, Progress } from "../domain/job.ts";
import type { Style } from "../domain/style.ts";
import type { Text } from "../domain/text.ts";
import type { Ahead } from "../ports/store.ts";

/** Everything a card shows, read once. */
export interface CardFacts {
  readonly job: Job;
  readonly pictures: readonly Picture[];
  /** Accounts of all whose it is. */
  readonly ownerIds: readonly string[];
  /** The newest about another take of it. */
  readonly vote: Decision | undefined;
  /** About what it is the free draft of. */
  readonly draftOf?: Decision | undefined;
  /** Of a waiting job. */
  readonly ahead: Ahead | undefined;
  /** Of a running job. */
  readonly progress: Progress | undefined;
  /** Of a running job: its newest unfinished picture. */
  readonly previewKey: string | undefined;
  /** No picture is begun, for want of room to store it. */
  readonly outOfRoom: boolean;
  /** No computer that makes what waits in this lane is there. */
  readonly unserved: boolean;
  readonly styleOf: (styleId: string) => Pick<Style, "id" | "title"> | undefined;
  /** Pictures are covered in this chat. */
  readonly spoiler: boolean;
  /** Backend names to titles; a backend that is gone keeps its name. */
  readonly backendTitle: (name: string) => Text;
  /** Who but its member may have another take here. */
  readonly reroll: { readonly by: "everyone" | "owner" } | { readonly by: "vote"; readonly needed: number };
  /** Of a job that came to nothing: it could be set in type instead, at no cost. */
  readonly canSketch: boolean;
  readonly nowMs: number;
}

export function rerollOf(rules: Pick<ChatRules, "reroll" | "votes"> | undefined, group: boolean): CardFacts["reroll"] {
  if (!group || !rules || rules.reroll === "everyone") return { by: "everyone" };
  return rules.reroll === "vote" ? { by: "vote", needed: rules.votes } : { by: "owner" };
}
