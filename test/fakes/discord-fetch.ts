import type { RESTOptions } from "discord.js";

/** What discord.js' own client sends through in tests: its files are in Node's own form, which only Node's own fetch takes. */
export const nodesFetch: RESTOptions["makeRequest"] = async (url, { method, headers, body, signal }) => {
  const answer = await fetch(url, {
    method: method ?? "GET",
    headers: headers as Record<string, string>,
    body: body as FormData | string | null,
    signal: signal ?? null,
  });
  // The same by both libraries' types but for iterators that nobody calls.
  return answer as unknown as Awaited<ReturnType<RESTOptions["makeRequest"]>>;
};
