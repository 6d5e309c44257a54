import { describe, expect, it } from "vitest";
import { modalOf } from "../../../adapters/discord/forms.ts";
import { verbatim } from "../../../src/domain/text.ts";
import type { CommandSpec } from "../../../src/ports/option.ts";
import type { ShownForm } from "../../../src/ports/view.ts";
import { DISCORD_SPEC_NEEDED, discordReferees } from "../../referees/discord.ts";
import { acknowledged, BUTTON, PUBLIC, pressReceived, type Started, started } from "./rig.ts";

const ROLES = { of: "roles", none: "default", weighted: false } as const;
const CHANNELS = { of: "channels", none: "default", weighted: false } as const;
const FACTORS = { of: "roles", none: "default", weighted: true } as const;
const field = (name: string, parts: Partial<ShownForm["fields"][number]>): ShownForm["fields"][number] => ({
  ...{ name, summary: "Who", kind: "text", required: true, rest: false, maxChars: 500 },
  ...parts,
});
const formOf = (
  values: { readonly roles?: string; readonly channels?: string; readonly factors?: string } = {},
): ShownForm => ({
  title: "Who may draw",
  token: "1.settings.chat.1.AAAAAAAAAAA",
  submitLabel: "Save",
  fields: [
    field("generate_roles", { picks: ROLES, value: values.roles ?? "default" }),
    field("channels", { picks: CHANNELS, value: values.channels ?? "default" }),
    field("role_allowance", { picks: FACTORS, value: values.factors ?? "default" }),
  ],
});

async function opened(world: Started, form: ShownForm) {
  const ref = await world.adapter.post(
    await acknowledged(world),
    { text: "Settings", buttons: [[BUTTON]] },
    PUBLIC("s.1"),
  );
  world.received.onPressed = async ({ target, values }) => {
    if (!values) await world.adapter.openForm(target, form);
  };
  const played = world.ann.press({ id: ref.messageId }, BUTTON.label);
  await played.acknowledged();
  return played;
}

/** What the core gets when the form is sent so. */
async function sent(world: Started, form: ShownForm, values: Readonly<Record<string, string | readonly string[]>>) {
  const played = await opened(world, form);
  world.ann.submits(played, values);
  return (await pressReceived(world.received, 2)).values;
}

describe("settings about roles and channels", () => {
  it("are picked with Discord's own pickers, and kept by their ids", async () => {
    const world = await started();
    const [artists, printers] = [world.guild.role("Artists"), world.guild.role("Printers")];
    const played = await opened(world, formOf());
    expect(played.modal?.fields.map(({ type, chosenIds }) => [type, chosenIds])).toEqual([
      [6, []],
      [8, []],
      [4, []],
    ]);
    const pick = {
      "generate_roles|roles|default": [artists.id, printers.id],
      "channels|channels|default": [world.channel.id],
    };
    world.ann.submits(played, pick);
    expect((await pressReceived(world.received, 2)).values).toEqual({
      generate_roles: `<@&${artists.id}>, <@&${printers.id}>`,
      channels: `<#${world.channel.id}>`,
      role_allowance: "default",
    });
  });
  it("show what was chosen, and are back at nothing when it is taken out", async () => {
    const world = await started();
    const artists = world.guild.role("Artists");
    const form = formOf({ roles: `<@&${artists.id}>`, channels: "#posters" });
    const played = await opened(world, form);
    // What earlier versions kept by name, or somebody typed.
    expect(played.modal?.fields.map(({ chosenIds }) => chosenIds)).toEqual([[artists.id], [world.channel.id], []]);
    world.ann.submits(played, { "generate_roles|roles|default": [] });
    expect((await pressReceived(world.received, 2)).values).toMatchObject({
      generate_roles: "default",
      channels: `<#${world.channel.id}>`,
    });
  });
  it("are written where a picker would lose something, and read as ids where one has the name", async () => {
    const world = await started();
    const artists = world.guild.role("Artists");
    const form = formOf({ roles: "Artists, Long gone", factors: `<@&${artists.id}>=2` });
    const values = await sent(world, form, {});
    expect(values).toMatchObject({
      generate_roles: `<@&${artists.id}>, Long gone`,
      role_allowance: `<@&${artists.id}>=2`,
    });
  });
  it("are typed into a command by name or mention, and kept by id", async () => {
    const option = { summary: verbatim("Who"), kind: "text", required: false, rest: false } as const;
    const specs: readonly CommandSpec[] = [
      {
        ...{ name: "settings", summary: verbatim("Rules"), adminOnly: true },
        options: [
          { ...option, name: "generate_roles", picks: ROLES },
          { ...option, name: "role_allowance", picks: FACTORS },
        ],
      },
    ];
    const world = await started({ specs });
    const artists = world.guild.role("Artists");
    const values = { generate_roles: `@artists, <@&${artists.id}>, Nobody`, role_allowance: "Artists=0.5" };
    await world.ann.slash(world.channel, "settings", values);
    await expect.poll(() => world.received.invoked.length).toBe(1);
    expect(world.received.invoked[0]?.raw).toEqual({
      values: {
        generate_roles: `<@&${artists.id}>, <@&${artists.id}>, Nobody`,
        role_allowance: `<@&${artists.id}>=0.5`,
      },
    });
  });
  it("are told by name, as it is now", async () => {
    const world = await started();
    const artists = world.guild.role("Artists");
    const view = {
      text: `Only <@&${artists.id}> in <#${world.channel.id}>, not <@&99999>`,
      fields: [{ name: "Roles", value: `<@&${artists.id}>` }],
    };
    await expect.poll(() => world.log.lines).toBeDefined();
    const ref = await world.adapter.post(await acknowledged(world), view, PUBLIC("s.1"));
    const message = world.fake.message(ref.messageId);
    expect(message?.text.replaceAll("\\", "")).toBe("Only @Artists in #posters, not <@&99999>\nRoles: @Artists");
    expect(message?.pings.roleIds).toEqual([]);
  });
  it("are a form that Discord takes, members too", async (context) => {
    const referees = await discordReferees();
    if (!referees) return context.skip(DISCORD_SPEC_NEEDED);
    const members = field("members", {
      picks: { of: "members", none: "", weighted: false },
      value: "<@12345>, <@67890>",
    });
    const form = formOf({ roles: "<@&12345>", channels: "<#12345>" });
    const body = { type: 9, data: modalOf({ ...form, fields: [...form.fields, members] }) };
    expect(referees.requests.request("POST", "/interactions/1/token/callback", body)).toBeUndefined();
    const picked = body.data.components.flatMap((each) => ("component" in each ? [each.component] : []));
    expect(picked.at(-1)).toMatchObject({ type: 5, default_values: [{ id: "12345", type: "user" }, { id: "67890" }] });
  });
});
