import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import type { StreamEvent } from "../../adapters/web/wire.ts";
import { START_FLAGS, START_WORDS } from "../start-command.ts";

export interface Front {
  readonly url: string;
  readonly said: () => string;
  end(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** What all fronts of one test have in common. */
export interface FrontsOver {
  /** Perhaps through a pooler. */
  readonly address: string;
  readonly directAddress: string;
  readonly proxies?: number;
}

/** A folder that is gone after the test. */
export function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "placard-fronts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A front in a process of its own: `web-front.ts`. */
export function frontIn(
  folder: string,
  { address, directAddress, proxies = 0 }: FrontsOver,
  { stuck = false }: { readonly stuck?: boolean } = {},
): Promise<Front> {
  return started([...START_FLAGS, join(import.meta.dirname, "web-front.ts")], {
    DATABASE_URL: address,
    DATABASE_DIRECT_URL: directAddress,
    FOLDER: folder,
    PROXIES: String(proxies),
    STUCK: stuck ? "yes" : "no",
  });
}

/** The whole program as `npm start` has it, with pictures that take a while. @param folder of the pictures of all of them */
export function programIn(folder: string, { address, directAddress }: FrontsOver): Promise<Front> {
  return started(START_WORDS, {
    DATABASE_URL: address,
    DATABASE_DIRECT_URL: directAddress,
    PICTURES_DIR: folder,
    DATA_DIR: folderForTest(),
    WEB_PORT: "0",
    BACKENDS: "fake",
    FAKE_BACKEND: "delay:2000",
    LOG_LEVEL: "warn",
  });
}

async function started(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<Front> {
  const child: ChildProcess = spawn(process.execPath, words, {
    cwd: join(import.meta.dirname, "../.."),
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "exit");
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await exited;
  };
  onTestFinished(() => end("SIGKILL"));
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
    });
  const listening = /http:\/\/127\.0\.0\.1:\d+/;
  await expect.poll(() => said, { timeout: 60_000 }).toMatch(listening);
  return { url: listening.exec(said)?.[0] ?? "", said: () => said, end };
}

/** One address in front of several fronts, as a reverse proxy has it: each connection goes to the next one that is there. */
export async function oneAddress(fronts: readonly Front[]): Promise<string> {
  const sockets = new Set<Socket>();
  let turn = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
    const reach = (left: number): void => {
      const front = fronts[turn++ % fronts.length];
      if (!front || left === 0) return void socket.destroy();
      const to = connect(Number(new URL(front.url).port), "127.0.0.1");
      to.once("connect", () => {
        sockets.add(to);
        socket.pipe(to).pipe(socket);
        to.on("close", () => socket.destroy());
        socket.on("close", () => to.destroy());
      });
      to.once("error", () => (to.connecting || to.bytesRead === 0 ? reach(left - 1) : socket.destroy()));
    };
    reach(fronts.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

let ids = 0;

/** A member with a page of theirs, at whichever front it is told to go to. */
export class Person {
  readonly events: StreamEvent[] = [];
  #secret = "";
  id = "";
  room = "";
  /** As the page has it: what it was told last. */
  epoch = "";
  rev = 0;
  #gone = new AbortController();

  async ask(url: string, path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { origin: url, "content-type": "application/json", authorization: `Bearer ${this.#secret}` },
      body: JSON.stringify(body),
      ...(signal ? { signal } : {}),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }

  async join(url: string, name: string): Promise<this> {
    const joined = (await (await this.ask(url, "/api/join", { name, room: "Rent strike" })).json()) as {
      readonly member: { readonly id: string };
      readonly secret: string;
      readonly room: { readonly slug: string };
    };
    this.#secret = joined.secret;
    this.id = joined.member.id;
    this.room = joined.room.slug;
    return this;
  }

  async say(url: string, text: string): Promise<void> {
    const id = `fronts-test-id-${process.pid}-${String(++ids).padStart(6, "0")}`;
    await this.ask(url, "/api/messages", { id, room: this.room, text });
  }

  async press(url: string, token: string): Promise<void> {
    const id = `fronts-press-${process.pid}-${String(++ids).padStart(6, "0")}`;
    await this.ask(url, "/api/press", { id, room: this.room, token });
  }

  /** Opens the stream there, going on where it was, and reads it until it ends. Resolves when it has begun. */
  async listen(url: string): Promise<{ readonly ended: Promise<void>; close(): void }> {
    this.#gone = new AbortController();
    const gone = this.#gone;
    const body = { room: this.room, after: this.rev, ...(this.epoch === "" ? {} : { epoch: this.epoch }) };
    const response = await this.ask(url, "/api/stream", body, gone.signal);
    const begun = Promise.withResolvers<void>();
    const ended = this.#read(response, () => begun.resolve()).catch(() => undefined);
    await Promise.race([begun.promise, ended]);
    return { ended, close: () => gone.abort() };
  }

  async #read(response: Response, begun: () => void): Promise<void> {
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value = "" } = (await reader?.read()) ?? { done: true };
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) {
        if (!block.startsWith("data: ")) continue;
        const event = JSON.parse(block.slice(6)) as StreamEvent;
        this.events.push(event);
        if (event.type === "start") this.epoch = event.epoch;
        if (event.type === "start" || event.type === "message") this.rev = event.rev;
        begun();
      }
    }
  }

  /** Each change as it was told, in that order: the text and its `rev`. */
  told(): readonly { readonly rev: number; readonly text: string }[] {
    return this.events.flatMap((event) => {
      const messages = event.type === "message" ? [event.message] : event.type === "start" ? event.messages : [];
      return messages.map(({ rev, text, view }) => ({ rev, text: text ?? view?.text ?? "" }));
    });
  }

  of<T extends StreamEvent["type"]>(type: T): readonly Extract<StreamEvent, { readonly type: T }>[] {
    return this.events.filter((event): event is Extract<StreamEvent, { readonly type: T }> => event.type === type);
  }

  present(): readonly string[] {
    return (
      this.of("present")
        .at(-1)
        ?.members.map(({ name }) => name) ?? []
    );
  }
}
