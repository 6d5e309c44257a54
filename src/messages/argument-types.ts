import { type MessageFormatElement, parse, TYPE } from "@formatjs/icu-messageformat-parser";

/** What a gap takes, as it is written in TypeScript. */
export type ArgumentTypes = ReadonlyMap<string, string>;

/** The gaps of a sentence, at any depth. @throws SyntaxError when it is no ICU MessageFormat 1 */
export function argumentTypes(source: string): ArgumentTypes {
  const found = new Map<string, string>();
  collect(parse(source, { ignoreTag: true }), found);
  return found;
}

/** The plural and selection elements of a sentence, at any depth: name, kind, and the cases it gives. */
export function casesOf(
  source: string,
): readonly { readonly name: string; readonly kind: string; readonly cases: readonly string[] }[] {
  const walk = (elements: readonly MessageFormatElement[]): ReturnType<typeof casesOf> =>
    elements.flatMap((element) => {
      if (element.type !== TYPE.plural && element.type !== TYPE.select) return [];
      const kind = element.type === TYPE.select ? "select" : element.pluralType === "ordinal" ? "ordinal" : "plural";
      const inner = Object.values(element.options).flatMap(({ value }) => walk(value));
      return [{ name: element.value, kind, cases: Object.keys(element.options) }, ...inner];
    });
  return walk(parse(source, { ignoreTag: true }));
}

function collect(elements: readonly MessageFormatElement[], found: Map<string, string>): void {
  for (const element of elements) {
    switch (element.type) {
      case TYPE.argument:
        if (!found.has(element.value)) found.set(element.value, "Words");
        break;
      case TYPE.number:
        found.set(element.value, "number");
        break;
      case TYPE.plural:
        found.set(element.value, "number");
        for (const { value } of Object.values(element.options)) collect(value, found);
        break;
      case TYPE.select:
        found.set(element.value, selectType(Object.keys(element.options)));
        for (const { value } of Object.values(element.options)) collect(value, found);
        break;
      case TYPE.date:
      case TYPE.time:
        // A moment comes as a text of its own: `clock`.
        throw new SyntaxError(`{${element.value}} is a date or time: hand in clock() instead`);
      case TYPE.literal:
      case TYPE.pound:
      case TYPE.tag:
        break;
    }
  }
}

const selectType = (cases: readonly string[]): string =>
  [...cases]
    .sort()
    .map((one) => JSON.stringify(one))
    .join(" | ");
