/** PostgreSQL keeps no text with a zero byte in it, and what people send can hold one. */
export const storable = <T>(value: T): T | string =>
  typeof value === "string" && value.includes("\0") ? value.replaceAll("\0", "\uFFFD") : value;
