/** JSON as it comes from outside: an object of anything. */
export type JsonObject = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const objectsOf = (value: unknown): readonly JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

/** As it goes over a wire: keys without a value vanish. */
export const overTheWire = (body: unknown): unknown =>
  body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as unknown);

/** What a referee has against a message. */
export interface Complaint {
  readonly instancePath: string;
  readonly message: string;
}

/** One line for a list of complaints, the deepest first. */
export const explain = (complaints: readonly Complaint[] | undefined): string =>
  (complaints ?? [])
    .slice(0, 5)
    .map(({ instancePath, message }) => `${instancePath || "/"} ${message}`)
    .join("; ");
