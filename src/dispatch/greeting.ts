import { needsApproval, noDirectProblem, unapprovedProblem } from "../domain/permissions.ts";
import { type Place, settingsKeyOf } from "../domain/place.ts";
import type { ChatEvents } from "../ports/chat.ts";
import { draws } from "../ports/option.ts";
import type { View } from "../ports/view.ts";
import { shownView } from "../views/shown.ts";
import type { Services } from "./services.ts";
import { whereOf } from "./terms.ts";

/** The first words to a chat or a newcomer: how to begin, or what stands before it. */
export function createGreeting(
  services: Pick<Services, "adapters" | "installation" | "memory" | "catalogue" | "readerLanguage">,
): ChatEvents["greeting"] {
  const { installation, memory, catalogue } = services;

  /** The first style's command says most, as in /help. */
  function tryIt(): string {
    const specs = catalogue.specs().filter(draws);
    const first = specs.find(({ name }) => name === catalogue.styles[0]?.id) ?? specs[0];
    return `${first ? `/${first.name} a red fox on a bicycle\n` : ""}/help shows everything else.`;
  }

  return async (place, by) => {
    if (by) await services.readerLanguage.heard(place, by);
    return shownView(await words(place), await services.readerLanguage.ofChat(place));
  };

  async function words(place: Place): Promise<View> {
    const where = whereOf(services, place);
    const waits = needsApproval(where, installation.approval) && !(await memory.approval(settingsKeyOf(place)));
    if (waits) return { text: `Hello, I make pictures. ${unapprovedProblem(installation.admins.length).text}` };
    if (place.group) return { text: `Hello, I make pictures with you. Try it: ${tryIt()}` };
    const elsewhere = noDirectProblem(where, installation.directMessages);
    if (elsewhere) return { text: `${elsewhere.text} /help shows what I can tell you here.` };
    return { text: `To make a picture, put a command before your words: ${tryIt()}` };
  }
}
