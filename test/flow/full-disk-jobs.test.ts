import { expect, it, onTestFinished } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { createTestClock } from "../fakes/clock.ts";
import { program } from "./full-disk.ts";

it.each([
  // Far more often than a job may be begun in vain.
  ["files", 22],
  ["books", 3],
] as const)(
  "full %s use up no attempt of a job: it waits, its card and /queue say why, and it is made once when there is room",
  async (what, times) => {
    const clock = createTestClock();
    onTestFinished(() => clock.stop());
    const { app, chat, full, notices, logged } = await program(clock);
    full[what] = true;
    const waits = () => logged.filter((line) => line.includes('"job.waits_for_room"')).length;
    const cards = () => [...chat.messages.values()].map(({ view }) => view.text);
    await chat.type("ana", "/rca a red fox");
    await expect.poll(waits).toBe(1);
    await chat.waitFor(() => cards().find((text) => text.includes("no room left on the disk of this Placard")));
    await chat.type("ana", "/queue");
    await chat.waitFor(() => chat.visibleTo("ana").find(({ view }) => view.tiles?.[0]?.text.includes("no room left")));
    // What came meanwhile is not begun.
    await chat.type("ben", "/rca a blue fox");
    for (let tries = 2; tries <= times; tries += 1) {
      clock.advanceMs(130_000);
      await expect.poll(waits, { interval: 5 }).toBeGreaterThanOrEqual(tries);
    }
    expect(notices.all()).toEqual([expect.stringContaining("DATA_DIR is full")]);
    full[what] = false;
    const pictures = () => [...chat.messages.values()].filter(({ view }) => view.image !== undefined);
    await expect
      .poll(() => {
        clock.advanceMs(5000);
        return pictures().length;
      })
      .toBe(2);
    expect(notices.all()).toEqual([]);
    expect(await app.services.store.history({ memberId: "loopback:ana", limit: 10 })).toHaveLength(1);
    expect(chat.violations).toEqual([]);
  },
);

it("begins nothing twice whose lease ran out while no book could be written", async () => {
  const clock = createTestClock();
  onTestFinished(() => clock.stop());
  const backend = fakeBackend({ mood: "hang", facts: { concurrency: 2, timeoutMs: 3_600_000 } });
  const { chat, full } = await program(clock, [backend]);
  await chat.type("ana", "/rca a red fox");
  await expect.poll(() => backend.calls).toHaveLength(1);
  full.books = true;
  for (let beat = 0; beat < 8; beat += 1) {
    clock.advanceMs(16_000);
    await new Promise(setImmediate);
  }
  full.books = false;
  for (let look = 0; look < 40; look += 1) {
    clock.advanceMs(5000);
    await new Promise(setImmediate);
  }
  expect(backend.calls).toHaveLength(1);
});
