import { expect } from "vitest";
import { pngSize } from "../../src/lib/png.ts";
import { webMember } from "../flow/web-member.ts";
import type { Image } from "./container-file.ts";
import { type Started, started } from "./service.ts";

export const ACCESS_CODE = "our-secret-word";
const SOON = { timeout: 120_000, interval: 50 };

/** Folders and addresses of the inside, and where they are in the test. */
export type Places = Readonly<Record<string, string>>;
/** In one go: what a folder is replaced by may have another's name in it. */
export const placed = (text: string, places: Places): string =>
  text.replace(new RegExp(Object.keys(places).map(RegExp.escape).join("|"), "g"), (found) => places[found] ?? found);

/** What an engine starts of an image, as a process of this machine: not its account, not its walls. */
export function container(image: Image, settings: Readonly<Record<string, string>>, places: Places): Started {
  const [program, ...words] = image.command;
  expect(program).toBe("node");
  const environment = Object.entries({ ...image.environment, ...settings });
  return started({
    exec: [process.execPath, ...words],
    cwd: image.workingDirectory,
    environment: Object.fromEntries(environment.map(([name, value]) => [name, placed(value, places)])),
  });
}

/**
 * A member of the web chat there has one picture more, and the bytes are one.
 *
 * @param known who they were before
 * @returns who they are
 */
export async function drawnAt(
  url: string,
  known: { readonly secret?: string } = {},
): Promise<{ readonly secret: string }> {
  const { secret, ...ana } = await webMember(() => `web chat: ${url}`, { ...known, accessCode: ACCESS_CODE });
  const before = (await ana.pictures()).length;
  await ana.say("/rca Ready for the march");
  await expect.poll(() => ana.pictures(), SOON).toHaveLength(before + 1);
  const key = (await ana.pictures()).at(-1) ?? "";
  expect(pngSize(await ana.picture(key)).widthPx).toBeGreaterThan(100);
  return { secret };
}
