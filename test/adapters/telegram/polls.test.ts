import { describe, expect, it } from "vitest";
import { z } from "zod";
import { tinyPng } from "../../../src/backends/fake/png.ts";
import type { MessageRef, ReplyTarget } from "../../../src/domain/place.ts";
import type { ChatEvents, Pressed } from "../../../src/ports/chat.ts";
import type { ShownDecision, ShownView } from "../../../src/ports/view.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { quietEvents } from "../../fakes/quiet-events.ts";
import type { TelegramFakeOptions } from "../../fakes/telegram.ts";
import { eventually, openFake, telegramAt } from "./world.ts";

const SET = "1.set.abcdefghijklmnop.0.AAAAAAAAAAA";
const CLOSE = { label: "Close", token: "1.close.abcdefghijklmnop.0.AAAAAAAAAAA" };
const HOUR_MS = 3_600_000;
const NUMBERS = [12, 14, 15];

const pictureOf = (number: number) => ({
  key: `picture/${number}/posted`,
  alt: "a red fox",
  widthPx: 256,
  heightPx: 256,
});

function decision(parts: Partial<ShownDecision> = {}): ShownDecision {
  return {
    decisionId: "abcdefghijklmnop",
    kind: "pick",
    state: "open",
    visibility: "live",
    title: "Which of these?",
    standing: "Nobody has voted yet",
    options: [
      ...NUMBERS.map((number, at) => ({
        id: `p${number}`,
        label: `#${number}`,
        number,
        image: pictureOf(number),
        token: `1.vote.abcdefghijklmnop.${at}.AAAAAAAAAAA`,
      })),
      { id: "none", label: "None of these", token: "1.vote.abcdefghijklmnop.9.AAAAAAAAAAA" },
    ],
    maxChoices: 4,
    votedIds: [],
    voted: 0,
    byName: "Ann",
    byId: "x:1",
    closesAtMs: Date.now() + HOUR_MS,
    notes: ["Whoever votes pays an equal part."],
    setToken: SET,
    asPoll: true,
    ...parts,
  };
}

const viewOf = (of: ShownDecision): ShownView => ({
  text: `${of.title}\n${of.standing}`,
  image: { ...pictureOf(0), key: "picture/grid" },
  album: of.options.flatMap(({ image }) => image ?? []),
  decision: of,
  ...(of.state === "open" ? { buttons: [of.options.map(({ label, token = "" }) => ({ label, token })), [CLOSE]] } : {}),
});
const OVER = viewOf(
  decision({
    state: "decided",
    title: "#14: 2 of 2 approve",
    standing: "",
    options: [],
    notes: [],
    votedIds: ["x"],
    voted: 1,
  }),
);

async function world(options: TelegramFakeOptions = {}) {
  const fake = await openFake(options);
  const ann = fake.person("Ann");
  const bob = fake.person("Bob");
  const group = fake.supergroup("Rent strike", { admins: [ann], members: [bob], forum: true });
  const topic = group.topic("Posters").threadId;
  const services = moduleServices();
  const pressed: Pressed[] = [];
  const deleted = new Set<string>();
  const self = { onPress: async (_pressed: Pressed): Promise<void> => undefined };
  const events: ChatEvents = {
    ...quietEvents,
    async pressed(each) {
      pressed.push(each);
      await self.onPress(each);
    },
    media: async (key) =>
      deleted.has(key) ? undefined : { bytes: tinyPng(256, 256, key), mime: "image/png", fileName: "fox.png" },
  };
  const open = async () => {
    const { adapter } = telegramAt(fake, { world: services });
    await adapter.start([], events);
    return adapter;
  };
  const adapter = await open();
  const target: ReplyTarget = {
    place: {
      platform: "telegram",
      chatId: String(group.id),
      threadId: String(topic),
      title: "Rent strike",
      group: true,
    },
    memberId: `telegram:${ann.id}`,
  };
  const post = (view: ShownView, nonce = "d.1") => adapter.post(target, view, { nonce, visibility: "public" });
  return Object.assign(self, {
    ...{ fake, adapter, target, group, pressed, deleted, open, post },
    ...{ anns: ann.in(group, { topic }), bobs: bob.in(group, { topic }), bob },
    anonymous: ann.in(group, { topic, anonymous: true }),
    /** As the outbox does where a post cannot be repeated. */
    async placed(view: ShownView): Promise<MessageRef> {
      const ref = await post({ text: "A vote begins.", tone: "working" });
      await adapter.edit(ref, view);
      return ref;
    },
  });
}
type World = Awaited<ReturnType<typeof world>>;

const shown = ({ anns }: World) => anns.fromBot();
const choices = ({ pressed }: World) => pressed.map(({ values }) => values?.["choices"]);

describe("a pick where the chat wants Telegram's polls", () => {
  it("is a poll whose options are its pictures, instead of its placeholder", async () => {
    const here = await world();
    await here.placed(viewOf(decision()));
    const [message, ...more] = shown(here);
    expect(more).toEqual([]);
    expect(message).toMatchObject({
      kind: "poll",
      text: "Which of these?",
      threadId: Number(here.target.place.threadId),
    });
    expect(message?.poll).toMatchObject({
      options: [
        { text: "#12", photo: true },
        { text: "#14", photo: true },
        { text: "#15", photo: true },
        { text: "None of these", photo: false },
      ],
      ...{ multiple: true, anonymous: false, hidden: false, closed: false },
      description: "Whoever votes pays an equal part.",
    });
    expect(message?.keyboard.flat().map(({ text }) => text)).toEqual(["Close"]);
    const [call] = here.fake.callsOf("sendPoll");
    expect(Number(call?.params["close_date"])).toBeGreaterThan(Date.now() / 1000 + 3500);
    here.fake.expectNoComplaints();
  });
  it("brings every vote to the core: what is chosen from then on, and by whom", async () => {
    const here = await world();
    await here.placed(viewOf(decision()));
    const poll = shown(here)[0]!;
    here.bobs.vote(poll, "#12", "None of these");
    here.bobs.vote(poll, "#15");
    here.bobs.vote(poll);
    await eventually(() => here.pressed.length).toBe(3);
    expect(choices(here)).toEqual(["p12,none", "p15", ""]);
    const [first] = here.pressed;
    expect(first).toMatchObject({
      token: SET,
      member: { id: `telegram:${here.bob.id}`, name: "Bob" },
      target: { place: here.target.place },
    });
    expect(new Set(here.pressed.map(({ updateId }) => updateId)).size).toBe(3);
    // There is nothing to acknowledge, and nothing breaks.
    await here.adapter.acknowledge(first!.target, "public");
    here.fake.expectNoComplaints();
  });
  it("takes all anonymous admins for one member, and says so", async () => {
    const here = await world();
    await here.placed(viewOf(decision()));
    here.anonymous.vote(shown(here)[0]!, "#14");
    await eventually(() => here.pressed.length).toBe(1);
    expect(here.pressed[0]).toMatchObject({
      member: { id: `telegram:${here.group.id}`, name: "Rent strike", anonymous: true, admin: true },
    });
    here.bobs.vote(shown(here)[0]!, "#14");
    await eventually(() => here.pressed.length).toBe(2);
    expect(here.pressed[1]?.member.anonymous).toBeUndefined();
  });
  it("stays one while it is open, and ends once: it is stopped, and its outcome stands below", async () => {
    const here = await world();
    const ref = await here.placed(viewOf(decision()));
    const poll = shown(here)[0]!;
    await here.adapter.edit(ref, viewOf(decision({ votedIds: ["telegram:1"], voted: 1, standing: "1 has voted" })));
    expect(here.fake.calls.filter(({ method }) => /edit|stop/i.test(method))).toHaveLength(0);
    await here.adapter.edit(ref, OVER);
    await here.adapter.edit(ref, OVER);
    await here.adapter.edit(ref, { ...OVER, text: "#14: chosen. The next meeting prints it." });
    expect(shown(here).map(({ kind }) => kind)).toEqual(["poll", "photo"]);
    const [stopped, outcome] = shown(here);
    expect(stopped?.poll?.closed).toBe(true);
    expect(outcome).toMatchObject({ text: "#14: chosen. The next meeting prints it.", replyToId: poll.messageId });
    here.fake.expectNoComplaints();
  });
  it("is known to the next process", async () => {
    const here = await world();
    const ref = await here.placed(viewOf(decision()));
    await here.adapter.stop();
    const next = await here.open();
    here.bobs.vote(shown(here)[0]!, "#12");
    await eventually(() => choices(here)).toEqual(["p12"]);
    await next.edit(ref, OVER);
    await next.stop();
    const last = await here.open();
    await last.edit(ref, OVER);
    expect(shown(here).map(({ kind }) => kind)).toEqual(["poll", "photo"]);
    await last.stop();
  });
  it("says its outcome once when the answer to it is lost", async () => {
    const here = await world();
    const ref = await here.placed(viewOf(decision()));
    const fault = { methods: ["sendPhoto"], failure: { kind: "reset" } as const, applied: true, times: 1 };
    here.fake.fault(fault);
    await here.adapter.edit(ref, OVER).catch(() => undefined);
    await here.adapter.edit(ref, OVER);
    expect(shown(here).map(({ kind }) => kind)).toEqual(["poll", "photo"]);
  });
  it("was closed by Telegram at its deadline: the outcome comes all the same", async () => {
    const here = await world();
    const ref = await here.placed(viewOf(decision()));
    here.fake.clock.advanceMs(2 * HOUR_MS);
    expect(shown(here)[0]?.poll?.closed).toBe(true);
    await here.adapter.edit(ref, OVER);
    expect(shown(here).map(({ kind }) => kind)).toEqual(["poll", "photo"]);
  });
  it("goes into a run-off by a poll of its own", async () => {
    const here = await world();
    const ref = await here.placed(viewOf(decision()));
    const runOff = decision({ options: decision().options.slice(0, 2), title: "Run-off", maxChoices: 2 });
    await here.adapter.edit(ref, viewOf(runOff));
    expect(shown(here).map(({ text, poll }) => [text, poll?.closed, poll?.options.length])).toEqual([
      ["Which of these?", true, 4],
      ["Run-off", false, 2],
    ]);
    here.bobs.vote(shown(here)[1]!, "#14");
    await eventually(() => choices(here)).toEqual(["p14"]);
    await here.adapter.edit(ref, OVER);
    expect(shown(here).map(({ kind, poll }) => poll?.closed ?? kind)).toEqual([true, true, "photo"]);
  });
  it("hides its results where the decision does", async () => {
    const here = await world();
    await here.placed(viewOf(decision({ visibility: "hidden" })));
    here.bobs.vote(shown(here)[0]!, "#12");
    expect(shown(here)[0]?.poll).toMatchObject({ hidden: true, voted: 1 });
    expect(shown(here)[0]?.poll?.options.every(({ votes }) => votes === 0)).toBe(true);
  });
  it("sends nothing anew that Telegram has", async () => {
    const here = await world();
    for (const number of NUMBERS) await here.post({ text: `#${number}`, image: pictureOf(number) }, `p.${number}`);
    await here.post(viewOf(decision()), "d.2");
    expect(JSON.stringify(here.fake.callsOf("sendPoll")[0]?.params)).not.toContain("attach://");
    expect(
      shown(here)
        .at(-1)
        ?.poll?.options.filter(({ photo }) => photo),
    ).toHaveLength(3);
  });
  it("tells whose vote does not count, once, and nobody what they know", async () => {
    const here = await world();
    const bad: ShownView = { text: "You have nothing left today.", tone: "bad" };
    here.onPress = async ({ target, updateId }) => {
      await here.adapter.post(target, bad, { nonce: updateId, visibility: "private" });
      await here.adapter.post(target, { text: "Counted." }, { nonce: `${updateId}.2`, visibility: "private" });
    };
    await here.placed(viewOf(decision()));
    const poll = shown(here)[0]!;
    here.bobs.vote(poll, "#12");
    here.bobs.vote(poll, "#14");
    await eventually(() => here.pressed.length).toBe(2);
    await here.adapter.stop();
    const [, ...told] = shown(here);
    expect(told.map(({ text, replyToId }) => [text, replyToId])).toEqual([
      ["Bob: You have nothing left today.", poll.messageId],
    ]);
  });
});

describe("a picture that was deleted", () => {
  const without = (of: ShownDecision): ShownDecision => ({
    ...of,
    options: of.options.map(({ image, ...option }) => ({ ...option, ...(image && option.number !== 14 && { image }) })),
  });

  it("goes out of an open poll with the poll, and the vote goes on without it", async () => {
    const here = await world();
    const ref = await here.placed(viewOf(decision()));
    here.deleted.add(pictureOf(14).key);
    await here.adapter.edit(ref, viewOf(without(decision())));
    expect(shown(here).map(({ poll }) => poll?.options.map(({ photo }) => photo))).toEqual([
      [true, false, true, false],
    ]);
    here.bobs.vote(shown(here)[0]!, "#15");
    await eventually(() => choices(here)).toEqual(["p15"]);
  });
  it("goes out of a poll that is over, too", async () => {
    const here = await world();
    const ref = await here.placed(viewOf(decision()));
    const over = viewOf(decision({ state: "decided", title: "#14 it is", standing: "", votedIds: ["x"], voted: 1 }));
    await here.adapter.edit(ref, over);
    await here.adapter.edit(ref, over);
    expect(shown(here)).toHaveLength(2);
    here.deleted.add(pictureOf(14).key);
    await here.adapter.edit(ref, viewOf(without(over.decision!)));
    expect(shown(here).map(({ kind }) => kind)).toEqual(["photo"]);
  });
});

describe("buttons do", () => {
  const asButtons = (message: ReturnType<typeof shown>[number] | undefined) => ({
    kind: message?.kind,
    labels: message?.keyboard.flat().map(({ text }) => text),
  });
  const BUTTONS = { kind: "photo", labels: ["#12", "#14", "#15", "None of these", "Close"] };

  const CASES: readonly (readonly [what: string, parts: Partial<ShownDecision>])[] = [
    ["a secret decision", { visibility: "secret" }],
    ["three choices of more, which no poll counts", { maxChoices: 2 }],
    ["votes that were cast by buttons before", { votedIds: ["telegram:1"], voted: 1 }],
    [
      "covered pictures",
      {
        options: decision().options.map(({ image, ...rest }) => ({
          ...rest,
          ...(image && { image: { ...image, spoiler: true as const } }),
        })),
      },
    ],
    [
      "more pictures than a poll shows",
      {
        maxChoices: 13,
        options: Array.from({ length: 13 }, (_, at) => ({
          id: `p${at}`,
          label: `#${at}`,
          image: pictureOf(at),
          token: `1.v.${at}`,
        })),
      },
    ],
  ];
  it.each(CASES)("for %s", async (_what, parts) => {
    const here = await world();
    await here.post(viewOf(decision(parts)));
    expect(shown(here)[0]?.kind).toBe("photo");
    expect(here.fake.callsOf("sendPoll")).toEqual([]);
  });
  it("and their picture is sent once, however the count changes", async () => {
    const here = await world();
    const { asPoll: _poll, ...plain } = decision();
    const ref = await here.placed(viewOf(plain));
    for (const standing of ["1 has voted", "2 have voted"])
      await here.adapter.edit(ref, viewOf({ ...plain, standing }));
    await here.adapter.edit(ref, { ...OVER, text: "#14 it is" });
    expect(here.fake.callsOf("editMessageMedia")).toHaveLength(1);
    expect(shown(here).map(({ text }) => text)).toEqual(["#14 it is"]);
    expect(here.fake.callsOf("editMessageCaption")).toHaveLength(3);
  });
  it.each([
    ["a server that takes no pictures there", { pollMedia: "refused" }],
    ["a server of before, which leaves them out", { pollMedia: "ignored" }],
  ] as const)("for %s, and it is asked once", async (_what, options) => {
    const here = await world(options);
    await here.placed(viewOf(decision()));
    await here.post(viewOf(decision()), "d.2");
    expect(shown(here).map(asButtons)).toEqual([BUTTONS, BUTTONS]);
    expect(here.fake.callsOf("sendPoll")).toHaveLength(1);
    here.fake.expectNoComplaints();
  });
  it("for a group that forbids polls", async () => {
    const here = await world();
    here.group.forbid("poll");
    await here.post(viewOf(decision()));
    expect(asButtons(shown(here)[0])).toEqual(BUTTONS);
  });
});

describe("what nobody sent", () => {
  it("is no vote: a poll that is not ours, an option that it does not have", async () => {
    const here = await world();
    await here.placed(viewOf(decision()));
    const { poll } = z.object({ poll: z.object({ id: z.string() }) }).parse(here.fake.callsOf("sendPoll")[0]?.result);
    const user = { id: here.bob.id, is_bot: false, first_name: "Bob" };
    const answer = (parts: object) =>
      here.fake.updates.add("poll_answer", "user/1", { user, option_persistent_ids: [], ...parts });
    answer({ poll_id: "1", option_ids: [0] });
    answer({ poll_id: poll.id, option_ids: [7] });
    answer({ poll_id: poll.id, option_ids: [0, 0] });
    await eventually(() => choices(here)).toEqual(["p12"]);
  });
});
