import { parser } from "sax";

type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

/**
 * Reads a property list as launchd does, as far as our files need it.
 *
 * @throws Error for an element that this reader does not understand, and for XML that is broken
 */
export function plistIn(text: string): { readonly [key: string]: Value } {
  const open: { readonly tag: string; readonly values: Value[]; readonly keys: string[]; text: string }[] = [];
  let root: Value | undefined;
  const reader = parser(true);
  reader.onerror = (error) => {
    throw error;
  };
  reader.onopentag = ({ name }) => void open.push({ tag: name, values: [], keys: [], text: "" });
  reader.ontext = (words) => {
    const now = open.at(-1);
    if (now) now.text += words;
  };
  reader.onclosetag = () => {
    const ended = open.pop();
    const around = open.at(-1);
    if (!ended) return;
    if (ended.tag === "plist") root = ended.values[0];
    else if (ended.tag === "key") around?.keys.push(ended.text);
    else around?.values.push(valueIn(ended));
  };
  reader.write(text).close();
  if (typeof root !== "object" || Array.isArray(root)) throw new Error("a property list is a dictionary here");
  return root as { readonly [key: string]: Value };
}

function valueIn({
  tag,
  values,
  keys,
  text,
}: {
  tag: string;
  values: readonly Value[];
  keys: readonly string[];
  text: string;
}): Value {
  switch (tag) {
    case "dict":
      if (keys.length !== values.length) throw new Error("a key has no value, or a value no key");
      return Object.fromEntries(keys.map((key, at) => [key, values[at] ?? ""]));
    case "array":
      return values;
    case "string":
      return text;
    case "integer":
      return Number.parseInt(text, 10);
    case "true":
    case "false":
      return tag === "true";
    default:
      throw new Error(`this reader does not understand <${tag}>`);
  }
}
