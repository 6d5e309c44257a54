import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { documentedRules } from "../../referees/discord/documented.ts";
import { type DiscordReferees, discordReferees } from "../../referees/discord.ts";
import { explain } from "../../referees/json.ts";
import type { Call } from "./calls.ts";
import type { Faults } from "./faults.ts";
import { downloadOf } from "./files.ts";
import { createRates, type Rates } from "./rates.ts";
import { type Received, receive } from "./reading.ts";
import { invalidBody, Refusal, refusals } from "./refusal.ts";
import type { Answer, Route } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { refuseForNow, send, spoil } from "./spoil.ts";
import type { World } from "./world.ts";

export interface ServerOptions {
  readonly faults: Faults;
  readonly rates: Rates;
  readonly token: () => string;
  readonly port: number;
  readonly requestMaxBytes: number;
}

export interface RestServer {
  readonly server: Server;
  readonly calls: Call[];
  readonly refereed: boolean;
  close(): Promise<void>;
}

const PREFIX = /^\/api(?:\/v10)?(?=\/)/;
const FOUND = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^${route.path.replace(/\{(\w+)\}/g, (_all, name: string) => `(?<${name}>[^/]+)`)}$`),
}));

interface Matched {
  readonly route: Route | undefined;
  readonly params: Readonly<Record<string, string>>;
}

function match(method: string, path: string): Matched {
  for (const { route, pattern } of FOUND) {
    const groups = route.method === method ? pattern.exec(path)?.groups : undefined;
    if (groups) return { route, params: { ...groups } };
    if (route.method === method && pattern.test(path)) return { route, params: {} };
  }
  return { route: undefined, params: {} };
}

/** Discord's HTTP API and its files. What is wrong is refused as Discord refuses it, and the referees hear everything. */
export async function openServer(world: World, options: ServerOptions): Promise<RestServer> {
  const { faults, rates, token, port, requestMaxBytes } = options;
  const referees = await discordReferees();
  const standingOf = createRates(rates, () => performance.now());
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://fake");
    (url.pathname.startsWith("/cdn/") ? download(url, response) : serve(url, request, response)).catch(
      (error: unknown) => {
        // The client went away, or the fake has a fault of its own: then no test may pass.
        if (!request.destroyed || request.complete)
          world.complaints.push(`the fake broke: ${error instanceof Error ? error.stack : String(error)}`);
        response.destroy();
      },
    );
  });

  async function serve(url: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Clients write @original as %40original.
    const path = url.pathname.replace(PREFIX, "").replaceAll("%40", "@");
    const method = request.method ?? "GET";
    const { route, params } = match(method, path);
    const received = await receive(request, requestMaxBytes);
    const call = noted(method, path, url.search, route?.operation ?? "unknown", received);
    await spoiled(call, response, async () => {
      const standing = standingOf(call.operation, params["channel"] ?? params["token"] ?? params["guild"] ?? "");
      const { refused } = standing;
      if (refused) return () => refuseForNow(response, call, refused);
      const answer = await decide(call, () => {
        if (received.refusal) throw received.refusal;
        if (!route) throw unknownRoute(call);
        if (!route.open && request.headers.authorization !== `Bot ${token()}`) throw refusals.unauthorized();
        judgeRequest(referees, world, call, route, received);
        return route.answer(world, { params, query: url.searchParams, ...received });
      });
      return () => send(response, call, answer.status, answer.body, standing.headers);
    });
    world.changed();
  }

  /** Lets a fault come before or after the work; what is left of the answer is sent. */
  async function spoiled(call: Call, response: ServerResponse, work: () => Promise<() => void>) {
    const rule = faults.next(call);
    if (rule) call.fault = rule.fault.kind;
    if (rule && rule.when !== "applied" && (await spoil(rule.fault, response, call))) return;
    const answer = await work();
    if (rule?.when === "applied" && (await spoil(rule.fault, response, call))) return;
    answer();
  }

  function noted(method: string, path: string, query: string, operation: string, { body, uploads }: Received): Call {
    const files = [...uploads.values()].map(({ name, bytes }) => ({ name, sizeBytes: bytes.length }));
    const call = { atMs: world.clock.nowMs(), method, path, query, operation, body, files, applied: false };
    calls.push(call);
    return call;
  }

  function unknownRoute({ method, path }: Call): Refusal {
    world.complaints.push(`${method} ${path}: the fake does not know this route`);
    return refusals.notFound();
  }

  async function decide(call: Call, act: () => Answer | Promise<Answer>): Promise<Answer> {
    try {
      const answer = await act();
      world.judging.add(() => judgeAnswer(referees, world, call, answer));
      call.decided = answer.status;
      call.applied = true;
      return answer;
    } catch (refused) {
      if (!(refused instanceof Refusal)) throw refused;
      const { status, code, message, errors } = refused;
      call.decided = status;
      call.code = code;
      return { status, body: { message, code, ...(errors === undefined ? {} : { errors }) } };
    }
  }

  async function download(url: URL, response: ServerResponse): Promise<void> {
    const path = url.pathname.slice("/cdn".length);
    const call = noted("GET", path, url.search, "download", { type: "", body: undefined, uploads: new Map() });
    await spoiled(call, response, async () => {
      const gone = () => send(response, call, 404, { message: "This content is no longer available." });
      try {
        const { contentType, bytes } = downloadOf(world, path, url.searchParams);
        call.applied = true;
        call.decided = 200;
        return () => {
          call.status = 200;
          response.writeHead(200, { "content-type": contentType, "content-length": bytes.length }).end(bytes);
        };
      } catch (refused) {
        if (!(refused instanceof Refusal)) throw refused;
        call.decided = 404;
        return gone;
      }
    });
  }

  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  // An address of a listening TCP server.
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

/** @throws Refusal 50035 for what a referee has something against */
function judgeRequest(
  referees: DiscordReferees | undefined,
  world: World,
  call: Call,
  route: Route,
  { body, type }: Received,
): void {
  const judged = referees
    ? referees.requests.request(call.method, call.path, body, type)
    : documentedRules(route.operation, body);
  // A message whose only content is files may come without a list of them.
  const complaints = judged?.filter(({ message }) => !(call.files.length > 0 && message.includes("empty message")));
  if (!complaints || complaints.length === 0) return;
  world.complaints.push(`the bot's ${call.method} ${call.path}: ${explain(complaints)}`);
  throw invalidBody(complaints);
}

function judgeAnswer(referees: DiscordReferees | undefined, world: World, call: Call, { status, body }: Answer): void {
  if (!referees || status === 204) return;
  const complaints = referees.responses.response(call.method, call.path, status, body);
  if (complaints) world.complaints.push(`the fake's answer to ${call.method} ${call.path}: ${explain(complaints)}`);
}
