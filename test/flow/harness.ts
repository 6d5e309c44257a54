import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Loopback, LoopbackMessage, LoopbackOptions } from "../../adapters/loopback/shape.ts";
import { loopback } from "../../adapters/loopback.ts";
import type { App } from "../../src/app/app.ts";
import type { Installation } from "../../src/dispatch/services.ts";
import type { Judge } from "../../src/jobs/judging/judge.ts";
import type { Setter } from "../../src/jobs/lettering/setter.ts";
import type { Backend } from "../../src/ports/backend.ts";
import type { DocumentMaker } from "../../src/ports/documents.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock, type TestClock } from "../fakes/clock.ts";
import { recordedLog } from "../fakes/module-services.ts";

export interface Group {
  readonly app: App;
  readonly chat: Loopback;
  /** Everything that was logged, as JSON lines. */
  readonly logged: readonly string[];
  /** The newest message of the chat that satisfies the test, once there is one. */
  message(predicate: (message: LoopbackMessage) => boolean): Promise<LoopbackMessage>;
  /** The newest message whose text holds this. */
  said(text: string): Promise<LoopbackMessage>;
  /** The newest finished picture, waiting until there are `count` of them. */
  picture(count?: number): Promise<LoopbackMessage>;
  pictures(): readonly LoopbackMessage[];
  /** Ends this process's part and starts another over the same files and the same chat. */
  restart(): Promise<void>;
  stop(): Promise<void>;
  readonly clock: TestClock;
}

export interface GroupOptions {
  readonly backends?: () => readonly Backend[];
  readonly installation?: Partial<Installation>;
  readonly chat?: LoopbackOptions;
  readonly seeds?: () => number;
  readonly setter?: () => Setter;
  readonly documentMaker?: () => DocumentMaker;
  readonly judge?: () => Judge;
  /** What is waited for comes quickly while nothing else is to be done; a limit, too: not for a backend that is held up. */
  readonly hurried?: boolean;
}

/** A whole Placard in memory: real core, real commands, real SQLite file, a chat and backends that do as they are told. */
export async function group(options: GroupOptions = {}): Promise<Group> {
  const folder = mkdtempSync(join(tmpdir(), "placard-flow-"));
  const chat = loopback({ capabilities: { editMinIntervalMs: 0 }, ...options.chat });
  const { log, logged } = recordedLog();
  const clock = createTestClock();
  if (options.hurried) clock.hurry();
  let drawn = 1000;
  const open = async (): Promise<App> => {
    const started = await appOver(folder, {
      adapters: [chat],
      ...(options.backends ? { backends: options.backends() } : {}),
      ...(options.installation ? { installation: options.installation } : {}),
      ...(options.setter ? { setter: options.setter() } : {}),
      ...(options.documentMaker ? { documentMaker: options.documentMaker() } : {}),
      ...(options.judge ? { judge: options.judge() } : {}),
      clock,
      newSeed: options.seeds ?? (() => (drawn += 1)),
      log,
    });
    await started.start();
    return started;
  };
  let app = await open();
  let stopped = false;
  const stop = async () => {
    if (stopped) return;
    stopped = true;
    await app.stop();
  };
  onTestFinished(async () => {
    await stop();
    clock.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const newest = (predicate: (message: LoopbackMessage) => boolean) => [...chat.messages.values()].findLast(predicate);
  const pictures = () =>
    [...chat.messages.values()].filter(({ view }) => view.tone === "good" && view.image !== undefined);
  return {
    get app() {
      return app;
    },
    chat,
    logged,
    clock,
    pictures,
    message: (predicate) => chat.waitFor(() => newest(predicate)),
    said: (text) => chat.waitFor(() => newest(({ view }) => view.text.includes(text))),
    picture: (count = 1) => chat.waitFor(() => (pictures().length >= count ? pictures().at(-1) : undefined)),
    async restart() {
      await app.stop();
      app = await open();
    },
    stop,
  };
}
