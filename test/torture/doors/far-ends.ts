import { setTimeout as pauseMs } from "node:timers/promises";
import fc from "fast-check";
import { verbatim } from "../../../src/domain/text.ts";
import { generatePicture } from "../../../src/jobs/generate-picture.ts";
import { asError } from "../../../src/lib/error.ts";
import { BackendError } from "../../../src/ports/backend.ts";
import { named } from "../../../src/ports/backend-sentence.ts";
import type { LogFields } from "../../../src/ports/log.ts";
import { comfyuiFarEnd } from "../../backends/comfyui-far-end.ts";
import { endpointFarEnds } from "../../backends/endpoint-far-end.ts";
import { hordeFarEnd } from "../../backends/horde-far-end.ts";
import { huggingfaceFarEnd } from "../../backends/huggingface-contract.ts";
import { sdcppFarEnd } from "../../backends/sdcpp-far-end.ts";
import { spaceFarEnd } from "../../backends/space-far-end.ts";
import { webuiFarEnds } from "../../backends/webui-contract.ts";
import { someRequest, someStyle } from "../../contracts/backend.ts";
import { everythingOf, type FarEnd, pictureDeps, type RemoteRig, tellsCanary } from "../../contracts/far-end.ts";
import { createTestClock } from "../../fakes/clock.ts";
import { hostileJson, type Spoiler } from "../../fakes/hostile-json.ts";
import { hostileText } from "../../fakes/hostile-text.ts";
import type { Good, Rewritten } from "../../fakes/http-server.ts";
import { moduleServices } from "../../fakes/module-services.ts";
import { englishWords } from "../../words.ts";
import { door, type InputDoor } from "./door.ts";

/** Programs on machines of one's own, or lent ones. */
export const MACHINES: readonly FarEnd[] = [sdcppFarEnd, ...Object.values(webuiFarEnds)];
/** It answers by requests and a stream of messages. */
export const COMFYUI: readonly FarEnd[] = [comfyuiFarEnd];
/** Services of others. */
export const SERVICES: readonly FarEnd[] = [hordeFarEnd];
export const SPACES: readonly FarEnd[] = [spaceFarEnd];
/** What is rented there, by the hour or by the picture. */
export const RENTED: readonly FarEnd[] = [
  ...endpointFarEnds,
  huggingfaceFarEnd("fal-ai"),
  huggingfaceFarEnd("replicate"),
];

/** A picture is waited for so long, on a clock that hurries. */
const PATIENCE_MS = 4000;
/** Real time, far beyond what the busiest machine needs: here it hangs. */
const HANGS_MS = 30_000;

const STATUSES = [200, 200, 200, 200, 201, 204, 206, 301, 302, 400, 401, 402, 403, 404, 413, 422, 429, 500, 502, 503];
const WAITS = ["0", "-1", "-999999", "1e999", "NaN", "Wed, 21 Oct 2015 07:28:00 GMT", "99999999999999", "0x10", ""];
const HEADERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { "content-type": "text/html" },
  { "content-type": "application/json; charset=utf-16" },
  { "content-type": "image/svg+xml" },
  { "content-type": "image/png\u00ff" },
  { "content-length": "3" },
  { location: "http://169.254.169.254/latest" },
  { location: "//[" },
  { "content-encoding": "gzip" },
  { "set-cookie": "__proto__=1" },
  { "x-ratelimit-reset": "-1", "x-queue": "x".repeat(9000) },
  ...WAITS.map((wait) => ({ "retry-after": wait })),
];

interface Answer {
  readonly farEnd: number;
  readonly exchange: number;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: Spoiler;
  /** For what is no JSON: the right bytes with these changed. */
  readonly edits: readonly (readonly [at: number, byte: number])[];
  readonly lengthShare: number;
  readonly frame: string;
}

const answers: fc.Arbitrary<Answer> = fc.noBias(
  fc.record({
    farEnd: fc.nat(9999),
    exchange: fc.nat(999),
    status: fc.oneof({ weight: 3, arbitrary: fc.constant(200) }, fc.constantFrom(...STATUSES)),
    headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, fc.constantFrom(...HEADERS)),
    json: hostileJson,
    edits: fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 6 }),
    lengthShare: fc.constantFrom(1, 1, 1, 0.5, 0, 2),
    frame: fc.oneof(
      { weight: 6, arbitrary: fc.constant("") },
      hostileText(200),
      fc.constantFrom("event: \n\n", "data\n\n", "data: [DONE]\n\n", ":\n\n", "id: 1\nretry: -1\ndata: {}\n\n"),
    ),
  }),
);

const parsed = (bytes: Buffer | string): unknown => {
  try {
    return JSON.parse(String(bytes));
  } catch {
    return undefined;
  }
};

function spoilt(good: Good, { status, headers, json, edits, lengthShare, frame }: Answer): Rewritten {
  if (good.mime === "text/event-stream") {
    const events = String(good.bytes).replace(
      /^data: (.*)$/gmu,
      (_line, data: string) => `data: ${json(parsed(data))}`,
    );
    return { bytes: Buffer.from(frame + events) };
  }
  if (good.mime === "application/json") return { bytes: json(parsed(good.bytes)), status, headers };
  const bytes = Buffer.from(lengthShare > 1 ? Buffer.concat([good.bytes, good.bytes]) : good.bytes);
  for (const [at, byte] of edits) if (bytes.length > 0) bytes[at % bytes.length] = byte;
  return { bytes: bytes.subarray(0, bytes.length * lengthShare), status, headers };
}

/** A far end of its own for each answer, so that what a backend asks for once only is asked for too. */
async function opened(farEnd: FarEnd) {
  const logged: string[] = [];
  const note = (fact: string, fields: LogFields = {}) =>
    void logged.push(`${fact} ${Object.values(fields).map(everythingOf).join(" ")}`);
  const clock = createTestClock();
  clock.hurry();
  const rig = await farEnd.open(moduleServices({ clock, log: { debug: note, info: note, warn: note, error: note } }));
  const close = async () => {
    await rig.backend.close();
    await rig.server.close();
    clock.stop();
  };
  return { rig, logged, clock, close };
}

async function drawn({ options = {} }: FarEnd, rig: RemoteRig, signal: AbortSignal) {
  const request = { ...someRequest, ...options.request };
  const style = options.style ?? someStyle;
  const watching = { attached: async () => {}, happened: () => {} };
  return generatePicture(rig.backend, { request, style, signal }, watching, pictureDeps);
}

/** What a member reads where there is no picture. @throws what is wrong with it */
function saidOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted && error === signal.reason) return "";
  if (!(error instanceof BackendError)) throw asError(error);
  const told = englishWords(named(error.memberText, verbatim("the far end")));
  if (/https?:|127\.0\.0\.1|\/srv|\/etc|[<{]/.test(told)) throw new Error(`says “${told}”`);
  if (tellsCanary(everythingOf(error))) throw new Error("an error tells the token");
  const { retryAfterMs } = error;
  if (retryAfterMs !== undefined && !(retryAfterMs >= 1000 && retryAfterMs <= 48 * 3_600_000))
    throw new Error(`asks again after ${retryAfterMs} ms`);
  return told;
}

async function put(farEnds: readonly FarEnd[], answer: Answer): Promise<string> {
  const farEnd = farEnds[answer.farEnd % farEnds.length];
  if (!farEnd) throw new Error("no such far end");
  const { rig, logged, clock, close } = await opened(farEnd);
  const hung = new AbortController();
  const { name: exchange = "" } = rig.exchanges[answer.exchange % rig.exchanges.length] ?? {};
  const where = `${farEnd.name}, ${exchange}`;
  const hangs = pauseMs(HANGS_MS, undefined, { signal: hung.signal, ref: false }).then(() => {
    throw new Error("hangs");
  });
  hangs.catch(() => {});
  try {
    rig.server.fail(exchange, { rewrite: (good) => spoilt(good, answer) });
    const signal = clock.deadline(PATIENCE_MS);
    const said = await Promise.race([drawn(farEnd, rig, signal), hangs]).then(
      () => "",
      (error: unknown) => saidOf(error, signal),
    );
    if (tellsCanary(logged.join("\n"))) throw new Error("the log tells the token");
    rig.server.heal();
    await Promise.race([drawn(farEnd, rig, AbortSignal.timeout(HANGS_MS)), hangs]);
    return said;
  } catch (error) {
    throw new Error(`${where}: ${asError(error).message}`, { cause: error });
  } finally {
    hung.abort();
    await close();
  }
}

/** Whatever answers where a backend asks; afterwards the same backend draws an honest picture. */
export const farEndDoor = async (
  farEnds: readonly FarEnd[] = [...MACHINES, ...COMFYUI, ...SERVICES, ...SPACES, ...RENTED],
): Promise<InputDoor> => door("answers of far ends", answers, (answer) => put(farEnds, answer));
