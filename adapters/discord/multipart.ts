import { randomBytes } from "node:crypto";

export interface FormFile {
  readonly name: string;
  readonly data: Uint8Array;
  readonly contentType: string;
}

/**
 * A request with files, in pieces that are sent as they lie in memory. The platform's form wraps each file into streams
 * that are read piece by piece: three milliseconds of a picture's nine on this thread.
 */
export class Multipart {
  readonly contentType: string;
  readonly lengthBytes: number;
  /** May be sent again: nothing is used up. */
  readonly pieces: readonly Uint8Array[];

  /** @param json the rest of the request, as Discord takes it beside files */
  constructor(json: unknown, files: readonly FormFile[]) {
    const boundary = `placard-${randomBytes(12).toString("hex")}`;
    const part = (disposition: string, contentType: string) =>
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; ${disposition}\r\ncontent-type: ${contentType}\r\n\r\n`,
      );
    const end = Buffer.from("\r\n");
    this.contentType = `multipart/form-data; boundary=${boundary}`;
    this.pieces = [
      part('name="payload_json"', "application/json"),
      Buffer.from(JSON.stringify(json)),
      end,
      ...files.flatMap(({ name, data, contentType }, at) => [
        part(`name="files[${at}]"; filename="${escaped(name)}"`, contentType),
        data,
        end,
      ]),
      Buffer.from(`--${boundary}--\r\n`),
    ];
    this.lengthBytes = this.pieces.reduce((sum, { length }) => sum + length, 0);
  }
}

/** As browsers write it. */
const escaped = (name: string): string => name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
