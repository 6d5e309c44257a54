import { expect, it, onTestFinished } from "vitest";
import { textsOfForm, textsOfView } from "../../adapters/loopback/texts.ts";
import type { ShownButton, ShownForm, ShownView } from "../../src/ports/view.ts";
import { as, ask, type Joined, nextId, seenBy, Tab } from "../adapters/web-client.ts";
import { freshFolder, webIn } from "../adapters/web-world.ts";
import { appOver } from "../fakes/app.ts";
import { createTestClock } from "../fakes/clock.ts";
import { evening, gated, type Seat } from "./evening.ts";

/** Every string at any depth that is more than a word. */
const wordsIn = (value: unknown): readonly string[] =>
  typeof value === "string"
    ? [value].filter((words) => /\s/u.test(words))
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(wordsIn)
      : [];

it.each(["es", "ar"])("an evening on the web in %s leaves no English", { timeout: 120_000 }, async (language) => {
  const gate = gated();
  const folder = freshFolder();
  const clock = createTestClock();
  const web = webIn(folder, { clock });
  const allowance = { capacityGpuMs: 3_000_000, refillGpuMsPerHour: 6000, resetMs: 86_400_000 };
  const app = await appOver(folder, {
    adapters: [web],
    backends: gate.backend(),
    clock,
    installation: { votes: 5, allowance },
  });
  await app.start();
  onTestFinished(async () => {
    await app.stop();
    clock.stop();
  });
  const speaks = { "accept-language": language };
  const answers: string[] = [];
  const versions: string[] = [];

  async function join(name: string): Promise<Joined> {
    const response = await ask(web, "/api/join", { body: { name, room: "Rent strike" }, headers: speaks });
    const { member, secret, room } = (await response.json()) as {
      member: { id: string };
      secret: string;
      room: { slug: string; admin: boolean };
    };
    return { id: member.id, secret, room: room.slug, admin: room.admin };
  }

  async function seat(name: string): Promise<Seat> {
    const member = await join(name);
    const headers = { ...as(member), ...speaks };
    const tab = await Tab.open(web, member);
    onTestFinished(() => tab.close());
    const views = async (): Promise<readonly ShownView[]> =>
      (await seenBy(web, member)).flatMap(({ view }) => (view ? [view] : []));
    const buttonsOf = (view: ShownView): readonly ShownButton[] => [
      ...(view.buttons ?? []).flat(),
      ...(view.tiles ?? []).flatMap(({ buttons }) => buttons ?? []),
    ];
    const send = async (path: string, body: Readonly<Record<string, unknown>>) => {
      const response = await ask(web, path, { body: { id: nextId(), room: member.room, ...body }, headers });
      expect(response.status).toBeLessThan(300);
      clock.advanceMs(5000);
    };
    seen.push(views);
    const offered = await ask(web, `/api/commands?room=${member.room}`, { headers });
    answers.push(...wordsIn(await offered.json()));
    const empty = await ask(web, "/api/messages", { body: { id: nextId(), room: member.room, text: " " }, headers });
    answers.push(...wordsIn(await empty.json()));
    return {
      async type(command, values = {}) {
        const { prompt, topic, ...rest } = values;
        const words = [prompt ?? topic ?? "", ...Object.entries(rest).map(([option, value]) => `${option}:${value}`)];
        await send("/api/messages", { text: `/${command} ${words.join(" ")}`.trim() });
      },
      labels: async () => (await views()).flatMap(buttonsOf).map(({ label }) => label),
      async press(label) {
        const found = (await views()).flatMap(buttonsOf).findLast((button) => button.label === label);
        await send("/api/press", { token: found?.token });
        versions.push(label);
      },
      async editPrompt(prompt) {
        const { form }: { readonly form: ShownForm } = await tab.next("form");
        answers.push(...textsOfForm(form));
        const kept = Object.fromEntries(
          form.fields.flatMap(({ name: field, value }) => (value ? [[field, value]] : [])),
        );
        await send("/api/press", { token: form.token, values: { ...kept, prompt } });
      },
    };
  }
  const seen: (() => Promise<readonly ShownView[]>)[] = [];
  const ann = await seat("Ann");
  const bob = await seat("Bob");
  expect(answers.length).toBeGreaterThan(50);
  const every = new Set<string>();
  const texts = async () => {
    for (const views of seen) for (const view of await views()) every.add(JSON.stringify(textsOfView(view)));
    return [
      ...[...every].flatMap((one) => JSON.parse(one) as readonly string[]),
      ...(await Promise.all(seen.map((views) => views()))).flat().map((view) => view.text),
      ...answers,
      ...versions,
    ];
  };
  await evening({ ann, bob, texts }, gate, language);
});
