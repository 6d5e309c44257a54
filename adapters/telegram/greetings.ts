import type { CommandSpec } from "../../src/option.ts";
import { code, type Styled, styled } from "./text.ts";

export const NOT_SERVED = "This Placard serves other chats only.";

/** The first command that draws says most to newcomers. */
const drawing = (specs: readonly CommandSpec[]): string =>
  specs.find(({ options }) => options.some(({ name, rest }) => rest && name === "prompt"))?.name ?? "help";

/** Said once, when the bot comes into a group. */
export const greeting = (specs: readonly CommandSpec[]): Styled =>
  styled(
    "Hello, I make pictures with you. Try it: ",
    code(`/${drawing(specs)} a red fox on a bicycle`),
    ". /help shows everything else.",
  );

export const privateHint = (specs: readonly CommandSpec[]): Styled =>
  styled(
    "To make a picture, put a command before your words: ",
    code(`/${drawing(specs)} a red fox`),
    ". /help shows everything else.",
  );
