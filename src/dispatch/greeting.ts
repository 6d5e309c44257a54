import { needsApproval, noDirectProblem, unapprovedProblem } from "../domain/permissions.ts";
import { type Place, settingsKeyOf } from "../domain/place.ts";
import { lines, sentences, type Text, text } from "../domain/text.ts";
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
  function tryIt(hello: Text): Text {
    const specs = catalogue.specs().filter(draws);
    const first = specs.find(({ name }) => name === catalogue.styles[0]?.id) ?? specs[0];
    const help = text("greeting.help");
    return first
      ? lines(sentences(hello, text("greeting.example", { command: first.name })), help)
      : sentences(hello, help);
  }

  return async (place, by) => {
    if (by) await services.readerLanguage.heard(place, by);
    return shownView(await words(place), await services.readerLanguage.ofChat(place));
  };

  async function words(place: Place): Promise<View> {
    const where = whereOf(services, place);
    const waits = needsApproval(where, installation.approval) && !(await memory.approval(settingsKeyOf(place)));
    if (waits) return { text: sentences(text("greeting.waits"), unapprovedProblem(installation.admins.length).text) };
    if (place.group) return { text: tryIt(text("greeting.group")) };
    const elsewhere = noDirectProblem(where, installation.directMessages);
    if (elsewhere) return { text: sentences(elsewhere.text, text("greeting.elsewhere")) };
    return { text: tryIt(text("greeting.direct")) };
  }
}
