import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import { openSketch } from "../backends/sketch-rig.ts";
import { group } from "./harness.ts";

/** What the real sketch says of an order, over a backend that draws when the gate opens. */
async function sketchAt(gate: () => Promise<void>) {
  const sketch = await openSketch();
  await sketch.close();
  const drawing = fakeBackend({ name: "sketch", gate });
  const { lacks, foresees } = sketch;
  return { ...drawing, ...(lacks ? { lacks } : {}), ...(foresees ? { foresees } : {}) };
}

describe("letters that no font has", () => {
  it("are named before anything is drawn", async () => {
    const gate = Promise.withResolvers<void>();
    const sketch = await sketchAt(() => gate.promise);
    const { chat, message, picture } = await group({ backends: () => [sketch] });
    await chat.type("ana", '/rca poster "Freedom ᏣᎳᎩ"');
    const waiting = await message(({ view }) => view.tone === "working");
    expect(waiting.view.text).toContain("The sketch has no letters for Ꮳ Ꮃ Ꭹ: they will be left out.");
    gate.resolve();
    await picture();
  });

  it("are refused where nothing else is to be lettered, and nothing is held", async () => {
    const sketch = await sketchAt(async () => undefined);
    const { chat, message, pictures, app, clock } = await group({ backends: () => [sketch] });
    await chat.type("ana", '/rca red poster "ᏣᎳᎩ"');
    const { view } = await message(({ view: { text } }) => text.includes("has no letters for Ꮳ Ꮃ Ꭹ"));
    expect(view.text).toContain("Write it in another script.");
    await app.idle();
    expect(pictures()).toEqual([]);
    const { store, installation } = app.services;
    expect(await store.account("loopback:ana", installation.allowance, clock.nowMs())).toMatchObject({
      heldGpuMs: 0,
      bucket: { balanceGpuMs: installation.allowance.capacityGpuMs },
    });
  });

  it("leave the order to a model that letters none by itself", async () => {
    const sketch = await sketchAt(async () => undefined);
    const model = fakeBackend({ name: "model", facts: { where: "local" } });
    const { chat, picture } = await group({ backends: () => [model, sketch] });
    await chat.type("ana", '/rca red poster "ᏣᎳᎩ"');
    expect((await picture()).view.text).not.toContain("no letters");
    expect(model.calls).toHaveLength(1);
  });

  it("typed lines reach the backend as lines", async () => {
    const backend = fakeBackend();
    const { chat, picture } = await group({ backends: () => [backend] });
    await chat.type("ana", "/rca Tenants meeting\n1. Rent\n2. Votes");
    await picture();
    expect(backend.calls[0]?.request).toMatchObject({
      finalPrompt: "RCA style, Tenants meeting 1. Rent 2. Votes",
      promptLines: "Tenants meeting\n1. Rent\n2. Votes",
    });
  });
});
