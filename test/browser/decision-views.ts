import type { ShownButton, ShownDecision, ShownView } from "../../src/ports/view.ts";
import type { Stage } from "./stage.ts";

type Option = ShownDecision["options"][number];
/** What a state of a decision needs to know: who looks, and when it is. */
interface Looking {
  readonly me: string;
  readonly nowMs: number;
}

const HALF_HOUR_MS = 1_800_000;
const tokenFor = (decisionId: string, option = "") => `2.choose.${decisionId}.${option}`;
const imageAt = (index: number) => ({
  key: `picture/abcdefghijklmnop.${index}/posted`,
  alt: `“RENT STRIKE”, version ${index + 1}`,
  widthPx: 832,
  heightPx: 1216,
});

/** Pictures to choose from, and none of them. */
const candidates = (count: number, more: (index: number) => Partial<Option> = () => ({})): readonly Option[] => [
  ...Array.from({ length: count }, (_, index) => ({
    id: `p${index}`,
    label: `#${index + 7}`,
    number: index + 7,
    image: imageAt(index),
    ...more(index),
  })),
  { id: "none", label: "None of these", ...more(count) },
];

const WORDS = ["agree", "abstain", "disagree", "block"] as const;
const wordsOf = (counts: readonly number[], over: Partial<Option> = {}): readonly Option[] =>
  WORDS.map((id, at) => ({ id, label: `${id[0]?.toUpperCase()}${id.slice(1)}`, count: counts[at] ?? 0, ...over }));

const FIVE = ["web:a", "web:b", "web:c", "web:d", "web:e"];
/** A decision as the core would show it; presses name its options. */
function decision(given: Partial<ShownDecision> & Pick<ShownDecision, "options">, nowMs: number): ShownDecision {
  const { decisionId = "abcdefgh12345678", state = "open", options, votedIds = FIVE } = given;
  const open = state === "open";
  return {
    decisionId,
    kind: "pick",
    state,
    visibility: "live",
    title: "Bo asks: which of these?",
    standing: "5 have voted",
    maxChoices: 8,
    votedIds,
    voted: votedIds.length,
    byName: "Bo",
    byId: "web:bo",
    closesAtMs: nowMs + HALF_HOUR_MS,
    notes: [],
    ...(open ? { setToken: tokenFor(decisionId) } : {}),
    ...given,
    options: options.map((option) => (open ? { token: tokenFor(decisionId, option.id), ...option } : option)),
  };
}

const viewOf = (shown: ShownDecision, buttons: readonly ShownButton[] = []): ShownView => ({
  text: shown.title,
  ...(buttons.length > 0 ? { buttons: [buttons] } : {}),
  decision: shown,
});

const EVERY = "Choose every one that you could live with.";
const close: ShownButton = { label: "Close the vote", token: "2.endvote.close" };
const reroll: ShownButton = { label: "Reroll", token: "2.reroll.all", tone: "primary" };
const AYE = { id: "aye", label: "Vote" };

/** Every state that there is, as this member sees it. */
export const DECISIONS = {
  "reroll open": ({ nowMs }) =>
    viewOf(
      decision(
        {
          kind: "reroll",
          title: "Magdalena-Sophie Oberhuber wants another take of #7",
          byName: "Magdalena-Sophie Oberhuber",
          standing: "1 of 3",
          options: [AYE],
          about: { number: 7, image: imageAt(0) },
          maxChoices: 1,
          votesNeeded: 3,
          votedIds: ["web:m"],
        },
        nowMs,
      ),
    ),
  "spend open": ({ nowMs, me }) =>
    viewOf(
      decision(
        {
          kind: "spend",
          title: "Bo wants 4 pictures of a raised fist",
          standing: "1 of 2",
          options: [AYE],
          maxChoices: 1,
          votesNeeded: 2,
          votedIds: [me],
          notes: ["Who votes for it pays an equal part, about 12 s each."],
        },
        nowMs,
      ),
    ),
  "pick open": ({ nowMs, me }) =>
    viewOf(
      decision(
        {
          options: candidates(4, (index) => ({ count: [3, 1, 5, 2, 1][index] ?? 0 })),
          about: { number: 7, image: imageAt(0) },
          votedIds: ["web:a", "web:b", "web:c", "web:d", "web:e", me],
          standing: "6 have voted",
          choicesOf: { [me]: ["p0", "p2"] },
          notes: [EVERY],
        },
        nowMs,
      ),
      [close],
    ),
  "pick hidden": ({ nowMs }) =>
    viewOf(
      decision(
        {
          options: candidates(4),
          visibility: "hidden",
          notes: [EVERY, "How many chose what is shown when it closes."],
        },
        nowMs,
      ),
    ),
  "pick limited": ({ nowMs }) =>
    viewOf(
      decision(
        {
          options: candidates(9),
          visibility: "secret",
          maxChoices: 3,
          notes: ["Three votes each.", "Nobody sees who chose what, and it is forgotten when it closes."],
        },
        nowMs,
      ),
    ),
  "proposal open": ({ nowMs, me }) =>
    viewOf(
      decision(
        {
          kind: "proposal",
          title:
            "Bo proposes: we print 200 copies on A4 and 20 on A3, and the print shop gets the file by Thursday noon",
          options: wordsOf([3, 1, 1, 0]),
          maxChoices: 1,
          choicesOf: { [me]: ["disagree"] },
          votedIds: ["web:a", "web:b", "web:c", "web:d", me],
          notes: ["It passes with 4 who agree.", "Cy disagrees: A3 is too dear for us."],
        },
        nowMs,
      ),
    ),
  "use open": ({ nowMs }) =>
    viewOf(
      decision(
        {
          kind: "proposal",
          title: "Bo proposes: we use #7",
          options: wordsOf([3, 1, 1, 0]).map((option) =>
            option.id === "agree" ? { ...option, image: imageAt(0) } : option,
          ),
          about: { number: 7, image: imageAt(0) },
          maxChoices: 1,
          choicesOf: {},
        },
        nowMs,
      ),
    ),
  "pick over": ({ nowMs }) =>
    viewOf(
      decision(
        {
          state: "decided",
          title: "#9: 5 of 7 approve (next: 3)",
          options: candidates(4, (index) => ({
            count: [3, 1, 5, 2, 1][index] ?? 0,
            ...(index === 2 ? { won: true as const } : {}),
          })),
          voted: 7,
          notes: ["Not voted: 1. Closed by Bo.", "Bo: 200 copies on A4. The print shop needs it by Thursday."],
        },
        nowMs,
      ),
    ),
  "pick tie": ({ nowMs, me }) =>
    viewOf(
      decision(
        {
          state: "closed",
          title: "A tie between #7 and #9, with 4 votes each",
          byId: me,
          options: candidates(4, (index) => ({
            count: [4, 1, 4, 2, 0][index] ?? 0,
            ...(index === 0 || index === 2 ? { won: true as const } : {}),
          })),
          voted: 8,
          notes: ["Whoever runs the chat decides."],
        },
        nowMs,
      ),
      [
        { label: "Choose #7", token: "2.endvote.p0" },
        { label: "Choose #9", token: "2.endvote.p2" },
      ],
    ),
  "pick none": ({ nowMs }) =>
    viewOf(
      decision(
        {
          state: "decided",
          title: "None of these: 4 of 6 approve (next: 2)",
          options: candidates(3, (index) => ({
            count: [2, 1, 0, 4][index] ?? 0,
            ...(index === 3 ? { won: true as const } : {}),
          })),
          voted: 6,
        },
        nowMs,
      ),
      [reroll],
    ),
  "proposal over": ({ nowMs }) =>
    viewOf(
      decision(
        {
          kind: "proposal",
          state: "closed",
          title: "Not agreed: we print 200 copies on A4. 2 agree, 1 abstains, 2 disagree, 1 blocks",
          options: wordsOf([2, 1, 2, 1]),
          voted: 6,
          notes: ["The time is up.", "Cy would block it: we have no money."],
        },
        nowMs,
      ),
    ),
  "reroll over": ({ nowMs }) =>
    viewOf(
      decision(
        {
          kind: "reroll",
          state: "decided",
          title: "Another take of #7 is made: 3 of 3",
          options: [{ ...AYE, count: 3, won: true }],
          about: { number: 7, image: imageAt(0) },
          maxChoices: 1,
          votesNeeded: 3,
        },
        nowMs,
      ),
    ),
} satisfies Readonly<Record<string, (looking: Looking) => ShownView>>;

/** Of a group and a member, as its page knows them. */
const placeOf = (room: string) => ({ platform: "web", chatId: room, group: true });

/** A decision in a group of the stage, and what it becomes. */
export async function postDecision({ web }: Stage, room: string, view: ShownView) {
  const place = placeOf(room);
  const nonce = view.decision?.decisionId ?? "decision";
  const ref = await web.post({ place, memberId: "web:bo" }, view, { nonce, visibility: "public" });
  return { become: (next: ShownView) => web.edit(ref, next) };
}
