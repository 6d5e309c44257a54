import { type ChatRig, chatAdapterContract } from "../contracts/chat-adapter.ts";
import { as, ask, type Joined, joinAs, nextId, say, seenBy, Tab } from "./web-client.ts";
import { freshFolder, webIn } from "./web-world.ts";

/** Members are clients of our own server; the first one runs the group and may remove messages. */
async function open(): Promise<ChatRig> {
  const adapter = webIn(freshFolder());
  const members = new Map<string, { readonly member: Joined; readonly tab: Tab }>();
  const memberOf = async (name: string) => {
    const known = members.get(name) ?? { member: await joinAs(adapter, name), tab: undefined };
    const both = { member: known.member, tab: known.tab ?? (await Tab.open(adapter, known.member)) };
    members.set(name, both);
    return both;
  };
  const press = async (name: string, body: Record<string, unknown>) => {
    const { member } = await memberOf(name);
    const response = await ask(adapter, "/api/press", {
      body: { id: nextId(), room: member.room, ...body },
      headers: as(member),
    });
    if (!response.ok) throw new Error(await response.text());
  };
  return {
    adapter,
    async send(name, command, text, files = []) {
      const { member } = await memberOf(name);
      let upload: { uploadId?: string } = {};
      for (const file of files) {
        const response = await ask(adapter, "/api/uploads", { bytes: file.bytes, headers: as(member) });
        upload = { uploadId: ((await response.json()) as { upload: { id: string } }).upload.id };
      }
      const response = await say(adapter, member, `/${command} ${text}`, upload);
      if (!response.ok) throw new Error(await response.text());
    },
    async press(name, messageId, label) {
      const { member } = await memberOf(name);
      const message = (await seenBy(adapter, member)).find((each) => each.id === messageId);
      const button = message?.view?.buttons?.flat().find((each) => each.label === label);
      await press(name, { token: button?.token });
    },
    async choose(name, messageId, label, choice) {
      const { member } = await memberOf(name);
      const message = (await seenBy(adapter, member)).find((each) => each.id === messageId);
      const select = message?.view?.selects?.find((each) => each.label === label);
      const value = select?.choices.find((each) => each.label === choice)?.value;
      await press(name, { token: select?.token, values: { choice: value } });
    },
    async submit(name, values) {
      const { form } = await (await memberOf(name)).tab.next("form");
      await press(name, { token: form.token, values });
    },
    async seenBy(name) {
      const { member } = await memberOf(name);
      return (await seenBy(adapter, member)).flatMap(({ id, view }) =>
        view
          ? [
              {
                messageId: id,
                text: view.text,
                ...(view.image ? { imageAlt: view.image.alt } : {}),
                buttonLabels: (view.buttons ?? []).flat().map(({ label }) => label),
              },
            ]
          : [],
      );
    },
    async remove(messageId) {
      const { member } = await memberOf("ann");
      const response = await ask(adapter, "/api/remove", {
        body: { room: member.room, id: messageId },
        headers: as(member),
      });
      if (!response.ok) throw new Error(await response.text());
    },
    async close() {
      for (const { tab } of members.values()) await tab.close();
    },
  };
}

chatAdapterContract("web", open);
