/** "db.example.org:5432, database placard": without the name and the password in front of them. */
export function shownAddress(address: string): string {
  const url = new URL(address);
  const host = url.hostname === "" ? (url.searchParams.get("host") ?? "localhost") : url.hostname;
  const database = decodeURIComponent(url.pathname.slice(1));
  return `${host}:${url.port === "" ? "5432" : url.port}${database === "" ? "" : `, database ${database}`}`;
}

/** A password behind the "?" would stand in errors: what is before the "@" is known as a secret. */
export function isPostgresAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, searchParams } = new URL(text);
  return (protocol === "postgres:" || protocol === "postgresql:") && !searchParams.has("password");
}
