import { describe, expect, it } from "vitest";
import { type Job, UNDO_MS } from "../../src/domain/job.ts";
import { type Order, orderSchema } from "../../src/domain/recipe.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { VARY_STRENGTH } from "../../src/features/derive/order.ts";
import { english } from "../words.ts";
import {
  ana,
  ben,
  contextWith,
  DRAWN_SEED,
  jobWith,
  lockOf,
  NOW_MS,
  orderWith,
  rca,
  subjectOf,
  worldOf,
} from "./context.ts";
import { formOf, press, refusal, type Said, viewOf } from "./parts.ts";

const same = { prompt: "a red fox", cfg: "3", steps: "28", seed: "7", scale: "0.9", size: "poster", negative: "" };
const redone = (values: object, job = jobWith(), which = 0) =>
  subjectOf(job, { which, values: { ...same, ...values } });
const batch = jobWith({ order: orderWith({ seed: 4294967294 }, { count: 4 }) });

/** The order of a draw, or of a vote that passes. */
function orderOf(outcome: Said): Order {
  if (outcome.do !== "draw" && outcome.do !== "decide") throw new Error(JSON.stringify(outcome));
  return orderSchema.parse(outcome.do === "draw" ? outcome.order : outcome.whenPassed);
}

describe("buttons that make a picture", () => {
  it.each<[string, ReturnType<typeof subjectOf>, object]>([
    [
      "reroll",
      subjectOf(),
      { seedFrom: "drawn", request: { seed: DRAWN_SEED, guidance: 3 }, lineage: { kind: "reroll" } },
    ],
    ["again", subjectOf(), { seedFrom: "parent", request: { seed: 7 }, lineage: { kind: "again" } }],
    ["subtle", subjectOf(), { request: { seed: 7, variation: { seed: DRAWN_SEED, strength: VARY_STRENGTH.subtle } } }],
    ["strong", subjectOf(), { request: { seed: 7, variation: { seed: DRAWN_SEED, strength: VARY_STRENGTH.strong } } }],
    [
      "redo",
      redone({ cfg: "4" }),
      { seedFrom: "parent", request: { seed: 7, guidance: 4 }, lineage: { kind: "edit" } },
    ],
  ])("%s", async (verb, subject, order) => {
    const made = orderOf(await press(verb, contextWith(), subject));
    expect(made).toMatchObject(order);
    expect(made.lineage).toMatchObject({ parentImageId: subject.pictures[0]?.imageId, parentNumber: 12 });
  });

  const drawing = ["reroll", "again", "subtle", "strong", "redo"];

  it.each(drawing)("%s keeps seed 0 and scale 0 where it keeps them at all, and no trigger comes in", async (verb) => {
    const order = orderWith({ seed: 0, loraScale: 0, finalPrompt: "a red fox" });
    const made = orderOf(
      await press(verb, contextWith(), redone({ seed: "0", scale: "0", cfg: "4" }, jobWith({ order }))),
    );
    expect(made.request).toMatchObject({
      seed: verb === "reroll" ? DRAWN_SEED : 0,
      loraScale: 0,
      finalPrompt: "a red fox",
    });
  });

  it.each(drawing)("%s applies the trigger of today once, and once more on no later child", async (verb) => {
    const world = worldOf({ styles: [styleSchema.parse({ ...rca, trigger: "bold poster", triggerPosition: "end" })] });
    let job: Job = jobWith();
    for (let generation = 1; generation <= 3; generation++) {
      const made = orderOf(await press(verb, contextWith(), redone({ cfg: String(3 + generation) }, job), world));
      expect(made.request).toMatchObject({ prompt: "a red fox", finalPrompt: "a red fox, bold poster" });
      job = jobWith({ order: made });
    }
  });

  it.each(drawing)("%s leaves a typed trigger where it was typed", async (verb) => {
    const prompt = "a fox in rca style at dawn";
    const job = jobWith({ order: orderWith({ prompt, finalPrompt: prompt }) });
    expect(orderOf(await press(verb, contextWith(), redone({ prompt, cfg: "4" }, job))).request.finalPrompt).toBe(
      prompt,
    );
  });

  it.each([...drawing, "edit"])("%s says when the style has left the gallery", async (verb) =>
    expect(await press(verb, contextWith(), redone({ cfg: "4" }), worldOf({ styles: [] }))).toMatchObject(
      refusal("not_found", /“rca” is no longer here.*\/styles/),
    ),
  );
});

const aboutAPicture = [
  "reroll",
  "again",
  "subtle",
  "strong",
  "redo",
  "edit",
  "info",
  "lock",
  "lockall",
  "original",
  "pick",
];
const deletedOf = (job: Job, atMs = NOW_MS - 1000) =>
  subjectOf(job).pictures.map((picture) => ({ ...picture, deleted: { atMs, byName: ben.name } }));

describe.each(aboutAPicture)("%s needs a picture", (verb) => {
  const admin = contextWith({ isAdmin: true });
  it.each<[string, Parameters<typeof subjectOf>, RegExp]>([
    ["refuses while it waits", [jobWith({ state: "queued" })], /not finished yet/],
    ["refuses while it is drawn", [jobWith({ state: "running" })], /not finished yet/],
    ["refuses when it is no longer kept", [jobWith(), { pictures: [] }], /no longer kept.*\/history/],
    ["refuses an index that no picture has", [jobWith(), { which: 3 }], /no longer kept/],
    ["refuses an index far out", [jobWith(), { which: 46655 }], /no longer kept/],
    ["refuses a deleted one", [jobWith(), { pictures: deletedOf(jobWith()) }], /deleted by Ben.*Undo/],
    ["refuses a deleted batch", [batch, { which: "all", pictures: deletedOf(batch) }], /deleted by Ben/],
  ])("%s", async (_why, subject, text) =>
    expect(await press(verb, admin, subjectOf(...subject))).toMatchObject(refusal("not_found", text)),
  );
});

describe("one picture of a batch", () => {
  it.each<[string, number, Partial<Order["request"]>]>([
    ["again", 1, { seed: 4294967295 }],
    ["again", 2, { seed: 0 }],
    ["subtle", 3, { seed: 1 }],
    ["strong", 0, { seed: 4294967294 }],
    ["redo", 2, { seed: 0, guidance: 4 }],
  ])("%s of number %i has its own seed, past the end of 32 bits too", async (verb, index, request) => {
    const values = { seed: String((4294967294 + index) % 2 ** 32), cfg: "4" };
    const made = orderOf(await press(verb, contextWith(), redone(values, batch, index)));
    expect(made).toMatchObject({ count: 1, request, lineage: { parentNumber: 12 + index } });
  });

  it.each(["reroll", "again"])("%s of the whole batch makes a whole batch", async (verb) =>
    expect(orderOf(await press(verb, contextWith(), subjectOf(batch, { which: "all" })))).toMatchObject({
      count: 4,
      lineage: { parentNumber: 12 },
    }),
  );

  it("vary of a whole batch varies its first picture", async () =>
    expect(orderOf(await press("subtle", contextWith(), subjectOf(batch, { which: "all" })))).toMatchObject({
      count: 1,
    }));

  it.each([0, 1, 2, 3])("pick posts number %i", async (index) =>
    expect(await press("pick", contextWith({ member: ben }), subjectOf(batch, { which: index }))).toEqual({
      do: "pick",
      jobId: batch.jobId,
      index,
    }),
  );

  it.each([
    ["lock", "me"],
    ["lockall", "everyone"],
  ])("%s takes its own seed, 0 too, for %s", async (verb, scope) =>
    expect(await press(verb, contextWith({ isAdmin: true }), subjectOf(batch, { which: 2 }))).toMatchObject({
      do: "lock",
      // The seed that was really used, where a backend reports another.
      picture: { index: 2, recipe: { request: { seed: 0 } } },
      scope,
    }),
  );

  it("info and original are about that picture", async () => {
    const subject = subjectOf(batch, { which: 3 });
    expect(viewOf(await press("info", contextWith(), subject)).text).toContain("#15");
    expect(viewOf(await press("original", contextWith(), subject)).file).toMatchObject({ name: "placard-15.png" });
  });
});

describe("reroll by vote", () => {
  it("of somebody else's picture is a vote about that job, with a new seed when it passes", async () => {
    const outcome = await press("reroll", contextWith({ member: ben, seedLock: lockOf(9) }));
    expect(outcome).toMatchObject({
      do: "decide",
      on: { opening: { kind: "reroll", subjectJobId: jobWith().jobId, rule: { needed: 3, spends: true } } },
      choice: { how: "toggle", optionId: "aye" },
      whenPassed: { request: { seed: DRAWN_SEED }, seedFrom: "drawn", lineage: { kind: "vote" } },
    });
  });
});

describe("again under a picture that did not come", () => {
  it.each(["failed", "cancelled"] as const)("%s: orders the same once more", async (state) => {
    const order = orderWith({ seed: 0 }, { count: 3, seedFrom: "typed" });
    expect(await press("again", contextWith(), subjectOf(jobWith({ state, order })))).toEqual({ do: "draw", order });
  });
});

describe("edit", () => {
  const filled = async (subject = subjectOf()) =>
    Object.fromEntries(
      formOf(await press("edit", contextWith(), subject)).fields.map(({ name, value }) => [name, value]),
    );

  it("opens with the picture's own values", async () => expect(await filled()).toEqual(same));

  it("takes unwanted words away when their field was emptied", async () => {
    const subject = subjectOf(jobWith({ order: orderWith({ negativePrompt: "dogs" }) }));
    expect(await filled(subject)).toMatchObject({ negative: "dogs" });
    const outcome = await press("redo", contextWith(), { ...subject, values: { ...same, negative: "" } });
    expect(outcome).toMatchObject({ do: "draw", order: { request: { prompt: same.prompt } } });
    expect(JSON.stringify(outcome)).not.toContain("dogs");
  });

  it("shows seed 0, scale 0 and a size without a name", async () => {
    const order = orderWith({ seed: 0, loraScale: 0, widthPx: 832, heightPx: 1024 });
    expect(await filled(subjectOf(jobWith({ order })))).toMatchObject({ seed: "0", scale: "0", size: "832x1024" });
  });

  it("comes back about the same picture", async () => {
    const { token, title } = formOf(await press("edit", contextWith(), subjectOf(batch, { which: 2 })));
    expect(title).toBe("Edit #14");
    expect(token).toBe(contextWith().token("redo", { jobId: batch.jobId, pictures: 2 }));
  });

  it.each<[string, object, Parameters<typeof refusal>]>([
    ["nothing changed", {}, ["bad_args", /Nothing was changed/]],
    ["no prompt", { prompt: " " }, ["bad_args", /prompt is missing: /]],
    ["a wrong number", { cfg: "strong" }, ["bad_args", /cfg: a number from 1 to 10/]],
    ["an unknown size", { size: "huge" }, ["bad_args", /size: square, poster/]],
    ["a field that is none", { admin: "yes" }, ["bad_args", /“admin”/]],
    ["values of another kind", { steps: ["1"] }, ["bad_args", /steps: /]],
  ])("sent with %s is refused", async (_why, values, expected) =>
    expect(await press("redo", contextWith(), redone(values))).toMatchObject(refusal(...expected)),
  );

  it("what a small form left out stays as it was", async () =>
    expect(
      orderOf(await press("redo", contextWith(), subjectOf(jobWith(), { values: { prompt: "a blue fox" } }))),
    ).toMatchObject({ request: { seed: 7, guidance: 3, loraScale: 0.9, widthPx: 832 }, seedFrom: "parent" }));

  it("sent without any value is refused", async () =>
    expect(await press("redo", contextWith(), subjectOf())).toMatchObject(refusal("bad_args", /prompt is missing/)));

  it.each<[string, string, number | undefined, number, Order["seedFrom"]]>([
    ["as it was", "7", 9, 7, "parent"],
    ["typed before locked", "5", 9, 5, "typed"],
    ["0 typed before locked", "0", 9, 0, "typed"],
    ["emptied: the locked one", "", 9, 9, "locked"],
    ["emptied: a locked 0", "", 0, 0, "locked"],
    ["emptied without a lock: a new one", "", undefined, DRAWN_SEED, "drawn"],
    ["random past a lock", "random", 9, DRAWN_SEED, "drawn"],
  ])("seed %s", async (_why, seed, locked, made, seedFrom) => {
    const context = contextWith({ seedLock: locked === undefined ? undefined : lockOf(locked) });
    expect(orderOf(await press("redo", context, redone({ seed, cfg: "4" })))).toMatchObject({
      request: { seed: made },
      seedFrom,
    });
  });
});

describe("the list of other styles", () => {
  const long = (n: number) => styleSchema.parse({ id: `a_style_with_a_very_long_id_${n}`, title: `Long ${n}` });
  const styles = [rca, ...Array.from({ length: 30 }, (_, n) => long(n))];
  const selectIn = async (world = worldOf({ styles })) =>
    viewOf(await press("info", contextWith(), subjectOf(), world)).selects?.[0];

  it("offers 25 others, each under a value that fits and leads back to it", async () => {
    const choices = (await selectIn())?.choices ?? [];
    expect(choices).toHaveLength(25);
    expect(new Set(choices.map(({ value }) => value)).size).toBe(25);
    for (const { value, label } of choices) {
      expect(value).toMatch(/^[\x21-\x7e]{1,20}$/);
      const chosen = subjectOf(jobWith(), { values: { choice: value } });
      const order = orderOf(await press("instyle", contextWith(), chosen, worldOf({ styles })));
      expect(english(order.lineage?.change)).toBe(`style RCA → ${label}`);
    }
  });

  it("is not there where there is no other", async () =>
    expect(await selectIn(worldOf({ styles: [rca] }))).toBeUndefined());

  it.each([undefined, "", "nothing", 7, { id: "chalk" }, "__proto__"])("takes no %s", async (choice) =>
    expect(await press("instyle", contextWith(), subjectOf(jobWith(), { values: { choice } }))).toMatchObject(
      refusal("not_found", /no longer here.*Info/),
    ),
  );

  it("says when it is that style already", async () =>
    expect(await press("instyle", contextWith(), subjectOf(jobWith(), { values: { choice: "rca" } }))).toMatchObject(
      refusal("bad_args", /already.*Reroll/),
    ));

  it("leads out of a style that is gone", async () =>
    expect(
      orderOf(
        await press(
          "instyle",
          contextWith(),
          subjectOf(jobWith(), { values: { choice: "chalk" } }),
          worldOf({ styles: [styleSchema.parse({ id: "chalk", title: "Chalk" })] }),
        ),
      ).request.styleId,
    ).toBe("chalk"));
});

describe("taking back", () => {
  it.each(["queued", "running"] as const)("cancel stops a picture that is %s", async (state) =>
    expect(await press("cancel", contextWith(), subjectOf(jobWith({ state })))).toEqual({
      do: "cancel",
      jobId: jobWith().jobId,
    }),
  );

  it.each(["done", "failed", "cancelled"] as const)("cancel is too late for one that is %s", async (state) =>
    expect(await press("cancel", contextWith(), subjectOf(jobWith({ state })))).toMatchObject(
      refusal("expired", /Too late/),
    ),
  );

  it("delete takes the whole message", async () =>
    expect(await press("delete", contextWith(), subjectOf(batch, { which: 2 }))).toEqual({
      do: "delete",
      jobId: batch.jobId,
    }));

  it("delete has nothing to do while there is no picture", async () =>
    expect(await press("delete", contextWith(), subjectOf(jobWith({ state: "queued" })))).toMatchObject(
      refusal("not_found", /Cancel/),
    ));

  it.each([
    ["at once", 0, true],
    ["to the last millisecond", UNDO_MS, true],
    ["not one later", UNDO_MS + 1, false],
  ])("undo brings back %s", async (_why, agoMs, works) => {
    const subject = subjectOf(batch, { pictures: deletedOf(batch, NOW_MS - agoMs) });
    expect(await press("undo", contextWith({ member: ana }), subject)).toMatchObject(
      works ? { do: "restore", jobId: batch.jobId } : refusal("expired", /10 minutes, and that is over/),
    );
  });

  it("undo has nothing to do for a picture that is there", async () =>
    expect(await press("undo")).toMatchObject(refusal("not_found", /nothing to bring back/)));
});

describe("original", () => {
  it("is private: it tells more than the posted copy", async () =>
    expect(await press("original")).toMatchObject({ do: "reply", visibility: "private" }));

  it("says when its file is gone", async () =>
    expect(await press("original", contextWith({ reads: { original: async () => undefined } }))).toMatchObject(
      refusal("not_found", /#12 is no longer kept/),
    ));
});
