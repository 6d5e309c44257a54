/** As it was meant: `%40` is an @; a lone % that escapes nothing is itself. */
export function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
