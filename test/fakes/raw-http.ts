import { connect } from "node:net";

export interface RawAnswer {
  /** 0: the connection was closed without an answer. */
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

const STREAM = /^content-type: text\/event-stream/im;
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
const ANSWERS_WITHIN_MS = 20_000;

/**
 * Sends these bytes as they are, whether they are HTTP or not. Whoever hangs up after them gets an answer only where that is
 * quicker than Node's server hears of it; whoever waits, as browsers do, must have asked for the connection to be closed. Of an event stream only its
 * beginning is read. @throws Error when nothing is heard and nothing is closed within 20 s
 */
export function rawExchange(
  port: number,
  request: Buffer,
  after: "hangs up" | "waits" = "hangs up",
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    let heard = Buffer.alloc(0);
    const socket = connect(port, "127.0.0.1");
    const end = () => {
      clearTimeout(late);
      socket.destroy();
      // "Go on", before the answer itself.
      const goesOn = heard.subarray(0, CONTINUE.length).toString("latin1") === CONTINUE;
      heard = goesOn ? heard.subarray(CONTINUE.length) : heard;
      const text = heard.toString("latin1");
      const split = text.indexOf("\r\n\r\n");
      const head = split < 0 ? text : text.slice(0, split);
      const length = /^content-length: (\d+)/im.exec(head)?.[1];
      // What follows is the answer to the rest of what was sent, taken for another request.
      const bodyEnd = length === undefined ? undefined : split + 4 + Number(length);
      resolve({
        status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0),
        head,
        body: split < 0 ? "" : heard.subarray(split + 4, bodyEnd).toString(),
      });
    };
    const late = setTimeout(() => {
      socket.destroy();
      reject(new Error("no answer and no end of the connection"));
    }, ANSWERS_WITHIN_MS);
    socket.on("connect", () => (after === "waits" ? socket.write(request) : socket.end(request)));
    socket.on("data", (part: Buffer) => {
      heard = Buffer.concat([heard, part]);
      if (STREAM.test(heard.subarray(0, 4000).toString("latin1")) && heard.includes("\n\n")) end();
    });
    // Cut off in the middle of what it sent, or while it was sending: what was heard until then counts.
    socket.on("error", end);
    socket.on("close", end);
  });
}

/** A request in HTTP/1.1 as somebody writes it by hand. */
export function rawRequest(parts: {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}): Buffer {
  const head = [`${parts.method} ${parts.path} HTTP/1.1`, ...parts.headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "utf8"), parts.body]);
}
