import type { Person } from "../domain/block.ts";
import { text } from "../domain/text.ts";
import type { View } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";

/** How long somebody who was turned away cannot ask again. */
export const TURNED_AWAY_MS = 86_400_000;

/** Ids are longer than what buttons carry otherwise, and written with other letters. */
const memberArg = ({ id }: Pick<Person, "id">): string => Buffer.from(id.slice(id.indexOf(":") + 1)).toString("hex");
export const memberIdIn = (platform: string, arg: string): string =>
  `${platform}:${Buffer.from(arg, "hex").toString()}`;

/** What each admin of a group reads when somebody new stands at its door. */
export const knockView = (member: Person, token: SignButton): View => ({
  text: text("note.knock", { name: member.name }),
  buttons: [
    [
      { label: text("button.let-in"), token: token("letin", "chat", { m: memberArg(member) }) },
      { label: text("button.turn-away"), token: token("turnaway", "chat", { m: memberArg(member) }), tone: "danger" },
    ],
  ],
});
