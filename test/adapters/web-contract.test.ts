import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WireMessage } from "../../adapters/web/wire.ts";
import { createWebChat } from "../../adapters/web.ts";
import type { FormSpec } from "../../src/view.ts";
import { type ChatRig, chatAdapterContract, type Seen } from "../contracts/chat-adapter.ts";

const ROOM = "rent-strike";

/** The web chat on a free port, used over HTTP as the page does. */
function openWeb(): ChatRig {
  const folder = mkdtempSync(join(tmpdir(), "placard-web-"));
  const adapter = createWebChat(
    { WEB_HOST: "127.0.0.1", WEB_PORT: 0 },
    { log: { debug() {}, info() {}, warn() {}, error() {} }, folder: () => folder, nowMs: Date.now },
  );
  const secrets = new Map<string, Promise<string>>();

  async function call(
    path: string,
    init: RequestInit & { readonly headers?: Record<string, string> },
  ): Promise<Response> {
    const headers = { host: "127.0.0.1", origin: "http://127.0.0.1", ...init.headers };
    const response = await adapter.app().request(`http://127.0.0.1${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  }
  const send = (path: string, body: unknown, secret?: string) =>
    call(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: {
        "content-type": "application/json",
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
      },
    });
  const secretOf = (name: string): Promise<string> => {
    const known =
      secrets.get(name) ??
      send("/api/join", { name, room: ROOM }).then(
        async (answer) => ((await answer.json()) as { secret: string }).secret,
      );
    secrets.set(name, known);
    return known;
  };
  /** Everything a fresh tab of this member is told first. */
  async function arrive(name: string, until: (event: StreamedEvent) => boolean): Promise<StreamedEvent> {
    const response = await send("/api/stream", { room: ROOM, after: 0 }, await secretOf(name));
    const decoder = new TextDecoder();
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      const found = eventsIn(text).find(until);
      if (found) return found;
    }
    throw new Error(`the stream ended: ${text}`);
  }

  return {
    adapter,
    async send(name, command, text, files = []) {
      const secret = await secretOf(name);
      const ids = await Promise.all(
        files.map(async ({ name: fileName, bytes }) => {
          const headers = {
            authorization: `Bearer ${secret}`,
            "content-type": "application/octet-stream",
            "x-file-name": fileName,
          };
          const answer = await call("/api/uploads", { method: "POST", body: new Uint8Array(bytes), headers });
          return ((await answer.json()) as { upload: { id: string } }).upload.id;
        }),
      );
      await send(
        "/api/messages",
        {
          id: randomUUID(),
          room: ROOM,
          text: `/${command} ${text}`,
          ...(ids[0] === undefined ? {} : { uploadId: ids[0] }),
        },
        secret,
      );
    },
    async press(name, messageId, label) {
      const { view } = (await messagesOf(name)).find((each) => each.id === messageId) ?? {};
      const button = (view?.buttons ?? []).flat().find((each) => each.label === label);
      if (!button) throw new Error(`no button "${label}"`);
      await send("/api/press", { id: randomUUID(), room: ROOM, token: button.token }, await secretOf(name));
    },
    async submit(name, values) {
      const { form } = await arrive(name, (event) => event.type === "form");
      await send("/api/press", { id: randomUUID(), room: ROOM, token: form?.token, values }, await secretOf(name));
    },
    async seenBy(name) {
      return (await messagesOf(name)).flatMap(seenAs);
    },
    async remove(messageId) {
      await send("/api/remove", { room: ROOM, id: messageId }, await secretOf("ann"));
    },
    async close() {
      rmSync(folder, { recursive: true, force: true });
    },
  };

  async function messagesOf(name: string): Promise<readonly WireMessage[]> {
    return (await arrive(name, (event) => event.type === "start")).messages ?? [];
  }
}

interface StreamedEvent {
  readonly type: string;
  readonly messages?: readonly WireMessage[];
  readonly form?: FormSpec;
}

const eventsIn = (text: string): readonly StreamedEvent[] =>
  text
    .split("\n\n")
    .slice(0, -1)
    .flatMap((block) => /^data: ?(.*)$/m.exec(block)?.[1] ?? [])
    .map((json) => JSON.parse(json) as StreamedEvent);

function seenAs({ id, view }: WireMessage): readonly Seen[] {
  if (!view) return [];
  const image = view.image ? { imageAlt: view.image.alt } : {};
  return [
    {
      messageId: id,
      text: view.text,
      ...image,
      buttonLabels: (view.buttons ?? []).flat().map((button) => button.label),
    },
  ];
}

chatAdapterContract("web", openWeb);
