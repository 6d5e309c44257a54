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

const ENCRYPTED =
  "end the address with ?sslmode=verify-full&sslrootcert= and the file of its certificate (docs/machines.md)";

function sentenceFor(error: unknown, where: string): string | undefined {
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : "";
  switch (code) {
    case "28000":
      if (words.includes("pg_hba.conf"))
        return words.includes("no encryption")
          ? `${where} takes nobody in without encryption: ${ENCRYPTED}`
          : `${where} does not let this machine in (${words}): add a line for it to pg_hba.conf there`;
      return `${where} does not know this name and password: correct them, in front of the @`;
    case "28P01":
      return `${where} does not know this name and password: correct them, in front of the @`;
    case "3D000":
      return `${where} does not exist: make it (createdb -O NAME DATABASE), or correct the address`;
    case "42501":
      return `${where} may not be changed by this user (${words}): make it the owner, ALTER DATABASE … OWNER TO …`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${where} was not found, as there is no machine of that name: correct the address`;
    case "ENOENT":
      // A socket file, or the one that the address names.
      if (error instanceof Error && "syscall" in error && error.syscall === "open")
        return `the certificate that the address of ${where} names is not there (${words}): copy it there, or correct sslrootcert`;
      return `${where} does not answer: start the PostgreSQL server there, or correct the address`;
    case "ECONNREFUSED":
      return `${where} does not answer: start the PostgreSQL server there, or correct the address`;
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
      return `${where} shows a certificate that this machine does not know: ${ENCRYPTED}`;
    case "CERT_HAS_EXPIRED":
      return `${where} shows a certificate that has run out: give the server a new one, and copy it to where sslrootcert says`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `${where} shows a certificate for another name (${words}): write the name or number into the address that it was made for`;
    default:
      if (words.includes("does not support SSL"))
        return `${where} does not encrypt: give the server a certificate (docs/machines.md), or take sslmode out of the address in your own network`;
      return faultOf(error) === "gone"
        ? `${where} cannot be reached (${words === "" ? code : words}): look after the PostgreSQL server and the way to it, then start again`
        : undefined;
  }
}
