import type { Capabilities } from "../../src/ports/chat.ts";

/** What the page shows comfortably, and what the server takes. */
export const webCapabilities: Capabilities = {
  textMaxChars: 8000,
  captionMaxChars: 8000,
  imageMaxBytes: 64_000_000,
  buttonsPerRow: 5,
  buttonRows: 5,
  buttonTokenMaxBytes: 64,
  ackWithinMs: 3000,
  editMinIntervalMs: 150,
  postsOnce: true,
  ownPlatform: true,
  privateOnly: true,
  ownLayout: true,
  everywhere: true,
};

export const LINE_MAX_CHARS = 4000;
/** Bodies are JSON with at most one long text in them. */
export const BODY_MAX_BYTES = 64 * 1024;
/** Uploads of all members together, previews included. */
export const UPLOADS_MAX_BYTES = 2 * 1024 ** 3;
/** What is said by all members together; then the oldest goes. */
export const LOG_MAX_BYTES = 1024 ** 3;
export const STREAM_HEARTBEAT_MS = 15_000;
/** A stream that leaves this much unread is cut off; its tab comes back with its `after` and resumes. */
export const STREAM_BACKLOG_MAX_BYTES = 512 * 1024;
/** Of all streams together; the one that reads least is cut off first. */
export const STREAMS_BACKLOG_MAX_BYTES = 32 * 1024 * 1024;
/**
 * Tabs of one member, over all their devices: one more ends the oldest, so that a dead connection locks nobody out. Fewer than
 * the 6 connections that a browser opens to one server, or its next tab could not even load.
 */
export const STREAMS_PER_MEMBER = 4;
/** A whole hall can sit behind one address. */
export const STREAMS_PER_ADDRESS = 200;
export const WALLS_PER_ADDRESS = 10;
export const STREAMS_MAX = 1000;
/** Of meetings: phones of one seat; more ends the oldest. */
export const SCREENS_PER_SEAT = 4;
/** All who may be present can be in one hall, behind one address. */
export const SCREENS_PER_ADDRESS = 500;
/**
 * Screens get the whole of what they show, so they are told no more often than this, less often the more there are: yet within a
 * second.
 */
export const SCREEN_EACH_MS = { least: 250, forEachScreen: 2, most: 700 };
/** Pictures in memory for browsers to read, for one address and of all: who comes then waits in line. */
export const FILES_HERE_MAX_BYTES = 48 * 1024 * 1024;
export const FILES_MAX_BYTES = 128 * 1024 * 1024;
export const FILES_WAITING_MAX = 1000;
export const PIECE_BYTES = 64 * 1024;
/** Slower than a phone in a cellar. Half a minute is given to everybody. */
export const SLOWEST_BYTES_PER_S = 20_000;
/** The widths in pixels in which the page asks for copies of pictures: those of `page/picture-source.js`. */
export const COPY_WIDTHS_PX: readonly number[] = [48, 320, 480, 640, 960, 1280, 1920];
/** What a tab gets at once, newest first; earlier ones come on request. One message is sent whatever its size. */
export const FIRST_MESSAGES = 50;
export const FIRST_MAX_BYTES = 256 * 1024;
/** A tab that missed more than this gets the newest messages instead of every change. */
export const RESUME_MAX_MESSAGES = 200;
/** More open decisions in one group than these are not shown to who comes later. */
export const VOTES_MAX = 20;
/** A decision is shown as being counted for so long after its time: as `page/decisions/open.js` has it. */
export const OVERDUE_MS = 120_000;
export const WALL_PICTURES = 12;

/** A bucket that holds `burst` and gets one more every `refillMs`. */
export interface Rate {
  readonly burst: number;
  readonly refillMs: number;
}

export const RATES = {
  message: { burst: 20, refillMs: 1000 },
  press: { burst: 40, refillMs: 400 },
  upload: { burst: 8, refillMs: 10_000 },
  /** In bytes, per member and per address: 120 MB and 300 MB at once, and that much again each day. */
  uploadBytes: { burst: 120_000_000, refillMs: 86_400_000 / 120_000_000 },
  uploadBytesHere: { burst: 300_000_000, refillMs: 86_400_000 / 300_000_000 },
  /** In bytes, per address: what is said. */
  saidBytesHere: { burst: 10_000_000, refillMs: 86_400_000 / 50_000_000 },
  /** Per address: pictures and pages. */
  fileHere: { burst: 2000, refillMs: 20 },
  join: { burst: 30, refillMs: 3000 },
  /** Per address, and two for each who comes in by a meeting's code: a hall scans it at once. Wrong codes the core bounds. */
  meetingDoor: { burst: 200, refillMs: 300 },
  /** Per address, whoever presses or draws on phones of a meeting: a hall can sit behind one. */
  phonesHere: { burst: 1000, refillMs: 20 },
  /** Per member: prices asked for while somebody types. */
  quote: { burst: 40, refillMs: 300 },
  /** Per member: opening a tab, paging back, lists. */
  read: { burst: 60, refillMs: 250 },
  /** Per address: streams are opened again by everybody at once after a restart. */
  stream: { burst: 300, refillMs: 200 },
  /** Per address. */
  guess: { burst: 5, refillMs: 15_000 },
  /** From everywhere together, so that many addresses do not help. */
  guessAll: { burst: 60, refillMs: 2000 },
  /** From everywhere together, where a proxy names no address: so many are looked at. Eight random letters last for 165 years, on average. */
  guessNameless: { burst: 300, refillMs: 50 },
} as const satisfies Record<string, Rate>;
