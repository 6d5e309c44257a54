import { expect } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { MessageId } from "../../src/domain/text.ts";
import { render } from "../../src/messages/render.ts";
import { englishLeft } from "../messages/english-left.ts";

/** Somebody at a chat, by what their app offers. */
export interface Seat {
  type(command: string, values?: Readonly<Record<string, string | number>>): Promise<unknown>;
  /** Labels of the buttons that are there now. */
  labels(): Promise<readonly string[]>;
  /** The newest button of this label. */
  press(label: string): Promise<unknown>;
  /** Changes the prompt in the form that Edit opened, and sends it. */
  editPrompt(prompt: string): Promise<unknown>;
}

export interface Stage {
  /** An admin, who makes a picture, and somebody else. */
  readonly ann: Seat;
  readonly bob: Seat;
  /** Everything our side posted, answered and offered until now: each version of it. */
  texts(): Promise<readonly string[]>;
}

const SOON = { timeout: 20_000, interval: 30 };

/** A backend that makes pictures only while it is let. */
export function gated() {
  let gate = Promise.withResolvers<void>();
  gate.resolve();
  return {
    backend: () => [fakeBackend({ gate: () => gate.promise, facts: { timeoutMs: 36_000_000 } })],
    hold: () => {
      gate = Promise.withResolvers<void>();
    },
    letGo: () => gate.resolve(),
  };
}

/** What two members do in an evening. All that they read is theirs, in this language. */
export async function evening(stage: Stage, gate: ReturnType<typeof gated>, language: string): Promise<void> {
  const { ann, bob } = stage;
  const label = (id: MessageId) => render({ id }, language);
  const answered = async (act: () => Promise<unknown>) => {
    const before = JSON.stringify(await stage.texts());
    await act();
    await expect.poll(async () => JSON.stringify(await stage.texts()) !== before, SOON).toBe(true);
  };
  const press = async (seat: Seat, id: MessageId) => {
    await expect.poll(() => seat.labels(), SOON).toContain(label(id));
    await answered(() => seat.press(label(id)));
  };
  const pictures = async (count: number) =>
    expect
      .poll(async () => (await ann.labels()).filter((each) => each === label("button.vary-subtle")).length, SOON)
      .toBe(count);

  for (const command of ["help", "guide", "styles", "language", "examples", "queue", "history"])
    await answered(() => ann.type(command));
  await answered(() => ann.type("guide", { topic: "seed" }));
  await answered(() => ann.type("rca", { prompt: "a red fox", seed: "minus" }));
  gate.hold();
  await answered(() => ann.type("rca", { prompt: "a red fox" }));
  await answered(() => ann.type("rca", { prompt: "a blue boat" }));
  await answered(() => ann.type("queue"));
  await press(ann, "button.cancel");
  gate.letGo();
  await pictures(1);
  await press(ann, "button.info");
  await press(ann, "button.edit");
  await ann.editPrompt("a green hill");
  await pictures(2);
  await press(ann, "button.reroll");
  await pictures(3);
  await press(ann, "button.vary-subtle");
  await pictures(4);
  await press(ann, "button.lock-seed");
  await press(bob, "button.reroll");
  await press(bob, "button.delete");
  await press(ann, "button.delete");
  await press(ann, "button.undo");
  for (const command of ["history", "queue", "quota", "settings", "block", "unlock"])
    await answered(() => ann.type(command));
  await answered(() => ann.type("settings", { votes: "1" }));

  // What members wrote, and the example of a style, is theirs.
  const texts = (await stage.texts()).map((words) => words.replaceAll("a red fox", "…"));
  expect(texts.length).toBeGreaterThan(40);
  expect(texts.some((words) => words.includes("a green hill"))).toBe(true);
  expect(englishLeft(texts, language)).toEqual([]);
}
