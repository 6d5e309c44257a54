import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";

const FIREFOX = process.env["FIREFOX"] ?? "/usr/bin/firefox-esr";
const answerSchema = z.object({
  id: z.number().nullish(),
  error: z.string().optional(),
  message: z.string().optional(),
  result: z.unknown(),
});
const contextSchema = z.object({ context: z.string() });
/** A page's script gives text or nothing. */
const evaluatedSchema = z.object({
  type: z.string(),
  result: z.object({ value: z.string().optional() }).optional(),
  exceptionDetails: z.object({ text: z.string() }).optional(),
});

/** A page in Firefox: as much of WebDriver BiDi as a story needs. Playwright's own needs commands that Firefox does not have yet. */
export interface FirefoxPage {
  goto(url: string): Promise<void>;
  /** What a script in the page gives, as text; promises are waited for. Throws what the script throws. */
  run(script: string): Promise<string>;
  /** Once a script gives this. */
  until(script: string, gives: string): Promise<void>;
  /** Typed with the keyboard into what has the focus. */
  type(text: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
}

class Bidi {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #ids = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data) => {
      const { id, error, message, result } = answerSchema.parse(JSON.parse(String(data)));
      const waiting = this.#waiting.get(id ?? 0);
      if (error === undefined) waiting?.resolve(result);
      else waiting?.reject(new Error(`${error}: ${message}`));
      this.#waiting.delete(id ?? 0);
    });
  }

  send(method: string, params: object): Promise<unknown> {
    this.#ids += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#ids, waiting);
    this.#socket.send(JSON.stringify({ id: this.#ids, method, params }));
    return waiting.promise;
  }
}

/** One Firefox for the tests of a file. Where there is none they are listed as not run. */
export function useFirefox(): () => Promise<FirefoxPage> {
  vi.setConfig({ testTimeout: 90_000 });
  const folder = mkdtempSync(path.join(tmpdir(), "placard-firefox-"));
  let child: ChildProcess | undefined;
  let bidi: Bidi | undefined;
  let socket: WebSocket | undefined;
  beforeAll(async () => {
    if (!existsSync(FIREFOX)) return;
    const environment = { ...process.env, HOME: folder };
    const started = spawn(FIREFOX, ["--headless", "--no-remote", "--remote-debugging-port=0", "--profile", folder], {
      env: environment,
      stdio: ["ignore", "ignore", "pipe"],
    });
    child = started;
    const address = await new Promise<string>((resolve, reject) => {
      let said = "";
      started.stderr.on("data", (data) => {
        said += String(data);
        const found = /WebDriver BiDi listening on (ws:\/\/\S+)/.exec(said)?.[1];
        if (found) resolve(found);
      });
      started.once("exit", () => reject(new Error(`Firefox ended: ${said}`)));
    });
    socket = new WebSocket(`${address}/session`);
    await new Promise((resolve, reject) => socket?.once("open", resolve).once("error", reject));
    bidi = new Bidi(socket);
    await bidi.send("session.new", { capabilities: {} });
  }, 60_000);
  afterAll(async () => {
    socket?.terminate();
    const ended = child && new Promise((resolve) => child?.once("exit", resolve));
    child?.kill("SIGKILL");
    await ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });
  beforeEach((context) => {
    if (!bidi) context.skip("needs Firefox (Debian's firefox-esr), or its path in FIREFOX");
  });
  return async () => {
    if (!bidi) throw new Error("Firefox has not started");
    return pageIn(bidi);
  };
}

/** Each with storage of its own, as another member's browser. */
async function pageIn(bidi: Bidi): Promise<FirefoxPage> {
  const { userContext } = z.object({ userContext: z.string() }).parse(await bidi.send("browser.createUserContext", {}));
  const { context } = contextSchema.parse(await bidi.send("browsingContext.create", { type: "tab", userContext }));
  const run = async (expression: string): Promise<string> => {
    const params = { expression, target: { context }, awaitPromise: true, resultOwnership: "none" };
    const { result, exceptionDetails } = evaluatedSchema.parse(await bidi.send("script.evaluate", params));
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return result?.value ?? "";
  };
  return {
    async goto(url) {
      await bidi.send("browsingContext.navigate", { context, url, wait: "complete" });
    },
    run,
    until: (script, gives) => expect.poll(() => run(script), { timeout: 30_000 }).toBe(gives),
    async type(text) {
      const actions = [...text].flatMap((value) => [
        { type: "keyDown", value },
        { type: "keyUp", value },
      ]);
      await bidi.send("input.performActions", { context, actions: [{ type: "key", id: "keyboard", actions }] });
    },
    async resize(width, height) {
      await bidi.send("browsingContext.setViewport", { context, viewport: { width, height } });
    },
  };
}
