import { DOCUMENT_KEPT_MS, type DocumentKind, type Paper } from "../domain/document.ts";
import { isOpenDocument, keptUntilMs, type StoredDocument } from "../domain/document-order.ts";
import type { Picture } from "../domain/job.ts";
import { clock, facts, lines, sentences, type Text, text, verbatim } from "../domain/text.ts";
import type { View } from "../ports/view.ts";
import type { SignButton } from "./buttons.ts";
import { encodeMediaKey } from "./media-key.ts";
import { isMuchCut, printNotes } from "./print.ts";

/** What the message of a document shows besides itself. */
export interface DocumentFacts {
  readonly document: StoredDocument;
  /** Of a print; absent: it is gone, or this is no print. */
  readonly picture?: Picture | undefined;
  /** Made before it, where it waits. */
  readonly before?: number | undefined;
  readonly progress?: { readonly done: number; readonly total: number } | undefined;
  readonly spoiler: boolean;
  /** What the platform takes; absent: any size. */
  readonly fileMaxBytes?: number | undefined;
  /** The platform refuses it, whatever it says that it takes. */
  readonly refused?: true;
  /** Where it can be had from outside; absent: nowhere. */
  readonly href?: string | undefined;
  readonly nowMs: number;
}

const TYPE: Readonly<Record<DocumentKind, string>> = {
  sheet: "JPEG",
  deck: "PDF",
  slides: "PPTX",
  zip: "ZIP",
  print: "PDF",
};
const MEGABYTE = 1_000_000;
const DAY_MS = 86_400_000;

/** Catalogues have a case for each but the last. */
const kindCase = (kind: DocumentKind) => (kind === "print" ? "other" : kind);
const kindName = (kind: DocumentKind): Text => text("document.name", { kind: kindCase(kind) });
export const paperName = (paper: Paper): Text =>
  text("document.paper", { paper: paper === "tabloid" ? "other" : paper });

const sizeText = (bytes: number): Text => text("size.megabytes", { n: Math.max(0.1, bytes / MEGABYTE) });

/** "Deck · the 12 newest pictures", "Print · #7 on A3". */
function documentTitle({ kind, of, print }: StoredDocument, picture?: Picture): Text {
  const name = kindName(kind);
  if (print) return facts(name, picture ? verbatim(`#${picture.number}`) : undefined, paperName(print.paper));
  return facts(name, whatText(of));
}

function whatText(of: StoredDocument["of"]): Text {
  if ("meetingId" in of) return text("document.of.meeting");
  if ("memberId" in of) return text("document.of.member");
  const n = of.imageIds.length;
  switch (of.chosen) {
    case "named":
    case "answered":
      return text("document.of.pictures", { n });
    case "winners":
      return text("document.of.winners", { n });
    case "newest":
      return text("document.of.newest", { n });
  }
}

/** The message of a document as it should look now, from the wish to the file. `undefined`: it stays as it is. Pure. */
export function documentCard(known: DocumentFacts, token: SignButton): View | undefined {
  const { document } = known;
  if (isOpenDocument(document)) return openCard(known, token);
  const title = documentTitle(document, known.picture);
  switch (document.state) {
    case "done":
      return document.forgotten ? expiredCard(known, token) : doneCard(known, token);
    case "cancelled":
      return { text: lines(title, document.problem?.text), tone: "quiet" };
    default:
      return { text: lines(title, document.problem?.text), tone: "bad", buttons: [[againButton(document, token)]] };
  }
}

/** What stands there while nothing more is known, or where its whole card is refused. */
export const documentWords = ({ document, picture }: Pick<DocumentFacts, "document" | "picture">): View => ({
  text: documentTitle(document, picture),
  tone: isOpenDocument(document) ? "working" : "quiet",
});

function openCard({ document, picture, before = 0, progress }: DocumentFacts, token: SignButton): View {
  const { documentId, kind, state, print } = document;
  const stands =
    state === "running" && progress
      ? text("document.making", { kind: kindCase(kind), ...progress })
      : before > 0
        ? text("document.waiting", { n: before })
        : text("document.starting");
  return {
    text: lines(documentTitle(document, picture), ...(print && picture ? printNotes(print, picture) : []), stands),
    tone: "working",
    ...(progress && progress.total > 0 ? { progress: Math.min(1, progress.done / progress.total) } : {}),
    buttons: [[{ label: text("button.cancel"), token: token("doc", "chat", { c: documentId }), tone: "danger" }]],
  };
}

const againButton = ({ documentId }: StoredDocument, token: SignButton) => ({
  label: text("button.try-again"),
  token: token("doc", "chat", { a: documentId }),
});

/** Words that were cut off make a sheet that nobody hangs up, and a sketch has words that nobody has measured. */
function wholeButtons({ document, picture }: DocumentFacts, token: SignButton): Pick<View, "buttons"> {
  const { documentId, file, print } = document;
  if (print?.fit !== "fill" || !(file?.wordsAtEdge === "cut" || (picture && isMuchCut(print, picture)))) return {};
  return { buttons: [[{ label: text("button.print.whole"), token: token("doc", "chat", { w: documentId }) }]] };
}

function doneCard(known: DocumentFacts, token: SignButton): View {
  const { document, picture, fileMaxBytes, href, spoiler, nowMs, refused = false } = known;
  const { file, documentId, kind, print } = document;
  if (!file) return documentWords(known);
  const tooLarge = refused || (fileMaxBytes !== undefined && file.sizeBytes > fileMaxBytes);
  const untilMs = keptUntilMs(document);
  const about = facts(
    verbatim(TYPE[kind]),
    sizeText(file.sizeBytes),
    file.pages === undefined || kind === "print" ? undefined : text("document.pages", { n: file.pages }),
  );
  const until = untilMs === undefined ? undefined : clock(untilMs, nowMs);
  const notes = [
    ...(print && picture ? printNotes(print, picture) : []),
    ...(file.gone > 0 ? [text("document.gone", { n: file.gone })] : []),
    ...(file.wordsAtEdge ? [text("print.words", { at: file.wordsAtEdge === "cut" ? "cut" : "other" })] : []),
    ...(tooLarge && href !== undefined && until ? [text("document.large.link", { until })] : []),
    ...(tooLarge && href === undefined ? [text("document.large")] : []),
    ...(fileMaxBytes === undefined && until ? [text("document.kept", { until })] : []),
  ];
  const isThere = !tooLarge || href !== undefined;
  return {
    text: lines(documentTitle(document, picture), about, ...(notes.length === 0 ? [] : [sentences(...notes)])),
    tone: isThere ? "good" : "quiet",
    ...(isThere
      ? {
          file: {
            key: encodeMediaKey({ of: "document", documentId }),
            name: file.name,
            title: tooLarge ? text("button.download") : kindName(kind),
            facts: about,
            document: kind,
            ...(tooLarge && href !== undefined ? { href } : {}),
            ...(spoiler ? { spoiler: true as const } : {}),
          },
          ...wholeButtons(known, token),
        }
      : { buttons: [[againButton(document, token)]] }),
  };
}

/** Where the file lies in the chat, it is there for ever. */
function expiredCard(known: DocumentFacts, token: SignButton): View | undefined {
  const { document, picture, fileMaxBytes } = known;
  if (fileMaxBytes !== undefined && (document.file?.sizeBytes ?? 0) <= fileMaxBytes) return undefined;
  return {
    text: lines(documentTitle(document, picture), text("document.expired", { days: DOCUMENT_KEPT_MS / DAY_MS })),
    tone: "quiet",
    buttons: [[againButton(document, token)]],
  };
}
