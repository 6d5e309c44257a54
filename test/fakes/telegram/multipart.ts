export interface Upload {
  readonly fileName: string | undefined;
  readonly mimeType: string | undefined;
  readonly bytes: Buffer;
}
export interface Form {
  readonly fields: Readonly<Record<string, string>>;
  readonly files: ReadonlyMap<string, Upload>;
}

/** A parameter of a header, quoted or (as grammY writes file names) not. */
const parameterOf = (header: string, name: string): string | undefined => {
  const found = new RegExp(`;\\s*${name}=(?:"((?:\\\\.|[^"\\\\])*)"|([^;\\r\\n]*))`, "i").exec(header);
  return found?.[1]?.replaceAll(/\\(.)/g, "$1") ?? found?.[2];
};

/** As lenient as Telegram's own parser: no platform parser reads the unquoted file names that grammY sends. */
export function readMultipart(contentType: string, body: Buffer): Form | undefined {
  const boundary = parameterOf(contentType, "boundary");
  if (boundary === undefined) return undefined;
  const fields: Record<string, string> = {};
  const files = new Map<string, Upload>();
  const line = Buffer.from(`\r\n--${boundary}`);
  const all = Buffer.concat([Buffer.from("\r\n"), body]);
  let at = all.indexOf(line);
  while (at >= 0) {
    const start = at + line.length;
    const next = all.indexOf(line, start);
    if (next < 0) break;
    const part = all.subarray(start + 2, next);
    const headEnd = part.indexOf("\r\n\r\n");
    if (headEnd < 0) return undefined;
    const head = part.subarray(0, headEnd).toString("utf8");
    const disposition = /^content-disposition:.*$/im.exec(head)?.[0] ?? "";
    const name = parameterOf(disposition, "name");
    if (name === undefined) return undefined;
    const content = part.subarray(headEnd + 4);
    const fileName = parameterOf(disposition, "filename");
    const mimeType = /^content-type:\s*([^\r\n;]+)/im.exec(head)?.[1];
    if (fileName === undefined) fields[name] = content.toString("utf8");
    else files.set(name, { fileName: fileName === "" ? undefined : fileName, mimeType, bytes: content });
    at = next;
  }
  return { fields, files };
}
