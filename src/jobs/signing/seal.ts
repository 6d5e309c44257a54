import * as x509 from "@peculiar/x509";
import { JPEG, PNG } from "@trustnxt/c2pa-ts/asset";
import { SuperBox } from "@trustnxt/c2pa-ts/jumbf";
import { ManifestStore } from "@trustnxt/c2pa-ts/manifest";
import type { Seal } from "../../domain/seal.ts";
import type { Identity } from "./messages.ts";

/** Whose seal it is, by the certificate's own bytes: a name proves nothing. @throws Error for what cannot be read */
export async function sealOf(file: Uint8Array, identity: Identity | undefined): Promise<Seal> {
  if (!PNG.canRead(file) && !JPEG.canRead(file)) return { by: "unknown" };
  const asset = PNG.canRead(file) ? new PNG(file) : new JPEG(file);
  const jumbf = asset.getManifestJUMBF();
  if (!jumbf) return { by: "unknown" };
  const store = ManifestStore.read(SuperBox.fromBuffer(new Uint8Array(jumbf)));
  const certificate = store.getActiveManifest()?.signature?.signatureData.certificate;
  if (!certificate) return { by: "unknown" };
  const { isValid: holds } = await store.validate(asset);
  if (identity && isSame(certificate.rawData, new x509.X509Certificate(identity.certificate).rawData))
    return { by: "us", holds };
  return { by: "others", holds, name: nameOf(certificate) };
}

const isSame = (one: ArrayBuffer, other: ArrayBuffer): boolean => Buffer.from(one).equals(Buffer.from(other));

/** What it calls itself, or the organisation behind it. */
function nameOf({ subjectName }: x509.X509Certificate): string {
  const [name] = [...subjectName.getField("CN"), ...subjectName.getField("O")];
  return name ?? "";
}
