import type { JsonObject } from "../../referees/json.ts";
import { commandNamed, optionsAt } from "./commands.ts";
import { flatten } from "./components.ts";
import type { Upload } from "./files.ts";
import { play } from "./interactions.ts";
import { PERMISSIONS } from "./limits.ts";
import { createMessage, deleteMessage } from "./messages.ts";
import { fillOptions, nested, type OptionValue, resolvedPicks } from "./options.ts";
import { canSee, may, permissionsIn } from "./permissions.ts";
import { type PlayedInteraction, played, submittedComponents } from "./played.ts";
import { buttonsOf, isVisibleTo, type SeenMessage, seenMessage, selectsOf } from "./seen.ts";
import { messageJson } from "./shapes.ts";
import { type Channel, type Command, dmChannel, type Message, type User, type World, waitFor } from "./world.ts";

interface Named {
  readonly id: string;
}

/**
 * A person with their Discord client. The client refuses by throwing what Discord's own would not let through: commands
 * that are not registered or not for this member, values out of range, buttons that are not there.
 */
export interface FakeMember {
  readonly id: string;
  readonly name: string;
  /** `/rca prompt: …`; a subcommand after a space. Files are `{ name, mime, bytes }`. */
  slash(channel: Named, command: string, values?: Readonly<Record<string, OptionValue>>): Promise<PlayedInteraction>;
  /** Types into one option and waits for the list. `undefined`: none came within 3 s. */
  types(
    channel: Named,
    command: string,
    option: string,
    typed: string,
    others?: Readonly<Record<string, OptionValue>>,
  ): Promise<PlayedInteraction["choices"]>;
  /** By label, or by `customId` for what no honest client could send. */
  press(message: Named, button: string | { readonly customId: string }): PlayedInteraction;
  /** Chooses in a menu; the first one unless its placeholder or `custom_id` is given. */
  chooses(message: Named, values: readonly string[], menu?: string): PlayedInteraction;
  /** Sends the modal that this interaction opened; fields not given stay as they stand. By `custom_id` or label. */
  submits(opened: PlayedInteraction, values?: Readonly<Record<string, string | readonly string[]>>): PlayedInteraction;
  /** Right click on a message → Apps → name. */
  menu(message: Named, name: string): PlayedInteraction;
  /** Names of commands this member is offered here, message menu included. */
  commands(channel: Named): readonly string[];
  /** Every message this member sees here, oldest first. */
  sees(channel: Named): readonly SeenMessage[];
  says(
    channel: Named,
    content: string,
    parts?: { readonly files?: readonly Upload[]; readonly replyTo?: Named },
  ): Promise<SeenMessage>;
  /** Deletes a message, as its author or with ManageMessages; an ephemeral one is dismissed. */
  deletes(message: Named): void;
  /** The direct messages with the bot. */
  readonly dms: Named;
  /** Whether the bot may write to this member. */
  dmsOpen: boolean;
}

export function fakeMember(world: World, user: User): FakeMember {
  const refuse = (what: string) => new Error(`${user.username}'s Discord refuses: ${what}`);
  const channelOf = ({ id }: Named): Channel => {
    const channel = world.channels.get(id);
    if (!channel || !canSee(world, channel, user.id)) throw refuse(`no channel ${id} in sight`);
    return channel;
  };
  const messageOf = ({ id }: Named): { readonly message: Message; readonly channel: Channel } => {
    const message = world.messages.get(id);
    const channel = world.channels.get(message?.channelId ?? "");
    if (!message || !channel || !isVisibleTo(world, message, channel, user.id))
      throw refuse(`no message ${id} in sight`);
    return { message, channel };
  };
  const offered = (command: Command, channel: Channel): boolean => {
    const needed = command.body["default_member_permissions"];
    const contexts = command.body["contexts"];
    const context = channel.kind === "dm" ? 1 : 0;
    if (Array.isArray(contexts) && !contexts.includes(context)) return false;
    if (command.body["dm_permission"] === false && context === 1) return false;
    if (context === 0 && !may(world, channel, user.id, "UseApplicationCommands")) return false;
    if (needed === null || needed === undefined || context === 1) return true;
    const has = permissionsIn(world, channel, user.id);
    if ((has & PERMISSIONS.Administrator) !== 0n) return true;
    // "0" is: nobody but administrators.
    return needed !== "0" && (has & BigInt(String(needed))) === BigInt(String(needed));
  };
  const commandOf = (channel: Channel, name: string, type: number): Command => {
    const command = commandNamed(world, channel.guildId, name, type);
    if (!command || !offered(command, channel)) throw refuse(`no command ${name} here`);
    return command;
  };

  async function commandData(
    channel: Channel,
    line: string,
    values: Readonly<Record<string, OptionValue>>,
    focused?: string,
  ): Promise<JsonObject> {
    const [name = "", ...words] = line.split(" ");
    const command = commandOf(channel, name, 1);
    const specs = optionsAt(command, words);
    const { options, resolved } = await fillOptions(world, channel, specs, values, refuse, focused);
    return {
      id: command.id,
      name,
      type: 1,
      options: nested(command.body, words, options),
      ...(command.guildId === undefined ? {} : { guild_id: command.guildId }),
      ...(Object.keys(resolved).length === 0 ? {} : { resolved }),
    };
  }

  function component(message: Message, channel: Channel, customId: string, type: number, more: JsonObject) {
    const found = flatten(message.components).find((each) => each["custom_id"] === customId);
    const data = { component_type: type, custom_id: customId, id: Number(found?.["id"] ?? 1), ...more };
    return played(world, play(world, { kind: "component", name: customId, user, channel, data, message }));
  }

  return {
    id: user.id,
    name: user.username,
    async slash(at, line, values = {}) {
      const channel = channelOf(at);
      const data = await commandData(channel, line, values);
      return played(world, play(world, { kind: "command", name: line, user, channel, data }));
    },
    async types(at, line, option, typed, others = {}) {
      const channel = channelOf(at);
      const data = await commandData(channel, line, { ...others, [option]: typed }, option);
      const asked = played(world, play(world, { kind: "autocomplete", name: line, user, channel, data }));
      await waitFor(world, () => asked.ackMs !== undefined || asked.failed, 10_000, `a list for ${option}`);
      return asked.choices;
    },
    press(at, button) {
      const { message, channel } = messageOf(at);
      if (typeof button !== "string") return component(message, channel, button.customId, 2, {});
      const all = buttonsOf(message.components);
      const found = all.find(({ label }) => label === button) ?? all.find(({ emoji }) => emoji === button);
      if (!found) throw refuse(`no button "${button}" there, only ${all.map(({ label }) => label).join(", ")}`);
      if (found.disabled || found.customId === undefined) throw refuse(`"${button}" cannot be pressed`);
      return component(message, channel, found.customId, 2, {});
    },
    chooses(at, values, menu) {
      const { message, channel } = messageOf(at);
      const all = selectsOf(message.components);
      const found = all.find(
        ({ customId, placeholder }) => menu === undefined || customId === menu || placeholder === menu,
      );
      if (!found || found.disabled) throw refuse(`no menu ${menu ?? ""} there`);
      if (values.length < found.minValues || values.length > found.maxValues)
        throw refuse(`the menu takes ${found.minValues} to ${found.maxValues} values`);
      for (const value of values)
        if (!found.options.some((option) => option.value === value)) throw refuse(`the menu has no ${value}`);
      return component(message, channel, found.customId, 3, { values });
    },
    submits(opened, values = {}) {
      const source = world.interactions.get(opened.id);
      const { modal } = opened;
      const channel = world.channels.get(source?.channelId ?? "");
      if (!source || !modal || !channel || source.user.id !== user.id) throw refuse("no modal is open");
      const byId = Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          modal.fields.find(({ label }) => label === key)?.customId ?? key,
          value,
        ]),
      );
      const components = submittedComponents(modal, byId, refuse);
      const data = {
        custom_id: modal.customId,
        components,
        ...resolvedPicks(world, channel, components, refuse),
      };
      const under = source.message ? { message: source.message } : {};
      return played(world, play(world, { kind: "modal", name: modal.customId, user, channel, data, ...under }));
    },
    menu(at, name) {
      const { message, channel } = messageOf(at);
      const command = commandOf(channel, name, 3);
      const resolved = { messages: { [message.id]: messageJson(world, message) } };
      const data = { id: command.id, name, type: 3, target_id: message.id, resolved };
      return played(world, play(world, { kind: "command", name, user, channel, data }));
    },
    commands(at) {
      const channel = channelOf(at);
      const scopes = [channel.guildId, undefined];
      const all = [...world.commands.values()].filter(({ guildId }) => scopes.includes(guildId));
      return [...new Set(all.filter((each) => offered(each, channel)).map(({ body }) => String(body["name"])))];
    },
    sees(at) {
      const channel = channelOf(at);
      return [...world.messages.values()]
        .filter((message) => isVisibleTo(world, message, channel, user.id))
        .map((message) => seenMessage(world, message));
    },
    async says(at, content, { files = [], replyTo } = {}) {
      const channel = channelOf(at);
      const uploads = new Map(files.map((file, index) => [String(index), file]));
      const reference = replyTo ? { message_reference: { message_id: replyTo.id } } : {};
      const message = await createMessage(
        world,
        { body: { content, ...reference }, uploads },
        { channel, author: user },
      );
      return seenMessage(world, message);
    },
    deletes(at) {
      const { message, channel } = messageOf(at);
      const own = message.author.id === user.id || message.onlyFor === user.id;
      if (!own && !may(world, channel, user.id, "ManageMessages")) throw refuse("not your message");
      deleteMessage(world, message);
    },
    get dms() {
      return { id: dmChannel(world, user).id };
    },
    get dmsOpen() {
      return user.dmsOpen;
    },
    set dmsOpen(open) {
      user.dmsOpen = open;
    },
  };
}
