import { BackendError } from "../../ports/backend.ts";
import { cannot } from "../shared/cannot.ts";
import { NAME } from "./errors.ts";
import type { Host, Slot } from "./host.ts";
import type { Needs } from "./needs.ts";

/** What is known stays good for this long; each look at the backend's health renews it. */
const CATALOGUE_FRESH_MS = 600_000;

/**
 * A slot at the host with the shortest queue of those that can make this picture; at the first among equals. That another model
 * has to be read counts as a picture, and so does that the style's family is not there. Taken at once, so that many choices at the same
 * time spread out.
 *
 * @throws BackendError of the host that came nearest, or the signal's reason
 */
export async function chooseHost(hosts: readonly Host[], needs: Needs, signal: AbortSignal): Promise<Slot> {
  const awake = hosts.filter((host) => !host.rests());
  const asked = await Promise.all((awake.length > 0 ? awake : hosts).map((host) => ready(host, needs, signal)));
  const able = asked.flatMap((answer) => (answer instanceof BackendError ? [] : [answer]));
  if (able.length === 0) throw nearest(asked.filter((answer) => answer instanceof BackendError));
  const counted =
    able.length === 1
      ? [{ host: able[0]!, others: 0 }]
      : await Promise.all(able.map(async (host) => ({ host, others: await host.others(signal) })));
  // Nothing is awaited from here on, so what the others chose meanwhile is counted.
  const jobsOf = ({ host, others }: (typeof counted)[number]) =>
    host.ours() + (others ?? UNKNOWN_QUEUE) + unreadiness(host, needs);
  return counted.toSorted((a, b) => jobsOf(a) - jobsOf(b))[0]!.host.join();
}

/**
 * In pictures that could be made meanwhile. Where nothing was sent yet nothing is known, and a model is read there once in any
 * case: two that idle are both put to use.
 */
const unreadiness = (host: Host, needs: Needs): number =>
  Number(host.readiness(needs)?.fits === false) + Number(host.holdsAnother(needs));

/** Behind every host that said how long its queue is. */
const UNKNOWN_QUEUE = 1_000_000;

/** One that answers and says what it lacks is told before one that is down. */
const nearest = (errors: readonly BackendError[]): BackendError =>
  errors.find(({ code }) => code === "rejected") ?? errors[0] ?? new BackendError(NAME, "offline", "no host is left");

/** The host, or why it cannot make this picture. What it lacks is looked up once more: it may just have been put there. */
async function ready(host: Host, needs: Needs, signal: AbortSignal): Promise<Host | BackendError> {
  try {
    await host.load(host.lacks(needs) === undefined ? CATALOGUE_FRESH_MS : 0, signal);
    await host.lookAt(
      needs.loras.map(({ file }) => file),
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof BackendError)) throw error;
    host.failed(error);
    return error;
  }
  const lacks = host.lacks(needs);
  if (lacks === undefined) return host;
  return cannot(NAME, lacks);
}
