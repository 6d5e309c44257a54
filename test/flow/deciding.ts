import type { Loopback } from "../../adapters/loopback/shape.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import { text } from "../../src/domain/text.ts";
import { type Group, type GroupOptions, group } from "./harness.ts";

export const root = { admin: true };

/** The message of the newest decision with these words. */
export const lineOf = ({ chat }: Group, words: RegExp) =>
  chat.waitFor(() => [...chat.messages.values()].findLast(({ view }) => view.decision && words.test(view.text)));
export const labelled = async (all: Group, words: RegExp) =>
  (await lineOf(all, words)).view.buttons?.flat().map(({ label }) => label);

/** Presses the button whose label begins so, whatever it counts. */
export function pressIn(all: Pick<Group, "app"> & { readonly chat: Loopback }, messageId: string) {
  return async (name: string, label: string): Promise<void> => {
    await all.app.idle();
    const buttons = all.chat.messages.get(messageId)?.view.buttons?.flat() ?? [];
    await all.chat.pressToken(name, buttons.find((button) => button.label.startsWith(label))?.token);
  };
}

/** Three pictures of Ana's. */
export async function batch(options: GroupOptions = {}) {
  const all = await group({ hurried: true, ...options });
  await all.chat.type("ana", "/rca a red fox count:3");
  const card = await all.picture();
  return { ...all, all, card };
}

/** A model that costs 4 s a picture, and a sketch that costs nothing. */
export const backends = () => [
  fakeBackend({
    name: "gpu",
    usedMs: 4000,
    facts: { drawnBy: "model", firstGuess: { perMegapixelStepMs: 15_259, overheadMs: 0 } },
  }),
  fakeBackend({ name: "sketch", facts: { costWeight: 0, drawnBy: "program", title: text("backend.sketch.title") } }),
];

export const left = async ({ app }: Group, name: string): Promise<number> => {
  const { store, installation, nowMs } = app.services;
  return (await store.account(`loopback:${name}`, installation.allowance, nowMs())).bucket.balanceGpuMs;
};
