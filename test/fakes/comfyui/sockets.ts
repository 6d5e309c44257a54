import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import sharp from "sharp";
import { type WebSocket, WebSocketServer } from "ws";
import { type Fault, isRewriting } from "../http-server.ts";

const PREVIEW_IMAGE = 1;
const PREVIEW_IMAGE_WITH_METADATA = 4;

/** The `/ws` side of the fake: who is connected, and who hears what. */
export async function openSockets(options: {
  readonly authorization: string | undefined;
  /** What a new connection is told first. */
  readonly status: () => object;
}) {
  const clients = new Map<string, { readonly socket: WebSocket; hasMetadata: boolean }>();
  const server = new WebSocketServer({ noServer: true });
  const jpeg = await sharp({ create: { width: 16, height: 16, channels: 3, background: "#a33" } })
    .jpeg()
    .toBuffer();
  let fault: Fault | undefined;
  let met = Promise.withResolvers<void>();

  const to = (clientId: string | undefined) =>
    [...clients].filter(([sid]) => clientId === undefined || sid === clientId).map(([, client]) => client);
  const say = (clientId: string | undefined, type: string, data: object) => {
    for (const { socket } of to(clientId)) send(socket, JSON.stringify({ type, data }));
  };
  const send = (socket: WebSocket, frame: string | Buffer) => {
    if (!isRewriting(fault)) return socket.send(frame);
    met.resolve();
    const isText = typeof frame === "string";
    const mime = isText ? "application/json" : "application/octet-stream";
    socket.send(fault.rewrite({ bytes: Buffer.from(frame), mime }).bytes, { binary: !isText });
  };

  function greet(socket: WebSocket, request: IncomingMessage): void {
    const sid = new URL(request.url ?? "/", "http://fake").searchParams.get("clientId") ?? randomUUID();
    const client = { socket, hasMetadata: false };
    clients.set(sid, client);
    socket.on("error", () => undefined);
    // Whichever connection has this id by then is forgotten, a newer one too.
    socket.on("close", () => clients.delete(sid));
    say(sid, "status", { ...options.status(), sid });
    let isFirst = true;
    socket.on("message", (data) => {
      const message: { readonly type?: unknown; readonly data?: Readonly<Record<string, unknown>> } = JSON.parse(
        String(data),
      );
      if (isFirst && message.type === "feature_flags") {
        client.hasMetadata = message.data?.["supports_preview_metadata"] === true;
        say(sid, "feature_flags", { supports_preview_metadata: true, max_upload_size: 104_857_600 });
      }
      isFirst = false;
    });
  }

  return {
    /** To one client, or to everybody. */
    say,
    /** An unfinished picture. A job of nobody's is shown to everybody, the old way. */
    show(clientId: string | undefined, promptId: string, node: string): void {
      const meta = {
        node_id: node,
        display_node_id: node,
        parent_node_id: null,
        real_node_id: node,
        prompt_id: promptId,
        image_type: "image/jpeg",
      };
      // What stands after a JPEG's end is not looked at: it tells tests whose picture it is.
      const image = Buffer.concat([jpeg, Buffer.from(promptId)]);
      for (const { socket, hasMetadata } of to(clientId))
        send(
          socket,
          hasMetadata && clientId !== undefined
            ? withMetadata(JSON.stringify(meta), image)
            : Buffer.concat([u32(PREVIEW_IMAGE), u32(1), image]),
        );
    },
    upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
      const url = new URL(request.url ?? "/", "http://fake");
      if (fault !== undefined && !isRewriting(fault)) met.resolve();
      if (fault === "refuse" || url.pathname !== "/ws") return void socket.destroy();
      if (fault === "hang") return;
      if (options.authorization !== undefined && request.headers.authorization !== options.authorization)
        return void socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n");
      if (fault === "hang_after_headers") return void deaf(request, socket);
      if (fault !== undefined && !isRewriting(fault))
        return void socket.end("HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n<html>");
      server.handleUpgrade(request, socket, head, (client) => greet(client, request));
    },
    fail: (next: Fault | undefined) => {
      fault = next;
      met = Promise.withResolvers();
    },
    struck: () => met.promise,
    drop(): void {
      for (const { socket } of clients.values()) socket.terminate();
      clients.clear();
    },
    count: () => clients.size,
  };
}

/** Says yes, and from then on neither hears nor says anything, a close least of all. */
function deaf(request: IncomingMessage, socket: Socket): void {
  const accept = createHash("sha1")
    .update(`${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  socket.on("end", () => socket.end());
  socket.resume();
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const withMetadata = (meta: string, image: Buffer): Buffer =>
  Buffer.concat([u32(PREVIEW_IMAGE_WITH_METADATA), u32(Buffer.byteLength(meta)), Buffer.from(meta), image]);
