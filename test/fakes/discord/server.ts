import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { documentedRules } from "../../referees/discord/documented.ts";
import { type DiscordReferees, discordReferees } from "../../referees/discord.ts";
import { explain } from "../../referees/json.ts";
import { cut, type Fault, type Faults } from "./faults.ts";
import { downloadOf, type Upload } from "./files.ts";
import { REQUEST_MAX_BYTES } from "./limits.ts";
import { invalidBody, Refusal, refusals } from "./refusal.ts";
import type { Answer, Route } from "./route.ts";
import { ROUTES } from "./routes.ts";
import type { World } from "./world.ts";

/** One request as it came and what became of it. */
export interface Call {
  readonly atMs: number;
  readonly method: string;
  /** Without the API's prefix and the query. */
  readonly path: string;
  readonly query: string;
  /** Discord's name for the route ("create_message"); "unknown" for what does not exist. */
  readonly operation: string;
  /** The parsed JSON, of several parts `payload_json`. */
  readonly body: unknown;
  /** Names and sizes of files sent along. */
  readonly files: readonly { readonly name: string; readonly sizeBytes: number }[];
  /** What the bot received; absent when it received nothing. */
  status?: number;
  /** What Discord decided, even when that got lost; absent when a fault came before. */
  decided?: number;
  /** JSON error code of a refusal. */
  code?: number;
  /** A 429 of scope "shared": it does not count against the bot. */
  shared?: boolean;
  /** The fault that hit it. */
  fault?: Fault["kind"];
  /** Discord did it, whether or not the answer arrived. */
  applied: boolean;
}

interface Compiled {
  readonly route: Route;
  readonly pattern: RegExp;
}

const PREFIX = /^\/api(?:\/v(\d+))?(?=\/)/;
const compile = (route: Route): Compiled => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, (_all, name: string) => `(?<${name}>[^/]+)`)}$`),
});

export interface RestServer {
  readonly server: Server;
  readonly calls: Call[];
  readonly refereed: boolean;
  close(): Promise<void>;
}

export async function openServer(world: World, faults: Faults, token: () => string, port: number): Promise<RestServer> {
  const compiled = ROUTES.map(compile);
  const referees = await discordReferees();
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      world.complaints.push(
        `the fake broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
      response.destroy();
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://fake");
    if (url.pathname.startsWith("/cdn/")) return download(url, response);
    // Clients write @original as %40original.
    const path = url.pathname.replace(PREFIX, "").replaceAll("%40", "@");
    const method = request.method ?? "GET";
    const found = compiled.find(({ route, pattern }) => route.method === method && pattern.test(path));
    const { tooLarge, contentType, bytes } = await read(request);
    const parsed = tooLarge ? undefined : await parse(contentType, bytes);
    const call: Call = {
      atMs: world.clock.nowMs(),
      method,
      path,
      query: url.search,
      operation: found?.route.operation ?? "unknown",
      body: parsed?.body,
      files: [...(parsed?.uploads.values() ?? [])].map(({ name, bytes: content }) => ({
        name,
        sizeBytes: content.length,
      })),
      applied: false,
    };
    calls.push(call);
    const rule = faults.next(call.operation);
    if (rule) call.fault = rule.fault.kind;
    if (rule && rule.when !== "applied" && (await spoil(rule.fault, response, call))) return world.changed();
    const answer = await answerTo(call, async () => {
      if (tooLarge) throw refusals.tooLarge();
      if (!parsed) throw refusals.notJson();
      if (!found) throw unknownRoute(method, path);
      if (!found.route.open && request.headers.authorization !== `Bot ${token()}`) throw refusals.unauthorized();
      judgeRequest(method, path, found.route, parsed, call);
      const params = found.pattern.exec(path)?.groups ?? {};
      return found.route.answer(world, { params, query: url.searchParams, ...parsed });
    });
    call.applied = answer.status < 400;
    if (rule?.when !== "applied" || !(await spoil(rule.fault, response, call)))
      send(response, call, answer.status, answer.body);
    world.changed();
  }

  function unknownRoute(method: string, path: string): Refusal {
    world.complaints.push(`${method} ${path}: the fake does not know this route`);
    return refusals.notFound();
  }

  function judgeRequest(method: string, path: string, route: Route, { body, type }: Parsed, call: Call): void {
    const judged = referees
      ? referees.requests.request(method, path, body, type)
      : documentedRules(route.operation, body);
    // A message whose only content is files may come without a list of them.
    const complaints = judged?.filter(({ message }) => !(call.files.length > 0 && /empty message/.test(message)));
    if (!complaints || complaints.length === 0) return;
    world.complaints.push(`the bot's ${method} ${path}: ${explain(complaints)}`);
    throw invalidBody(complaints);
  }

  async function answerTo(call: Call, act: () => Answer | Promise<Answer>): Promise<Answer> {
    try {
      const answer = await act();
      call.decided = answer.status;
      judgeAnswer(referees, world, call, answer);
      return answer;
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      const { status, code, message, errors } = refused;
      call.decided = status;
      call.code = code;
      return { status, body: { message, code, ...(errors === undefined ? {} : { errors }) } };
    }
  }

  function download(url: URL, response: ServerResponse): void {
    try {
      const file = downloadOf(world, url.pathname.slice("/cdn".length), url.searchParams);
      response
        .writeHead(200, { "content-type": file.contentType, "content-length": file.bytes.length })
        .end(file.bytes);
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      response.writeHead(404, { "content-type": "text/plain" }).end("This content is no longer available.");
    }
  }

  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  world.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    server,
    calls,
    refereed: referees !== undefined,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function judgeAnswer(referees: DiscordReferees | undefined, world: World, call: Call, { status, body }: Answer): void {
  if (!referees || status === 204) return;
  const complaints = referees.responses.response(call.method, call.path, status, body);
  if (complaints) world.complaints.push(`the fake's answer to ${call.method} ${call.path}: ${explain(complaints)}`);
}

interface Parsed {
  readonly type: string;
  readonly body: unknown;
  readonly uploads: ReadonlyMap<string, Upload>;
}

/** `undefined` for what cannot be read. */
async function parse(contentType: string, bytes: Uint8Array<ArrayBuffer>): Promise<Parsed | undefined> {
  const uploads = new Map<string, Upload>();
  try {
    if (!contentType.startsWith("multipart/form-data"))
      return {
        type: "application/json",
        body: bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString()),
        uploads,
      };
    const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
    for (const [key, value] of form) {
      const number = /^files\[(\d+)\]$/.exec(key)?.[1];
      if (number === undefined || typeof value === "string") continue;
      uploads.set(number, { name: value.name, mime: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
    }
    const payload = form.get("payload_json");
    return { type: "multipart/form-data", body: typeof payload === "string" ? JSON.parse(payload) : {}, uploads };
  } catch {
    return undefined;
  }
}

async function read(request: IncomingMessage) {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += (chunk as Uint8Array).length;
    // The rest is read and forgotten, so that the client hears the answer.
    if (sizeBytes <= REQUEST_MAX_BYTES) chunks.push(chunk as Uint8Array);
    else chunks.length = 0;
  }
  const contentType = request.headers["content-type"] ?? "application/json";
  return { tooLarge: sizeBytes > REQUEST_MAX_BYTES, contentType, bytes: new Uint8Array(Buffer.concat(chunks)) };
}

function send(response: ServerResponse, call: Call, status: number, body: unknown): void {
  if (response.destroyed) return;
  call.status = status;
  const text = body === undefined ? undefined : JSON.stringify(body);
  response.writeHead(status, text === undefined ? {} : { "content-type": "application/json" }).end(text);
}

/** Returns whether the request is over. */
async function spoil(fault: Fault, response: ServerResponse, call: Call): Promise<boolean> {
  switch (fault.kind) {
    case "delay":
      await sleep(fault.delayMs, undefined, { ref: false });
      return false;
    case "status":
      send(response, call, fault.status, { message: `${fault.status}: told to fail`, code: 0 });
      return true;
    case "html":
      call.status = fault.status;
      response
        .writeHead(fault.status, { "content-type": "text/html" })
        .end("<!doctype html><title>cloudflare</title><h1>Bad gateway</h1>");
      return true;
    case "hang":
      return true;
    case "rate_limited":
      call.status = 429;
      call.shared = fault.scope === "shared";
      limit(fault, response);
      return true;
    case "reset":
    case "close":
      if (response.socket) cut(response.socket, fault.kind);
      return true;
  }
}

function limit({ retryAfterMs, scope }: Fault & { readonly kind: "rate_limited" }, response: ServerResponse): void {
  const seconds = retryAfterMs / 1000;
  const global = scope === "global";
  response
    .writeHead(429, {
      "content-type": "application/json",
      "retry-after": String(seconds),
      "x-ratelimit-scope": scope,
      "x-ratelimit-reset-after": String(seconds),
      ...(global
        ? { "x-ratelimit-global": "true" }
        : { "x-ratelimit-bucket": "told", "x-ratelimit-limit": "5", "x-ratelimit-remaining": "0" }),
    })
    .end(JSON.stringify({ message: "You are being rate limited.", retry_after: seconds, global }));
}
