/** What the manifest of C2PA in a file is worth. */
export type Seal =
  /** This installation signed it, and nothing was changed since. */
  | { readonly by: "us"; readonly holds: true }
  /** With this installation's certificate, and something was changed since; or somebody put the certificate there. */
  | { readonly by: "us"; readonly holds: false }
  /** `name`: what the certificate says, which anybody can write into theirs. */
  | { readonly by: "others"; readonly holds: boolean; readonly name: string }
  /** It cannot be read here. */
  | { readonly by: "unknown" };
