import { describe, expect, it } from "vitest";
import type { FakeOptions } from "../../src/backends/fake/options.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Backend } from "../../src/ports/backend.ts";
import { type Group, group } from "./harness.ts";

const T0 = 1_760_000_000_000;
const CAPACITY_MS = 300_000;
const never = new Promise<void>(() => undefined);

/** A frozen clock, and a backend whose picture number `hangsAt` never ends. */
async function hanging(hangsAt: number, options: Partial<FakeOptions> = {}, wrap = (made: Backend): Backend => made) {
  let begun = 0;
  const reached = Promise.withResolvers<void>();
  const gate = async () => {
    begun += 1;
    if (begun < hangsAt) return;
    reached.resolve();
    await never;
  };
  const backend = wrap(fakeBackend({ gate, usedMs: 2000, facts: { concurrency: 1 }, ...options }));
  const started = await group({
    backends: () => [backend],
    installation: {
      allowance: { capacityGpuMs: CAPACITY_MS, refillGpuMsPerHour: 0, resetMs: 0 },
      admins: ["loopback:root"],
    },
  });
  started.clock.freeze();
  // Not a copy: its `app` is another one after a restart.
  return Object.assign(started, { hangs: () => reached.promise });
}

const accountOf = ({ app }: Pick<Group, "app">, name: string) =>
  app.services.store.account(`loopback:${name}`, app.services.installation.allowance, T0);

const WAYS: readonly (readonly [
  way: string,
  by: string,
  cancel: (chat: Group["chat"], messageId: string) => Promise<unknown>,
])[] = [
  ["the button", "ana", (chat, id) => chat.press("ana", id, "Cancel")],
  ["/cancel", "ana", (chat) => chat.type("ana", "/cancel")],
  ["an answer", "ana", (chat, about) => chat.type("ana", "/cancel", { about })],
  ["the list", "ana", fromList],
  ["an admin's /cancel", "root", (chat, about) => chat.type("root", "/cancel", { about })],
];

async function fromList(chat: Group["chat"]): Promise<void> {
  await chat.type("ana", "/queue");
  const [cancel] =
    chat
      .visibleTo("ana")
      .at(-1)
      ?.view.tiles?.flatMap(({ buttons = [] }) => buttons) ?? [];
  await chat.pressToken("ana", cancel?.token);
}

describe("cancelling in the middle", () => {
  it.each(WAYS)("by %s costs the time that was used, once", async (_way, by, cancel) => {
    const { chat, said, hangs, clock, ...started } = await hanging(1, {
      facts: { costWeight: 2, concurrency: 1, firstGuess: { perMegapixelStepMs: 0, overheadMs: 10_000 } },
    });
    await chat.type("ana", "/rca a red fox");
    const { ref } = await said("“a red fox”");
    await hangs();
    const heldMs = (await accountOf(started, "ana")).heldGpuMs;
    clock.advanceMs(3000);
    await cancel(chat, ref.messageId);
    const card = await chat.waitFor(() => {
      const view = chat.messages.get(ref.messageId)?.view;
      return view?.text.includes(`Cancelled by ${by}.`) ? view : undefined;
    });
    expect(heldMs).toBe(20_000);
    expect(card.text).toContain("6 s of the allowance was charged for the work done; the other 14 s came back.");
    await chat.type("ana", "/cancel", { about: ref.messageId });
    await started.app.idle();
    expect(await accountOf(started, "ana")).toMatchObject({
      heldGpuMs: 0,
      bucket: { balanceGpuMs: CAPACITY_MS - 6000 },
    });
  });

  it("gives the finished pictures of a batch, at their cost and that of the one under way", async () => {
    const { chat, said, hangs, clock, picture, ...started } = await hanging(3);
    await chat.type("ana", "/rca a red fox count:4");
    const { ref } = await said("“a red fox”");
    await hangs();
    clock.advanceMs(500);
    await chat.press("ana", ref.messageId, "Cancel");
    const { view } = await picture();
    expect(view.album).toHaveLength(2);
    expect(view.text).toContain("Cancelled by ana after 2 of 4 pictures. 4.5 s of the allowance was charged");
    expect(await accountOf(started, "ana")).toMatchObject({
      heldGpuMs: 0,
      bucket: { balanceGpuMs: CAPACITY_MS - 4500 },
    });
    for (const image of view.album ?? []) expect(await started.app.media(image.key)).toBeDefined();
    await chat.type("ana", "/show 2");
    expect((await said("#2 · ")).view.image).toBeDefined();
    await chat.press("ana", ref.messageId, "Delete");
    await said("Pictures #1 to #2 were deleted by ana.");
    expect(chat.violations).toEqual([]);
  });

  it("costs nothing where pictures are free, and still gives those that are finished", async () => {
    const { chat, said, hangs, clock, picture, ...started } = await hanging(2, {
      facts: { costWeight: 0, concurrency: 1 },
    });
    await chat.type("ana", "/rca a red fox count:2");
    const { ref } = await said("“a red fox”");
    await hangs();
    clock.advanceMs(500);
    await chat.press("ana", ref.messageId, "Cancel");
    expect((await picture()).view.text).toContain("Cancelled by ana after 1 of 2 pictures. It cost nothing.");
    expect(await accountOf(started, "ana")).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: CAPACITY_MS } });
  });

  it("does not charge the time that the far end let it wait", async () => {
    const waiting = (made: Backend): Backend => ({
      ...made,
      async *generate(input) {
        yield { type: "waiting", position: 3 };
        yield* made.generate(input);
      },
    });
    const { chat, said, hangs, clock, ...started } = await hanging(1, {}, waiting);
    await chat.type("ana", "/rca a red fox");
    const { ref } = await said("“a red fox”");
    await hangs();
    clock.advanceMs(5000);
    await chat.press("ana", ref.messageId, "Cancel");
    await said("Cancelled by ana. The allowance was returned.");
    expect(await accountOf(started, "ana")).toMatchObject({ heldGpuMs: 0, bucket: { balanceGpuMs: CAPACITY_MS } });
  });

  it.each([48, -48])("charges the time that passed, and not the %d h that the clock was set by", async (hours) => {
    const { chat, said, hangs, clock, ...started } = await hanging(1);
    await chat.type("ana", "/rca a red fox");
    const { ref } = await said("“a red fox”");
    await hangs();
    clock.advanceMs(1000);
    clock.setAheadMs(hours * 3_600_000);
    await chat.press("ana", ref.messageId, "Cancel");
    await said("1 s of the allowance was charged for the work done.");
    expect((await accountOf(started, "ana")).bucket.balanceGpuMs).toBe(CAPACITY_MS - 1000);
  });

  it("stays as it was after a restart, and a stop of the program costs nothing", async () => {
    const started = await hanging(1);
    const { chat, said, hangs, clock } = started;
    await chat.type("ana", "/rca a red fox");
    const { ref } = await said("“a red fox”");
    await hangs();
    clock.advanceMs(1000);
    await started.restart();
    const { bucket, heldGpuMs } = await accountOf(started, "ana");
    expect(bucket.balanceGpuMs + heldGpuMs).toBe(CAPACITY_MS);
    await chat.press("ana", ref.messageId, "Cancel");
    await said("Cancelled by ana.");
    const after = await accountOf(started, "ana");
    await started.restart();
    expect(await accountOf(started, "ana")).toEqual(after);
  });
});
