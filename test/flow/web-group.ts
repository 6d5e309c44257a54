import { expect, onTestFinished } from "vitest";
import { fakeBackend } from "../../src/backends/fake.ts";
import type { Installation } from "../../src/dispatch/services.ts";
import type { ShownView } from "../../src/ports/view.ts";
import { as, ask, type Joined, nextId, seenBy } from "../adapters/web-client.ts";
import { freshFolder, webIn } from "../adapters/web-world.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";

/** The web chat and the real core behind it. */
export async function world(
  settings: NonNullable<Parameters<typeof webIn>[1]> = {},
  parts: {
    readonly folder?: string;
    readonly installation?: Partial<Installation>;
    readonly operators?: readonly string[];
  } = {},
) {
  const folder = parts.folder ?? freshFolder();
  const clock = createTestClock();
  const { operators = [] } = parts;
  const web = webIn(folder, { clock, ...settings, services: { operators } });
  const app = await appOver(folder, {
    adapters: [web],
    backends: [fakeBackend({ usedMs: 100 })],
    installation: { admins: operators, ...parts.installation },
    clock,
  });
  await app.start();
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
  });
  const viewsOf = async (member: Joined): Promise<readonly ShownView[]> =>
    (await seenBy(web, member)).flatMap(({ view }) => (view ? [view] : []));
  /** The newest of ours that the member sees, once it holds these words. */
  const told = async (member: Joined, text: RegExp): Promise<ShownView> => {
    await expect.poll(async () => (await viewsOf(member)).some((view) => text.test(view.text))).toBe(true);
    return (await viewsOf(member)).findLast((view) => text.test(view.text))!;
  };
  const press = (member: Joined, view: ShownView, label: string) => {
    const all = [...(view.buttons ?? []).flat(), ...(view.tiles ?? []).flatMap(({ buttons = [] }) => buttons)];
    const token = all.find((button) => button.label === label)?.token ?? "";
    return ask(web, "/api/press", { body: { id: nextId(), room: member.room, token }, headers: as(member) });
  };
  return { web, app, clock, folder, told, viewsOf, press };
}
