import { expect, it } from "vitest";
import { slotsHere } from "../../src/jobs/slots.ts";

it("waits for a place at a backend where all are taken", async () => {
  const slots = slotsHere();
  const { signal } = new AbortController();
  const backend = { name: "gpu", concurrency: 1 };
  const giveBack = await slots.at(backend, "a", signal);
  let inside = false;
  const second = slots.at(backend, "b", signal).then(() => {
    inside = true;
  });
  await slots.at({ name: "cpu", concurrency: 1 }, "c", signal);
  expect(inside).toBe(false);
  giveBack();
  await second;
});
