// Written by `npm run docs` from src/messages/locales/en.json.
import type { Words } from "./text.ts";

type Nothing = Readonly<Record<never, never>>;

/** Every sentence members can read, with what stands in its gaps. */
export interface MessageArgs {
  readonly "time.days": { readonly "n": number };
  readonly "time.hours": { readonly "n": Words };
  readonly "time.minutes": { readonly "n": Words };
  readonly "time.seconds": { readonly "n": Words };
  readonly "time.amount": { readonly "seconds": number };
  readonly "time.amount.tiny": Nothing;
  readonly "time.ago": { readonly "duration": Words };
  readonly "time.now": Nothing;
}
