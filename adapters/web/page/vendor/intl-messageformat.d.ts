/** What we use of intl-messageformat/intl-messageformat.iife.js, an ES module despite its name, served as intl-messageformat.js. */
export class IntlMessageFormat {
  constructor(message: string, language: string, formats: undefined, options: { readonly ignoreTag: boolean });
  format(values: Readonly<Record<string, string | number>>): unknown;
}
