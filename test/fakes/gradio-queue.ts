import { z } from "zod";
import type { tinyPng } from "../../src/backends/fake/png.ts";
import { fileAt, functionsOf, type GradioApp, type GradioFunction, refusalOfInputs } from "./gradio-app.ts";
import { differences, pause, pictureOf, untilStopped } from "./gradio-parts.ts";
import type { FakeAnswer, FakeRequest } from "./http-server.ts";

export type JobState = "waiting" | "running" | "done" | "cancelled";

interface Session {
  selected: number | null;
  /** Messages that wait for the stream. */
  readonly messages: object[];
  readonly open: Set<string>;
  wake: () => void;
}

interface Job {
  readonly id: string;
  readonly sessionHash: string;
  readonly fn: GradioFunction;
  readonly data: readonly unknown[];
  readonly eventData: { readonly index: number } | null;
  selected: number | null;
  state: JobState;
  readonly stop: AbortController;
}

export const joinBody = z.strictObject({
  data: z.array(z.unknown()),
  fn_index: z.int(),
  session_hash: z.string().min(1),
  event_data: z.strictObject({ index: z.int(), value: z.null(), selected: z.literal(true) }).nullish(),
  trigger_id: z.null().optional(),
});
export const cancelBody = z.strictObject({ event_id: z.string(), session_hash: z.string(), fn_index: z.int() });

/** How the queue behaves from now on. */
interface Mood {
  stepMs: number;
  /** Added to the height of every picture. */
  growPx: number;
  /** Runs that find their session's selection lost. */
  forget: number;
  /** Where pictures lie, when it is not the Space itself. */
  filesAt: string | undefined;
  /** Text for the stream as it is, before the first step of each run; EVENT stands for the job's id. */
  raw: string | undefined;
  readonly noes: { readonly error: string | null; readonly title: string }[];
  readonly notices: { readonly log: string; readonly title: string; readonly level: string }[];
}

const FOREIGN = "somebody else";
/** What surrounds every output. */
const OUTPUT = { duration: 0.02, average_duration: 0.02, render_config: null, changed_state_ids: [], used_cache: null };

/** Sessions, queue and program of a fake Gradio server. Cancelling, leaving and forgetting follow the real one's source. */
export function createGradioQueue(deps: {
  readonly app: GradioApp;
  /** Runs of the model at once. */
  readonly concurrency: number;
  readonly maxSize: number | undefined;
  readonly root: () => string;
  readonly files: Map<string, Uint8Array>;
  readonly draw?: typeof tinyPng | undefined;
}) {
  const functions = functionsOf(deps.app);
  const loras = [...deps.app.loras];
  const sessions = new Map<string, Session>();
  const jobs: Job[] = [];
  const mood: Mood = { stepMs: 0, growPx: 0, forget: 0, filesAt: undefined, raw: undefined, noes: [], notices: [] };

  const sessionOf = (hash: string): Session => {
    const found = sessions.get(hash) ?? { selected: null, messages: [], open: new Set(), wake: () => {} };
    sessions.set(hash, found);
    return found;
  };
  const send = (job: Job, message: object) => {
    const session = sessions.get(job.sessionHash);
    session?.messages.push({ ...message, event_id: job.id });
    session?.wake();
  };
  const complete = (job: Job, output: object, success: boolean, title: string | null = null) =>
    send(job, {
      msg: "process_completed",
      output,
      success,
      title,
      used_cache: null,
      cache_duration: null,
      avg_time: null,
    });
  const answer = (job: Job, data: readonly unknown[]) => {
    job.state = "done";
    complete(job, { ...OUTPUT, data, is_generating: false }, true);
  };
  /** `null`: an exception the server does not tell. */
  const refuse = (job: Job, error: string | null, title = "Error") => {
    job.state = "done";
    complete(job, error === null ? { error } : { error, duration: 10, visible: true, title }, false, title);
  };
  const log = (job: Job, text: string, title: string, level: string) =>
    send(job, { msg: "log", log: text, level, duration: 10, visible: true, title });

  function startNext(): void {
    for (const fn of functions) {
      const slots = fn.name === "run_lora" ? deps.concurrency : 1;
      const mine = jobs.filter((job) => job.fn.id === fn.id);
      const next = mine.find(({ state }) => state === "waiting");
      if (!next || mine.filter(({ state }) => state === "running").length >= slots) continue;
      next.state = "running";
      void perform(next).finally(startNext);
      startNext();
    }
  }

  async function perform(job: Job): Promise<void> {
    if (job.sessionHash === FOREIGN) {
      await untilStopped(job.stop.signal);
      job.state = "done";
      return;
    }
    const session = sessionOf(job.sessionHash);
    if (job.fn.name === "run_lora" && mood.forget > 0) {
      mood.forget -= 1;
      session.selected = null;
    }
    job.selected = session.selected;
    send(job, { msg: "process_starts", eta: 1.5 });
    const refused = refusalOfInputs(job.fn, job.data);
    if (refused !== undefined) refuse(job, refused);
    else if (job.fn.name === "update_selection") select(job, session);
    else if (job.fn.name === "add_custom_lora") addCustom(job, session);
    else await draw(job);
  }

  function select(job: Job, session: Session): void {
    const lora = loras[job.eventData?.index ?? -1];
    // `loras[evt.index]` without an event, or beyond the list.
    if (!lora || !job.eventData) {
      refuse(job, null);
      return;
    }
    session.selected = job.eventData.index;
    const text = `### Selected: [${lora.repo}](https://huggingface.co/${lora.repo}) ✨`;
    answer(job, [{ placeholder: `Type a prompt for ${lora.title}`, __type__: "update" }, text, null, ...job.data]);
  }

  function addCustom(job: Job, session: Session): void {
    const repo = String(job.data[0]);
    if (repo.split("/").length !== 2 || repo.includes("not-flux")) {
      session.selected = null;
      log(job, "Invalid LoRA: either you entered an invalid link, or a non-FLUX LoRA", "Warning", "warning");
      const value = "Invalid LoRA: either you entered an invalid link, a non-FLUX LoRA";
      answer(job, [{ value, __type__: "update" }, "", null, ""]);
      return;
    }
    loras.push({ title: repo, repo, trigger_word: "custom word" });
    session.selected = loras.length - 1;
    const card = "<small>Using: <code><b>custom word</code></b> as the trigger word<br></small>";
    answer(job, [card, "Custom", null, "custom word"]);
  }

  async function draw(job: Job): Promise<void> {
    for (const { log: text, title, level } of mood.notices) log(job, text, title, level);
    const lora = job.selected === null ? undefined : loras[job.selected];
    if (!lora) return refuse(job, "You must select a LoRA before proceeding.");
    if (mood.raw !== undefined) send(job, { raw: mood.raw.replaceAll("EVENT", job.id) });
    const no = mood.noes.shift();
    if (no) return refuse(job, no.error, no.title);
    const asked = pictureOf(job.fn, job.data, lora.trigger_word, mood.growPx, deps.draw);
    let frame: readonly unknown[] | undefined;
    for (let at = 1; at <= asked.steps; at += 1) {
      if (!(await pause(mood.stepMs, job.stop.signal))) {
        // A generator stops where it is. A plain function would work on, and nobody hears of it.
        job.state = "cancelled";
        return;
      }
      if (job.fn.generator) frame = sendFrame(job, asked, at, frame);
      else
        send(job, {
          msg: "progress",
          progress_data: [{ index: at, length: asked.steps, unit: "steps", progress: null, desc: "denoise" }],
        });
    }
    answer(job, frame ?? [keep(job, asked, 0), asked.seed]);
  }

  function keep(job: Job, asked: ReturnType<typeof pictureOf>, at: number): object {
    const name = `${job.id}/image${at}.png`;
    deps.files.set(name, asked.bytes(at));
    return fileAt(deps.root(), name, mood.filesAt);
  }

  function sendFrame(
    job: Job,
    asked: ReturnType<typeof pictureOf>,
    at: number,
    before: readonly unknown[] | undefined,
  ): readonly unknown[] {
    const value = `<div class="progress-container"><div class="progress-bar" style="--current: ${at}; --total: ${asked.steps};"></div></div>`;
    const data = [keep(job, asked, at), asked.seed, { value, visible: true, __type__: "update" }];
    const output = { ...OUTPUT, data: before ? differences(before, data) : data, is_generating: true };
    send(job, { msg: "process_generating", output, success: true, time_limit: null });
    return data;
  }

  function join(body: z.output<typeof joinBody>): FakeAnswer {
    const fn = functions.find(({ id }) => id === body.fn_index);
    if (!fn) return { text: "Internal Server Error", status: 500 };
    const waiting = jobs.filter(({ state }) => state === "waiting").length;
    if (deps.maxSize !== undefined && waiting >= deps.maxSize)
      return { json: { detail: `Queue is full. Max size is ${deps.maxSize} and size is ${waiting}.` }, status: 503 };
    const id = `event${String(jobs.length + 1).padStart(6, "0")}`;
    const { session_hash: sessionHash, data, event_data: eventData = null } = body;
    const job: Job = {
      id,
      sessionHash,
      fn,
      data,
      eventData,
      selected: null,
      state: "waiting",
      stop: new AbortController(),
    };
    jobs.push(job);
    sessionOf(sessionHash).open.add(id);
    const size = jobs.filter((each) => each.fn.id === fn.id && each.state === "waiting").length;
    send(job, { msg: "estimation", rank: size - 1, queue_size: size, rank_eta: 1.5 });
    setImmediate(startNext);
    return { json: { event_id: id } };
  }

  /** Ends a job before its time; a waiting one leaves the queue. */
  function stop(job: Job): void {
    if (job.state === "waiting") job.state = "cancelled";
    if (job.state === "running") job.stop.abort();
  }

  function cancel(body: z.output<typeof cancelBody>): FakeAnswer {
    // Every job of this session and function, as the real one does.
    for (const job of jobs) {
      if (job.sessionHash !== body.session_hash || job.fn.id !== body.fn_index) continue;
      const inTime = job.state === "waiting" || job.state === "running";
      stop(job);
      if (inTime && job.id === body.event_id) complete(job, {}, true);
    }
    return { json: { success: true } };
  }

  async function* stream({ query, gone }: FakeRequest): AsyncGenerator<string> {
    const hash = query.get("session_hash") ?? "";
    const session = sessions.get(hash);
    if (!session) return yield lost;
    const leave = () => {
      // Who no longer listens is no longer drawn for.
      for (const job of jobs) if (job.sessionHash === hash) stop(job);
      session.wake();
    };
    gone.addEventListener("abort", leave, { once: true });
    while (!gone.aborted) {
      if (sessions.get(hash) !== session) return yield lost;
      const message = session.messages.shift();
      if (!message) {
        const { promise, resolve } = Promise.withResolvers<void>();
        session.wake = resolve;
        await promise;
        continue;
      }
      yield "raw" in message ? String(message.raw) : `data: ${JSON.stringify(message)}\n\n`;
      if (!isCompletion(message)) continue;
      session.open.delete(message.event_id);
      if (session.open.size > 0) continue;
      gone.removeEventListener("abort", leave);
      yield `data: ${JSON.stringify({ msg: "close_stream", event_id: null })}\n\n`;
      return;
    }
  }

  return {
    mood,
    join,
    cancel,
    stream,
    isRun: (fnIndex: number): boolean => functions.some(({ id, name }) => id === fnIndex && name === "run_lora"),
    runs: () => jobs.filter(({ fn, sessionHash }) => fn.name === "run_lora" && sessionHash !== FOREIGN),
    foreign(): { state(): JobState; finish(): void } {
      const fn = functions.find(({ name }) => name === "run_lora");
      if (!fn) throw new Error("the app has no run");
      const stop = new AbortController();
      const job: Job = {
        id: "foreign",
        sessionHash: FOREIGN,
        fn,
        data: [],
        eventData: null,
        selected: 0,
        state: "waiting",
        stop,
      };
      jobs.push(job);
      startNext();
      return { state: () => job.state, finish: () => stop.abort() };
    },
    /** The process starts anew: sessions and jobs are gone, streams end. */
    restart(): void {
      for (const job of jobs) stop(job);
      const old = [...sessions.values()];
      sessions.clear();
      for (const session of old) session.wake();
    },
    /** Somebody at the Space ends what runs. */
    endRunning(): void {
      for (const job of jobs.filter(({ state }) => state === "running")) {
        stop(job);
        complete(job, {}, true);
      }
    },
    close(): void {
      for (const job of jobs) job.stop.abort();
    },
  };
}

const isCompletion = (message: object): message is { readonly event_id: string } =>
  "msg" in message && message.msg === "process_completed";

const lost = `data: ${JSON.stringify({ msg: "unexpected_error", event_id: null, message: "404: Not Found", session_not_found: true, success: false })}\n\n`;
