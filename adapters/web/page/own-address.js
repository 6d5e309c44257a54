/**
 * Where to go after the access code: an address of this very site, else its first page. Read as the browser reads it,
 * which drops tabs and takes backslashes for slashes, and given whole, because `//elsewhere` alone would be another site.
 *
 * @param {string | null} to @param {string} origin e.g. `http://localhost:8080`
 * @returns {string}
 */
export function ownAddress(to, origin) {
  const home = `${origin}/`;
  const url = URL.canParse(to ?? "", home) ? new URL(to ?? "", home) : undefined;
  return url?.href.startsWith(home) ? url.href : home;
}
