import { describe, expect, it } from "vitest";
import { DISCORD_SPEC_NEEDED, discordReferees } from "../referees/discord.ts";
import { ROUTES } from "./discord/routes.ts";
import { rawWorld } from "./discord-rig.ts";

const referees = await discordReferees();

describe("the Discord fake's routes", () => {
  it("are Discord's, by their own names", (context) => {
    if (!referees) return context.skip(DISCORD_SPEC_NEEDED);
    const example = (path: string) => path.replace(/\{\w+\}/g, "1");
    const named = ROUTES.map(({ method, path }) => referees.requests.operationOf(method, example(path)));
    expect(named).toEqual(ROUTES.map(({ operation }) => operation));
    expect(named.length).toBeGreaterThan(30);
  });

  it("that only tell are answered as Discord describes it, for every kind of place", async () => {
    const { fake, bot, group, general, ann, bob, close } = await rawWorld();
    const thread = await general.thread("posters", { by: ann });
    const hidden = await general.thread("secret", { by: ann, private: true });
    const forum = group.forum("ideas");
    const post = await forum.thread("May Day", { by: bob });
    await bot("POST", `/channels/${thread.id}/messages`, { content: "x" });
    const paths = [
      ...["/users/@me", `/users/${ann.id}`, "/users/@me/guilds", "/applications/@me", "/oauth2/applications/@me"],
      ...["", "/roles", "/channels", `/members/${ann.id}`].map((rest) => `/guilds/${group.id}${rest}`),
      ...[general, thread, hidden, forum, post, ann.dms].map(({ id }) => `/channels/${id}`),
      ...[`/channels/${thread.id}/thread-members`, `/channels/${thread.id}/messages`, "/gateway/bot"],
      ...[
        `/applications/${fake.applicationId}/commands`,
        `/applications/${fake.applicationId}/guilds/${group.id}/commands`,
      ],
    ];
    const statuses = await Promise.all(paths.map(async (path) => [path, (await bot("GET", path)).status]));
    expect(statuses).toEqual(paths.map((path) => [path, 200]));
    await close();
    fake.expectNoComplaints();
  });

  it("know what does not exist", async () => {
    const { bot, group, close } = await rawWorld();
    const codes = await Promise.all(
      ["/guilds/1", "/users/1", `/guilds/${group.id}/members/1`, "/channels/1"].map(
        async (path) => (await bot("GET", path)).code,
      ),
    );
    expect(codes).toEqual([10004, 10013, 10007, 10003]);
    await close();
  });

  it("let the bot join and leave threads", async () => {
    const { fake, bot, general, ann, close } = await rawWorld();
    const thread = await general.thread("posters", { by: ann, bot: false });
    const path = `/channels/${thread.id}/thread-members/@me`;
    expect((await bot("PUT", path)).status).toBe(204);
    expect(thread.joined).toEqual([ann.id, fake.botId]);
    expect((await bot("DELETE", path)).status).toBe(204);
    expect(thread.joined).toEqual([ann.id]);
    expect(await bot("PUT", `/channels/${general.id}/thread-members/@me`)).toMatchObject({ status: 400, code: 50008 });
    await close();
    fake.expectNoComplaints();
  });
});
