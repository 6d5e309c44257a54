import { z } from "zod";
import { unescaped } from "../../lib/url.ts";

/** Where a backend's far end is, as its operator wrote it. */
export interface ServerAddress {
  /** http or https, without sign-in, query or a slash at its end. */
  readonly url: string;
  /** The sign-in that stood before an @, as HTTP Basic. Empty without one. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A setting with the address of a far end, e.g. `http://192.168.1.20:7860`. `user:password@` before the host moves into a
 * header, so that it can be in no log, error or recipe. Mistakes are told without the value.
 */
export const serverAddress = (example: string) =>
  z.string().transform((text, context): ServerAddress => {
    const url = /^https?:\/\//i.test(text) ? URL.parse(text) : null;
    if (url && url.hostname !== "") return serverAddressOf(url);
    context.addIssue({ code: "custom", message: `must start with http:// or https://, e.g. ${example}` });
    return z.NEVER;
  });

function serverAddressOf(url: URL): ServerAddress {
  const signIn = `${unescaped(url.username)}:${unescaped(url.password)}`;
  return {
    url: `${url.origin}${url.pathname}`.replace(/\/+$/, ""),
    headers: signIn === ":" ? {} : { authorization: `Basic ${Buffer.from(signIn).toString("base64")}` },
  };
}
