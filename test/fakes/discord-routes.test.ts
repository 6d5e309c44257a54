import { describe, expect, it } from "vitest";
import { DISCORD_SPEC_NEEDED, discordReferees } from "../referees/discord.ts";
import { ROUTES } from "./discord/routes.ts";

const referees = await discordReferees();

describe("the Discord fake's routes", () => {
  it("are Discord's, by their own names", (context) => {
    if (!referees) return context.skip(DISCORD_SPEC_NEEDED);
    const example = (path: string) => path.replace(/\{\w+\}/g, "1");
    const named = ROUTES.map(({ method, path }) => referees.requests.operationOf(method, example(path)));
    expect(named).toEqual(ROUTES.map(({ operation }) => operation));
    expect(named.length).toBeGreaterThan(30);
  });
});
