/**
 * Markdown that shows text as it was typed: no formatting, link, mention, time stamp, heading, list or quote. Discord shows
 * any character but letters, digits and space literally after a backslash.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      // Always: emphasis, code, spoilers, links, mentions, custom emoji and time stamps.
      .replace(/[\\*_~`|[\]<@]/g, "\\$&")
      // An address becomes a link, and often a preview, without any markup.
      .replace(/:(?=\/\/)/g, "\\:")
      // Only where a line begins, be it behind marks of direction: headings, small print, lists and quotes.
      .replace(/^([\s\u2066-\u2069]*)([#>+-]|\d{1,9}(?=\.))/gm, (_all, space: string, mark: string) =>
        /\d/.test(mark) ? `${space}${mark}\\` : `${space}\\${mark}`,
      )
  );
}
