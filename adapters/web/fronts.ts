import type { ChatAdapter } from "../../src/ports/chat.ts";
import type { GroupLog } from "../../src/ports/group-log.ts";
import type { AdapterServices } from "../../src/ports/module.ts";
import { hearing, type Say } from "./front-words.ts";
import { Hub } from "./hub.ts";
import { Presence } from "./presence.ts";
import { Teller } from "./teller.ts";
import { UnseenForms } from "./unseen-forms.ts";

/**
 * The tabs that are open here, as one of perhaps several fronts of one web chat: whatever is for somebody's tabs is said to all
 * fronts, and each passes on what it hears to those of them that it has.
 */
export class WebFronts {
  readonly hub: Hub;
  readonly teller: Teller;
  readonly unseenForms: UnseenForms;
  readonly #opened: () => Promise<GroupLog>;
  readonly #track: (work: Promise<void>) => void;
  readonly #log: AdapterServices["log"];
  #presence: Presence | undefined;

  constructor({
    opened,
    services,
    track,
  }: {
    readonly opened: () => Promise<GroupLog>;
    readonly services: Pick<AdapterServices, "clock" | "log">;
    readonly track: (work: Promise<void>) => void;
  }) {
    this.#opened = opened;
    this.#track = track;
    this.#log = services.log;
    this.hub = new Hub((group) => this.#presence?.moved(group));
    this.teller = new Teller(this.hub, track);
    this.unseenForms = new UnseenForms({
      hub: this.hub,
      nowMs: services.clock.nowMs,
      shown: (group, memberId, id) => track(this.say({ is: "form-shown", group, memberId, id })),
    });
  }

  readonly say: Say = async (word) => {
    const { fronts } = await this.#opened();
    await fronts.say({ ...word });
  };

  /** From here on what the log and other fronts tell comes to the tabs. */
  listen(log: GroupLog): void {
    const { hub, teller, unseenForms } = this;
    const presence = new Presence({ hub, fronts: log.fronts, log: this.#log });
    this.#presence = presence;
    log.hear(hub);
    log.fronts.hear({
      presence: (group) => presence.told(group),
      // The log tells what it has; of the rest nobody knows what it was.
      missed: () => hub.restart(),
      said: hearing({
        event: ({ group, memberId, event }) => void hub.tellMember(group, memberId, event),
        form: ({ group, memberId, ...shown }) => unseenForms.show(group, memberId, shown),
        "form-shown": ({ group, memberId, id }) => unseenForms.wasShown(group, memberId, id),
        language: ({ group, memberId, language }) => hub.speak(group, memberId, language),
        dismiss: ({ group, memberId, why }) => hub.dismiss(group, memberId, why),
        lock: ({ group, memberId }) => teller.lockChanged(group, memberId),
        accounts: ({ memberId }) => teller.accountsChanged(memberId),
      }),
    });
  }

  readonly changes: Required<Pick<ChatAdapter, "lockChanged" | "accountsChanged">> = {
    lockChanged: ({ chatId: group }, memberId) =>
      this.#track(this.say({ is: "lock", group, ...(memberId === undefined ? {} : { memberId }) })),
    accountsChanged: (memberId) => this.#track(this.say({ is: "accounts", memberId })),
  };
}
