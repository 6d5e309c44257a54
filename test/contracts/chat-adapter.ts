import { afterEach, describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import type { MessageRef, ReplyTarget } from "../../src/domain/place.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { ChatAdapter, ChatEvents, Invocation, Media, Pressed } from "../../src/ports/chat.ts";
import type { CommandSpec } from "../../src/ports/option.ts";
import { LIST_TILES, type ShownForm, type ShownView } from "../../src/ports/view.ts";
import { quietEvents } from "../fakes/quiet-events.ts";

/** What a member sees of one message. */
interface Seen {
  readonly messageId: string;
  readonly text: string;
  /** Its alternative text. */
  readonly imageAlt?: string;
  readonly buttonLabels: readonly string[];
}

/** One platform with its far end at hand: a local Bot API server, a gateway double, HTTP clients of our own page. */
export interface ChatRig {
  readonly adapter: ChatAdapter;
  /** A member sends `/<command> <text>`, the way the platform's client would. Resolves when the event was delivered. */
  send(
    memberName: string,
    command: string,
    text: string,
    files?: readonly { readonly name: string; readonly mime: string; readonly bytes: Uint8Array }[],
  ): Promise<void>;
  press(memberName: string, messageId: string, label: string): Promise<void>;
  /** Chooses the choice of this label from a message's list. */
  choose(memberName: string, messageId: string, label: string, choice: string): Promise<void>;
  /** Sends the form that was opened last for this member. */
  submit(memberName: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** Every message of ours this member sees, oldest first. Waits for what is on its way. */
  seenBy(memberName: string): Promise<readonly Seen[]>;
  /** The platform or a member deletes one of our messages. */
  remove(messageId: string): Promise<void>;
  close(): Promise<void>;
}

interface Started {
  readonly rig: ChatRig;
  readonly adapter: ChatAdapter;
  readonly invoked: readonly Invocation[];
  readonly pressed: readonly Pressed[];
  /** What a press does, beside being noted. */
  readonly answer: { onPress: (pressed: Pressed) => Promise<void> };
  readonly line: string;
  /** Once more, with the same commands and events. */
  start(): Promise<string>;
}

interface Gap {
  /** The test's name. */
  readonly test: string;
  /** Why this platform cannot pass it: this list is the documentation. */
  readonly reason: string;
}

const SPEC: CommandSpec = {
  name: "rca",
  summary: verbatim("Draw"),
  adminOnly: false,
  options: [
    { name: "prompt", summary: verbatim("What to draw"), kind: "text", required: true, rest: true },
    { name: "seed", summary: verbatim("Seed"), kind: "integer", required: false, rest: false, min: 0 },
    { name: "image", summary: verbatim("Start from"), kind: "attachment", required: false, rest: false },
  ],
};
const KEY = "picture/abcdefghijklmnop.0/posted";
const CANDIDATES = ["picture/abcdefghijklmnop.1/posted", "picture/abcdefghijklmnop.2/posted"];
const PICTURE: ShownView = {
  text: "Seed 7",
  tone: "good",
  image: { key: KEY, alt: "a red fox", widthPx: 256, heightPx: 256 },
  buttons: [
    [
      { label: "Reroll", token: "1.reroll.abcdefghijklmnop.0.AAAAAAAAAAA", tone: "primary" },
      { label: "Vary", token: "1.vary.abcdefghijklmnop.0.AAAAAAAAAAA" },
    ],
  ],
};
const WITH_LIST: ShownView = {
  text: "Picture #7",
  selects: [
    {
      label: "Try in another style",
      token: "1.instyle.abcdefghijklmnop.0.AAAAAAAAAAA",
      choices: [
        { value: "chalk", label: "Chalk" },
        { value: "plain", label: "Plain" },
      ],
    },
  ],
};
const NOT_ONE = "None of these";
const OPTIONS = [
  ...CANDIDATES.map((key, at) => ({
    id: `p${at}`,
    label: `#${at + 12}`,
    number: at + 12,
    image: { key, alt: "a red fox", widthPx: 256, heightPx: 256 },
    token: `1.vote.abcdefghijklmnop.${at}.AAAAAAAAAAA`,
  })),
  { id: "none", label: NOT_ONE, token: "1.vote.abcdefghijklmnop.9.AAAAAAAAAAA" },
];
/** A pick as the core shows it; `buttons` say all of it, too. */
const PICK: ShownView = {
  text: "Which of these?\nNobody has voted yet",
  image: { key: KEY, alt: "a red fox", widthPx: 256, heightPx: 256 },
  buttons: [OPTIONS.map(({ label, token }) => ({ label, token }))],
  decision: {
    decisionId: "abcdefghijklmnop",
    kind: "pick",
    state: "open",
    visibility: "live",
    title: "Which of these?",
    standing: "Nobody has voted yet",
    options: OPTIONS,
    maxChoices: OPTIONS.length,
    votedIds: [],
    voted: 0,
    byName: "ann",
    byId: "m:ann",
    closesAtMs: 4_000_000_000_000,
    notes: [],
    setToken: "1.set.abcdefghijklmnop.0.AAAAAAAAAAA",
  },
};
const AS_POLL: ShownView = { ...PICK, decision: { ...PICK.decision!, asPoll: true } };
const { setToken: _set, ...PICKED } = PICK.decision!;
const OVER: ShownView = {
  text: "#13: 2 of 2 approve",
  image: { key: CANDIDATES[1]!, alt: "a red fox", widthPx: 256, heightPx: 256 },
  decision: {
    ...PICKED,
    state: "decided",
    title: "#13: 2 of 2 approve",
    standing: "",
    options: OPTIONS.map(({ token: _token, ...option }) => (option.id === "p1" ? { ...option, won: true } : option)),
  },
};
const FORM: ShownForm = {
  title: "Edit",
  token: "1.edit.abcdefghijklmnop.0.AAAAAAAAAAA",
  submitLabel: "Draw",
  fields: [{ name: "prompt", summary: "What to draw", kind: "text", required: true, rest: true, value: "a red fox" }],
};

/** Every chat adapter passes this, or names its gaps with their reason. */
export function chatAdapterContract(
  name: string,
  open: () => ChatRig | Promise<ChatRig>,
  options: { readonly gaps?: readonly Gap[] } = {},
): void {
  describe(`chat adapter contract: ${name}`, () => {
    const rigs: ChatRig[] = [];
    afterEach(async () => {
      for (const rig of rigs.splice(0)) {
        await rig.adapter.stop();
        await rig.close();
      }
    });
    const check = (test: string, body: (world: Started) => Promise<void>) => {
      const gap = options.gaps?.find((each) => each.test === test);
      it(test, async (context) => {
        if (gap) context.skip(`gap of ${name}: ${gap.reason}`);
        await body(await started());
      });
    };

    async function started(): Promise<Started> {
      const rig = await open();
      rigs.push(rig);
      const invoked: Invocation[] = [];
      const pressed: Pressed[] = [];
      const answer: Started["answer"] = { onPress: async () => {} };
      const image: Media = { bytes: tinyPng(256, 256, "fox"), mime: "image/png", fileName: "fox.png" };
      const events: ChatEvents = {
        ...quietEvents,
        async invoked(each) {
          invoked.push(each);
        },
        async pressed(each) {
          pressed.push(each);
          await answer.onPress(each);
        },
        media: async (key) => ([KEY, ...CANDIDATES].includes(key) ? image : undefined),
      };
      const start = () => rig.adapter.start([SPEC], events);
      const line = await start();
      return { rig, adapter: rig.adapter, invoked, pressed, answer, line, start };
    }

    async function targetOf({ rig, adapter, invoked }: Started, memberName = "ann"): Promise<ReplyTarget> {
      await rig.send(memberName, "rca", "a red fox");
      await expect.poll(() => invoked.at(-1)?.member.name).toBe(memberName);
      const target = invoked.at(-1)!.target;
      await adapter.acknowledge(target, "public");
      return target;
    }
    async function posted(world: Started, view: ShownView, nonce = "n1", visibility: "public" | "private" = "public") {
      const target = await targetOf(world);
      return { target, ref: await world.adapter.post(target, view, { nonce, visibility }) };
    }
    const seen = async (world: Started, ref: MessageRef, memberName = "ann") =>
      (await world.rig.seenBy(memberName)).find((each) => each.messageId === ref.messageId);

    check("says in one line where it is", async ({ line }) => {
      expect(line).toMatch(/^\S.*$/);
    });

    check("hands over a command as it was typed, with its member and a new update id", async (world) => {
      await world.rig.send("ann", "rca", "portrait: a cat -- asleep seed:0");
      await world.rig.send("bob", "rca", "x");
      await expect.poll(() => world.invoked.length).toBe(2);
      const [first, second] = world.invoked;
      const { raw } = first!;
      const said = "text" in raw ? raw.text : JSON.stringify(raw.values);
      for (const part of ["portrait: a cat -- asleep", "0"]) expect(said).toContain(part);
      expect(first!.commandName).toBe("rca");
      expect(first!.member).toMatchObject({ name: "ann" });
      expect(first!.member.id.startsWith(`${world.adapter.platform}:`)).toBe(true);
      expect(first!.target).toMatchObject({ memberId: first!.member.id, place: { platform: world.adapter.platform } });
      expect(first!.updateId.startsWith(`${world.adapter.platform}:`)).toBe(true);
      expect(second!.updateId).not.toBe(first!.updateId);
      expect(second!.member.id).not.toBe(first!.member.id);
    });

    check("hands over a file, under the reader's limit", async (world) => {
      const bytes = tinyPng(256, 256, "photo");
      await world.rig.send("ann", "rca", "a red fox", [{ name: "photo.png", mime: "image/png", bytes }]);
      await expect.poll(() => world.invoked.length).toBe(1);
      const [file] = world.invoked[0]!.attachments;
      expect(file).toMatchObject({ mime: "image/png", sizeBytes: bytes.length });
      expect(Buffer.from(await file!.read(1_000_000)).equals(bytes)).toBe(true);
      await expect(file!.read(bytes.length - 1)).rejects.toMatchObject({ name: "ChatError", code: "too_large" });
    });

    check("shows text, picture and buttons", async (world) => {
      const { ref } = await posted(world, PICTURE);
      expect(await seen(world, ref)).toMatchObject({
        text: "Seed 7",
        imageAlt: "a red fox",
        buttonLabels: ["Reroll", "Vary"],
      });
      expect(await seen(world, ref, "bob")).toMatchObject({ text: "Seed 7" });
    });

    check("shows text as text", async (world) => {
      const text = 'a <b>bold</b> *move* _now_ & "then" `code` [link](x) @everyone';
      const { ref } = await posted(world, { text });
      expect((await seen(world, ref))?.text).toBe(text);
    });

    check("takes a text of exactly its maximum, and no more", async (world) => {
      const { textMaxChars } = world.adapter.capabilities;
      const { ref, target } = await posted(world, { text: "é".repeat(textMaxChars) });
      expect((await seen(world, ref))?.text).toHaveLength(textMaxChars);
      const longer = world.adapter.post(
        target,
        { text: "é".repeat(textMaxChars + 1) },
        { nonce: "n2", visibility: "public" },
      );
      await expect(longer).rejects.toMatchObject({ name: "ChatError", code: "too_large" });
    });

    check("takes a list as long as lists may be", async (world) => {
      const tiles = Array.from({ length: LIST_TILES }, (_, at) => ({
        title: `Topic ${at + 1}`,
        text: "What it is about",
        fill: `/guide topic${at + 1}`,
      }));
      const { ref } = await posted(world, { text: "Choose a topic.", tiles });
      expect((await seen(world, ref))?.text).toContain("Choose a topic.");
    });

    check("gives one message for one nonce, where it says so", async (world) => {
      const { ref, target } = await posted(world, { text: "once" });
      const again = await world.adapter.post(target, { text: "once" }, { nonce: "n1", visibility: "public" });
      const texts = (await world.rig.seenBy("ann")).filter((each) => each.text === "once");
      expect(again.messageId === ref.messageId).toBe(world.adapter.capabilities.postsOnce);
      expect(texts).toHaveLength(world.adapter.capabilities.postsOnce ? 1 : 2);
    });

    check("edits in place, twice without harm", async (world) => {
      const { ref } = await posted(world, { text: "Queued.", progress: 0.2 });
      await world.adapter.edit(ref, PICTURE);
      await world.adapter.edit(ref, PICTURE);
      expect(await seen(world, ref)).toMatchObject({
        text: "Seed 7",
        imageAlt: "a red fox",
        buttonLabels: ["Reroll", "Vary"],
      });
      await world.adapter.edit(ref, { text: "Deleted." });
      const after = await seen(world, ref);
      expect(after).toMatchObject({ text: "Deleted.", buttonLabels: [] });
      expect(after?.imageAlt).toBeUndefined();
    });

    check("edits a message whose ref went through storage", async (world) => {
      const { ref } = await posted(world, { text: "Queued." });
      await world.adapter.edit(JSON.parse(JSON.stringify(ref)) as MessageRef, { text: "Done." });
      expect((await seen(world, ref))?.text).toBe("Done.");
    });

    check("says gone when the message was deleted, or never was", async (world) => {
      const { ref } = await posted(world, { text: "Queued." });
      await world.rig.remove(ref.messageId);
      await expect(world.adapter.edit(ref, PICTURE)).rejects.toMatchObject({ name: "ChatError", code: "gone" });
      const never = { ...ref, messageId: "999999" };
      await expect(world.adapter.edit(never, PICTURE)).rejects.toMatchObject({ name: "ChatError", code: "gone" });
    });

    check("shows a private message to its member alone", async (world) => {
      const { ref } = await posted(world, { text: "only you" }, "n1", "private");
      expect(await seen(world, ref, "ann")).toMatchObject({ text: "only you" });
      expect(await seen(world, ref, "bob")).toBeUndefined();
    });

    check("brings a press back with its token, its presser and a new update id", async (world) => {
      const { ref } = await posted(world, PICTURE);
      await world.rig.press("bob", ref.messageId, "Vary");
      await world.rig.press("bob", ref.messageId, "Vary");
      await expect.poll(() => world.pressed.length).toBe(2);
      expect(world.pressed[0]).toMatchObject({ token: PICTURE.buttons![0]![1]!.token, member: { name: "bob" } });
      expect(world.pressed[0]!.target.place).toMatchObject({ chatId: ref.place.chatId });
      expect(world.pressed[1]!.updateId).not.toBe(world.pressed[0]!.updateId);
    });

    check("offers a list and brings back what was chosen, with its chooser", async (world) => {
      const { ref } = await posted(world, WITH_LIST);
      await world.rig.choose("bob", ref.messageId, "Try in another style", "Plain");
      await expect.poll(() => world.pressed.length).toBe(1);
      expect(world.pressed[0]).toMatchObject({
        token: WITH_LIST.selects![0]!.token,
        values: { choice: "plain" },
        member: { name: "bob" },
      });
      expect(world.pressed[0]!.target.place).toMatchObject({ chatId: ref.place.chatId });
    });

    for (const [what, view] of [
      ["", PICK],
      [", where the chat wants its platform's own poll, too", AS_POLL],
    ] as const) {
      check(`shows a decision, and brings every choice back${what}`, async (world) => {
        const { ref } = await posted(world, view);
        expect((await seen(world, ref, "bob"))?.text).toContain("Which of these?");
        for (const [at, { id, label, token }] of OPTIONS.entries()) {
          await world.rig.press("bob", ref.messageId, label);
          await expect.poll(() => world.pressed.length).toBe(at + 1);
          const { pressed } = world;
          expect(pressed[at]).toMatchObject({
            member: { name: "bob" },
            target: { place: { chatId: ref.place.chatId } },
          });
          // Each choice by its button, or all that is chosen from then on.
          expect([token, `${view.decision?.setToken} ${id}`]).toContain(
            [pressed[at]?.token, pressed[at]?.values?.["choices"]].filter((part) => part !== undefined).join(" "),
          );
        }
      });

      check(`shows what was decided, once, and nothing to press${what}`, async (world) => {
        const { ref } = await posted(world, view);
        for (let times = 0; times < 2; times += 1) await world.adapter.edit(ref, OVER);
        const all = await world.rig.seenBy("bob");
        expect(all.filter(({ text }) => text.includes("2 of 2 approve"))).toHaveLength(1);
        expect(all.flatMap(({ buttonLabels }) => buttonLabels)).toEqual([]);
      });
    }

    check("opens a form and brings its values back", async (world) => {
      const { ref } = await posted(world, PICTURE);
      world.answer.onPress = async ({ target, values }) => {
        if (!values) await world.adapter.openForm(target, FORM);
      };
      await world.rig.press("bob", ref.messageId, "Reroll");
      await world.rig.submit("bob", { prompt: "a blue boat" });
      await expect.poll(() => world.pressed.length).toBe(2);
      expect(world.pressed[1]).toMatchObject({
        token: FORM.token,
        values: { prompt: "a blue boat" },
        member: { name: "bob" },
      });
    });

    check("acknowledges twice without harm", async (world) => {
      const target = await targetOf(world);
      await world.adapter.acknowledge(target, "public");
      await world.adapter.acknowledge(JSON.parse(JSON.stringify(target)) as ReplyTarget, "public");
    });

    check("brings nothing after stop, within 5 s, and stops twice", async (world) => {
      const startedAtMs = performance.now();
      await world.adapter.stop();
      await world.adapter.stop();
      expect(performance.now() - startedAtMs).toBeLessThan(5000);
      // A platform may refuse or keep what is sent while we are away; either is fine.
      await world.rig.send("ann", "rca", "x").catch(() => {});
      expect(world.invoked).toEqual([]);
    });

    check("lets nothing leave once it has stopped, not even what was under way", async (world) => {
      const { target, ref } = await posted(world, PICTURE);
      const sending = world.adapter.edit(ref, { text: "under way" }).catch(() => "broken off");
      await world.adapter.stop("now");
      await sending;
      // The installation's own shows nothing without itself.
      const shown = async () => (world.adapter.capabilities.everywhere ? [] : world.rig.seenBy("ann"));
      const before = await shown();
      const late = world.adapter.post(target, { text: "late" }, { nonce: "n2", visibility: "public" });
      await expect(late).rejects.toMatchObject({ name: "ChatError", code: "offline" });
      await expect(world.adapter.edit(ref, { text: "late" })).rejects.toMatchObject({ name: "ChatError" });
      expect(await shown()).toEqual(before);
    });

    /** Everybody's at once is started once; what one alone has comes and goes with the process that leads. */
    const checkAgain = (test: string, body: (world: Started) => Promise<void>) =>
      check(test, async (world) => (world.adapter.capabilities.everywhere ? undefined : body(world)));

    for (const how of [undefined, "now"] as const)
      checkAgain(`goes on when it is started again, stopped ${how ?? "in peace"}`, async (world) => {
        const { ref } = await posted(world, PICTURE);
        await world.adapter.stop(how);
        expect(await world.start()).toMatch(/^\S.*$/);
        await world.rig.send("bob", "rca", "a blue fox");
        // Told nothing, the platform may bring again what came before.
        const ids = () => new Set(world.invoked.map(({ updateId }) => updateId));
        await expect.poll(() => world.invoked.some(({ member }) => member.name === "bob")).toBe(true);
        expect(ids().size).toBe(2);
        await world.adapter.edit(ref, { ...PICTURE, text: "Seed 8" });
        expect((await seen(world, ref))?.text).toBe("Seed 8");
        await world.rig.press("bob", ref.messageId, "Vary");
        await expect.poll(() => world.pressed.length).toBe(1);
      });

    checkAgain("may be stopped while it starts, and started again", async (world) => {
      await world.adapter.stop();
      const starting = world.start().catch(() => "stopped");
      await world.adapter.stop("now");
      await starting;
      await world.rig.send("ann", "rca", "x").catch(() => {});
      expect(world.invoked).toEqual([]);
      await world.start();
      await world.rig.send("bob", "rca", "y");
      await expect.poll(() => world.invoked.some(({ member }) => member.name === "bob")).toBe(true);
    });
  });
}
