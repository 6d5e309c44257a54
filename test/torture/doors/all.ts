import { coreDoors, sketchDoors } from "./core.ts";
import type { InputDoor } from "./door.ts";

/** Every way in, by its name; a door loads what it needs when it is opened. */
export const DOORS: Readonly<Record<string, () => Promise<InputDoor>>> = {
  ...coreDoors,
  "prompts drawn by the sketch": sketchDoors.pictures,
  "gallery files": async () => (await import("./gallery.ts")).galleryDoor(),
  "web requests": async () => (await import("./web.ts")).webDoor(),
  "answers of far ends": async () => (await import("./far-ends.ts")).farEndDoor(),
  "events of Discord": async () => (await import("./discord.ts")).discordDoor(),
  "updates of Telegram": async () => (await import("./telegram.ts")).telegramDoor(),
};
