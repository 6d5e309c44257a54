import { argumentTypes } from "../../messages/argument-types.ts";
import { catalogueOf, SOURCE_LANGUAGE } from "../../messages/catalogue.ts";

/** The gaps of every sentence as types, from the English catalogue: a missing or misspelt one is an error of the compiler. */
export function messageTypes(): string {
  const rows = [...catalogueOf(SOURCE_LANGUAGE).messages].map(([id, source]) => {
    const gaps = [...argumentTypes(source)].map(([name, type]) => `readonly ${JSON.stringify(name)}: ${type}`);
    return `  readonly ${JSON.stringify(id)}: ${gaps.length === 0 ? "Nothing" : `{ ${gaps.join("; ")} }`};`;
  });
  return `// Written by \`npm run docs\` from src/messages/locales/en.json.
type Nothing = Readonly<Record<never, never>>;

/** Every sentence members can read, with what stands in its gaps. */
export interface MessageArgs<Words> {
${rows.join("\n")}
}
`;
}
