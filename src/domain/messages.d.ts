// Written by `npm run docs` from src/messages/locales/en.json.
type Nothing = Readonly<Record<never, never>>;

/** Every sentence members can read, with what stands in its gaps. */
export interface MessageArgs<Words> {
  readonly "page.access.about": Nothing;
  readonly "page.access.continue": Nothing;
  readonly "page.access.label": Nothing;
  readonly "page.access.title": Nothing;
  readonly "page.door.about": Nothing;
  readonly "page.door.again": Nothing;
  readonly "time.ago": { readonly "duration": Words };
  readonly "time.amount": { readonly "seconds": number };
  readonly "time.amount.tiny": { readonly "least": number };
  readonly "time.days": { readonly "n": number };
  readonly "time.hours": { readonly "n": number };
  readonly "time.minutes": { readonly "n": number };
  readonly "time.now": Nothing;
  readonly "time.seconds": { readonly "n": number };
  readonly "time.two-units": { readonly "larger": Words; readonly "smaller": Words };
}
