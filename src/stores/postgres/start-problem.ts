import { shownAddress } from "./address.ts";
import { codeOf, faultOf } from "./faults.ts";

/**
 * Why nothing can be kept in this database, and what to do: for whoever starts Placard or asks the doctor. Our own errors say it
 * themselves; a server's words hold no password.
 *
 * @param setting under which its address stands
 */
export function startProblem(error: unknown, address: string, setting = "DATABASE_URL"): Error {
  const sentence = sentenceFor(error, `the database at ${shownAddress(address)} (${setting})`);
  if (sentence === undefined) return error instanceof Error ? error : new Error(String(error));
  return new Error(sentence, { cause: error });
}

function sentenceFor(error: unknown, where: string): string | undefined {
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : "";
  switch (code) {
    case "28P01":
    case "28000":
      return `${where} does not know this name and password: correct them, in front of the @`;
    case "3D000":
      return `${where} does not exist: make it (createdb -O NAME DATABASE), or correct the address`;
    case "42501":
      return `${where} may not be changed by this user (${words}): make it the owner, ALTER DATABASE … OWNER TO …`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${where} was not found, as there is no machine of that name: correct the address`;
    case "ECONNREFUSED":
    case "ENOENT":
      return `${where} does not answer: start the PostgreSQL server there, or correct the address`;
    default:
      return faultOf(error) === "gone"
        ? `${where} cannot be reached (${words === "" ? code : words}): look after the PostgreSQL server and the way to it, then start again`
        : undefined;
  }
}
