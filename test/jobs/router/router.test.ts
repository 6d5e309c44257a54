import { describe, expect, it } from "vitest";
import { fakeBackend } from "../../../src/backends/fake.ts";
import type { Order } from "../../../src/domain/recipe.ts";
import type { RouteRules } from "../../../src/domain/route-rules.ts";
import { styleSchema } from "../../../src/domain/style.ts";
import { verbatim } from "../../../src/domain/text.ts";
import { chargeOf, estimate, megapixelStepsOf } from "../../../src/jobs/estimate.ts";
import { CLOSED, failed, probing, stateOf } from "../../../src/jobs/router/circuit-breaker.ts";
import { cannotHonour } from "../../../src/jobs/router/compatibility.ts";
import { createRouter } from "../../../src/jobs/router/router.ts";
import { asImageToImage } from "../../../src/jobs/router/variation.ts";
import { systemClock } from "../../../src/lib/clock.ts";
import { BackendError, type BackendFacts, type Health } from "../../../src/ports/backend.ts";
import { sentence } from "../../../src/ports/backend-sentence.ts";
import type { Log } from "../../../src/ports/log.ts";
import { english } from "../../words.ts";

const silent: Log = { debug() {}, info() {}, warn() {}, error() {} };
const style = styleSchema.parse({ id: "rca", title: "RCA", trigger: "RCA", lora: { comfyui: "rca.safetensors" } });
const order = (request: Partial<Order["request"]> = {}, rest: Partial<Order> = {}): Order => ({
  request: {
    prompt: "a",
    finalPrompt: "a",
    styleId: "rca",
    loraScale: 1,
    guidance: 3,
    trueCfg: 1,
    steps: 10,
    seed: 1,
    widthPx: 1024,
    heightPx: 1024,
    ...request,
  },
  count: 1,
  asked: [],
  advice: [],
  seedFrom: "drawn",
  ...rest,
});
const { features } = fakeBackend();

describe("what a backend cannot honour", () => {
  it.each([
    ["a style it has no LoRA for", { ...features, styles: "listed" as const }, order(), /does not have the style RCA/],
    ["any style without LoRAs at all", { ...features, styles: "none" as const }, order(), /not the style RCA/],
    ["a typed cfg", { ...features, guidance: false }, order({ guidance: 4 }, { asked: ["cfg"] }), /takes no cfg/],
    ["a typed scale", { ...features, loraScale: false }, order({ loraScale: 0.5 }, { asked: ["scale"] }), /no scale/],
    [
      "a negative prompt",
      { ...features, negativePrompt: false },
      order({ trueCfg: 2 }, { asked: ["negative"] }),
      /does not know a negative/,
    ],
    ["true CFG", { ...features, trueCfg: false }, order({ trueCfg: 2 }, { asked: ["truecfg"] }), /true cfg/],
    [
      "a variation",
      { ...features, variation: "none" as const },
      order({ variation: { seed: 1, strength: 0.2 } }),
      /vary/,
    ],
    [
      "a starting picture",
      { ...features, initImage: false },
      order({ init: { key: "k", strength: 0.5 } }),
      /start from a picture/,
    ],
    ["a size", { ...features, maxPixels: 1_000_000 }, order(), /at most 1\.0 megapixels/],
  ])("%s", (_what, wanting, asked, reason) => {
    expect(english(cannotHonour("fake", wanting, asked, style))).toMatch(reason);
    expect(cannotHonour("fake", features, asked, style)).toBeUndefined();
  });

  it("takes no negative prompt that would be ignored, and the style's own cfg everywhere", () => {
    const ignored = order({ negativePrompt: "fog" }, { asked: ["negative"] });
    expect(english(cannotHonour("fake", features, ignored, style))).toMatch(/truecfg:2/);
    expect(cannotHonour("fake", { ...features, trueCfg: false }, ignored, style)).toBeUndefined();
    expect(cannotHonour("fake", { ...features, guidance: false }, order(), style)).toBeUndefined();
  });

  it("is told apart where a program stands alone: it does without, and a model beside it is told that it cannot", () => {
    const asked = order({ negativePrompt: "fog", trueCfg: 2 }, { asked: ["negative", "truecfg"] });
    const lacking = { trueCfg: false, negativePrompt: false };
    const program = fakeBackend({
      name: "sketch",
      features: { ...lacking, doesWithout: ["negative", "truecfg"] },
    });
    const model = fakeBackend({ name: "gpu", facts: { drawnBy: "model" }, features: { ...lacking } });
    const plan = (...backends: readonly ReturnType<typeof fakeBackend>[]) => {
      const router = createRouter({ backends, clock: systemClock, log: silent });
      return router.plan(asked, style);
    };
    expect(plan(program).candidates).toEqual([program]);
    const mixed = plan(model, program);
    expect(mixed.candidates).toEqual([]);
    expect(english(mixed.passedOver)).toHaveLength(2);
    expect(plan(fakeBackend({ name: "other", features: { ...lacking } })).candidates).toEqual([]);
  });

  it("needs no LoRA at scale 0, nor one it has", () => {
    expect(cannotHonour("fake", { ...features, styles: "none" }, order({ loraScale: 0 }), style)).toBeUndefined();
    expect(cannotHonour("comfyui", { ...features, styles: "listed" }, order(), style)).toBeUndefined();
  });
});

describe("circuit breaker", () => {
  const offline = new BackendError("b", "offline", "gone");
  it("opens at the third failure, rests longer each time, and probes once", () => {
    const second = failed(failed(CLOSED, offline, 0), offline, 0);
    expect(stateOf(second, 0)).toBe("closed");
    const third = failed(second, offline, 0);
    expect([stateOf(third, 14_999), stateOf(third, 15_000)]).toEqual(["open", "probe"]);
    expect(stateOf(probing(third, 15_000, 15_000), 15_001)).toBe("open");
    expect(failed(third, offline, 15_000).rest?.untilMs).toBe(45_000);
  });
  it("rests as long as the backend says, at once", () => {
    expect(failed(CLOSED, new BackendError("b", "quota", "used", { retryAfterMs: 60_000 }), 5).rest?.untilMs).toBe(
      60_005,
    );
  });
  it.each(["rejected", "moderated", "stopped", "out_of_memory"] as const)(
    "does not blame the backend for %s",
    (code) => {
      expect(failed(CLOSED, new BackendError("b", code, "no"), 0)).toBe(CLOSED);
    },
  );
  it.each([
    ["auth", 600_000],
    ["quota", 900_000],
    ["credits", 21_600_000],
  ] as const)("rests at once for %s, which does not mend itself", (code, ms) => {
    expect(failed(CLOSED, new BackendError("b", code, "no"), 5).rest?.untilMs).toBe(5 + ms);
  });
});

describe("router", () => {
  it("keeps the preference and says who was passed over and why", () => {
    const router = createRouter({
      backends: [
        fakeBackend({ name: "a", features: { initImage: false }, facts: { title: verbatim("A") } }),
        fakeBackend({ name: "b" }),
        fakeBackend({ name: "c" }),
      ],
      clock: { ...systemClock, nowMs: () => 0 },
      log: silent,
    });
    const plan = router.plan(order({ init: { key: "k", strength: 1 } }), style);
    expect(plan.candidates.map(({ name }) => name)).toEqual(["b", "c"]);
    expect(english(plan.passedOver)).toEqual(["A cannot start from a picture."]);
  });
  it("asks a backend what it lacks for this very request", () => {
    const choosy = {
      ...fakeBackend({ name: "a", facts: { title: verbatim("A") } }),
      lacks: () => sentence("backend.lacks.style", { style: "RCA" }),
    };
    const router = createRouter({
      backends: [choosy, fakeBackend({ name: "b" })],
      clock: { ...systemClock, nowMs: () => 0 },
      log: silent,
    });
    const plan = router.plan(order(), style);
    expect(plan.candidates.map(({ name }) => name)).toEqual(["b"]);
    expect(english(plan.passedOver)).toEqual(["A does not have the style RCA."]);
  });
  it("asks about a variation as the backend will be asked for it", () => {
    const byPictureOnly = {
      ...fakeBackend({ name: "a", features: { variation: "image" } }),
      lacks: ({ variation }: Order["request"]) => (variation ? sentence("backend.lacks.vary") : undefined),
    };
    const router = createRouter({ backends: [byPictureOnly], clock: { ...systemClock, nowMs: () => 0 }, log: silent });
    const lineage = { parentImageId: "p", parentNumber: 1, kind: "vary", change: verbatim("varied a little") } as const;
    const varied = order({ variation: { seed: 9, strength: 0.15 } }, { lineage });
    expect(router.plan(varied, style).candidates).toHaveLength(1);
  });
  describe("with a chat's rules", () => {
    const router = createRouter({
      backends: [
        fakeBackend({ name: "far", facts: { title: verbatim("Far"), where: "remote" } }),
        fakeBackend({ name: "near", facts: { title: verbatim("Near"), where: "local" } }),
        fakeBackend({ name: "sketch", facts: { title: verbatim("Sketch") } }),
      ],
      clock: { ...systemClock, nowMs: () => 0 },
      log: silent,
    });
    const planned = (rules: RouteRules) => {
      const plan = router.plan(order(), style, rules);
      return { names: plan.candidates.map(({ name }) => name), passedOver: english(plan.passedOver) };
    };
    it("keeps prompts in your own network", () => {
      expect(planned({ remote: false })).toEqual({
        names: ["near", "sketch"],
        passedOver: ["Far is outside, and in this chat prompts stay in your own network."],
      });
    });
    it("uses the chat's backends in the chat's order, and no others", () => {
      expect(planned({ remote: true, backends: ["sketch", "far"] })).toEqual({
        names: ["sketch", "far"],
        passedOver: [],
      });
      expect(planned({ remote: false, backends: ["far"] })).toEqual({
        names: [],
        passedOver: ["Far is outside, and in this chat prompts stay in your own network."],
      });
    });
    it("says so where none of them is there any more", () => {
      expect(planned({ remote: true, backends: ["gone"] })).toEqual({
        names: [],
        passedOver: ["None of the places that this chat allows is connected; see /settings."],
      });
    });
  });
  describe("with queues", () => {
    const planned = (waits: Readonly<Record<string, number>>, facts: Partial<BackendFacts> = {}) => {
      const router = createRouter({
        backends: [
          fakeBackend({ name: "a", facts: { title: verbatim("A"), where: "local", costWeight: 1 } }),
          fakeBackend({ name: "b", facts: { title: verbatim("B"), where: "local", costWeight: 1, ...facts } }),
        ],
        clock: { ...systemClock, nowMs: () => 0 },
        log: silent,
      });
      const plan = router.plan(order(), style, undefined, new Map(Object.entries(waits)));
      return { names: plan.candidates.map(({ name }) => name), passedOver: english(plan.passedOver) };
    };
    it("goes where far less waits, and says why", () =>
      expect(planned({ a: 200_000, b: 80_000 })).toEqual({
        names: ["b", "a"],
        passedOver: ["A has a queue of about 3 min 20 s."],
      }));
    it.each([
      ["for a small gain", { a: 200_000, b: 80_001 }, {}],
      ["to one that costs more", { a: 900_000 }, { costWeight: 2 }],
      ["to one that costs money", { a: 900_000 }, { paid: true }],
      ["to the sketch", { a: 900_000 }, { where: "here" as const }],
    ])("stays %s", (_why, waits, facts) =>
      expect(planned(waits, facts)).toEqual({ names: ["a", "b"], passedOver: [] }),
    );
  });
  describe("looking at health", () => {
    const watched = () => {
      const state: { health: Health; nowMs: number } = {
        health: { up: false, reason: sentence("backend.error.offline") },
        nowMs: 0,
      };
      const backend = fakeBackend({ name: "a", facts: { title: verbatim("A") }, health: () => state.health });
      const router = createRouter({
        backends: [backend],
        clock: { ...systemClock, nowMs: () => state.nowMs },
        log: silent,
      });
      return { state, backend, router };
    };
    it("finds one that is down, and up again", async () => {
      const { state, router } = watched();
      await router.look();
      expect(english(router.plan(order(), style).passedOver)).toEqual(["A does not answer."]);
      state.health = { up: true };
      await router.look();
      expect(router.plan(order(), style).candidates).toHaveLength(1);
    });
    it("believes a job's failure more than a friendly answer", async () => {
      const { state, backend, router } = watched();
      state.health = { up: true };
      router.failed(backend, new BackendError("a", "quota", "used up"));
      await router.look();
      expect(router.plan(order(), style).candidates).toEqual([]);
    });
    it("lets one job probe after a rest; a cancelled probe leaves the next one free to try", async () => {
      const { state, backend, router } = watched();
      router.failed(backend, new BackendError("a", "busy", "full", { retryAfterMs: 100 }));
      state.nowMs = 1000;
      await router.trying(backend);
      expect(router.plan(order(), style).candidates).toEqual([]);
      router.untried(backend);
      expect(router.plan(order(), style).candidates).toHaveLength(1);
      // One that was under way before says nothing about the rest.
      router.failed(backend, new BackendError("a", "busy", "full", { retryAfterMs: 100 }));
      router.untried(backend);
      expect(router.plan(order(), style).candidates).toEqual([]);
    });
  });
  describe("over time", () => {
    const clocked = (names: readonly string[]) => {
      const state = { nowMs: 0, told: [] as unknown[], asked: 0, health: { up: true } as Health };
      const backends = names.map((name) =>
        fakeBackend({
          name,
          facts: { title: verbatim(name.toUpperCase()) },
          health() {
            state.asked += 1;
            return state.health;
          },
        }),
      );
      const log: Log = { ...silent, warn: (fact, fields) => void state.told.push([fact, fields]) };
      return {
        state,
        backends,
        router: createRouter({ backends, clock: { ...systemClock, nowMs: () => state.nowMs }, log }),
      };
    };
    const offline = new BackendError("a", "offline", "gone");

    it("names the earliest of several times, and no one that comes after the first that can", () => {
      const { backends, router } = clocked(["a", "b", "c"]);
      const resting = (ms: number) => new BackendError("x", "busy", "full", { retryAfterMs: ms });
      router.failed(backends[1]!, resting(1000));
      expect(router.plan(order(), style).passedOver).toEqual([]);
      router.failed(backends[0]!, resting(9000));
      router.failed(backends[2]!, resting(5000));
      expect(router.plan(order(), style).retryAtMs).toBe(1000);
    });
    it("forgets failures with the first picture", () => {
      const { backends, router } = clocked(["a"]);
      const [a] = backends;
      for (const works of [false, false, true, false, false]) {
        if (works) router.succeeded(a!);
        else router.failed(a!, offline);
      }
      expect(router.plan(order(), style).candidates).toHaveLength(1);
      router.failed(a!, offline);
      expect(router.plan(order(), style).candidates).toEqual([]);
    });
    it("tells of a resting one from memory, and the operator of each change", async () => {
      const { state, backends, router } = clocked(["a"]);
      router.failed(backends[0]!, new BackendError("a", "credits", "none", { retryAfterMs: 1000 }));
      expect(english((await router.health())[0]?.health)).toEqual({
        up: false,
        reason: "it has no paid time left.",
        retryAtMs: 1000,
      });
      expect(state.asked).toBe(0);
      state.nowMs = 1000;
      expect((await router.health())[0]?.health).toEqual({ up: true });
      router.succeeded(backends[0]!);
      const change = { backend: "a", before: "closed", after: "open", reason: "A has no paid time left." };
      expect(state.told).toEqual([
        ["backend.state", change],
        ["backend.state", { backend: "a", before: "probe", after: "closed", reason: undefined }],
      ]);
    });
    it("believes a backend that says when it is back", async () => {
      const { state, router } = clocked(["a"]);
      state.health = { up: false, reason: sentence("backend.error.busy"), retryAtMs: 5_000_000 };
      await router.look();
      state.nowMs = 4_999_999;
      expect(router.plan(order(), style)).toMatchObject({ candidates: [], retryAtMs: 5_000_000 });
    });
  });
  it("names the time when all that could do it are resting", () => {
    const backend = fakeBackend();
    const router = createRouter({ backends: [backend], clock: { ...systemClock, nowMs: () => 100 }, log: silent });
    router.failed(backend, new BackendError("fake", "busy", "full", { retryAfterMs: 1900 }));
    expect(router.plan(order(), style)).toMatchObject({ candidates: [], retryAtMs: 2000 });
  });
});

describe("estimate", () => {
  it("comes from measured runs once there are any", () => {
    const backend = fakeBackend({ facts: { costWeight: 2, firstGuess: { perMegapixelStepMs: 10, overheadMs: 5 } } });
    expect(megapixelStepsOf(order({ widthPx: 1000 as 1024, heightPx: 1000 as 1024 }, { count: 3 }))).toBe(30);
    expect(estimate(order({ widthPx: 1000 as 1024, heightPx: 1000 as 1024 }), backend, undefined)).toEqual({
      ms: 105,
      gpuMs: 210,
    });
    expect(
      estimate(order({ widthPx: 1000 as 1024, heightPx: 1000 as 1024 }), backend, { perMegapixelStepMs: 3, runs: 4 }),
    ).toEqual({ ms: 30, gpuMs: 60 });
  });
  it("counts true CFG twice and never costs nothing", () => {
    expect(megapixelStepsOf(order({ trueCfg: 2 }))).toBe(2 * megapixelStepsOf(order()));
    expect(chargeOf(0, { costWeight: 1 })).toBe(1);
  });
  it("is nothing where the backend is free", () => {
    const backend = fakeBackend({ facts: { costWeight: 0 } });
    expect(estimate(order(), backend, undefined)).toMatchObject({ gpuMs: 0 });
    expect(chargeOf(90_000, backend)).toBe(0);
  });
});

describe("vary", () => {
  const lineage = { parentImageId: "p", parentNumber: 1, kind: "vary", change: verbatim("varied a little") } as const;
  const varied = (sameSeedOn?: string | null) =>
    order(
      { variation: { seed: 9, strength: 0.15 } },
      { lineage: { ...lineage, ...(sameSeedOn === undefined ? {} : { sameSeedOn }) } },
    );
  const on = (name: string, changed: Partial<typeof features> = {}) => ({
    name,
    features: { ...features, ...changed },
  });
  const fromPicture = { seed: 9, init: { key: "p", strength: 0.35 } };
  it.each([
    ["a backend without a variation seed", on("a", { variation: "image" }), "a"],
    ["another backend than the one that made it", on("a"), "b"],
    ["any backend, where it was made from a picture or by chance", on("a"), null],
  ] as const)("starts from the picture on %s", (_where, backend, sameSeedOn) => {
    const { request, ...rest } = varied(sameSeedOn);
    const changed = asImageToImage(request, backend, rest);
    expect(changed).toMatchObject(fromPicture);
    expect(changed).not.toHaveProperty("variation");
  });
  it.each([
    ["where the picture was made", on("a"), "a"],
    ["of an earlier version's picture", on("a"), undefined],
    ["where nothing can start from a picture", on("a", { initImage: false }), "b"],
  ] as const)("keeps the seed %s", (_where, backend, sameSeedOn) => {
    const { request, ...rest } = varied(sameSeedOn);
    expect(asImageToImage(request, backend, rest)).toBe(request);
  });
  it("is not promised by a backend that can neither take the picture nor means the same by its seed", () => {
    const seedsOnly = { ...features, initImage: false };
    expect(english(cannotHonour("a", seedsOnly, varied("b"), style))).toBe(
      "it cannot vary a picture that was made elsewhere.",
    );
    expect(cannotHonour("a", seedsOnly, varied("a"), style)).toBeUndefined();
  });
});
