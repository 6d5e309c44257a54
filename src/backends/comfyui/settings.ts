import { whereOf } from "../../where.ts";

/** One ComfyUI server. */
export interface HostAddress {
  /** For attach keys and the operator: host and path, without user and password. */
  readonly label: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly where: "local" | "remote";
}

const SENTENCE = "write each address as http://host:8188 or https://host, several with commas between them";

/** @returns a sentence that continues the setting's name, where it is wrong; it never holds the value: passwords may be in it */
export function readHosts(text: string): readonly HostAddress[] | string {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) return SENTENCE;
  const hosts: HostAddress[] = [];
  for (const part of parts) {
    if (!/^https?:\/\//i.test(part) || !URL.canParse(part)) return SENTENCE;
    const url = new URL(part);
    if (url.search !== "" || url.hash !== "") return `${SENTENCE}, without anything after “?” or “#”`;
    hosts.push(hostOf(url));
  }
  const labels = new Set(hosts.map(({ label }) => label));
  return labels.size === hosts.length ? hosts : "names the same address twice";
}

function hostOf(url: URL): HostAddress {
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const path = url.pathname.replace(/\/+$/, "");
  const bare = `${url.protocol}//${url.host}${path}`;
  const where = whereOf(bare);
  return {
    label: `${url.host}${path}`,
    url: bare,
    headers:
      user === "" && password === ""
        ? {}
        : { authorization: `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}` },
    where: where === "remote" ? "remote" : "local",
  };
}

/** For members: where the pictures are made, without addresses. */
export function titleOf(hosts: readonly HostAddress[]): string {
  if (hosts.some(({ where }) => where === "remote")) return "ComfyUI on a rented machine";
  if (hosts.every(({ url }) => /^\w+:\/\/(localhost|127\.|\[::1\])/.test(url))) return "ComfyUI on this machine";
  return "ComfyUI on our own network";
}

/** As written where it is no valid percent encoding: "100%" may well be somebody's password. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
