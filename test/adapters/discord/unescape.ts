/** What a client shows of escaped text: the inverse of `escapeMarkdown`. */
export const unescapeMarkdown = (text: string): string => text.replace(/\\([^0-9A-Za-z\s])/g, "$1");
