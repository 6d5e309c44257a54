import type { z } from "zod";
import type { Style } from "../domain/style.ts";
import type { Clock } from "../lib/clock.ts";
import type { Backend } from "./backend.ts";
import type { Backups, CopyWork } from "./backup.ts";
import type { ChatAdapter } from "./chat.ts";
import type { ChatMemory } from "./chat-memory.ts";
import type { DocumentFiles } from "./document-files.ts";
import type { GroupLog } from "./group-log.ts";
import type { KeyValues } from "./key-values.ts";
import type { Log } from "./log.ts";
import type { MoveIn, Outgoing } from "./move.ts";
import type { Notices } from "./notices.ts";
import type { PictureFiles } from "./picture-files.ts";
import type { Speed, Store } from "./store.ts";
import type { Values } from "./values.ts";
import type { Wake } from "./wake.ts";

/**
 * Opens the values of one kind. Each module has its own kinds. What does not fit `schema` is as if it were not there: an
 * earlier version may have written it.
 *
 * @param kind a-z, 0-9 and "-"
 */
export type ModuleValues = <S extends z.ZodType>(kind: string, schema: S) => Values<z.output<S>>;

/** What main hands to every adapter and backend module. */
export interface ModuleServices {
  readonly log: Log;
  /** A folder of the module's own under DATA_DIR, made on demand. */
  readonly folder: (name: string) => string;
  /**
   * Small durable values of the module's own (an inbox, message ids), in the installation's database. Usable from `start` on,
   * not in `create`.
   */
  readonly values: ModuleValues;
  readonly clock: Clock;
  readonly notices: Notices;
}

export interface AdapterServices extends ModuleServices {
  /**
   * Opens the messages of a chat platform that keeps none itself; whoever opens them closes them. Usable from `start` on.
   *
   * @throws Error when they cannot be opened
   */
  readonly groupLog: () => Promise<GroupLog>;
  /** As `folder`, but for files that every process over the same database has to see: beside the pictures. */
  readonly commonFolder: (name: string) => string;
  /** Member ids of those who run this Placard: the setting `ADMINS`. */
  readonly operators: readonly string[];
  /** Where this Placard is opened from outside: the setting `WEB_PUBLIC_URL`, without a slash at its end. */
  readonly publicUrl: string | undefined;
}

export interface BackendServices extends ModuleServices {
  /** The gallery: a LoRA that a style names for a backend can be what turns it on. */
  readonly styles: readonly Style[];
}

/** How `npm run setup` offers a module to whoever has never edited a file. Sentences for people. */
export interface SetupOffer<Setting extends string = string> {
  /** What it connects, e.g. "Discord". */
  readonly title: string;
  /** What it is for, in one sentence. */
  readonly why: string;
  /** How to get what is asked for, one step each. */
  readonly how: readonly string[];
  /** Settings asked for, in this order. Without the first the module is off; the others may be left empty. */
  readonly ask: readonly [Setting, ...Setting[]];
  /** Written along with the first where they have no value yet, and taken out along with it. */
  readonly also?: { readonly [S in Setting]?: string };
}

/** What main hands to every store module. */
export interface StoreServices {
  readonly log: Log;
  /** DATA_DIR, absolute; there before anything is opened. */
  readonly dataDir: string;
  /** A folder below it, made on demand. */
  readonly folder: (name: string) => string;
  /** false: for one picture from the shell. Nothing has to outlive the process, and an installation is left alone. */
  readonly lasting: boolean;
  readonly nowMs: () => number;
  readonly notices: Notices;
}

/**
 * What one store brings, at least one of them; what it leaves out comes from the store that is always on. Each is opened at
 * most once and only when it is the one that is used; `create` itself opens nothing. All reject with an Error in words for
 * the operator when there is no getting at what is kept.
 */
export interface StoreParts {
  readonly rows?: () => Promise<StoredRows>;
  /** Several processes may have the same rows open at once. */
  readonly several?: true;
  readonly pictures?: () => Promise<PictureFiles>;
  /** Absolute: where `pictures` are, beside rows that several processes can change. All of these have to see it. */
  readonly picturesFolder?: string;
  /** With `pictures`: a folder for other files beside them, made on demand. Absent: below DATA_DIR. */
  readonly commonFolder?: (name: string) => string;
  readonly documents?: () => Promise<DocumentFiles>;
  readonly groupLog?: () => Promise<GroupLog>;
  /** Copies of everything this store keeps, for the store that brings `rows`. Opens nothing. Absent: its engine has its own tools. */
  readonly backups?: () => Promise<Backups>;
  /** For the store that is always on: all that it keeps, for another one. Rejects while a Placard is at work there. */
  readonly moveOut?: (work: CopyWork) => Promise<Outgoing>;
  /** For a store that brings `rows`: the way into it from the one that is always on. Opens nothing. */
  readonly moveIn?: () => Promise<MoveIn>;
}

/** What belongs together: when a chat moves, its rows and its small values move in one transaction. */
interface StoredRows {
  /** `close` closes the rest, too. */
  readonly store: Store;
  readonly values: KeyValues;
  /** Over the same values. */
  readonly memory: ChatMemory;
  /** The time that everyone who works with these rows goes by. Absent: this machine's. */
  readonly nowMs?: () => number;
  /** Where several processes can change the rows. */
  readonly wake?: Wake;
  /** The process ends: a database that is away is not waited for any more. */
  readonly hurry?: () => void;
  /** How often the database was asked for something so far: statements, or transactions and looks where there is no network. */
  readonly statements?: () => number;
}

/** The one export, named `module`, of each file in `adapters/`, `src/backends/` and `src/stores/`. */
interface Module<E extends z.ZodObject, T, W> {
  /** The file's name. */
  readonly name: string;
  /** One line for `.env.example`. */
  readonly summary: string;
  /** The environment variables it reads, each with `.describe()`: `.env.example` and docs/settings.md come from these. */
  readonly env: E;
  /** What it loads once it is on, beside what all of Placard needs. Where one is not installed it stays off, and that is said. */
  readonly packages?: readonly string[];
  /** Absent: it is for those who edit `.env`. */
  readonly setup?: SetupOffer<keyof E["shape"] & string>;
  /** `undefined`: its variables are not set, it stays off. What only it needs is imported here, once it is on. */
  create(settings: z.output<E>, services: W): T | undefined | Promise<T | undefined>;
}

/** What an operator wants to know of a platform or a store: `npm run doctor` prints it. No token, no address with one. */
export interface PlatformInspection {
  readonly ok: boolean;
  /** The platform does not know the token: nothing can come of it before there is another. */
  readonly refused?: boolean;
  readonly facts: readonly string[];
  /** What to do where it is not ok, and what could be better where it is. */
  readonly nextSteps: readonly string[];
}

export type BackendModule<E extends z.ZodObject = z.ZodObject> = Module<E, Backend, BackendServices>;
export interface AdapterModule<E extends z.ZodObject = z.ZodObject> extends Module<E, ChatAdapter, AdapterServices> {
  /** Reaches the platform without connecting as the bot, within 10 s. Never throws. `undefined`: it stays off. */
  inspect?(settings: z.output<E>, signal: AbortSignal): Promise<PlatformInspection | undefined>;
}

export interface StoreModule<E extends z.ZodObject = z.ZodObject> extends Module<E, StoreParts, StoreServices> {
  /** Always on: where no other store is, its parts are used. One of all stores. */
  readonly fallback?: true;
  create(settings: z.output<E>, services: StoreServices): StoreParts | undefined;
  /** Looks at what it would open, within 10 s, and changes nothing. Never throws. `undefined`: it stays off. */
  inspect?(settings: z.output<E>, dataDir: string): Promise<PlatformInspection | undefined>;
  /**
   * What was measured of each backend, by its name, for the doctor: read only, beside a Placard at work. `undefined`: it stays
   * off, or nothing is kept there yet. Rejects where it cannot be read.
   */
  speeds?(settings: z.output<E>, dataDir: string): Promise<ReadonlyMap<string, Speed> | undefined>;
}

/** Keep the settings' types of a literal. */
export const defineBackend = <E extends z.ZodObject>(module: BackendModule<E>): BackendModule<E> => module;
export const defineAdapter = <E extends z.ZodObject>(module: AdapterModule<E>): AdapterModule<E> => module;
export const defineStore = <E extends z.ZodObject>(module: StoreModule<E>): StoreModule<E> => module;
