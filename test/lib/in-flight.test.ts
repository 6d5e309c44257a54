import { expect, test } from "vitest";
import { createInFlight } from "../../src/lib/in-flight.ts";

/** Work that ends only when it is broken off. */
const endless = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

test("all that is under way is broken off together, and nothing is begun afterwards", async () => {
  const inFlight = createInFlight();
  const ends = [inFlight.run(undefined, endless), inFlight.run(new AbortController().signal, endless)];
  inFlight.end(new Error("stopped"));
  inFlight.end(new Error("stopped again"));
  for (const end of ends) await expect(end).rejects.toThrow("stopped");
  let begun = false;
  const late = inFlight.run(undefined, async () => {
    begun = true;
  });
  await expect(late).rejects.toThrow(/^stopped$/);
  expect(begun).toBe(false);
});

test("one is broken off by its own signal, also by one that was aborted before, and the others go on", async () => {
  const inFlight = createInFlight();
  const own = new AbortController();
  const end = inFlight.run(own.signal, endless);
  const other = inFlight.run(undefined, async () => "done");
  own.abort(new Error("mine"));
  await expect(end).rejects.toThrow("mine");
  expect(await other).toBe("done");
  const seen: boolean[] = [];
  await inFlight.run(own.signal, async (signal) => void seen.push(signal.aborted));
  expect(seen).toEqual([true]);
});
