import type { DocumentFile, NewDocument, StoredDocument } from "../domain/document-order.ts";
import type { Problem } from "../domain/problem.ts";

/** Files that were asked for. A part of `Store`: each method is one transaction, and repeating it with the same ids changes nothing. */
export interface DocumentOrders {
  /** Inbox row + document + its message in the outbox, or none of them. */
  askDocument(input: AskDocumentInput): Promise<AskDocumentResult>;
  /** The oldest that waits, or whose lease has ended. Its attempt counts one more. */
  claimDocument(nowMs: number, leaseMs: number): Promise<StoredDocument | undefined>;
  /** Keeps the lease. false: it belongs to another attempt or has ended; stop working on it. */
  keepDocument(documentId: string, attempt: number, nowMs: number, leaseMs: number): Promise<boolean>;
  /** false: another attempt owns it, or it was cancelled; drop the file. */
  finishDocument(documentId: string, attempt: number, file: DocumentFile, nowMs: number): Promise<boolean>;
  /** false as in `finishDocument`. */
  failDocument(documentId: string, attempt: number, problem: Problem, nowMs: number): Promise<boolean>;
  /** Waits again, in its place. false as in `finishDocument`. */
  giveBackDocument(documentId: string, attempt: number): Promise<boolean>;
  /** Waiting or being made. false: it had ended, or never was. */
  cancelDocument(documentId: string, problem: Problem, nowMs: number): Promise<boolean>;
  /** One process only: those that were being made belonged to a dead process and wait again. Resolves with how many. */
  recoverDocuments(): Promise<number>;
  document(documentId: string): Promise<StoredDocument | undefined>;
  /** Those that wait or are being made, of all chats, in the order in which they are made. */
  openDocuments(limit: number): Promise<readonly StoredDocument[]>;
  /** Documents whose files may go: ended before. */
  expiredDocuments(endedBeforeMs: number, limit: number): Promise<readonly string[]>;
  /** Its file is no longer there: its message says so where it led to it. */
  forgetDocumentFile(documentId: string): Promise<void>;
  /** Rows whose file is no longer kept, or never was, and that ended before this may go. Resolves with how many. */
  sweepDocuments(endedBeforeMs: number): Promise<number>;
}

export interface AskDocumentInput {
  readonly updateId: string;
  readonly document: NewDocument;
  /** So many a member, over all their accounts, may have open at a time. */
  readonly maxOpen: number;
  readonly nowMs: number;
}
export type AskDocumentResult =
  | { readonly status: "asked"; readonly document: StoredDocument }
  /** This update came before. */
  | { readonly status: "known"; readonly document: StoredDocument }
  | { readonly status: "too_many"; readonly open: number };
