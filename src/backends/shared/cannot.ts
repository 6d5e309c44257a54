import { BackendError } from "../../ports/backend.ts";
import type { BackendSentence } from "../../ports/backend-sentence.ts";

/** This far end cannot do the request; another one may. */
export const cannot = (backend: string, lack: BackendSentence): BackendError =>
  new BackendError(backend, "rejected", `cannot do this request: ${lack.about}`, { memberText: lack, elsewhere: true });
