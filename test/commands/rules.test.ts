import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { type ChatSettings, rulesOf } from "../../src/domain/chat-settings.ts";
import type { Offer, OfferKind } from "../../src/domain/offer.ts";
import type { Context } from "../../src/ports/command.ts";
import {
  ana,
  type ContextOver,
  contextWith,
  fileOf,
  jobWith,
  NOW_MS,
  pictureOf,
  subjectOf,
  worldOf,
} from "./context.ts";
import { decisionOf } from "./decisions.ts";
import { runningMeeting } from "./meetings.ts";
import { buttonFiles, commandsIn, press, pressInChat, type Said, typed } from "./parts.ts";

const DAY_MS = 86_400_000;
const job = jobWith();
const failed = jobWith({ state: "failed" });
const picture = pictureOf(job);
const reads = {
  job: async () => job,
  picturesOf: async () => [picture],
  pictureByNumber: async () => picture,
  history: async () => [picture],
  pendingImage: async () => new Uint8Array([1]),
  decision: async () => decisionOf("spend"),
  keptOffer: async (_id: string, kind: OfferKind): Promise<Offer> => ({
    order: job.order,
    gpuMs: 1,
    ...(kind === "later" ? { kind, atMs: NOW_MS } : { kind: "steps", insteadOf: 40 }),
  }),
};
const form = { prompt: "a red fox", cfg: "4", steps: "28", seed: "7", scale: "0.9", size: "poster" };
const PNG = tinyPng(64, 64, "given");
const attached = (context: Context, bytes: Uint8Array = new Uint8Array([1])): Context => ({
  ...context,
  attachments: [fileOf(bytes)],
});

/** Every way to make a picture, or to open the form that makes one. */
const WAYS: Readonly<Record<string, (context: Context) => Promise<Said>>> = {
  "/rca": (context) => typed("/rca a red fox", context),
  "/rca with a file": (context) => typed("/rca a red fox", attached(context)),
  "/chalk": (context) => typed("/chalk a red fox", context),
  "/imagine": (context) => typed("/imagine a red fox", context),
  "/edit": (context) => typed("/edit a blue fox picture:12", context),
  "/edit alone": (context) => typed("/edit picture:12", context),
  "/edit in a style": (context) => typed("/edit picture:12 style:chalk", context),
  "/edit with a file": (context) => typed("/edit a blue fox", attached(context)),
  "/edit with a file alone": (context) => typed("/edit", attached(context)),
  "/visual": (context) => typed("/visual Rent strike", context),
  "/poster": (context) => typed("/poster template:rally No rent rise", context),
  "/poster without a title": (context) => typed("/poster template:rally", context),
  "/caption": (context) => typed("/caption Rent strike picture:12", context),
  "/caption with a file": (context) => typed("/caption Rent strike", attached(context, PNG)),
  "/reroll": (context) => typed("/reroll 12", context),
  "/upscale": (context) => typed("/upscale 12", context),
  upscale: (context) => press("upscale", context),
  "/vary": (context) => typed("/vary picture:12", context),
  "/meeting": (context) => typed("/meeting Tenants’ assembly", context),
  "/meeting visual": (context) => typed("/meeting visual fists", { ...context, meeting: runningMeeting() }),
  meet: (context) => pressInChat("meet", { ...context, meeting: runningMeeting() }),
  meetnew: (context) => pressInChat("meetnew", context),
  again: (context) => press("again", context),
  "again after a failure": (context) => press("again", context, subjectOf(failed)),
  sketch: (context) => press("sketch", context, subjectOf(failed)),
  offer: (context) => pressInChat("offer", context),
  "offer to wait": (context) => pressInChat("offer", context, { o: "0123456789abcdef", k: "later" }),
  choose: (context) => pressInChat("choose", context, { d: "d".repeat(16), o: "aye" }),
  letters: (context) => press("letters", context),
  "letters, filled in": (context) => press("letters", context, subjectOf(job, { values: { text: "Rent strike" } })),
  edit: (context) => press("edit", context),
  redo: (context) => press("redo", context, subjectOf(job, { values: form })),
  reroll: (context) => press("reroll", context),
  subtle: (context) => press("subtle", context),
  strong: (context) => press("strong", context),
  instyle: (context) => press("instyle", context, subjectOf(job, { values: { choice: "chalk" } })),
  poster: (context) => pressInChat("poster", context, undefined, { title: "No rent rise" }),
  start: (context) => pressInChat("start", context, {}, { prompt: "a fox", style: "rca", change: "0.5" }),
};

/** Nobody begins a meeting alone. */
const IN_GROUPS = new Set(["/meeting", "meetnew"]);
const guest = { ...ana, roles: [{ id: "1", name: "Guests" }] };
const PLACE = { platform: "discord", chatId: "c", title: "general", group: true };
const young = { ...ana, accountMadeAtMs: NOW_MS - DAY_MS };

interface Rule {
  readonly settings: ChatSettings;
  readonly refused: ContextOver;
  readonly taken: ContextOver;
}
const RULES: Readonly<Record<string, Rule>> = {
  generate: { settings: { generate: "admins" }, refused: {}, taken: { isAdmin: true } },
  generate_roles: {
    settings: { generate_roles: "Artists" },
    refused: { member: guest },
    taken: { member: { ...guest, roles: [{ id: "2", name: "Artists" }] } },
  },
  channels: {
    settings: { channels: "art" },
    refused: { place: PLACE, isAdmin: true },
    taken: { place: { ...PLACE, title: "Art" } },
  },
  min_account_days: {
    settings: { min_account_days: 2 },
    refused: { member: young },
    taken: { member: { ...young, accountMadeAtMs: 0 } },
  },
  min_member_days: {
    settings: { min_member_days: 2 },
    refused: { member: { ...ana, joinedAtMs: NOW_MS } },
    taken: { member: { ...ana, joinedAtMs: 0 } },
  },
  "direct messages": {
    settings: {},
    refused: { place: { ...PLACE, group: false }, directMessages: "off", isAdmin: true },
    taken: { place: { ...PLACE, group: false }, directMessages: "on" },
  },
};
const contextIn = (settings: ChatSettings, over: ContextOver) =>
  contextWith({ settings, rules: rulesOf(settings, { style: "rca", votes: 3 }), ...over, reads });
const answerOf = (outcome: Said) => (outcome.do === "refuse" ? outcome.problem.code : "makes");

describe("no way to a picture passes a rule by", () => {
  it("knows every command and button that makes pictures", async () => {
    const covered = new Set(Object.keys(WAYS).map((way) => way.split(" ")[0]!));
    const making = ["draw", "defer", "decide", "form"];
    const context = contextIn({}, {});
    const commands = await Promise.all(
      commandsIn(worldOf()).map(
        async ({ name }) => [`/${name}`, (await typed(`/${name} a red fox`, context)).do] as const,
      ),
    );
    const buttons = await Promise.all(
      buttonFiles.map(async ({ file, found }) => {
        const subject = subjectOf(job, { values: { ...form, choice: "chalk" } });
        const outcome = await (found.about === "job"
          ? press(file, context, subject)
          : pressInChat(file, context, undefined, { prompt: "x", style: "rca", change: "0.5" }));
        return [file, outcome.do] as const;
      }),
    );
    const found = [...commands, ...buttons].filter(([, did]) => making.includes(did)).map(([name]) => name);
    expect(found.length).toBeGreaterThan(8);
    expect(found.filter((name) => !covered.has(name))).toEqual([]);
  });

  describe.each(Object.entries(RULES))("%s", (_name, { settings, refused, taken }) => {
    const isDirect = taken.place?.group === false;
    it.each(Object.entries(WAYS).filter(([way]) => !isDirect || !IN_GROUPS.has(way)))("%s", async (_way, go) => {
      expect(answerOf(await go(contextIn(settings, refused)))).toBe("not_allowed");
      expect(answerOf(await go(contextIn(settings, taken)))).toBe("makes");
    });
  });
});

describe("looking stays free", () => {
  const strict: ContextOver = { place: PLACE, directMessages: "off" };
  const settings: ChatSettings = { generate: "admins", generate_roles: "x", channels: "y", min_account_days: 9 };
  it.each(["/history", "/show 12", "/info 12", "/quota", "/queue", "/styles", "/help", "/guide seed"])(
    "%s",
    async (line) => expect((await typed(line, contextIn(settings, strict))).do).toBe("reply"),
  );
  it.each(["info", "original", "lock", "pick"])("%s", async (verb) =>
    expect(["reply", "lock", "pick"]).toContain((await press(verb, contextIn(settings, strict))).do),
  );
  it.each(["delete", "undo", "cancel"])("%s stays with its owner", async (verb) => {
    const subjects = {
      delete: subjectOf(),
      cancel: subjectOf(jobWith({ state: "queued" })),
      undo: subjectOf(job, { pictures: [pictureOf(job, 0, { deleted: { atMs: NOW_MS, byName: "Ana" } })] }),
    };
    const outcome = await press(verb, contextIn(settings, strict), subjects[verb as keyof typeof subjects]);
    expect(outcome.do).not.toBe("refuse");
  });
});

describe("/approve", () => {
  it.each<[string, ContextOver, string, object]>([
    ["lets the chat in", { isAdmin: true, isOperator: true }, "/approve", { do: "approve", allowed: true }],
    ["takes it back", { isAdmin: true, isOperator: true }, "/approve allow:no", { do: "approve", allowed: false }],
    [
      "is not for the chat's own admins",
      { isAdmin: true },
      "/approve",
      { do: "refuse", problem: { code: "not_allowed" } },
    ],
  ])("%s", async (_why, over, line, outcome) => expect(await typed(line, contextWith(over))).toMatchObject(outcome));
});

describe("covered pictures", () => {
  it.each(["/show 12", "/history"])("%s keeps them covered where the chat wants it", async (line) => {
    const images = async (settings: ChatSettings) => {
      const outcome = await typed(line, contextIn(settings, {}));
      const view = outcome.do === "reply" ? outcome.view : { text: "" };
      return [view.image, ...(view.tiles ?? []).map(({ image }) => image)].filter((image) => image !== undefined);
    };
    expect((await images({ spoiler: "yes" })).map(({ spoiler }) => spoiler)).toEqual([true]);
    expect((await images({ spoiler: "no" })).map(({ spoiler }) => spoiler)).toEqual([undefined]);
  });
});
