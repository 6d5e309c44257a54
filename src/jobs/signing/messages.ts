import { z } from "zod";
import type { Seal } from "../../domain/seal.ts";
import type { SourceType } from "../../domain/source-type.ts";

/** What an installation signs with. The key of its own authority is thrown away once it has signed the certificate. */
export const identitySchema = z.strictObject({
  /** PEM, PKCS 8, Ed25519. */
  key: z.string(),
  /** PEM: of the key, then of who signed it. */
  certificate: z.string(),
  authority: z.string(),
});
export type Identity = z.output<typeof identitySchema>;

/** Main thread to worker. */
export type SigningOrder =
  | { readonly do: "identity" }
  | ({ readonly do: "sign"; readonly identity: Identity; readonly file: Uint8Array } & Making)
  /** `identity`: of this installation; absent: it has signed nothing yet. */
  | { readonly do: "check"; readonly identity?: Identity; readonly file: Uint8Array };

/** All that is signed beside the picture itself. */
export interface Making {
  readonly made: SourceType;
  /** Unix ms. */
  readonly madeAtMs: number;
}

/** Worker to main thread, once for each order. */
export type SigningAnswer = { readonly heldBytes: number } & (
  | { readonly type: "identity"; readonly identity: Identity }
  | { readonly type: "signed"; readonly file: Uint8Array }
  | { readonly type: "checked"; readonly seal: Seal }
  | { readonly type: "failed"; readonly why: string }
);
