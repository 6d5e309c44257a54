import { z } from "zod";
import { DOCUMENT_KINDS, PAPERS, type PrintWish } from "../domain/document.ts";
import {
  type DocumentFile,
  type DocumentSubject,
  type NewDocument,
  PICTURES_CHOSEN,
  type StoredDocument,
} from "../domain/document-order.ts";
import { messageBody, movedTo, parseProblem, parser, personSchema, remembered, targetSchema } from "./rows.ts";

// Documents as they are stored. Columns that change go before what the body says.

const subjectSchema = z.union([
  z.object({ meetingId: z.string() }),
  z.object({ memberId: z.string() }),
  z.object({ imageIds: z.array(z.string()), chosen: z.enum(PICTURES_CHOSEN) }),
]) satisfies z.ZodType<DocumentSubject>;

const printSchema = z.object({
  paper: z.enum(PAPERS),
  bleedMm: z.number(),
  cropMarks: z.boolean(),
  fit: z.enum(["fill", "fit"]),
}) satisfies z.ZodType<PrintWish>;

const documentSchema = z.object({
  documentId: z.string(),
  kind: z.enum(DOCUMENT_KINDS),
  target: targetSchema,
  askedBy: personSchema,
  askedAtMs: z.int(),
  language: z.string(),
  of: subjectSchema,
  print: printSchema.exactOptional(),
}) satisfies z.ZodType<NewDocument>;

const fileSchema = z.object({
  name: z.string(),
  mime: z.string(),
  sizeBytes: z.int(),
  pages: z.int().exactOptional(),
  pictures: z.int(),
  gone: z.int(),
  wordsAtEdge: z.enum(["cut", "near"]).exactOptional(),
}) satisfies z.ZodType<DocumentFile>;

/** Read with each edit of its progress. */
export const documentBody = remembered(parser<NewDocument>(documentSchema));
const parseFile = parser<DocumentFile>(fileSchema);

export interface DocumentRow {
  readonly chatKey: string;
  readonly state: StoredDocument["state"];
  readonly attempt: number;
  readonly losses: number;
  readonly endedAtMs: number | null;
  readonly problem: string | null;
  readonly file: string | null;
  readonly forgotten: number;
  readonly message: string | null;
  readonly spec: string;
}

export function documentOf(row: DocumentRow): StoredDocument {
  const { target, ...body } = documentBody.parse(row.spec);
  return {
    ...body,
    target: { ...target, place: movedTo(row.chatKey, target.place) },
    state: row.state,
    attempt: row.attempt,
    losses: row.losses,
    ...(row.endedAtMs === null ? {} : { endedAtMs: row.endedAtMs }),
    ...(row.problem === null ? {} : { problem: parseProblem(row.problem) }),
    ...(row.file === null ? {} : { file: parseFile(row.file) }),
    ...(row.forgotten === 1 ? { forgotten: true as const } : {}),
    ...(row.message === null ? {} : { message: messageBody.parse(row.message) }),
  };
}
