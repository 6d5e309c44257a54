import { CBORBox } from "@trustnxt/c2pa-ts/jumbf";
import { ActionAssertion } from "@trustnxt/c2pa-ts/manifest";

export type DigitalSourceType = NonNullable<ActionAssertion["actions"][number]["digitalSourceType"]>;

/** Actions that all happened at one moment, which the library's own cannot say. Source: C2PA specification 2.2, 18.15: `when`. */
export class DatedActions extends ActionAssertion {
  readonly #atMs: number;

  constructor(atMs: number) {
    super();
    this.#atMs = atMs;
  }

  override generateJUMBFBoxForContent(...claim: Parameters<ActionAssertion["generateJUMBFBoxForContent"]>) {
    const box = super.generateJUMBFBoxForContent(...claim);
    if (!(box instanceof CBORBox)) throw new Error("actions are not written as CBOR");
    const { actions } = box.content as { readonly actions: readonly object[] };
    const when = timeTagged(new Date(this.#atMs).toISOString());
    box.content = { actions: actions.map((action) => ({ ...action, when })) };
    return box;
  }
}

/** Tag 1000, of an empty text. */
const SOME_TAGGED = Uint8Array.of(0xd9, 0x03, 0xe8, 0x60);

/** A time as CBOR has it: tag 0 over text. What the library writes of a `Date` is tag 1, seconds, which C2PA does not take. */
function timeTagged(iso: string): object {
  const tagged = CBORBox.decoder.decode(SOME_TAGGED) as { tag: number; value: unknown };
  return Object.assign(tagged, { tag: 0, value: iso });
}
