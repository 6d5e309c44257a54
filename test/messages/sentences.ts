import { parseSync, Visitor } from "oxc-parser";

/** A sentence in the code: where it begins, and its words. */
export interface Found {
  readonly line: number;
  readonly words: string;
}

/** Two words beside each other: what members read has them, names and keys have not. */
const SENTENCE = /\p{L}[\p{L}’',.:;]* +\p{L}{2}/u;

/** Calls whose words operators, developers or machines read: errors, the log, descriptions and checks of settings. */
const OTHERS_CALLS =
  /^(?:(?:[A-Za-z]*Error|OverLimit|RegExp|mark|describe|refuseStart|failed|because|tooLarge|loraSteps)$|.*\.(?:describe|info|warn|error|debug|fatal|prepare|exec|pragma|startsWith|includes|endsWith|addIssue|regex|default)$)/u;

/**
 * Properties with words for those who set it up (a module's summary and its setup, findings of the doctor), for machines
 * (a model's name), and lines that are typed just so. Where members read something of the same name, its type is `Text`.
 */
const OTHERS_PROPERTIES = /^(?:summary|setup|nextSteps|detail|model|example|url)$/u;

/** What a header's value, a part of an address or of a page begins with. */
const MACHINES = /^(?:[a-z]+\/[a-z]+; |private, max-age|attachment; |default-src |<)/u;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Sentences that stand in the code itself, outside comments, of files whose texts members may read.
 *
 * @throws Error when the file cannot be read as TypeScript
 */
export function sentencesIn(source: string): readonly Found[] {
  const { program, errors } = parseSync("file.ts", source);
  if (errors[0]) throw new Error(errors[0].message);
  const comparisons: Node[] = [];
  const literals: { readonly node: Node; readonly words: string }[] = [];
  const passed: Node[] = [];
  const nameOf = ({ start, end }: Node) => source.slice(start, end).replaceAll(/\s+|\?/gu, "");
  new Visitor({
    Literal(node) {
      if (typeof node.value === "string") literals.push({ node, words: node.value });
    },
    TemplateLiteral(node) {
      literals.push({ node, words: node.quasis.map(({ value }) => value.cooked ?? "").join("…") });
    },
    CallExpression(node) {
      if (OTHERS_CALLS.test(nameOf(node.callee))) passed.push(node);
    },
    NewExpression(node) {
      if (OTHERS_CALLS.test(nameOf(node.callee))) passed.push(node);
    },
    TaggedTemplateExpression(node) {
      passed.push(node);
    },
    ThrowStatement(node) {
      passed.push(node);
    },
    Property(node) {
      if (OTHERS_PROPERTIES.test(nameOf(node.key))) passed.push(node);
    },
    BinaryExpression(node) {
      if (/^[!=]==$/u.test(node.operator)) comparisons.push(node.left, node.right);
    },
    SwitchCase(node) {
      if (node.test) comparisons.push(node.test);
    },
  }).visit(program);
  return literals
    .filter(({ words }) => SENTENCE.test(words) && !MACHINES.test(words))
    .filter(({ node }) => !passed.some(({ start, end }) => start <= node.start && node.end <= end))
    .filter(({ node }) => !comparisons.some(({ start, end }) => start === node.start && end === node.end))
    .map(({ node, words }) => ({ line: source.slice(0, node.start).split("\n").length, words }));
}
