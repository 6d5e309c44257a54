import { z } from "zod";
import { isOwnName } from "../../lib/foreign-json.ts";

/** Each moves up to all of a list: many in one frame would hold everything up. Honest frames have a handful. */
const EDITS_MAX = 500;

const editSchema = z.tuple([
  z.enum(["replace", "append", "add", "delete"]),
  z.array(z.union([z.string().max(300), z.int().min(0)])).max(100),
  z.unknown(),
]);
type Edit = z.output<typeof editSchema>;
const differenceSchema = z.array(editSchema).max(EDITS_MAX);

/**
 * Puts the frames of one stream together: the first of a job comes whole, later ones as differences to the one before. The
 * client library follows a path wherever it leads, through what every object inherits as well; ours stays within the frame.
 */
export interface Frames {
  /**
   * The same frame as a difference that has no path left to follow.
   * @throws Error for a difference that does not fit the frame before, or leaves it
   */
  next(eventId: string, data: readonly unknown[]): readonly unknown[];
  ended(eventId: string): void;
}

export function createFrames(): Frames {
  const before = new Map<string, readonly unknown[]>();
  return {
    next(eventId, data) {
      const known = before.get(eventId);
      const whole = known ? data.map((each, at) => changed(known[at] ?? null, differenceSchema.parse(each))) : data;
      before.set(eventId, whole);
      return known ? whole.map((value) => [["replace", [], value]]) : whole;
    },
    ended: (eventId) => void before.delete(eventId),
  };
}

/** Changes `target` itself where the edit has a path. */
const changed = (target: unknown, edits: readonly Edit[]): unknown => edits.reduce<unknown>(edited, target);

function edited(target: unknown, [action, path, value]: Edit): unknown {
  const last = path.at(-1);
  if (last === undefined) return action === "append" ? joined(target, value) : action === "replace" ? value : refuse();
  const holder = path.slice(0, -1).reduce<unknown>(inside, target);
  if (Array.isArray(holder)) editList(holder, indexIn(holder, last), action, value);
  else if (typeof holder === "object" && holder !== null)
    editRecord(holder as Record<string, unknown>, String(last), action, value);
  else refuse();
  return target;
}

function editList(list: unknown[], at: number, action: Edit[0], value: unknown): void {
  switch (action) {
    case "add":
      list.splice(at, 0, value);
      return;
    case "delete":
      list.splice(at, 1);
      return;
    case "replace":
      list[at] = value;
      return;
    case "append":
      list[at] = joined(list[at], value);
  }
}

function editRecord(record: Record<string, unknown>, key: string, action: Edit[0], value: unknown): void {
  if (!isOwnName(key)) refuse();
  switch (action) {
    case "add":
    case "replace":
      record[key] = value;
      return;
    case "delete":
      delete record[key];
      return;
    case "append":
      record[key] = joined(record[key], value);
  }
}

function inside(value: unknown, key: string | number): unknown {
  if (Array.isArray(value)) return value[indexIn(value, key)];
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return refuse();
  return (value as Record<string | number, unknown>)[key];
}

/** One behind the last is where something is added. */
function indexIn(list: readonly unknown[], key: string | number): number {
  const at = Number(key);
  return Number.isInteger(at) && at >= 0 && at <= list.length ? at : refuse();
}

function joined(before: unknown, more: unknown): unknown {
  if (typeof before === "string" && typeof more === "string") return before + more;
  if (typeof before === "number" && typeof more === "number") return before + more;
  return refuse();
}

function refuse(): never {
  throw new Error("a difference that does not fit the frame before");
}
