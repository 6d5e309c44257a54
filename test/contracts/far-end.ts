import { expect, inject, it, onTestFinished } from "vitest";
import type { ImageRequest } from "../../src/domain/recipe.ts";
import type { Style } from "../../src/domain/style.ts";
import { generatePicture } from "../../src/jobs/generate-picture.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { createYieldQueue } from "../../src/lib/yield-queue.ts";
import { type Backend, BackendError } from "../../src/ports/backend.ts";
import type { LogFields } from "../../src/ports/log.ts";
import type { BackendServices } from "../../src/ports/module.ts";
import { createTestClock, type TestClock } from "../fakes/clock.ts";
import type { Fault } from "../fakes/http-server.ts";
import { moduleServices } from "../fakes/module-services.ts";
import { pixels } from "../fakes/pixels.ts";
import { english } from "../words.ts";
import { someRequest, someStyle } from "./backend.ts";

export const pictureDeps = { clock: systemClock, yields: createYieldQueue(), pixels };

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

/** Whether the token stands in a text, in any way it is sent. */
export const tellsCanary = (text: string): boolean => CANARIES.some((canary) => text.includes(canary));

export function expectNoCanary(text: string): void {
  expect(tellsCanary(text), "the token is told").toBe(false);
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
  /** The far end makes pictures smaller than asked for. */
  wrongSize(): void;
}

interface RemoteOptions {
  /** Tests this protocol cannot have, each with the reason. */
  readonly gaps?: readonly { readonly test: string; readonly reason: string }[];
  readonly request?: Partial<ImageRequest>;
  readonly style?: Style;
  /** Where a status has another meaning in this protocol than usual. */
  readonly codes?: Readonly<Partial<Record<number, BackendError["code"]>>>;
}

/** A backend with a far end, for both of its contracts. */
export interface FarEnd {
  readonly name: string;
  /** A fresh backend and server each time, with CANARY as its token. */
  readonly open: (world: BackendServices) => Promise<RemoteRig>;
  readonly options?: RemoteOptions;
}

/** Faults that leave no good answer. */
export const SPOILT = [
  "html",
  "wrong_shape",
  "reaches_out",
  "truncated",
  "wrong_type",
  "empty",
  "cut",
  "refuse",
] as const;

export const WHERE = { all: "every exchange", few: "one exchange of each kind" } as const;
/** A file of many cases runs in both sizes: `npm test` spoils one exchange of each kind, `npm run test:all` every one. */
export const size = (): keyof typeof WHERE => (inject("manyCases") ? "all" : "few");
export const exchangesOf = ({ exchanges }: Pick<RemoteRig, "exchanges">): RemoteRig["exchanges"] =>
  size() === "all"
    ? exchanges
    : exchanges.filter(({ kind }, at) => exchanges.findIndex((each) => each.kind === kind) === at);

interface Opened extends RemoteRig {
  /** What the backend was given. Its waits pass quickly once it is hurried. */
  readonly clock: TestClock;
  /** Everything logged so far, errors with their causes. */
  readonly logged: readonly string[];
}

/** What the contracts of a far end do with it. */
export function farEndBench({ name, open, options = {} }: FarEnd) {
  const request: ImageRequest = { ...someRequest, ...options.request };
  const style = options.style ?? someStyle;

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
    expect(english(error.memberText)).not.toMatch(/https?:|127\.0\.0\.1|\/srv|</);
    expect(error.message).not.toContain(request.prompt);
  }
  /** Each exchange in its turn goes wrong; afterwards there is a picture again. @returns those that made no picture */
  async function survives(rig: Opened, fault: Fault): Promise<readonly string[]> {
    const refused: string[] = [];
    for (const exchange of exchangesOf(rig)) {
      rig.server.fail(exchange.name, fault);
      // What is not needed for the picture may fail; then there is one.
      const error = await make(rig.backend).then(
        () => undefined,
        (cause: unknown) => cause,
      );
      if (error !== undefined) {
        expect(error, exchange.name).toBeInstanceOf(BackendError);
        clean(rig, error as BackendError);
        refused.push(exchange.name);
      } else expect(exchange.kind, `${exchange.name}: a picture of ${JSON.stringify(fault)}`).not.toBe("picture");
      rig.server.heal();
      expect(Object.keys(Object.prototype), exchange.name).toEqual([]);
    }
    await make(rig.backend);
    return refused;
  }
  const check = (test: string, body: () => Promise<void>) => {
    const gap = options.gaps?.find((each) => each.test === test);
    it(test, async (context) => {
      if (gap) context.skip(`gap of ${name}: ${gap.reason}`);
      await body();
    });
  };
  return { name, options, request, style, opened, make, failureOf, clean, survives, check };
}

/** Message, stack, own fields and causes: everything a log line or a crash report could show. */
export function everythingOf(value: unknown): string {
  if (!(value instanceof Error)) return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  return `${value.stack ?? ""} ${JSON.stringify({ ...value })} ${value.cause === undefined ? "" : everythingOf(value.cause)}`;
}
