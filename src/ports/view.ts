import type { Person } from "../domain/block.ts";
import type { DecisionKind } from "../domain/decision.ts";
import type { DocumentKind } from "../domain/document.ts";
import type { OfferKind } from "../domain/offer.ts";
import type { Text } from "../domain/text.ts";
import type { OptionSpecOf } from "./option.ts";

/** What to show, in no platform's shape and in nobody's language yet. Plain JSON: it can be stored and compared. */
export type View = ViewOf<Text>;
/** The same in the language of those who read it: what a platform shows. All text is plain; adapters escape it. */
export type ShownView = ViewOf<string> & InLanguage;

interface InLanguage {
  /** What an adapter adds of its own is said in it too. Absent: English. */
  readonly language?: string;
}

/** `W`: `Text` until it is known who reads, then `string`. */
interface ViewOf<W> {
  readonly text: W;
  /** What is going on with the picture: the page colours by it, other platforms ignore it. */
  readonly tone?: "working" | "good" | "bad" | "quiet";
  readonly image?: ViewImageOf<W>;
  /** The pictures of a batch one by one, where `image` is their grid: for platforms that show albums. */
  readonly album?: readonly ViewImageOf<W>[];
  /** Several pictures are being made: where they will be an album, their message has to stay a text. */
  readonly becomesAlbum?: true;
  /** 0 to 1. Shown as a bar. */
  readonly progress?: number;
  /** A table of facts (Info, quota). */
  readonly fields?: readonly { readonly name: W; readonly value: W }[];
  /** A gallery: styles, history. At most `GALLERY_TILES`; a list without pictures takes `LIST_TILES`. */
  readonly tiles?: readonly ViewTileOf<W>[];
  /** Nobody else may read it, however short it is. Where it cannot be said privately its member fetches it. */
  readonly alone?: true;
  /** A file to download. */
  readonly file?: ViewFileOf<W>;
  /** Lists to choose one thing from, each in a row of its own above the buttons. */
  readonly selects?: readonly SelectOf<W>[];
  /** What waits for a moderator: tiles that are told apart by a screen with a layout of its own. */
  readonly moderation?: true;
  /** Rows of buttons. */
  readonly buttons?: readonly (readonly ButtonOf<W>[])[];
  /** Pages of ours that a browser opens, at most 5: for platforms on which no address in a text is a link. `text` says them, too. */
  readonly links?: readonly { readonly label: W; readonly url: string }[];
  /** What a member can have instead of what their allowance does not cover, the free one first: see `Capabilities.ownLayout`. */
  readonly offers?: readonly OfferRowOf<W>[];
  /** The parts of a job's message: see `Capabilities.ownLayout`. `text` and `buttons` say all of it, too. */
  readonly card?: CardOf<W>;
  /** A decision of the group, in its own message: `text`, `image` and `buttons` say all of it, too. See `Capabilities.ownLayout`. */
  readonly decision?: ShownDecisionOf<W>;
  /** Of a meeting that is open, in its own card: for platforms that serve its screens themselves, see ports/meeting-screens.ts. */
  readonly meeting?: { readonly meetingId: string; readonly wallKey: string };
}

export type DecisionView = ShownDecisionOf<Text>;
export type ShownDecision = ShownDecisionOf<string>;

/** A decision as it stands: while it is open one line at the end of its chat, then its outcome. */
interface ShownDecisionOf<W> {
  readonly decisionId: string;
  readonly kind: DecisionKind;
  /** "decided": it has a winner. "closed": it ended without one. */
  readonly state: "open" | "decided" | "closed";
  readonly visibility: "live" | "hidden" | "secret";
  /** "‹name› wants another take of #7", "Which of these?"; once it is over what was decided, "Poster 3: 5 of 7 approve". */
  readonly title: W;
  /** "1 of 3", "5 have voted". */
  readonly standing: W;
  readonly options: readonly {
    readonly id: string;
    readonly label: W;
    /** Of a picture, as in its chat. */
    readonly number?: number;
    readonly image?: ViewImageOf<W>;
    /**
     * As a button's: a press chooses it, or takes the choice back; with `values: { reason }` it chooses it, whatever was chosen
     * before, and says why. Absent: it is over.
     */
    readonly token?: string;
    /** Absent while counts are hidden. */
    readonly count?: number;
    readonly won?: true;
  }[];
  /** The picture that all of it is about, where there is one. */
  readonly about?: { readonly number: number; readonly image?: ViewImageOf<W> };
  readonly maxChoices: number;
  readonly votesNeeded?: number;
  /** Accounts of those who have voted. */
  readonly votedIds: readonly string[];
  /** How many have: after a secret one nobody knows any more who. */
  readonly voted: number;
  /** Who chose what, by account; absent where that is nobody's to know. */
  readonly choicesOf?: Readonly<Record<string, readonly string[]>>;
  /** Accounts of those whose the picture is that another take is wanted of: a press of theirs makes one at once. */
  readonly ownerIds?: readonly string[];
  /** Who opened it, and may end it. */
  readonly byName: string;
  readonly byId: string;
  /** Unix ms. */
  readonly closesAtMs: number;
  /** Reasons, who closed it, the chair's line, who pays. */
  readonly notes: readonly W[];
  /** As a button's: a press with `values: { choices: "<id>,<id>" }` makes them exactly these. Absent: it is over. */
  readonly setToken?: string;
  /** The chat wants its platform's own poll, where that has one with pictures. */
  readonly asPoll?: true;
}

export type OfferRow = OfferRowOf<Text>;
export type ShownOfferRow = OfferRowOf<string>;

interface OfferRowOf<W> {
  readonly kind: OfferKind;
  /** At most 24 characters: a button says it. */
  readonly title: W;
  /** How it differs from what was asked for. */
  readonly about: W;
  readonly price: W;
  /** As a button's. */
  readonly token: string;
}

export type Card = CardOf<Text>;
export type ShownCard = CardOf<string>;

/** A job as it stands. `words`: what was asked for. `facts`: one short line. */
type CardOf<W> = {
  readonly words: W;
  readonly facts: W;
  readonly owner: Person;
  /** Accounts of all who may do with it what its owner may: what a vote started is the group's. Absent in messages of before. */
  readonly ownerIds?: readonly string[];
  /** Of the picture, and of its room before there is one. */
  readonly widthPx: number;
  readonly heightPx: number;
} & (
  | { readonly state: "waiting" | "working"; readonly notes: readonly W[] }
  | DoneCardOf<W>
  /** By somebody, and for a while it can be brought back. */
  | { readonly state: "deleted" }
  /** A moderator decides about it. `note`: for its author; `why`: for those who decide. */
  | { readonly state: "held"; readonly note: W; readonly why: W }
  /** It came to nothing. */
  | { readonly state: "ended"; readonly title: W; readonly cause: W }
);

interface DoneCardOf<W> {
  readonly state: "done";
  /** What is wrong with it, in a few words each. */
  readonly badges: readonly W[];
  readonly notes: readonly W[];
  /** Who voted for it and pays for it, where it is the group's. */
  readonly sharedBy?: readonly string[];
  /** Of each picture, in order. */
  readonly pictures: readonly { readonly number: number; readonly seed: number }[];
  /** Who but its owner may have another take. `label`: without the votes. */
  readonly reroll: { readonly label: W } & (
    | { readonly by: "everyone" | "owner" }
    | { readonly by: "vote"; readonly needed: number; readonly voterIds: readonly string[] }
  );
}

/** So many tiles fit into one message on every platform: with pictures, and without any. */
export const GALLERY_TILES = 9;
export const LIST_TILES = 25;

export type Select = SelectOf<Text>;
export type ShownSelect = SelectOf<string>;

/** A press of it comes back as `Pressed` with `values: { choice: <value> }`. */
interface SelectOf<W> {
  /** What stands there while nothing is chosen, at most 60 characters. */
  readonly label: W;
  /** As a button's. */
  readonly token: string;
  /** 1 to 25, each value once: at most 20 bytes of ASCII, so that token and value fit together into 64. */
  readonly choices: readonly { readonly value: string; readonly label: W }[];
  /** The value that is chosen now. */
  readonly chosen?: string;
}

export type ViewImage = ViewImageOf<Text>;
export type ShownImage = ViewImageOf<string>;

interface ViewImageOf<W> {
  /** Names the bytes (`ChatEvents.media`). The same key is the same picture, so an edit need not upload it again. */
  readonly key: string;
  /** For members who cannot see it: the prompt. */
  readonly alt: W;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Covered until a member uncovers it: the chat's rules say so. */
  readonly spoiler?: true;
}

interface ViewFileOf<W> {
  readonly key: string;
  readonly name: string;
  /** "Deck", and "PDF · 2.1 MB": of a document, for platforms with a layout of their own, and for links. */
  readonly title?: W;
  readonly facts?: W;
  readonly document?: DocumentKind;
  /** It is larger than the platform takes: not in the message, but behind this link, which has an end. */
  readonly href?: string;
  /** Of a picture, for members who cannot see it: platforms show pictures that are sent as files. */
  readonly alt?: W;
  readonly spoiler?: true;
}

export type ViewTile = ViewTileOf<Text>;
export type ShownTile = ViewTileOf<string>;

interface ViewTileOf<W> {
  readonly title: W;
  readonly text: W;
  readonly image?: ViewImageOf<W>;
  readonly buttons?: readonly ButtonOf<W>[];
  /** A command to put into the input, e.g. `/rca `. */
  readonly fill?: string;
  /** Sending `fill` makes a picture, which spends something: a tap must not do that by itself. */
  readonly fillDraws?: true;
}

export type Button = ButtonOf<Text>;
export type ShownButton = ButtonOf<string>;

interface ButtonOf<W> {
  /** At most 24 characters. */
  readonly label: W;
  /** Signed, at most 64 bytes of ASCII: see button.ts. */
  readonly token: string;
  readonly tone?: "primary" | "danger";
  /** Where a platform has reactions, a 👍 on the message presses it as well. */
  readonly byThumb?: true;
  /** What it does with a card, for platforms with a layout of their own. */
  readonly does?: CardAction;
  /** Others have no room for it: their members find it elsewhere. See `Capabilities.ownLayout`. */
  readonly ownLayoutOnly?: true;
}

export type CardAction =
  | "reroll"
  | "vote"
  | "lock"
  | "vary-little"
  | "vary-lot"
  | "edit"
  | "how"
  | "original"
  | "lettering"
  | "print"
  | "upscale"
  /** A document of a meeting. */
  | "deck"
  | "sheet"
  | "zip"
  | "delete"
  | "pick"
  | "cancel"
  | "again"
  | "sketch"
  | "undo"
  | "hide"
  | "look"
  | "release"
  | "refuse"
  | "withdraw";

export type FormSpec = FormSpecOf<Text>;
export type ShownForm = FormSpecOf<string> & InLanguage;

/**
 * Fields to fill in; `token` comes back with the values. A platform with room for fewer fields shows the first ones and
 * sends those: what is left out stays as it was.
 */
interface FormSpecOf<W> {
  readonly title: W;
  readonly token: string;
  readonly submitLabel: W;
  readonly fields: readonly (OptionSpecOf<W> & {
    /** Where it says something to people it is in their language, without marks that nobody sees. */
    readonly value?: W | string;
    /** What stands above it, at most 45 characters; absent: its name. */
    readonly label?: W;
  })[];
}
