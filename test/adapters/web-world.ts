import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { createWebChat, type WebAdapter } from "../../adapters/web.ts";
import type { ModuleWorld } from "../../src/module.ts";

const none = () => undefined;

/** A folder for one test. */
export function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "placard-web-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function worldIn(folder: string, nowMs: () => number = Date.now): ModuleWorld {
  return {
    log: { debug: none, info: none, warn: none, error: none },
    folder: (name) => {
      const made = path.join(folder, name);
      mkdirSync(made, { recursive: true });
      return made;
    },
    nowMs,
  };
}

export const webIn = (
  folder: string,
  settings: { readonly WEB_TOKEN?: string; readonly nowMs?: () => number; readonly WEB_PORT?: number } = {},
): WebAdapter =>
  createWebChat(
    { WEB_HOST: "127.0.0.1", WEB_PORT: settings.WEB_PORT ?? 0, WEB_TOKEN: settings.WEB_TOKEN },
    worldIn(folder, settings.nowMs),
  );
