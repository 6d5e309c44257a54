import { expect, it, onTestFinished } from "vitest";
import { createWebChat } from "../../adapters/web.ts";
import { moduleServices, recordedLog } from "../fakes/module-services.ts";
import { quietEvents } from "../fakes/quiet-events.ts";
import { english } from "../words.ts";
import { freshFolder } from "./web-world.ts";

it.each([
  ["a full disk", { errcode: 13 }, 507, /no room left on the disk/],
  ["a fault of ours", {}, 500, /Something broke on our side/],
])("%s is a sentence for the member and a line for the operator", async (_what, fields, status, sentence) => {
  const { log, logged } = recordedLog();
  const services = moduleServices({ under: freshFolder(), log });
  const web = createWebChat(
    {
      WEB_HOST: "127.0.0.1",
      WEB_PORT: 0,
      WEB_TOKEN: undefined,
      WEB_SHARE: "no",
      WEB_NEW_NAMES: "open",
      TRUST_PROXY: 0,
    },
    {
      ...services,
      async groupLog() {
        const real = await services.groupLog();
        const join = () => {
          throw Object.assign(new Error("no"), fields);
        };
        return Object.create(real, { join: { value: join } });
      },
    },
  );
  onTestFinished(() => web.stop());
  await web.start([], quietEvents);
  const answer = await web.app().request("http://127.0.0.1/api/join", {
    method: "POST",
    headers: {
      "content-type": "application/json",
      host: "127.0.0.1",
      origin: "http://127.0.0.1",
      "sec-fetch-site": "same-origin",
    },
    body: JSON.stringify({ name: "Ana", room: "Strike" }),
  });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ error: expect.stringMatching(sentence) });
  expect(logged.filter((line) => line.includes("web.request_failed"))).toHaveLength(1);
});

it("says to those who run it how much is kept, and the most that will be", async () => {
  const services = moduleServices({ under: freshFolder() });
  const web = createWebChat(
    {
      WEB_HOST: "127.0.0.1",
      WEB_PORT: 0,
      WEB_TOKEN: undefined,
      WEB_SHARE: "no",
      WEB_NEW_NAMES: "open",
      TRUST_PROXY: 0,
    },
    services,
  );
  onTestFinished(() => web.stop());
  expect(await web.limits?.()).toEqual([]);
  await web.start([], quietEvents);
  expect(english(await web.limits?.())).toEqual([
    expect.stringMatching(/ 0 MB of attached pictures, at most 2,048 MB.* 0\.[1-9] MB of messages, at most 1,024 MB/),
  ]);
});
