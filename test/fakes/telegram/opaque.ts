/** Opaque text, as Telegram's file and inline message ids are. */
export function opaque(chance: () => number, length: number): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  return Array.from({ length }, () => letters[Math.floor(chance() * letters.length)]).join("");
}
