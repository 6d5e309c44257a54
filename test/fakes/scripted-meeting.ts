import type { Person } from "../../src/domain/block.ts";
import type { Member, Place } from "../../src/domain/place.ts";
import { ok, type Result, refuse } from "../../src/domain/problem.ts";
import { verbatim } from "../../src/domain/text.ts";
import type {
  MeetingScreens,
  SeatAnswer,
  SeatAsking,
  ShownItem,
  ShownMeeting,
  ShownMeetingPicture,
  ShownSeat,
} from "../../src/ports/meeting-screens.ts";
import type { ShownDecision, ShownImage } from "../../src/ports/view.ts";

export const WALL_KEY = "wall0key0of0this";
export const MEETING_ID = "abcdefghijklmnop";
const CHAIR: Person = { id: "web:ada", name: "Ada" };
const NONE = "none";
const MINUTE_MS = 60_000;

interface Picture {
  readonly number: number;
  readonly image: ShownImage;
  readonly by: Person;
  held: boolean;
}
interface Vote {
  readonly id: string;
  readonly of: readonly Picture[];
  readonly round: 1 | 2;
  readonly ballots: Map<string, readonly string[]>;
  open: boolean;
  /** By the chair, against the count. */
  picked?: number;
}

/** Plays a whole meeting as the core would show it: agenda, pictures, hidden votes, ties, the chair. In memory, and in English. */
export class ScriptedMeeting implements MeetingScreens {
  readonly drawn: { readonly words: string; readonly lettered: string }[] = [];
  readonly pressed: string[] = [];
  title = "Tenants’ assembly";
  items: { title: string; outcome?: string; image?: ShownImage }[] = [
    "Report back",
    "Rent strike: which poster?",
    "Strike fund: how much?",
    "Childcare on Saturday",
    "Any other business",
  ].map((title) => ({ title }));
  code: string | undefined = "KBRTMX";
  state: ShownMeeting["state"] = "waiting";
  at = -1;
  pictures: Picture[] = [];
  vote: Vote | undefined;
  timer: ShownMeeting["timer"];
  making: ShownSeat["making"] = [];
  /** A vote that was closed stands as it stood for a while, with nothing that could be pressed. */
  settles = false;
  /** Answers to the next presses, before they are carried out. */
  answers: (token: string) => Result<SeatAnswer> | undefined = () => undefined;
  #revision = 1;
  #undoUntilMs = 0;
  readonly #people: Person[] = [CHAIR];
  readonly #seats = new Map<string, Person>([["seat-ada", CHAIR]]);
  readonly #watching = new Set<() => void>();

  /** Somebody in the room. @returns their seat */
  comes(name: string): string {
    const person = { id: `web:guest-${this.#people.length}`, name };
    this.#people.push(person);
    this.#seats.set(`seat-${person.id}`, person);
    this.changed();
    return `seat-${person.id}`;
  }

  changed(): void {
    this.#revision += 1;
    for (const each of [...this.#watching]) each();
  }

  /** The item begins with so many pictures. */
  goTo(at: number, count = 0, size: readonly [number, number] = [832, 1216]): void {
    Object.assign(this, { state: "item", at, vote: undefined, pictures: [] });
    for (let n = 0; n < count; n += 1) this.made(this.#people[n % this.#people.length] ?? CHAIR, size);
    this.timer = { state: "runs", endsAtMs: Date.now() + 3.2 * MINUTE_MS };
    this.changed();
  }

  made(by: Person, [widthPx, heightPx]: readonly [number, number] = [832, 1216]): void {
    const n = this.pictures.length;
    const key = `picture/abcdefghijklmnop.${n}/posted`;
    this.pictures.push({
      number: n + 7,
      by,
      held: false,
      image: { key, alt: `“RENT STRIKE”, version ${n + 1}`, widthPx, heightPx },
    });
    this.changed();
  }

  opens(of: readonly Picture[] = this.pictures.filter(({ held }) => !held), round: 1 | 2 = 1): void {
    this.vote = { id: `vote${this.at}${round}abcdefgh`, of, round, ballots: new Map(), open: true };
    this.state = "vote";
    this.changed();
  }

  chooses(person: string, choices: readonly string[]): void {
    if (choices.length > 0) this.vote?.ballots.set(person, choices);
    else this.vote?.ballots.delete(person);
    this.changed();
  }

  /** Everybody but the last so many, each for these. */
  all(choices: readonly (readonly string[])[]): void {
    for (const [n, each] of choices.entries()) this.chooses(this.#people[n]?.id ?? "", each);
  }

  closes(): void {
    if (this.vote) this.vote.open = this.settles;
    this.state = this.settles ? "vote" : "result";
    this.#undoUntilMs = Date.now() + 8000;
    this.changed();
  }

  async wall(wallKey: string): Promise<ShownMeeting | undefined> {
    return wallKey === WALL_KEY ? this.#shown() : undefined;
  }

  async knows(typed: string): Promise<Result<{ readonly title: string }>> {
    return this.code !== undefined && typed.toUpperCase().replaceAll(/\s/g, "") === this.code
      ? ok({ title: this.title })
      : refuse({ code: "not_found", text: verbatim("No meeting has this code. Look at the wall once more.") });
  }

  join: MeetingScreens["join"] = async (typed, name) => {
    const known = await this.knows(typed);
    return known.ok ? ok({ seat: this.comes(name), meetingId: MEETING_ID }) : known;
  };

  async seatFor(meetingId: string, _at: Place, member: Member): Promise<string | undefined> {
    if (meetingId !== MEETING_ID) return undefined;
    this.#people.push(member);
    this.#seats.set(`seat-${member.id}`, member);
    return `seat-${member.id}`;
  }

  async seat({ seat }: SeatAsking): Promise<ShownSeat | undefined> {
    const me = this.#seats.get(seat);
    if (!me) return undefined;
    const isChair = me.id === CHAIR.id;
    const shown = this.#shown();
    return {
      ...shown,
      pictures: isChair
        ? this.pictures.map((each) => ({
            ...pictureOf(each),
            pickToken: `pick.${each.number}`,
            holdToken: `hold.${each.number}`,
          }))
        : shown.pictures,
      me,
      isChair,
      choices: this.vote?.ballots.get(me.id) ?? [],
      making: isChair ? [] : this.making,
      ...(isChair ? this.#steps() : { others: [] }),
    };
  }

  async press(
    { seat }: SeatAsking,
    { token, values }: { readonly token: string; readonly values?: Readonly<Record<string, unknown>> },
  ): Promise<Result<SeatAnswer>> {
    this.pressed.push(token);
    const me = this.#seats.get(seat);
    const answer = this.answers(token);
    if (answer) return answer;
    if (me) this.#carryOut(me, token, values);
    this.changed();
    return ok({ is: "done" });
  }

  async draw(
    _asking: SeatAsking,
    wanted: { readonly words: string; readonly lettered: string },
  ): Promise<Result<SeatAnswer>> {
    this.drawn.push(wanted);
    this.making = [{ words: wanted.words || wanted.lettered, progress: 0.4 }, { words: "the next one" }];
    this.changed();
    return ok({ is: "done" });
  }

  /** The bytes come from the stage. */
  media: MeetingScreens["media"] = async () => undefined;

  watch(_by: unknown, changed: () => void): () => void {
    this.#watching.add(changed);
    return () => this.#watching.delete(changed);
  }

  get watching(): number {
    return this.#watching.size;
  }

  #carryOut(me: Person, token: string, values?: Readonly<Record<string, unknown>>): void {
    const [verb, about] = token.split(".");
    const picture = this.pictures.find(({ number }) => `${number}` === about);
    if (verb === "set") this.chooses(me.id, String(values?.["choices"]).split(",").filter(Boolean));
    else if (verb === "start" || verb === "next") this.goTo(this.at + 1, verb === "start" ? 0 : 4);
    else if (verb === "open") this.opens();
    else if (verb === "close") this.closes();
    else if (verb === "undo" && this.vote) Object.assign(this, { state: "vote", vote: { ...this.vote, open: true } });
    else if (verb === "runoff") this.opens(this.#winners(), 2);
    else if (verb === "pick" && picture)
      Object.assign(this, {
        state: "result",
        vote: { ...(this.vote ?? this.#fresh()), open: false, picked: picture.number },
      });
    else if (verb === "hold" && picture) picture.held = !picture.held;
    else if (verb === "pause" && this.timer?.state === "runs")
      this.timer = { state: "paused", leftMs: this.timer.endsAtMs - Date.now() };
    else if (verb === "goon" && this.timer?.state === "paused")
      this.timer = { state: "runs", endsAtMs: Date.now() + this.timer.leftMs };
    else if (verb === "more" && this.timer?.state === "runs")
      this.timer = { state: "runs", endsAtMs: this.timer.endsAtMs + 2 * MINUTE_MS };
    else if (verb === "end") this.ends();
  }

  ends(): void {
    Object.assign(this, { state: "ended", code: undefined, timer: undefined });
    this.changed();
  }

  #fresh = (): Vote => ({
    id: `vote${this.at}1abcdefgh`,
    of: this.pictures,
    round: 1,
    ballots: new Map(),
    open: false,
  });

  #counts(): ReadonlyMap<string, number> {
    const counts = new Map<string, number>();
    for (const choice of [...(this.vote?.ballots.values() ?? [])].flat())
      counts.set(choice, (counts.get(choice) ?? 0) + 1);
    return counts;
  }

  #winners(): readonly Picture[] {
    const { vote } = this;
    if (!vote) return [];
    if (vote.picked !== undefined) return vote.of.filter(({ number }) => number === vote.picked);
    const counts = this.#counts();
    const most = Math.max(0, ...vote.of.map(({ number }) => counts.get(`p${number}`) ?? 0));
    return most === 0 ? [] : vote.of.filter(({ number }) => counts.get(`p${number}`) === most);
  }

  #decision(): ShownDecision | undefined {
    const { vote } = this;
    if (!vote) return undefined;
    const [counts, winners] = [this.#counts(), this.#winners()];
    const over = !vote.open;
    const option = (id: string, label: string, picture?: Picture) => ({
      id,
      label,
      ...(picture ? { number: picture.number, image: picture.image } : {}),
      ...(over ? { count: counts.get(id) ?? 0 } : { token: `choose.${id}` }),
      ...(over && picture && winners.includes(picture) ? { won: true as const } : {}),
    });
    const names = winners.map(({ number }) => `#${number}`);
    const votes = counts.get(`p${winners[0]?.number}`) ?? 0;
    const missing = this.#people.length - vote.ballots.size;
    return {
      decisionId: vote.id,
      kind: "pick",
      state: over ? (winners.length === 1 ? "decided" : "closed") : "open",
      visibility: "hidden",
      title: over
        ? winners.length > 1
          ? `A tie between ${names.join(" and ")}: ${votes} each`
          : `${names[0]}: ${votes} of ${vote.ballots.size} approve.`
        : "Ada asks: which of these?",
      standing: `${vote.ballots.size} have voted`,
      options: [
        ...vote.of.map((picture) => option(`p${picture.number}`, `#${picture.number}`, picture)),
        option(NONE, "None of these"),
      ],
      maxChoices: vote.of.length > 8 ? 3 : vote.of.length + 1,
      votedIds: [...vote.ballots.keys()],
      voted: vote.ballots.size,
      byName: CHAIR.name,
      byId: CHAIR.id,
      closesAtMs: Date.now() + MINUTE_MS,
      notes: over
        ? [
            ...(missing > 0 ? [`Not voted: ${missing}.`] : []),
            vote.picked === undefined ? "Closed by Ada." : "Ada decided.",
          ]
        : ["Press every one you could live with.", "Counts show when it closes."],
      ...(over || this.settles ? {} : { setToken: "set.choices" }),
    };
  }

  #shown(): ShownMeeting {
    const decision = this.#decision();
    return {
      meetingId: MEETING_ID,
      revision: this.#revision,
      language: "en",
      title: this.title,
      state: this.state,
      startedAtMs: 0,
      chair: CHAIR,
      agenda: this.items.map(
        (item, n): ShownItem => ({
          ...item,
          state: n < this.at || this.state === "ended" ? "done" : n === this.at ? "now" : "next",
        }),
      ),
      at: this.at,
      ...(this.timer ? { timer: this.timer } : {}),
      pictures: this.pictures.filter(({ held }) => !held).map(pictureOf),
      ...(decision ? { decision } : {}),
      present: this.#people.map((person) => ({ ...person, voted: this.vote?.ballots.has(person.id) ?? false })),
      ...(this.code === undefined ? {} : { code: this.code }),
    };
  }

  #steps(): Pick<ShownSeat, "next" | "others"> {
    const ends = { does: "end", label: "End the meeting", token: "end" } as const;
    const chairs = [{ does: "hand-over", label: "Hand over the chair", token: "handover" } as const, ends];
    const clock = [
      { does: "more-time", label: "+2 min", token: "more" } as const,
      this.timer?.state === "paused"
        ? ({ does: "go-on", label: "Go on", token: "goon" } as const)
        : ({ does: "pause", label: "Pause", token: "pause" } as const),
      { does: "note", label: "Note", token: "note" } as const,
    ];
    const following = this.items[this.at + 1]?.title;
    const next = {
      label: following === undefined ? "End the meeting" : `Next: ${following}`,
      token: following === undefined ? "end" : "next",
    };
    const tied = this.#winners();
    switch (this.state) {
      case "waiting":
        return { next: { label: "Begin", token: "start" }, others: chairs };
      case "item":
        return {
          next: this.pictures.length > 1 ? { label: "Open the vote", token: "open" } : next,
          others: [
            ...clock,
            { does: "visual", label: "Make its visual", token: "visual" },
            { does: "later", label: "Decide later, next", token: "next" },
            ...chairs,
          ],
        };
      case "vote":
        return {
          next: { label: "Close the vote", token: "close" },
          others: [...clock, { does: "later", label: "Decide later, next", token: "next" }, ...chairs],
        };
      case "result":
        return {
          next:
            tied.length > 1
              ? { label: `Run-off between ${tied.map(({ number }) => number).join(" and ")} · 2 min`, token: "runoff" }
              : next,
          others: [
            ...(Date.now() < this.#undoUntilMs ? [{ does: "undo-close", label: "Undo", token: "undo" } as const] : []),
            ...(tied.length > 1 ? [{ does: "later", label: "Leave it open, next", token: "next" } as const] : []),
            { does: "note", label: "Note", token: "note" },
            ...chairs,
          ],
        };
      case "ended":
        return { others: [] };
    }
  }
}

const pictureOf = ({ number, image, by, held }: Picture): ShownMeetingPicture => ({
  imageId: `abcdefghijklmnop.${number}`,
  number,
  image,
  byName: by.name,
  ...(held ? { held } : {}),
});
