import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { createWebChat, type WebAdapter } from "../../adapters/web.ts";
import { type Clock, systemClock } from "../../src/lib/clock.ts";
import type { AdapterServices } from "../../src/ports/module.ts";
import { moduleServices } from "../fakes/module-services.ts";

/** A folder for one test. */
export function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "placard-web-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const worldIn = (
  folder: string,
  clock: Clock = systemClock,
  services: Partial<AdapterServices> = {},
): AdapterServices => moduleServices({ under: folder, clock, ...services });

export const webIn = (
  folder: string,
  settings: {
    readonly WEB_TOKEN?: string;
    readonly clock?: Clock;
    readonly nowMs?: () => number;
    readonly WEB_PORT?: number;
    readonly TRUST_PROXY?: number;
    readonly WEB_NEW_NAMES?: "open" | "nod";
    readonly WEB_SHARE?: "yes" | "no";
    readonly services?: Partial<AdapterServices>;
    readonly ownAddresses?: readonly string[];
  } = {},
): WebAdapter =>
  createWebChat(
    {
      WEB_HOST: "127.0.0.1",
      WEB_PORT: settings.WEB_PORT ?? 0,
      WEB_TOKEN: settings.WEB_TOKEN,
      WEB_SHARE: settings.WEB_SHARE ?? "no",
      WEB_NEW_NAMES: settings.WEB_NEW_NAMES ?? "open",
      TRUST_PROXY: settings.TRUST_PROXY ?? 0,
    },
    worldIn(
      folder,
      { ...(settings.clock ?? systemClock), ...(settings.nowMs ? { nowMs: settings.nowMs } : {}) },
      settings.services,
    ),
    () => settings.ownAddresses ?? [],
  );
