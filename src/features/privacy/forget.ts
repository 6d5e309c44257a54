import { createHash } from "node:crypto";
import { ENLARGING_BACKEND, LETTERING_BACKEND } from "../../domain/recipe.ts";
import { day, lines, listed, type Text, text, verbatim } from "../../domain/text.ts";
import type { Context } from "../../ports/command.ts";
import type { HeldOf } from "../../ports/forgetting.ts";
import type { Outcome } from "../../ports/outcome.ts";

/** So long whoever asked may still say yes. */
const HOLDS_MS = 10 * 60_000;
const MINUTE_MS = 60_000;
/** They change pictures that are there. */
const MADE_HERE: ReadonlySet<string> = new Set([LETTERING_BACKEND, ENLARGING_BACKEND]);

/** Tells in a button whose it is, without saying who that is: it may stand where all can press it. */
export const memberMark = (memberId: string): string =>
  BigInt(`0x${createHash("sha256").update(`forget ${memberId}`).digest("hex")}`)
    .toString(36)
    .slice(0, 10);

/** What will go, what stays, and what nobody here can take back. Asks. */
export async function askToForget(context: Pick<Context, "reads" | "member" | "nowMs" | "token">): Promise<Outcome> {
  const { member } = context;
  if (member.anonymous) return { do: "refuse", problem: { code: "not_allowed", text: text("problem.link.anonymous") } };
  const until = Math.ceil((context.nowMs + HOLDS_MS) / MINUTE_MS).toString(36);
  const token = context.token("forget", "chat", { m: memberMark(member.id), t: until });
  return {
    do: "reply",
    visibility: "private",
    view: {
      text: lines(...(await told(context))),
      alone: true,
      buttons: [[{ label: text("button.forget"), token }]],
    },
  };
}

async function told({ reads }: Pick<Context, "reads">): Promise<readonly (Text | undefined)[]> {
  const held = await reads.heldOf();
  const far = await farEndsOf(held, reads);
  const copies = await reads.copiesMadeAtMs();
  return [
    text("forget.ask"),
    text("forget.goes", { pictures: held.pictures, documents: held.documents }),
    held.staying === 0 ? undefined : text("forget.stays", { n: held.staying }),
    held.votes === 0 ? undefined : text("forget.votes", { n: held.votes }),
    text("forget.sums"),
    ...postsOf(held),
    far.length === 0 ? undefined : text("forget.backends", { names: listed(far, "commas") }),
    copies.length === 0 ? undefined : text("forget.copies", { dates: listed(copies.map(day), "commas") }),
    text("forget.holds"),
  ];
}

/** By what they are called; one that is not there any more has its name left. What Placard makes by itself nobody else keeps. */
async function farEndsOf({ backends }: HeldOf, reads: Context["reads"]): Promise<readonly Text[]> {
  const known = new Map((await reads.backends()).map(({ facts }) => [facts.name, facts]));
  return backends
    .filter((name) => !MADE_HERE.has(name) && known.get(name)?.where !== "here")
    .map((name) => known.get(name)?.title ?? verbatim(name));
}

const postsOf = ({ messages, alone }: HeldOf): readonly (Text | undefined)[] => [
  messages === 0 ? undefined : text("forget.posts", { n: messages }),
  alone === 0 ? undefined : text("forget.alone", { n: alone }),
];

/** Pressed: by whom it was shown to, in time. */
export function decideForget(
  { accountIds, nowMs }: Pick<Context, "accountIds" | "nowMs">,
  { m, t }: { readonly m: string; readonly t: number },
): Outcome {
  if (!accountIds.some((id) => memberMark(id) === m))
    return { do: "refuse", problem: { code: "not_allowed", text: text("problem.forget.others") } };
  if (nowMs > t * MINUTE_MS) return { do: "refuse", problem: { code: "expired", text: text("problem.forget.late") } };
  return { do: "forget_me" };
}
