import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import type { Style } from "../../src/domain/style.ts";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import { type Backend, BackendError, type BackendEvent, STOPPING } from "../../src/ports/backend.ts";
import type { LogFields } from "../../src/ports/log.ts";
import type { BackendServices } from "../../src/ports/module.ts";
import { createTestClock, type TestClock } from "../fakes/clock.ts";
import type { Fault } from "../fakes/http-server.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { someRequest, someStyle } from "./backend.ts";

/** From the far end's headers to the program that waits for them. */
const HEADERS_ARRIVE_MS = 5;

const pictureDeps = { clock: systemClock, yields: createYieldQueue() };

/** Stands for every token of the backend under test: it must turn up nowhere. */
export const CANARY = "canary-7f3d0a55e1";
/** As it is, and inside a header of HTTP Basic, where three places in base64 are possible. */
const CANARIES = [CANARY, ...[0, 1, 2].map((before) => innerBase64(CANARY, before))];

/** What stays the same in base64, whatever stands around the text: its first and last letters mix with their neighbours. */
function innerBase64(text: string, before: number): string {
  const encoded = Buffer.from(`${"x".repeat(before)}${text}`)
    .toString("base64")
    .replace(/=+$/, "");
  return encoded.slice(before === 0 ? 0 : 4, -3);
}

function expectNoCanary(text: string): void {
  for (const canary of CANARIES) expect(text).not.toContain(canary);
}

/** A backend that speaks a protocol, with the fake server at its far end. */
export interface RemoteRig {
  readonly backend: Backend;
  readonly server: {
    fail(exchange: string, fault: Fault, times?: number): void;
    struck(exchange: string): Promise<void>;
    heal(): void;
    connections(): number;
    close(): Promise<void>;
  };
  /** Exchanges in the order of one picture, as the fake names them. `picture`: its answer is the picture's bytes. */
  readonly exchanges: readonly { readonly name: string; readonly kind: "json" | "picture" | "stream" }[];
  /** The far end works slowly from now on, so that a picture can be cancelled in the middle. Default: a minute, or more. */
  slow(forMs?: number): void;
  /** The next life of the program: a fresh backend over the same far end. Absent: the protocol has no way to ask again. */
  again?(): Backend;
  /** The pictures the far end was asked for since the rig was opened, and how each ended there. */
  jobs(): readonly { readonly state: "waiting" | "running" | "done" | "cancelled" }[];
  /** Puts another program's job to work at the far end; it must live on. Absent: the protocol has no shared queue. */
  foreign?(): { state(): "waiting" | "running" | "done" | "cancelled" };
  /** The far end makes pictures of another size than asked for. */
  wrongSize(): void;
}

export interface RemoteOptions {
  /** Tests this protocol cannot have, each with the reason. */
  readonly gaps?: readonly { readonly test: string; readonly reason: string }[];
  readonly request?: Partial<ImageRequest>;
  readonly style?: Style;
  /** Where a status has another meaning in this protocol than usual. */
  readonly codes?: Readonly<Partial<Record<number, BackendError["code"]>>>;
}

const USUAL: Readonly<Record<number, BackendError["code"]>> = {
  401: "auth",
  402: "credits",
  404: "bad_response",
  413: "rejected",
  422: "rejected",
  429: "busy",
  500: "bad_response",
  503: "loading",
};

const STATUSES = [400, ...Object.keys(USUAL).map(Number), 403, 502] as const;
const SPOILT = ["html", "wrong_shape", "truncated", "wrong_type", "empty", "cut", "refuse"] as const;

/** What every backend with a far end must stand. `open` gives a fresh backend and server each time, with CANARY as its token. */
export function remoteBackendContract(
  name: string,
  open: (world: BackendServices) => Promise<RemoteRig>,
  options: RemoteOptions = {},
): void {
  const request: ImageRequest = { ...someRequest, ...options.request };
  const style = options.style ?? someStyle;

  interface Opened extends RemoteRig {
    /** What the backend was given. Its waits pass quickly once it is hurried. */
    readonly clock: TestClock;
    /** Everything logged so far, errors with their causes. */
    readonly logged: readonly string[];
  }
  async function opened(pace?: "hurried"): Promise<Opened> {
    const logged: string[] = [];
    const note = (fact: string, fields: LogFields = {}) =>
      void logged.push(`${fact} ${Object.values(fields).map(everythingOf).join(" ")}`);
    const clock = createTestClock();
    const rig = await open(moduleServices({ clock, log: { debug: note, info: note, warn: note, error: note } }));
    onTestFinished(async () => {
      await rig.backend.close();
      await rig.server.close();
      clock.stop();
    });
    if (pace) clock.hurry();
    return { ...rig, clock, logged };
  }
  const make = (backend: Backend, signal: AbortSignal = AbortSignal.timeout(15_000)) =>
    generatePicture(backend, { request, style, signal }, { attached: async () => {}, happened: () => {} }, pictureDeps);
  async function failureOf(rig: Opened, signal?: AbortSignal): Promise<BackendError> {
    const error = await make(rig.backend, signal).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error, "it made a picture of this").toBeInstanceOf(BackendError);
    return error as BackendError;
  }
  function clean(rig: Opened, error: BackendError): void {
    expectNoCanary(everythingOf(error) + rig.logged.join("\n"));
    expect(error.memberText).not.toMatch(/https?:|127\.0\.0\.1|\/srv|</);
    expect(error.message).not.toContain(request.prompt);
  }

  describe(`far end contract: ${name}`, () => {
    // A file of many cases runs in both sizes: what pours 64 MB into each exchange goes to one of each kind in `npm test`.
    const all = inject("manyCases");
    const check = (test: string, body: () => Promise<void>, inBoth?: "in both sizes") => {
      if (all && !inBoth) return;
      const gap = options.gaps?.find((each) => each.test === test);
      it(test, async (context) => {
        if (gap) context.skip(`gap of ${name}: ${gap.reason}`);
        await body();
      });
    };

    check("makes the picture, and a second one", async () => {
      const rig = await opened();
      const first = await make(rig.backend);
      expect(first.recipe.request.seed).toBe(request.seed);
      await make(rig.backend);
      expectNoCanary(JSON.stringify([first.recipe, rig.backend]));
      expectNoCanary(Buffer.from(first.original).toString("latin1"));
      expectNoCanary(rig.logged.join("\n"));
    });

    for (const [status, usual] of Object.entries(USUAL))
      check(`takes status ${status} for what it is`, async () => {
        const rig = await opened("hurried");
        const exchange = rig.exchanges.find(({ kind }) => kind !== "picture") ?? rig.exchanges[0]!;
        rig.server.fail(exchange.name, { status: Number(status), body: `{"detail":"${CANARY} /srv/x"}` });
        const error = await failureOf(rig);
        expect(error.code).toBe(options.codes?.[Number(status)] ?? usual);
        clean(rig, error);
      });

    const survives = async (name: string, fault: Fault, exchanges: RemoteRig["exchanges"], rig: Opened) => {
      for (const exchange of exchanges) {
        rig.server.fail(exchange.name, fault);
        // What is not needed for the picture may fail; then there is one.
        const error = await make(rig.backend).then(
          () => undefined,
          (cause: unknown) => cause,
        );
        if (error !== undefined) {
          expect(error, exchange.name).toBeInstanceOf(BackendError);
          clean(rig, error as BackendError);
        } else expect(exchange.kind, `${exchange.name}: a picture of ${name}`).not.toBe("picture");
        rig.server.heal();
      }
      await make(rig.backend);
    };
    for (const [name, fault] of [
      ...SPOILT.map((each) => [each, each] as const),
      ...STATUSES.map((status) => [`status ${status}`, { status, body: `{"detail":"${CANARY} /srv/x"}` }] as const),
    ])
      check(`survives ${name} at every exchange`, async () => {
        const rig = await opened("hurried");
        await survives(name, fault, rig.exchanges, rig);
      });

    check(
      `survives huge at ${all ? "every exchange" : "one exchange of each kind"}`,
      async () => {
        const rig = await opened("hurried");
        const ofEachKind = rig.exchanges.filter(
          ({ kind }, at) => rig.exchanges.findIndex((each) => each.kind === kind) === at,
        );
        await survives("huge", "huge", all ? rig.exchanges : ofEachKind, rig);
      },
      "in both sizes",
    );

    for (const fault of ["hang", "hang_after_headers"] as const)
      check(`ends a ${fault} at the signal, at every exchange`, async () => {
        const rig = await opened();
        for (const exchange of rig.exchanges) {
          rig.server.fail(exchange.name, fault);
          const control = new AbortController();
          const reason = new Error("cancelled");
          const work = Array.fromAsync(rig.backend.generate({ request, style, signal: control.signal }));
          const ended = work.then(
            () => "a picture",
            (error: unknown) => error,
          );
          // A picture can be made without some exchanges.
          await Promise.race([ended, rig.server.struck(exchange.name).then(() => sleep(HEADERS_ARRIVE_MS))]);
          const startedAtMs = rig.clock.steadyMs();
          control.abort(reason);
          rig.clock.hurry();
          expect([reason, "a picture"], exchange.name).toContain(await ended);
          rig.clock.calm();
          expect(rig.clock.steadyMs() - startedAtMs).toBeLessThan(rig.backend.cancelWithinMs + 1000);
          rig.server.heal();
        }
        await make(rig.backend);
      });

    check("refuses a picture of another size", async () => {
      const rig = await opened();
      rig.wrongSize();
      expect((await failureOf(rig)).code).toBe("bad_response");
    });

    check("cancels its own running job, and nobody else's", async () => {
      const rig = await opened();
      rig.slow();
      const foreign = rig.foreign?.();
      const control = new AbortController();
      const reason = new Error("cancelled");
      const work = Array.fromAsync(rig.backend.generate({ request, style, signal: control.signal })).catch(
        (error: unknown) => error,
      );
      await expect.poll(() => rig.jobs().length, { timeout: 5000 }).toBeGreaterThan(0);
      if (!foreign) await expect.poll(() => rig.jobs()[0]?.state, { timeout: 5000 }).toBe("running");
      const startedAtMs = performance.now();
      control.abort(reason);
      expect(await work).toBe(reason);
      expect(performance.now() - startedAtMs).toBeLessThan(rig.backend.cancelWithinMs + 500);
      if (rig.backend.features.abortedRun === "stops" || foreign)
        await expect.poll(() => rig.jobs()[0]?.state, { timeout: 3000 }).toBe("cancelled");
      if (foreign) expect(["waiting", "running", "done"]).toContain(foreign.state());
    });

    check("stops what was cancelled also where it is closed at once", async () => {
      const rig = await opened();
      if (rig.backend.features.abortedRun !== "stops") return;
      rig.slow();
      const control = new AbortController();
      // Through the core, which goes on as soon as the signal is aborted.
      const work = make(rig.backend, control.signal);
      work.catch(() => {});
      await expect.poll(() => rig.jobs()[0]?.state, { timeout: 5000, interval: 5 }).toBe("running");
      const reason = new Error("cancelled");
      control.abort(reason);
      await expect(work).rejects.toBe(reason);
      await rig.backend.close();
      await expect.poll(() => rig.jobs()[0]?.state, { timeout: 3000 }).toBe("cancelled");
    });

    check("leaves its work to the next life of the program, which asks for it once only", async () => {
      const rig = await opened();
      if (!rig.again) return;
      rig.slow(400);
      const keys: string[] = [];
      const control = new AbortController();
      const watching = { attached: async (key: string) => void keys.push(key), happened: () => {} };
      const work = generatePicture(rig.backend, { request, style, signal: control.signal }, watching, pictureDeps);
      work.catch(() => {});
      await expect.poll(() => keys.length > 0 && rig.jobs()[0]?.state, { timeout: 5000, interval: 5 }).toBe("running");
      control.abort(STOPPING);
      await expect(work).rejects.toBe(STOPPING);
      await rig.backend.close();
      const next = rig.again();
      onTestFinished(() => next.close());
      const attachKey = keys.at(-1)!;
      const made = await generatePicture(
        next,
        { request, style, attachKey, signal: AbortSignal.timeout(15_000) },
        watching,
        pictureDeps,
      );
      expect(made.reattached).toBe(true);
      expect(rig.jobs().map(({ state }) => state)).toEqual(["done"]);
    });

    check("leaves its position in the far end's queue to the next life too", async () => {
      const rig = await opened();
      if (!rig.again || !rig.foreign) return;
      rig.foreign();
      let attached = false;
      const control = new AbortController();
      // Not through the core, which waits for no ending: a cancel would be told before this rejects.
      const work = (async () => {
        for await (const event of rig.backend.generate({ request, style, signal: control.signal }))
          attached ||= event.type === "waiting";
      })();
      work.catch(() => {});
      await expect.poll(() => attached && rig.jobs()[0]?.state, { timeout: 5000, interval: 5 }).toBe("waiting");
      control.abort(STOPPING);
      await expect(work).rejects.toBe(STOPPING);
      await rig.backend.close();
      expect(rig.jobs().map(({ state }) => state)).toEqual(["waiting"]);
    });

    check("offline is an error the router understands, and health says so", async () => {
      const rig = await opened();
      await rig.server.close();
      expect((await failureOf(rig)).code).toBe("offline");
      expect(await rig.backend.health(AbortSignal.timeout(2000))).toMatchObject({ up: false });
    });

    check(
      `answers about its health whatever the far end says${all ? ", huge too" : ""}`,
      async () => {
        const rig = await opened();
        expect(await rig.backend.health(AbortSignal.timeout(2000))).toMatchObject({ up: true });
        rig.clock.hurry();
        const others = [...SPOILT, "hang", "hang_after_headers", { status: 500 }, { status: 401 }] as const;
        for (const fault of all ? (["huge"] as const) : others) {
          for (const exchange of [...rig.exchanges, { name: "health" }]) rig.server.fail(exchange.name, fault);
          const startedAtMs = rig.clock.steadyMs();
          const health = await rig.backend.health(rig.clock.deadline(1500));
          expect(typeof health.up).toBe("boolean");
          expectNoCanary(JSON.stringify(health));
          expect(rig.clock.steadyMs() - startedAtMs).toBeLessThan(2000);
          rig.server.heal();
        }
      },
      "in both sizes",
    );

    check("tells the operator what it found, and what to do where nothing answers", async () => {
      const rig = await opened();
      const found = await rig.backend.inspect?.([style], AbortSignal.timeout(10_000));
      expect(found?.health).toMatchObject({ up: true });
      expect(found?.latencyMs).toBeGreaterThanOrEqual(0);
      for (const fault of ["html", "wrong_shape", "cut", { status: 401 }] as const) {
        for (const exchange of [...rig.exchanges, { name: "health" }]) rig.server.fail(exchange.name, fault);
        expectNoCanary(JSON.stringify(await rig.backend.inspect?.([style], AbortSignal.timeout(10_000))) ?? "");
        rig.server.heal();
      }
      await rig.server.close();
      const lost = await rig.backend.inspect?.([style], AbortSignal.timeout(10_000));
      expect(lost?.health).toMatchObject({ up: false });
      expect(lost?.nextSteps.join("\n").length).toBeGreaterThan(0);
    });

    check("leaves nothing open after close", async () => {
      const rig = await opened();
      await make(rig.backend);
      await rig.backend.health(AbortSignal.timeout(2000));
      await rig.backend.close();
      await rig.backend.close();
      await expect.poll(() => rig.server.connections(), { timeout: 3000 }).toBe(0);
    });

    check("leaves nothing open where it is closed in the middle of a picture", async () => {
      const rig = await opened();
      rig.slow(60_000);
      const work = Array.fromAsync(rig.backend.generate({ request, style, signal: AbortSignal.timeout(15_000) }));
      work.catch(() => {});
      await expect.poll(() => rig.jobs().length, { timeout: 5000 }).toBeGreaterThan(0);
      rig.clock.hurry();
      const startedAtMs = rig.clock.steadyMs();
      await rig.backend.close();
      expect(rig.clock.steadyMs() - startedAtMs).toBeLessThan(2500);
      await expect.poll(() => rig.server.connections(), { timeout: 3000 }).toBe(0);
      await expect(work).rejects.toThrow();
    });

    check("never falls back in its progress and says at most what is true", async () => {
      const rig = await opened();
      const events: BackendEvent[] = await Array.fromAsync(
        rig.backend.generate({ request, style, signal: AbortSignal.timeout(15_000) }),
      );
      const fractions = events.flatMap((event) => (event.type === "progress" ? [event.fraction] : []));
      expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
      if (rig.backend.features.progress) expect(fractions.length).toBeGreaterThan(0);
      expect(events.at(-1)?.type).toBe("image");
      for (const event of events) if (event.type === "waiting") expect(event.position ?? 0).toBeGreaterThanOrEqual(0);
    });
  });
}

/** Message, stack, own fields and causes: everything a log line or a crash report could show. */
function everythingOf(value: unknown): string {
  if (!(value instanceof Error)) return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return `${value.stack ?? ""} ${JSON.stringify({ ...value })} ${value.cause === undefined ? "" : everythingOf(value.cause)}`;
}
