import { withoutUnseen } from "./unseen.ts";

export interface TypedCommand {
  /** In lower case. */
  readonly name: string;
  readonly text: string;
}

/** A slash of any width, a name, perhaps a bot's; then white space, a colon, or the quotation that the words are. */
const COMMAND =
  /^\s*[/／]([ \u00a0\u3000]?)([A-Za-z\uff21-\uff3a\uff41-\uff5a][A-Za-z0-9_\uff10-\uff19\uff21-\uff3a\uff3f\uff41-\uff5a]{0,31})(?:[@＠][A-Za-z0-9_]{1,32})?(?:[:：](?!\/)|(?=[\s"“„«‹‘‚「『《＂]|'(?!\p{L}{1,2}\s)|$))/u;

/**
 * A line that is a command: `/rca a fox`, `/rca: a fox`, `/rca"a fox"`, `/rca@bot a fox`, `／ｒｃａ a fox`. `undefined`: talk.
 *
 * @param known whether there is such a command: after a space (`/ rca`) only those count
 */
export function typedCommand(line: string, known: (name: string) => boolean): TypedCommand | undefined {
  const clean = withoutUnseen(line);
  const [whole, gap, written] = COMMAND.exec(clean) ?? [];
  if (whole === undefined || written === undefined) return undefined;
  const name = written.normalize("NFKC").toLowerCase();
  if (gap !== "" && !known(name)) return undefined;
  return { name, text: clean.slice(whole.length).trim() };
}

/** What follows a command's name, without the colon that some put after it. */
export const afterName = (text: string): string =>
  withoutUnseen(text)
    .replace(/^[:：]/u, "")
    .trim();
