import { describe, expect, it } from "vitest";
import type { LoopbackOptions } from "../../adapters/loopback/shape.ts";
import { loopback } from "../../adapters/loopback.ts";
import type { ChatEvents, Invocation, Media, Pressed } from "../../src/ports/chat.ts";
import type { ShownDecision, ShownSelect, ShownView } from "../../src/ports/view.ts";
import { type ChatRig, chatAdapterContract } from "../contracts/chat-adapter.ts";
import { quietEvents } from "../fakes/quiet-events.ts";

function openRig(options?: LoopbackOptions): ChatRig {
  const adapter = loopback(options);
  return {
    adapter,
    send: async (member, command, text, files = []) =>
      void (await adapter.type(member, `/${command} ${text}`, { attachments: files })),
    press: async (member, messageId, label) => void (await adapter.press(member, messageId, label)),
    choose: async (member, messageId, label, choice) => void (await adapter.choose(member, messageId, label, choice)),
    submit: async (member, values) => void (await adapter.submit(member, values)),
    seenBy: async (member) =>
      adapter.visibleTo(member).map(({ ref, view }) => ({
        messageId: ref.messageId,
        text: view.text,
        ...(view.image ? { imageAlt: view.image.alt } : {}),
        buttonLabels: (view.buttons ?? []).flat().map((button) => button.label),
      })),
    remove: async (messageId) => adapter.deleteMessage(messageId),
    close: async () => {},
  };
}

chatAdapterContract("loopback", () => openRig());
chatAdapterContract("loopback without reply tokens and nonces", () =>
  openRig({ replyTokens: false, capabilities: { postsOnce: false } }),
);

function withDecision(parts: Partial<ShownDecision>, buttons = [[{ label: "Vote", token: "k" }]]): ShownView {
  const decision: ShownDecision = {
    ...{ decisionId: "d", kind: "reroll", state: "open", visibility: "live", title: "t", standing: "s" },
    ...{ maxChoices: 1, votedIds: [], voted: 0, byName: "ann", byId: "m:ann", closesAtMs: 1, notes: [] },
    options: [{ id: "aye", label: "Vote", token: "k" }],
    ...parts,
  };
  return { text: "t", buttons, decision };
}

const PUBLIC = { nonce: "n1", visibility: "public" } as const;

async function started(options?: LoopbackOptions) {
  const chat = loopback(options);
  const invoked: Invocation[] = [];
  const pressed: Pressed[] = [];
  const files = new Map<string, Media>();
  const events: ChatEvents = {
    ...quietEvents,
    invoked: async (each) => void invoked.push(each),
    pressed: async (each) => void pressed.push(each),
    media: async (key) => files.get(key),
  };
  await chat.start([], events);
  const target = async (event = {}) => {
    await chat.type("ann", "/rca fox", event);
    return invoked.at(-1)!.target;
  };
  const acknowledged = async (event = {}) => {
    const to = await target(event);
    await chat.acknowledge(to, "public");
    return to;
  };
  return { chat, invoked, pressed, files, events, target, acknowledged };
}

const withToken = (token: string, label = "Go"): ShownView => ({ text: "x", buttons: [[{ label, token }]] });

const CHOICES = [{ value: "v", label: "V" }];
const IMAGE = { key: "grid/x", alt: "", widthPx: 1, heightPx: 1 };
const withList = (over: Partial<ShownSelect> = {}, choices = 1): ShownView => ({
  text: "x",
  selects: [
    {
      label: "Choose",
      token: "k",
      choices: Array.from({ length: choices }, (_, n) => ({ value: `v${n}`, label: `V${n}` })),
      ...over,
    },
  ],
});

describe("as strict as the strictest platform", () => {
  it("takes no post before the acknowledgement, and remembers the fault", async () => {
    const { chat, target } = await started();
    await expect(chat.post(await target(), { text: "x" }, PUBLIC)).rejects.toThrow("before the event was acknowledged");
    expect(chat.violations).toEqual(["posted before the event was acknowledged"]);
  });
  it("takes the post to the chat once the token is dead", async () => {
    let now = 0;
    const { chat, target } = await started({ nowMs: () => now });
    const to = await target();
    now = 3001;
    await chat.post(to, { text: "after a crash" }, PUBLIC);
    expect(chat.violations).toEqual([]);
  });
  it("notes an acknowledgement that came too late", async () => {
    let now = 0;
    const { chat, target } = await started({ nowMs: () => now });
    const to = await target();
    now = 3001;
    await chat.acknowledge(to, "public");
    expect(chat.violations).toEqual(["acknowledged after 3001 ms"]);
  });
  it("takes a form only as the first answer", async () => {
    const { chat, acknowledged } = await started();
    const form = { title: "t", token: "k", submitLabel: "s", fields: [] };
    const fields = [{ name: "p", summary: "p", kind: "text", required: true, rest: false }] as const;
    await expect(chat.openForm(await acknowledged(), { ...form, fields })).rejects.toThrow(
      "after the event was acknowledged",
    );
    await expect(chat.openForm(await acknowledged(), form)).rejects.toThrow("without fields");
  });
  it.each<readonly [string, ShownView, string | undefined]>([
    ["a token of 64 bytes", withToken("k".repeat(64)), undefined],
    ["a token of 65 bytes", withToken("k".repeat(65)), "too_large"],
    ["a token of 33 two-byte characters", withToken("é".repeat(33)), "too_large"],
    [
      "six buttons in a row",
      { text: "x", buttons: [Array.from({ length: 6 }, () => ({ label: "a", token: "k" }))] },
      "too_large",
    ],
    ["six rows", { text: "x", buttons: Array.from({ length: 6 }, () => [{ label: "a", token: "k" }]) }, "too_large"],
    ["text over the limit", { text: "x".repeat(2001) }, "too_large"],
    ["a list of 25 choices", withList({}, 25), undefined],
    ["a list whose token is too long", withList({ token: "k".repeat(65) }), "too_large"],
    [
      "five rows and a list",
      { ...withList(), buttons: Array.from({ length: 5 }, () => [{ label: "a", token: "k" }]) },
      "too_large",
    ],
  ])("%s", async (_what, view, code) => {
    const { chat, acknowledged } = await started();
    const post = chat.post(await acknowledged(), view, PUBLIC);
    if (code) await expect(post).rejects.toMatchObject({ name: "ChatError", code });
    else await expect(post).resolves.toMatchObject({ messageId: "m1" });
  });
  it.each<readonly [string, ShownView]>([
    ["an empty message", { text: " " }],
    ["a text that was not put into words", { text: "It is [object Object]." }],
    ["a text that was not put into words", { text: "x", fields: [{ name: "Cost", value: "{amount} of yours" }] }],
    ["a label of 25 characters", withToken("k", "x".repeat(25))],
    ["progress above 1", { text: "x", progress: 1.01 }],
    ["an empty row", { text: "x", buttons: [[]] }],
    ["a decision with a choice that no button offers", withDecision({}, [])],
    ["a decision that is over and can be voted in", withDecision({ state: "closed" })],
    ["a decision with words that were not rendered", withDecision({ notes: ["{names} pay"] })],
    ["a list of 26 choices", withList({}, 26)],
    ["a list of none", withList({ choices: [] })],
    ["a list that offers one value twice", withList({ choices: [...CHOICES, ...CHOICES] })],
    ["a list that has chosen what it does not offer", withList({ chosen: "z" })],
    ["a list without a label", withList({ label: "" })],
    ["a value of 21 bytes", withList({ choices: [{ value: "v".repeat(21), label: "v" }] })],
    ["a value with an umlaut", withList({ choices: [{ value: "ü", label: "v" }] })],
    ["a choice without a label", withList({ choices: [{ value: "v", label: "" }] })],
    ["an album without its grid", { text: "x", album: [IMAGE, IMAGE] }],
    ["an album of one", { text: "x", image: IMAGE, album: [IMAGE] }],
    ["a picture that does not exist", { text: "x", image: { key: "grid/none", alt: "", widthPx: 1, heightPx: 1 } }],
  ])("%s is a bug of ours", async (_what, view) => {
    const { chat, acknowledged } = await started();
    await expect(chat.post(await acknowledged(), view, PUBLIC)).rejects.toMatchObject({ name: "Error" });
  });
  it("measures a picture's caption and bytes by its own limits", async () => {
    const { chat, acknowledged, files } = await started({ capabilities: { imageMaxBytes: 3 } });
    const image = { key: "grid/x", alt: "fox", widthPx: 1, heightPx: 1 };
    files.set("grid/x", { bytes: new Uint8Array(3), mime: "image/png", fileName: "x.png" });
    const to = await acknowledged();
    await expect(chat.post(to, { text: "x".repeat(1025), image }, PUBLIC)).rejects.toMatchObject({ code: "too_large" });
    const { messageId } = await chat.post(to, { text: "x".repeat(1024), image }, PUBLIC);
    expect(chat.messages.get(messageId)?.image?.bytes).toHaveLength(3);
    files.set("grid/y", { bytes: new Uint8Array(4), mime: "image/png", fileName: "y.png" });
    const post = chat.post(to, { text: "x", image: { ...image, key: "grid/y" } }, { ...PUBLIC, nonce: "n2" });
    await expect(post).rejects.toMatchObject({ code: "too_large" });
  });
  it("limits how fast one message is edited, where it says so", async () => {
    let now = 0;
    const { chat, acknowledged } = await started({ nowMs: () => now, capabilities: { editMinIntervalMs: 1000 } });
    const ref = await chat.post(await acknowledged(), { text: "0" }, PUBLIC);
    await chat.edit(ref, { text: "1" });
    now = 999;
    await expect(chat.edit(ref, { text: "2" })).rejects.toMatchObject({ code: "rate_limited", retryAfterMs: 1 });
    now = 1000;
    await chat.edit(ref, { text: "2" });
    expect(chat.messages.get(ref.messageId)?.versions.map((view) => view.text)).toEqual(["0", "1", "2"]);
  });
});

describe("faults on demand", () => {
  it("offline, then back", async () => {
    const { chat, acknowledged } = await started();
    const to = await acknowledged();
    chat.faults.offline = true;
    await expect(chat.post(to, { text: "x" }, PUBLIC)).rejects.toMatchObject({ code: "offline" });
    chat.faults.offline = false;
    await chat.post(to, { text: "x" }, PUBLIC);
  });
  it("rate limited as often as told", async () => {
    const { chat, acknowledged } = await started();
    const to = await acknowledged();
    chat.faults.rateLimited = 1;
    await expect(chat.post(to, { text: "x" }, PUBLIC)).rejects.toMatchObject({
      code: "rate_limited",
      retryAfterMs: 20,
    });
    await chat.post(to, { text: "x" }, PUBLIC);
  });
  it("an answer lost after it was stored: the nonce finds the first message", async () => {
    const { chat, acknowledged } = await started();
    const to = await acknowledged();
    chat.faults.answersLost = 1;
    await expect(chat.post(to, { text: "x" }, PUBLIC)).rejects.toMatchObject({ code: "offline" });
    await chat.post(to, { text: "x" }, PUBLIC);
    expect(chat.messages.size).toBe(1);
  });
});

describe("for tests", () => {
  it("takes a reply to the chat when the acknowledgement was tried in vain", async () => {
    const { chat, target } = await started();
    const to = await target();
    chat.faults.rateLimited = 1;
    await expect(chat.acknowledge(to, "public")).rejects.toMatchObject({ code: "rate_limited" });
    await chat.post(to, { text: "x" }, PUBLIC);
    expect(chat.violations).toEqual([]);
  });
  it("finds a button that counts by its word", async () => {
    const { chat, acknowledged, pressed } = await started();
    const ref = await chat.post(await acknowledged(), withToken("k", "Reroll 1/2"), PUBLIC);
    await chat.press("bob", ref.messageId, "Reroll");
    await expect(chat.press("bob", ref.messageId, "Re")).rejects.toThrow("sees no button");
    expect(pressed).toHaveLength(1);
  });
  it("delivers an update again under its id, with its reply token", async () => {
    const { chat, invoked } = await started();
    const updateId = await chat.type("ann", "/rca fox");
    await chat.type("ann", "/rca fox", { updateId });
    expect(invoked[1]).toMatchObject({ updateId, target: { replyToken: invoked[0]!.target.replyToken } });
  });
  it("keeps its messages over a restart", async () => {
    const { chat, acknowledged, events } = await started();
    const ref = await chat.post(await acknowledged(), { text: "x" }, PUBLIC);
    await chat.stop();
    await expect(chat.edit(ref, { text: "y" })).rejects.toMatchObject({ code: "offline" });
    await chat.start([], events);
    await chat.edit(ref, { text: "y" });
  });
  it("waits for what comes, and gives up in time", async () => {
    const { chat, acknowledged } = await started();
    const to = await acknowledged();
    const waiting = chat.waitFor(() => chat.visibleTo("ann").find((each) => each.view.text === "x"));
    await chat.post(to, { text: "x" }, PUBLIC);
    expect((await waiting).ref.messageId).toBe("m1");
    await expect(chat.waitFor(() => chat.messages.get("m2"), 20)).rejects.toThrow("not within 20 ms");
  });
  it("chooses only what is offered to the member", async () => {
    const { chat, acknowledged, pressed } = await started();
    const ref = await chat.post(await acknowledged(), withList(), { nonce: "n1", visibility: "private" });
    await expect(chat.choose("bob", ref.messageId, "Choose", "V0")).rejects.toThrow("bob sees no");
    await expect(chat.choose("ann", ref.messageId, "Choose", "V1")).rejects.toThrow('sees no "V1"');
    await chat.choose("ann", ref.messageId, "Choose", "V0");
    expect(pressed).toMatchObject([{ token: "k", values: { choice: "v0" } }]);
  });
  it("tells what a message is about, and what the platform knows of its member", async () => {
    const { chat, invoked } = await started();
    await chat.type("ann", "/edit a blue fox", { about: "m1", albumIndex: 2, roles: ["Artists"], joinedAtMs: 5 });
    expect(invoked[0]).toMatchObject({
      about: { messageId: "m1", albumIndex: 2, place: { chatId: "c1" } },
      member: { roles: [{ id: "Artists", name: "Artists" }], joinedAtMs: 5 },
    });
  });
  it("presses only what the member sees", async () => {
    const { chat, acknowledged, pressed } = await started();
    const ref = await chat.post(await acknowledged(), withToken("k"), { nonce: "n1", visibility: "private" });
    await expect(chat.press("bob", ref.messageId, "Go")).rejects.toThrow("sees no button");
    await chat.press("ann", ref.messageId, "Go");
    await chat.pressToken("bob", { not: "a token" });
    expect(pressed.map((each) => each.token)).toEqual(["k", { not: "a token" }]);
  });
});
