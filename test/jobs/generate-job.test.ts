import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { tinyPng } from "../../src/backends/fake/png.ts";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Job, Picture, Progress } from "../../src/domain/job.ts";
import { styleSchema } from "../../src/domain/style.ts";
import { generateJob } from "../../src/jobs/generate-job.ts";
import type { LookAt } from "../../src/jobs/judging/judged.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import type { FinishInput } from "../../src/ports/store.ts";
import { silentLog } from "../fakes/module-services.ts";
import { pixels } from "../fakes/pixels.ts";
import { idOf, picturesFor, sampleJob, sampleOrder } from "../stores/contract/inputs.ts";
import { withJpegManifest } from "../unmarked.ts";
import { english } from "../words.ts";

const style = styleSchema.parse({ id: "rca", title: "RCA", defaults: { width: 256, height: 256 } });
const order = sampleOrder();

/** Of a picture that others start from. */
const PARENT = `${idOf("parent")}.0`;
const parentWith = (deleted?: Picture["deleted"]): Picture => {
  const [picture] = picturesFor(sampleJob("parent"));
  if (!picture) throw new Error("no picture");
  return { ...picture, number: 1, ...(deleted ? { deleted } : {}) };
};

function maker(lookAt?: LookAt, parent?: Picture) {
  const finished: FinishInput[] = [];
  const fractions: number[] = [];
  let offered = 0;
  const sealed: (Uint8Array | undefined)[] = [];
  const deps = {
    store: {
      attach: async () => {},
      picture: async () => parent,
      async finish(input: FinishInput) {
        finished.push(input);
        return true;
      },
    },
    files: {
      original: async () => parent && tinyPng(256, 256, "p"),
      plain: async () => undefined,
      lettering: async () => undefined,
      logo: async () => undefined,
      input: async () => undefined,
      save: async () => {},
      savePlain: async () => {},
      saveLettering: async () => {},
      async saveSealed(_imageId: string, file: Uint8Array | undefined) {
        sealed.push(file);
      },
    },
    running: { works: () => {} },
    previews: {
      offer() {
        offered += 1;
      },
    },
    holdRulesOf: async () => ({ hold: "off", adult: false }) as const,
    warm: { keep: () => {} },
    pixels,
    setter: { over: async () => Promise.reject(new Error("no words")) },
    resizer: { resize: async () => Promise.reject(new Error("nothing to make larger")) },
    show: (_job: Job, { fraction }: Progress) => void fractions.push(fraction),
    clock: { ...systemClock, nowMs: () => 0 },
    yields: createYieldQueue(),
    log: silentLog,
    ...(lookAt ? { lookAt } : {}),
  };
  const run = (job: Partial<Job>, backend = fakeBackend({ usedMs: 100, facts: { costWeight: 2.5 } })) =>
    generateJob(
      {
        backend,
        job: { ...sampleJob("a"), state: "running", attempt: 1, ...job },
        style,
        route: [],
        signal: AbortSignal.timeout(5000),
      },
      deps,
    );
  return { finished, fractions, sealed, offered: () => offered, run };
}

describe("the pictures of a job", () => {
  it("cost what the backend's time costs, and tell its speed", async () => {
    const { finished, run } = maker();
    await run({});
    expect(finished).toMatchObject([{ outcome: { usedGpuMs: 250 }, measured: { backend: "fake", usedMs: 100 } }]);
  });
  it("fill one bar together", async () => {
    const { fractions, run } = maker();
    await run({ order: { ...order, count: 2 } }, fakeBackend({ steps: 2 }));
    expect(fractions).toEqual([0, 0.25, 0.5, 0.5, 0.75, 1]);
  });
  it("that were picked up again say nothing about speed", async () => {
    const { finished, run } = maker();
    await run({ attached: { backend: "fake", key: "0:x" } });
    expect(finished[0]).not.toHaveProperty("measured");
  });
  it("are each looked at, and say what was seen", async () => {
    const verdicts = [{ kind: "fine" }, { kind: "flagged", label: "nudity", score: 0.9, weight: "spoiler" }] as const;
    let seen = 0;
    const { finished, run } = maker(async ({ posted }) => (posted.length > 0 ? verdicts[seen++] : undefined));
    await run({ order: { ...order, count: 2 } });
    expect(finished[0]?.pictures.map(({ verdict }) => verdict)).toEqual(verdicts);
  });
  it("are shown unfinished only where nobody looks at the finished ones", async () => {
    const previewing = fakeBackend({ previews: true });
    const alone = maker();
    await alone.run({}, previewing);
    expect(alone.offered()).toBeGreaterThan(0);
    const judged = maker(async () => ({ kind: "fine" }));
    await judged.run({}, previewing);
    expect([judged.offered(), judged.finished]).toMatchObject([0, [{ pictures: [{ verdict: { kind: "fine" } }] }]]);
  });
  it("that came sealed in a format of their own are kept so, too; what an earlier try left goes", async () => {
    const { sealed, run } = maker();
    const jpeg = withJpegManifest(
      await sharp(tinyPng(256, 256, "a"))
        .jpeg()
        .toBuffer(),
    );
    const giving = (bytes: Uint8Array): ReturnType<typeof fakeBackend> => ({
      ...fakeBackend(),
      async *generate() {
        yield { type: "image", bytes, model: "far", ownSize: true, notes: [] };
      },
    });
    await run({}, giving(jpeg));
    expect(sealed).toEqual([jpeg]);
    await run({}, giving(tinyPng(256, 256, "a")));
    expect(sealed).toHaveLength(1);
    await run({ attempt: 2 }, giving(tinyPng(256, 256, "a")));
    expect(sealed).toEqual([jpeg, undefined]);
  });
  it("do not begin with one that was taken out of sight meanwhile", async () => {
    const request = { ...order.request, init: { key: PARENT, strength: 0.5 } };
    const withheld = { state: "held", why: { kind: "hidden", presses: 2 } } as const;
    const hidden = maker(undefined, parentWith({ atMs: 0, byName: "ben", withheld }));
    await expect(hidden.run({ order: { ...order, request } })).rejects.toMatchObject({ code: "rejected" });
    expect(hidden.finished).toEqual([]);
    const shown = maker(undefined, parentWith());
    await shown.run({ order: { ...order, request } });
    expect(shown.finished).toHaveLength(1);
  });
  it("are not made without the picture they should start from", async () => {
    const { finished, run } = maker();
    const request = { ...order.request, init: { key: "gone", strength: 0.5 } };
    const refused = await run({ order: { ...order, request } }).catch((error: unknown) => error);
    expect(english(refused)).toMatchObject({
      code: "rejected",
      memberText: "it could not begin: the picture to start from is gone.",
    });
    expect(finished).toEqual([]);
  });
});
