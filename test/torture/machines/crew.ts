import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pauseMs } from "node:timers/promises";
import { createHearing, startBot } from "../bot-process.ts";
import type { FromBot } from "../wire.ts";

const AGAIN_MS = 200;

/** One place in the crew: whoever dies there is followed by the next. */
interface Post {
  readonly what: string;
  readonly argv: readonly string[];
  readonly makesPictures: boolean;
  child: ChildProcess | undefined;
  isReady: boolean;
  readonly holders: Set<string>;
  /** Seeds of the pictures that are being made there. */
  readonly making: Set<number>;
}

export interface Crew {
  readonly size: number;
  /** All were ready at some time since their last start. */
  ready(): Promise<void>;
  /** The process that asks to lead under this name, as its place in the crew. */
  holding(holder: string | undefined): number | undefined;
  /** It makes a picture at the moment, or is none that makes any. */
  isAtWork(at: number): boolean;
  /** SIGKILL, and the next one starts. false: nobody was there, a start was just being tried again. */
  kill(at: number): Promise<boolean>;
  /** Kills all, for good. */
  end(): Promise<void>;
  readonly logged: readonly { readonly level: "warn" | "error"; readonly text: string }[];
  backendRepeats(): number;
  /** Ends that nobody had asked for, of processes that had been ready: bugs. */
  readonly fallen: readonly string[];
  /** Starts that did not succeed: without a database nobody can start. */
  readonly failedStarts: number;
}

/**
 * Starts a process for each of these, and again whenever one has died.
 *
 * @param compiledFolder where they keep what they have compiled: half of the work of a start
 */
export function createCrew(
  file: string,
  posts: readonly Pick<Post, "what" | "argv" | "makesPictures">[],
  compiledFolder: string,
): Crew {
  const hearing = createHearing();
  const logged: { readonly level: "warn" | "error"; readonly text: string }[] = [];
  const fallen: string[] = [];
  let failedStarts = 0;
  let isOver = false;
  const crew = posts.map(
    (post): Post => ({ ...post, child: undefined, isReady: false, holders: new Set(), making: new Set() }),
  );
  /** Killed by us. */
  const killed = new WeakSet<ChildProcess>();

  function hear(post: Post, message: FromBot): void {
    hearing.hear(message);
    if (message.op === "asks") post.holders.add(message.holder);
    if (message.op === "started") post.making.add(message.seed);
    if (message.op === "stopped") post.making.delete(message.seed);
    if (message.op === "logged") logged.push({ level: message.level, text: `${post.what}: ${message.text}` });
  }

  /** Until one is ready, or is killed while it starts. */
  async function start(post: Post): Promise<void> {
    while (!isOver) {
      post.isReady = false;
      post.holders.clear();
      post.making.clear();
      let own: ChildProcess | undefined;
      try {
        const child = await startBot(
          file,
          post.argv,
          (message) => hear(post, message),
          (begun) => {
            own = begun;
            post.child = begun;
          },
          { NODE_COMPILE_CACHE: compiledFolder },
        );
        post.isReady = true;
        child.once("exit", (code, signal) => {
          if (killed.has(child)) return;
          fallen.push(`${post.what} ended with ${code ?? signal}`);
          void start(post);
        });
        return;
      } catch {
        if (own && killed.has(own)) return;
        failedStarts += 1;
        post.child = undefined;
        await pauseMs(AGAIN_MS);
      }
    }
  }

  async function kill(post: Post): Promise<boolean> {
    const { child } = post;
    if (!child || child.exitCode !== null || child.signalCode !== null) return false;
    killed.add(child);
    const gone = Promise.all([once(child, "exit"), child.connected ? once(child, "disconnect") : undefined]);
    child.kill("SIGKILL");
    await gone;
    return true;
  }

  for (const post of crew) void start(post);
  return {
    size: crew.length,
    async ready() {
      while (crew.some(({ isReady }) => !isReady)) await pauseMs(20);
    },
    holding(holder) {
      const at = crew.findIndex((post) => holder !== undefined && post.holders.has(holder));
      return at < 0 ? undefined : at;
    },
    isAtWork(at) {
      const post = crew[at];
      return post !== undefined && (post.making.size > 0 || !post.makesPictures);
    },
    async kill(at) {
      const post = crew[at];
      if (!post || !(await kill(post))) return false;
      void start(post);
      return true;
    },
    async end() {
      isOver = true;
      await Promise.all(crew.map(kill));
    },
    logged,
    backendRepeats: hearing.backendRepeats,
    fallen,
    get failedStarts() {
      return failedStarts;
    },
  };
}
