import { unescaped } from "../lib/url.ts";

const SECRET_NAME = /TOKEN|KEY|SECRET|PASSWORD|DATABASE_(DIRECT_)?URL/;
/** Whether a setting's value is one from its first to its last character. */
export const isSecret = (name: string): boolean => SECRET_NAME.test(name);

/** Before an @ in an address: a name, and where there is one a password. */
const SIGN_IN = /\/\/([^/@\s:]*)(?::([^/@\s]*))?@/g;

/** Values of the settings that must never be printed. An address can carry a name and a password. */
export const secretsIn = (env: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(env).flatMap(([name, value]) => [...(isSecret(name) ? [value] : []), ...signInsIn(value)]);

/** As written, as meant, and as HTTP Basic sends it. A name alone is one too: some services take a token there. */
const signInsIn = (value: string): readonly string[] =>
  [...value.matchAll(SIGN_IN)].flatMap(([, name = "", password = ""]) => {
    const secret = password === "" ? name : password;
    const basic = Buffer.from(`${unescaped(name)}:${unescaped(password)}`).toString("base64");
    return [secret, unescaped(secret), basic];
  });
