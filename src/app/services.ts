import { randomInt } from "node:crypto";
import { createLinkCodes } from "../dispatch/link-codes.ts";
import { createPendingImages } from "../dispatch/pending-images.ts";
import { createPendingOffers } from "../dispatch/pending-offers.ts";
import { createPendingRecipes } from "../dispatch/pending-recipes.ts";
import { createJoinCodes } from "../dispatch/screens/join-codes.ts";
import type { Installation, Services } from "../dispatch/services.ts";
import { buttonKeyOf, encodePress } from "../domain/press-token.ts";
import { makesPictures, type Role } from "../domain/role.ts";
import type { Style } from "../domain/style.ts";
import type { Template } from "../domain/template.ts";
import { type Text, verbatim } from "../domain/text.ts";
import { asToldOf } from "../jobs/fleet/ability.ts";
import { type Crew, createCrew, crewOfOne } from "../jobs/fleet/crew.ts";
import type { Judge } from "../jobs/judging/judge.ts";
import type { LogoReader } from "../jobs/lettering/logo-reader.ts";
import type { Setter } from "../jobs/lettering/setter.ts";
import { wordReading } from "../jobs/lettering/word-reading.ts";
import { createOutages } from "../jobs/outbox/outages.ts";
import { createReaderLanguage } from "../jobs/reader-language.ts";
import { createRoom } from "../jobs/room.ts";
import { createRouter, type Router } from "../jobs/router/router.ts";
import type { Signing } from "../jobs/signing/signing.ts";
import { hasManifest } from "../lib/c2pa-part.ts";
import type { Clock } from "../lib/clock.ts";
import { machineId } from "../lib/machine.ts";
import { LANGUAGES, languageFacts } from "../messages/catalogue.ts";
import { specOf } from "../ports/args.ts";
import type { Backend } from "../ports/backend.ts";
import type { ChatAdapter } from "../ports/chat.ts";
import type { ChatMemory } from "../ports/chat-memory.ts";
import type { ButtonAction, Catalogue, CommandsFrom } from "../ports/command.ts";
import type { DocumentFiles } from "../ports/document-files.ts";
import type { DocumentMaker } from "../ports/documents.ts";
import type { KeyValues } from "../ports/key-values.ts";
import type { Log } from "../ports/log.ts";
import { draws } from "../ports/option.ts";
import type { PictureFiles } from "../ports/picture-files.ts";
import type { Store } from "../ports/store.ts";
import type { Wake } from "../ports/wake.ts";

/** Under which those who run it are told that the disk is full. */
export const DISK_NOTICE = "disk";

/** How long it takes until somebody else goes on with what a dead process had. */
interface Timings {
  /** Of a job that runs, from its last sign of life. */
  readonly leaseMs: number;
  /** Of the one that leads; nothing is begun `reignMarginMs` before its end. */
  readonly reignMs: number;
  readonly reignMarginMs: number;
}

/** What the program is put together from. */
export interface AppDeps {
  readonly commands: readonly CommandsFrom[];
  readonly buttons: readonly ButtonAction[];
  readonly adapters: readonly ChatAdapter[];
  /** Best first. */
  readonly backends: readonly Backend[];
  readonly store: Store;
  readonly memory: ChatMemory;
  readonly keyValues: KeyValues;
  readonly files: PictureFiles;
  readonly documents: DocumentFiles;
  readonly styles: readonly Style[];
  /** `backends` are in an order that the operator gave; default: true. */
  readonly isOperatorsOrder?: boolean;
  /** Where the styles' picture files are. */
  readonly previewFolder: string;
  /** Draws a gallery picture for a style that brings none. */
  readonly drawStyle: (style: Style) => Promise<Uint8Array | undefined>;
  /** Posters to fill in; default: none. */
  readonly templates?: readonly Template[];
  /** Draws a template with its own examples; default: no picture. */
  readonly drawTemplate?: (template: Template) => Promise<Uint8Array | undefined>;
  readonly installation: Installation;
  /** Default: "all". */
  readonly role?: Role;
  /** Where several processes can change what the store keeps. */
  readonly wake?: Wake;
  /** The process ends: a database that is away is not waited for any more. */
  readonly hurry?: () => void;
  /** Default: what is right for people; tests of takeovers have less time. */
  readonly timings?: Partial<Timings>;
  /** Under which others have the same loopback addresses; default: `machineId`. */
  readonly machine?: string;
  /** At least 32 bytes, the same over restarts. */
  readonly buttonKey: Uint8Array;
  readonly countTokens: Services["countTokens"];
  /** Sets words over pictures; default: the typesetter, in threads of its own. */
  readonly setter?: Setter;
  /** Looks at finished pictures; default: nobody. */
  readonly judge?: Judge;
  /** Signs originals; default: nobody. */
  readonly signing?: Signing;
  /** Makes documents; default: Placard's own, in a thread. */
  readonly documentMaker?: DocumentMaker;
  readonly notices: Services["notices"];
  /** Default: nobody counts what comes of each try at a backend. */
  readonly watchRouter?: (router: Router) => Router;
  /** Whether a large picture could be stored; default: yes. */
  readonly hasRoom?: () => Promise<boolean>;
  /** What those who run it are told on `/queue` in any case; `undefined` where there is nothing to tell. */
  readonly operatorFacts?: () => Promise<readonly (string | Text | undefined)[]>;
  /** Default: there are none. */
  readonly copiesMadeAtMs?: () => Promise<readonly number[]>;
  readonly clock: Clock;
  readonly newSeed: () => number;
  readonly log: Log;
}

/**
 * Everything the core works with. `adapters` by platform: those that do not start are taken out later.
 *
 * @throws Error for two commands or buttons of the same name: a wrong file stops the start
 */
export function createServices(
  deps: AppDeps,
  adapters: ReadonlyMap<string, ChatAdapter>,
  logos: Pick<LogoReader, "read">,
): Services {
  const { store, files, clock, log, watchRouter = (router: Router) => router } = deps;
  const { nowMs } = clock;
  const buttonKey = buttonKeyOf(deps.buttonKey);
  const makes = makesPictures(deps.role ?? "all");
  const crew = crewOf(deps, makes);
  const catalogue: Catalogue = {
    styles: deps.styles,
    templates: deps.templates ?? [],
    backends: deps.backends,
    languages: LANGUAGES.map((tag) => ({ tag, ...languageFacts(tag) })),
    specs: () => specs,
  };
  const commands = deps.commands.flatMap((from) => from(catalogue));
  // What newcomers come for stands first in every list.
  const specs = commands.map(specOf).toSorted((one, other) => Number(draws(other)) - Number(draws(one)));
  return {
    commands: unique(commands, (command) => command.name),
    buttons: unique(deps.buttons, (button) => button.verb),
    catalogue,
    adapters,
    crew,
    router: watchRouter(
      createRouter({
        // Who makes none never asks what is there.
        backends: makes ? deps.backends : deps.backends.map((each) => asToldOf(each, () => crew.able(each.name))),
        ...{ clock: deps.clock, log, circuits: crew.circuits, makes },
        isOperators: deps.isOperatorsOrder ?? true,
      }),
    ),
    room: createRoom({
      hasRoom: deps.hasRoom ?? (async () => true),
      clock,
      log,
      roomAgain: () => deps.notices.say(DISK_NOTICE, undefined),
    }),
    store,
    memory: deps.memory,
    files,
    readerLanguage: createReaderLanguage({ memory: deps.memory, fallback: deps.installation.language }),
    pendingImages: createPendingImages(files),
    pendingRecipes: createPendingRecipes(files),
    pendingOffers: createPendingOffers(files),
    linkCodes: createLinkCodes({ keyValues: deps.keyValues, nowMs, below: randomInt }),
    joinCodes: createJoinCodes({ store, keyValues: deps.keyValues, nowMs, below: randomInt }),
    styles: new Map(deps.styles.map((style) => [style.id, style])),
    installation: deps.installation,
    token: (verb, subject, arg = {}) => encodePress(buttonKey, { verb, subject, arg }),
    copiesMadeAtMs: deps.copiesMadeAtMs ?? (async () => []),
    buttonKey,
    countTokens: deps.countTokens,
    words: wordReading,
    readLogo: (bytes) => logos.read(bytes),
    sealOf: deps.signing?.sealOf ?? unread,
    notices: deps.notices,
    async operatorNotes() {
      const facts = (await deps.operatorFacts?.()) ?? [];
      const notes = [...deps.notices.all(), ...facts.filter((fact) => fact !== undefined)];
      return notes.map((note) => (typeof note === "string" ? verbatim(note) : note));
    },
    clock,
    nowMs,
    newSeed: deps.newSeed,
    below: randomInt,
    log,
    outages: createOutages(log, nowMs),
  };
}

/** Without what signs nothing is read either. */
const unread: Services["sealOf"] = async (file) => (hasManifest(file) ? { by: "unknown" } : undefined);

/** Of a job that runs. */
const LEASE_MS = 60_000;

/** Where nobody tells of changes, nobody else makes any. */
function crewOf({ store, wake, timings, machine, clock, log }: AppDeps, makes: boolean): Crew {
  const leaseMs = timings?.leaseMs ?? LEASE_MS;
  if (!wake) return crewOfOne({ leaseMs, clock, log });
  return createCrew({ store, machine: machine ?? machineId(), makes, leaseMs, clock, log });
}

/** @throws Error for two of the same name */
export function unique<T>(things: readonly T[], nameOf: (thing: T) => string): ReadonlyMap<string, T> {
  const byName = new Map<string, T>();
  for (const thing of things) {
    if (byName.has(nameOf(thing))) throw new Error(`two things are called "${nameOf(thing)}"`);
    byName.set(nameOf(thing), thing);
  }
  return byName;
}
