import { type Complaint, isObject, type JsonObject, objectsOf } from "../json.ts";

const EPHEMERAL = 1 << 6;
const IS_COMPONENTS_V2 = 1 << 15;
const NAME = /^[-_'\p{L}\p{N}\p{sc=Devanagari}\p{sc=Thai}]{1,32}$/u;
const CONTENT_MAX_CHARS = 2000;
const EMBEDS_MAX_CHARS = 6000;
const TEXT_DISPLAYS_MAX_CHARS = 4000;
const COMMAND_MAX_CHARS = 8000;

type Report = (instancePath: string, message: string) => void;

const lengthOf = (value: unknown): number => (typeof value === "string" ? value.length : 0);
const flagsOf = (value: JsonObject): number => (typeof value["flags"] === "number" ? value["flags"] : 0);

/** Rules that Discord documents in prose and its description does not hold. They need no description, so they always run. */
export function documentedRules(operation: string, body: unknown): readonly Complaint[] | undefined {
  const complaints: Complaint[] = [];
  const report: Report = (instancePath, message) =>
    complaints.push({ instancePath, message: `${message} (documented, not in the description)` });
  if (/bulk_set|create_.*command/.test(operation)) commandRules(objectsOf([body].flat()), report);
  if (isObject(body)) {
    const callback = operation === "create_interaction_response";
    if (callback) callbackRules(body, report);
    else if (/message|execute_webhook/.test(operation))
      messageRules(body, "", ["create_message", "execute_webhook"].includes(operation), report);
  }
  return complaints.length > 0 ? complaints : undefined;
}

function callbackRules(body: JsonObject, report: Report): void {
  const data = isObject(body["data"]) ? body["data"] : {};
  const { type } = body;
  if (type === 5 && (flagsOf(data) & ~EPHEMERAL) !== 0)
    report("/data/flags", "a deferred reply allows only the EPHEMERAL flag");
  if (type === 4 || type === 7) messageRules(data, "/data", type === 4, report);
}

function commandRules(commands: readonly JsonObject[], report: Report): void {
  const isChat = (command: JsonObject) => (command["type"] ?? 1) === 1;
  if (commands.filter(isChat).length > 100) report("", "more than 100 chat-input commands");
  for (const [index, command] of commands.entries()) {
    if (!isChat(command)) continue;
    nameRule(command["name"], `/${index}/name`, report);
    if (!command["description"]) report(`/${index}/description`, "is required for chat-input commands");
    const chars =
      lengthOf(command["name"]) +
      lengthOf(command["description"]) +
      optionRules(command["options"], `/${index}/options`, report);
    if (chars > COMMAND_MAX_CHARS)
      report(`/${index}`, `${chars} characters in names, descriptions and values, more than ${COMMAND_MAX_CHARS}`);
  }
}

function nameRule(name: unknown, path: string, report: Report): void {
  if (typeof name !== "string" || !NAME.test(name) || name !== name.toLowerCase())
    report(path, `name ${JSON.stringify(name)} must be lower case and match ${NAME}`);
}

/** Returns the characters that these options count towards the command's limit. */
function optionRules(given: unknown, path: string, report: Report): number {
  const seen = new Set<unknown>();
  let optionalSeen = false;
  let chars = 0;
  for (const [index, option] of objectsOf(given).entries()) {
    const at = `${path}/${index}`;
    nameRule(option["name"], `${at}/name`, report);
    if (seen.has(option["name"])) report(`${at}/name`, "duplicate option name");
    seen.add(option["name"]);
    const choices = objectsOf(option["choices"]);
    chars += lengthOf(option["name"]) + lengthOf(option["description"]);
    for (const choice of choices) chars += lengthOf(choice["name"]) + String(choice["value"]).length;
    if (Number(option["type"]) > 2) {
      if (option["required"] && optionalSeen) report(at, "required options must precede optional ones");
      if (!option["required"]) optionalSeen = true;
      if (option["autocomplete"] && choices.length > 0) report(at, "autocomplete cannot be combined with choices");
    }
    chars += optionRules(option["options"], `${at}/options`, report);
  }
  return chars;
}

const CONTENTS = ["content", "embeds", "components", "attachments", "sticker_ids"];
const isFilled = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function messageRules(message: JsonObject, path: string, creates: boolean, report: Report): void {
  const v2 = (flagsOf(message) & IS_COMPONENTS_V2) !== 0;
  const { content, components, nonce } = message;
  if (!v2 && lengthOf(content) > CONTENT_MAX_CHARS)
    report(`${path}/content`, `must NOT have more than ${CONTENT_MAX_CHARS} characters`);
  if (!v2 && Array.isArray(components) && components.length > 5)
    report(`${path}/components`, "must NOT have more than 5 action rows");
  const empty = !CONTENTS.some((key) => isFilled(message[key])) && !message["poll"] && !message["message_reference"];
  if (creates && empty) report(path, "cannot send an empty message");
  if (v2)
    for (const key of ["content", "embeds", "sticker_ids", "poll"])
      if (isFilled(message[key])) report(`${path}/${key}`, "not allowed beside IS_COMPONENTS_V2");
  if (lengthOf(nonce) > 25) report(`${path}/nonce`, "must NOT have more than 25 characters");
  const chars = embedChars(message["embeds"]);
  if (chars > EMBEDS_MAX_CHARS)
    report(`${path}/embeds`, `embeds hold ${chars} characters, more than ${EMBEDS_MAX_CHARS}`);
  componentRules(components, path, v2 || !creates, report);
}

function embedChars(embeds: unknown): number {
  const text = (value: unknown, key: string) => (isObject(value) ? lengthOf(value[key]) : 0);
  return objectsOf(embeds).reduce(
    (sum, embed) =>
      sum +
      lengthOf(embed["title"]) +
      lengthOf(embed["description"]) +
      text(embed["footer"], "text") +
      text(embed["author"], "name") +
      objectsOf(embed["fields"]).reduce((chars, field) => chars + text(field, "name") + text(field, "value"), 0),
    0,
  );
}

function componentRules(components: unknown, path: string, anyKind: boolean, report: Report): void {
  const ids = new Set<unknown>();
  let count = 0;
  let chars = 0;
  const visit = (component: JsonObject, at: string): void => {
    count += 1;
    const { type, custom_id: customId } = component;
    if (type === 10) chars += lengthOf(component["content"]);
    if (Number(type) >= 9 && Number(type) <= 17 && !anyKind)
      report(at, "this component needs the IS_COMPONENTS_V2 flag");
    if (customId !== undefined && ids.has(customId)) report(at, `duplicate custom_id ${String(customId)}`);
    if (customId !== undefined) ids.add(customId);
    if (type === 2) buttonRule(component, at, report);
    for (const [index, child] of objectsOf(component["components"]).entries())
      visit(child, `${at}/components/${index}`);
    if (isObject(component["accessory"])) visit(component["accessory"], `${at}/accessory`);
  };
  for (const [index, component] of objectsOf(components).entries()) visit(component, `${path}/components/${index}`);
  if (chars > TEXT_DISPLAYS_MAX_CHARS)
    report(`${path}/components`, `${chars} characters of text, more than ${TEXT_DISPLAYS_MAX_CHARS}`);
  if (count > 40) report(`${path}/components`, `${count} components, more than 40`);
}

function buttonRule(button: JsonObject, at: string, report: Report): void {
  const { style, url, custom_id: customId, sku_id: skuId } = button;
  const wrongTarget = style === 5 ? !url || customId : style === 6 ? !skuId : !customId || url;
  if (wrongTarget) report(at, "button needs exactly its own kind of target (custom_id / url / sku_id)");
  if (style !== 6 && !button["label"] && !button["emoji"]) report(at, "button needs label or emoji");
}
