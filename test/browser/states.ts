import type { Page } from "playwright-core";
import { webCapabilities } from "../../adapters/web/limits.ts";
import { verbatim } from "../../src/domain/text.ts";
import type { ShownLock } from "../../src/ports/chat.ts";
import { fittedView } from "../../src/views/shown.ts";
import { cardStates } from "./card-views.ts";
import { DECISIONS, postDecision } from "./decision-views.ts";
import { handOver } from "./hand-over.ts";
import type { placard } from "./program.ts";
import { field, log, type Stage } from "./stage.ts";

/** What states are made with: the whole program, and the web chat over a core that does as it is told. */
export interface Worlds {
  readonly program: Awaited<ReturnType<typeof placard>>;
  readonly staged: Stage;
}

/** One state of a screen. `name` is a group and a member of its own, too. */
export interface State {
  readonly name: string;
  readonly show: (worlds: Worlds, name: string) => Promise<Page>;
  /** A window of another size closed it. */
  readonly again?: (page: Page) => Promise<unknown>;
}

const say = async (page: Page, line: string): Promise<void> => {
  await field(page).fill(line);
  await field(page).press("Escape");
  await field(page).press("Enter");
};
const open = ({ program }: Worlds, name: string) => program.join(name, name);
const picture = async (page: Page): Promise<Page> => {
  await say(page, "/rca a red fox size:512x512");
  await log(page).getByRole("img", { name: "a red fox" }).waitFor();
  return page;
};
const press = async (page: Page, name: string | RegExp): Promise<Page> => {
  await page.getByRole("button", { name }).last().click();
  return page;
};
const asked = async (page: Page, line: string, shows: string | RegExp): Promise<Page> => {
  await say(page, line);
  await log(page).getByText(shows).last().waitFor();
  return page;
};
const away = async (page: Page): Promise<Page> => {
  await page.context().setOffline(true);
  await page.getByText("Offline", { exact: true }).waitFor();
  return page;
};

const lockOf = (more: Partial<ShownLock>): ShownLock => ({
  scope: "me",
  seed: 7,
  byName: "Bo",
  picture: { number: 12, imageKey: "picture/abcdefghijklmnop.0/posted" },
  unlockToken: "1.unlock.chat",
  ...more,
});
const locked = async ({ staged }: Worlds, name: string, lock: ShownLock): Promise<Page> => {
  staged.core.lock = async () => lock;
  const page = await staged.open(name, name);
  await page.getByRole("group", { name: "Locked" }).waitFor();
  staged.core.lock = async () => undefined;
  return page;
};

/** A job's message as it stands, for who looks at it. */
async function card({ staged }: Worlds, name: string, state: keyof ReturnType<typeof cardStates>): Promise<Page> {
  const page = await staged.open(name, name);
  const session = await page.evaluate(() => JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"));
  const place = { platform: "web", chatId: String(session.room), group: true };
  const shown = fittedView(cardStates(session.memberId)[state], "en", webCapabilities);
  await staged.web.post({ place, memberId: session.memberId }, shown, { nonce: state, visibility: "public" });
  await log(page).locator(".pic").waitFor();
  return page;
}
/** A decision as it stands, for who looks at it. */
async function decided(worlds: Worlds, name: string, state: keyof typeof DECISIONS): Promise<Page> {
  const page = await worlds.staged.open(name, name);
  const session = await page.evaluate(() => JSON.parse(sessionStorage.getItem("placard.session") ?? "{}"));
  const view = DECISIONS[state]({ me: String(session.memberId), nowMs: Date.now() });
  await postDecision(worlds.staged, String(session.room), view);
  await log(page).locator(".ask, .out").waitFor();
  return page;
}
const openSheet = async (page: Page): Promise<Page> => {
  await page
    .getByRole("button", { name: /^(Choose|Voted): / })
    .last()
    .click();
  await page.getByRole("dialog").waitFor();
  return page;
};
const openMenu = async (page: Page): Promise<Page> => {
  await press(page, /^More/);
  await page.getByRole("menu").waitFor();
  return page;
};
const CARDS = Object.keys(cardStates("")) as readonly (keyof ReturnType<typeof cardStates>)[];

const make = async (page: Page): Promise<Page> => {
  await press(page, "Make a picture");
  await page.getByRole("dialog", { name: "Make a picture" }).getByText("All styles").waitFor();
  return page;
};

/** Every screen in each of its states: what is checked of all screens is checked of these. A new screen is a line more. */
export const STATES: readonly State[] = [
  { name: "access", show: ({ staged }) => staged.look("/access") },
  { name: "join", show: ({ staged }) => staged.look("") },
  { name: "empty chat", show: open },
  { name: "pictures", show: async (worlds, name) => picture(await open(worlds, name)) },
  {
    name: "working",
    async show({ staged }, name) {
      staged.core.halfDone = () => new Promise(() => undefined);
      const page = await staged.open(name, name);
      await say(page, "/rca a red fox");
      await log(page).getByRole("progressbar").waitFor();
      return page;
    },
  },
  ...CARDS.map((state) => ({
    name: `card ${state}`,
    show: (worlds: Worlds, name: string) => card(worlds, name, state),
  })),
  ...(Object.keys(DECISIONS) as readonly (keyof typeof DECISIONS)[]).map((state) => ({
    name: `decision ${state}`,
    show: (worlds: Worlds, name: string) => decided(worlds, name, state),
  })),
  ...(["pick open", "pick hidden", "pick limited", "proposal open", "use open"] as const).map((state) => ({
    name: `sheet of ${state}`,
    show: async (worlds: Worlds, name: string) => openSheet(await decided(worlds, name, state)),
  })),
  {
    name: "card's menu",
    show: async (worlds, name) => openMenu(await card(worlds, name, "mine")),
    again: async (page) => (await page.getByRole("menu").count()) > 0 || openMenu(page),
  },
  {
    name: "make",
    async show(worlds, name) {
      const page = await make(await open(worlds, name));
      await page.getByText("Fine settings").click();
      await page.getByText(/^uses /).waitFor();
      return page;
    },
  },
  {
    name: "make, short of allowance",
    async show(worlds, name) {
      const short = verbatim("needs about 10 s of your allowance, and 4 s are left");
      const size = { widthPx: 832, heightPx: 1216 };
      const page = await worlds.staged.open(name, name);
      worlds.staged.core.quote = async () => ({
        ...{ is: "picture", ms: 9000, gpuMs: 10_000, leftGpuMs: 4000, letters: [], notes: [] },
        ...size,
        short,
      });
      await make(page);
      await page.locator(".cost .problem").waitFor();
      return page;
    },
  },
  {
    name: "open vote",
    async show(worlds, name) {
      await picture(await worlds.program.join("maker", name));
      const page = await press(await open(worlds, name), "Reroll");
      await page.getByRole("region", { name: "Open votes" }).waitFor();
      return page;
    },
  },
  { name: "locked", show: (worlds, name) => locked(worlds, name, lockOf({})) },
  {
    name: "locked for all",
    show: (worlds, name) => {
      const { unlockToken: _, ...lock } = lockOf({ scope: "everyone" });
      return locked(worlds, name, lock);
    },
  },
  { name: "private answer", show: async (worlds, name) => asked(await open(worlds, name), "/quota", /allowance/) },
  {
    name: "folded answer",
    show: async (worlds, name) => press(await asked(await open(worlds, name), "/quota", /allowance/), "Fold away"),
  },
  { name: "offline", show: async (worlds, name) => away(await open(worlds, name)) },
  {
    name: "unsent line",
    async show(worlds, name) {
      const page = await away(await open(worlds, name));
      await say(page, "typed in the tunnel");
      await log(page).getByRole("button", { name: "Send again" }).waitFor();
      return page;
    },
  },
  {
    name: "upload given up",
    async show(worlds, name) {
      const page = await away(await open(worlds, name));
      await handOver(field(page), "paste", { png: Buffer.from("no matter") });
      await page.getByRole("alert").waitFor();
      return page;
    },
  },
  {
    name: "press given up",
    async show(worlds, name) {
      const page = await away(await picture(await open(worlds, name)));
      await press(page, "Reroll");
      await log(page).getByRole("alert").waitFor();
      return page;
    },
  },
  {
    name: "group not left",
    async show(worlds, name) {
      const page = await press(await away(await open(worlds, name)), "Groups and members");
      await page.getByRole("dialog").getByRole("button", { name: "Leave this group" }).click();
      await page.getByRole("dialog").getByRole("alert").waitFor();
      return page;
    },
  },
  {
    name: "settings",
    show: async (worlds, name) => asked(await open(worlds, name), "/settings", /What holds in this chat/),
  },
  {
    name: "history",
    show: async (worlds, name) => asked(await picture(await open(worlds, name)), "/history", /1/),
  },
  { name: "styles", show: async (worlds, name) => asked(await open(worlds, name), "/styles", /styles/) },
  { name: "help", show: async (worlds, name) => asked(await open(worlds, name), "/help", /Type a command/) },
  {
    name: "completions",
    async show(worlds, name) {
      const page = await open(worlds, name);
      await field(page).fill("/rca a red fox size:");
      await page.getByRole("listbox").waitFor();
      return page;
    },
  },
  {
    name: "command form",
    async show(worlds, name) {
      const page = await open(worlds, name);
      await field(page).fill("/rca a red fox");
      await press(page, "Form");
      await page.getByRole("dialog").waitFor();
      return page;
    },
  },
  {
    name: "enlarged",
    async show(worlds, name) {
      const page = await picture(await open(worlds, name));
      await press(page, /^Enlarge/);
      await page.getByRole("dialog").waitFor();
      return page;
    },
  },
  {
    name: "groups and members",
    async show(worlds, name) {
      const page = await press(await open(worlds, name), "Groups and members");
      await page.getByRole("dialog").waitFor();
      return page;
    },
  },
  {
    name: "let others in",
    async show(worlds, name) {
      const page = await press(await worlds.staged.open(name, name), "Groups and members");
      await page.getByRole("button", { name: "Let others in" }).last().click();
      await page.getByRole("img", { name: /^QR code/ }).waitFor();
      return page;
    },
  },
  { name: "wall that asks", show: ({ staged }) => staged.look("/wall") },
  {
    name: "wall",
    async show(worlds, name) {
      const page = await picture(await open(worlds, name));
      await page.goto(new URL(`/wall?group=${encodeURIComponent(name)}`, page.url()).href);
      await page.getByRole("img", { name: "a red fox" }).waitFor();
      await page.keyboard.press("Space");
      await page.keyboard.press("Space");
      await page.getByText("Paused").waitFor();
      return page;
    },
  },
];
