import { type Forgotten, NAMELESS } from "../../domain/forgetting.ts";
import { platformOf } from "../../domain/place.ts";

// Takes out of a text, or of JSON, what names somebody.

export interface Redactor {
  /** What a row that names them has somewhere in its text. */
  readonly ids: readonly string[];
  /** As they stand in JSON. */
  readonly names: readonly string[];
  readonly plainNames: readonly string[];
  id(text: string): string;
  name(text: string): string;
  /** JSON of ours, as a text. @param isTheirs what it is of; absent: nobody's in particular */
  json(text: string, isTheirs?: boolean): string;
  /** Of a platform's own notes, where ids stand without their platform as well: whether any of it is about them. */
  mentions(namespace: string, key: string, json: string): boolean;
}

/** Under these a string that is somebody's name means them. Elsewhere it is a word like any other, "done" or "web". */
const NAMES = new Set(["name", "memberName", "byName", "voterNames", "args", "verbatim", "parts"]);
/** Words of whoever ordered it: they are taken out with their order, or are somebody else's. */
const WORDS = new Set(["request"]);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
type Json = Readonly<Record<string, unknown>>;
/** Whom a string at its place names. "perhaps": them, where they were called so. */
type Naming = "them" | "perhaps" | "nobody";
const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

export function redactorOf({ accounts, names }: Forgotten): Redactor {
  const goneIds = new Map(accounts.map(({ id, goneId }) => [id, goneId]));
  const calledSo = new Set(names);
  // A longer one may begin like a shorter one.
  const anyId = new RegExp(`(?<![A-Za-z0-9_-])(?:${[...goneIds.keys()].map(escaped).join("|")})(?![A-Za-z0-9_-])`, "g");
  const bare = accounts.map(({ id }) => ({ platform: platformOf(id), id: id.slice(platformOf(id).length + 1) }));

  const id = (text: string): string => text.replace(anyId, (found) => goneIds.get(found) ?? found);
  const name = (text: string): string => (calledSo.has(text) ? NAMELESS : text);

  /** Where an id stands beside a name, it says whose that is: others can be called the same, and they were called otherwise once. */
  function namingIn(value: Json, key: string, isTheirs: boolean | undefined): Naming {
    if (key !== "name" && key !== "memberName") return NAMES.has(key) || isTitle(value, key) ? "perhaps" : "nobody";
    const beside = value[key === "name" ? "id" : "memberId"];
    if (typeof beside === "string" && beside.includes(":")) return goneIds.has(beside) ? "them" : "nobody";
    if (key === "name" || isTheirs === undefined) return "perhaps";
    return isTheirs ? "them" : "nobody";
  }
  function named(text: string, naming: Naming): string {
    if (naming === "them") return NAMELESS;
    return naming === "perhaps" && calledSo.has(text) ? NAMELESS : id(text);
  }
  function walked(value: unknown, naming: Naming, isTheirs?: boolean): unknown {
    if (typeof value === "string") return named(value, naming);
    if (Array.isArray(value)) return value.map((each) => walked(each, naming, isTheirs));
    if (!isObject(value)) return value;
    const fields = Object.entries(withoutToken(value)).map(([key, each]) => {
      const here = namingIn(value, key, isTheirs);
      const within = here === "nobody" && naming === "perhaps" && key !== "id" ? naming : here;
      return [key, WORDS.has(key) ? each : walked(each, within, isTheirs)];
    });
    return ofChat(Object.fromEntries(fields) as Json);
  }
  /** A chat with the bot alone has its member's id for a number, and their name for a title. */
  function ofChat(value: Json): Json {
    const { platform, chatId } = value;
    const goneId = typeof chatId === "string" ? goneIds.get(`${platform}:${chatId}`) : undefined;
    if (goneId === undefined) return value;
    return { ...value, platform: platformOf(goneId), chatId: goneId.slice(platformOf(goneId).length + 1) };
  }
  const isTitle = (value: Json, key: string): boolean => key === "title" && "chatId" in value;
  /** By which a reply goes to them alone. */
  function withoutToken(value: Json): Json {
    if (!("replyToken" in value) || typeof value["memberId"] !== "string" || !goneIds.has(value["memberId"]))
      return value;
    const { replyToken: _token, replyTokenExpiresAtMs: _untilMs, ...rest } = value;
    return rest;
  }

  return {
    ids: [...goneIds.keys()],
    names: names.map(inJson),
    plainNames: names,
    id,
    name,
    json: (text, isTheirs) => JSON.stringify(walked(JSON.parse(text), "nobody", isTheirs)),
    mentions(namespace, key, json) {
      if (id(key) !== key || id(json) !== json) return true;
      const own = bare.filter(({ platform }) => namespace.startsWith(`${platform}.`));
      if (own.every(({ id: one }) => !key.includes(one) && !json.includes(one))) return false;
      const ids = new Set(own.map((each) => each.id));
      return key.split(/[^A-Za-z0-9_-]+/).some((part) => ids.has(part)) || holds(JSON.parse(json), ids);
    },
  };
}

/** As a value of its own, not as a part of another number. */
function holds(value: unknown, ids: ReadonlySet<string>): boolean {
  if (typeof value === "string" || typeof value === "number") return ids.has(String(value));
  return isObject(value) && Object.values(value).some((each) => holds(each, ids));
}
