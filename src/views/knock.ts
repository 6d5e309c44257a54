import type { Person } from "../domain/block.ts";
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
  text: `${member.name} wants to come into this group, and sees nothing of it until then. Turning away holds for a day.`,
  buttons: [
    [
      { label: "Let in", token: token("letin", "chat", { m: memberArg(member) }) },
      { label: "Turn away", token: token("turnaway", "chat", { m: memberArg(member) }), tone: "danger" },
    ],
  ],
});
