import "./plain-cbor.ts";
import { KeyObject, randomBytes, sign, type webcrypto } from "node:crypto";
import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import * as x509 from "@peculiar/x509";
import { JPEG, PNG } from "@trustnxt/c2pa-ts/asset";
import { CoseAlgorithmIdentifier } from "@trustnxt/c2pa-ts/cose";
import { ActionType, DataHashAssertion, ManifestStore } from "@trustnxt/c2pa-ts/manifest";
import { SOURCE_TYPE_URL } from "../../lib/xmp-mark.ts";
import { DatedActions, type DigitalSourceType } from "./dated-actions.ts";
import type { Identity, SigningAnswer, SigningOrder } from "./messages.ts";
import { sealOf } from "./seal.ts";

const port = parentPort;
if (!port) throw new Error("signing/worker.ts runs as a worker thread");

const ED25519 = { name: "Ed25519" } as const;
const DAY_MS = 86_400_000;
const VALID_MS = 20 * 365 * DAY_MS;
/** id-kp-emailProtection: what C2PA asks of a certificate that signs. Source: C2PA specification 2.2, 14.5.1. */
const EMAIL_PROTECTION = "1.3.6.1.5.5.7.3.4";

function heldBytes(): number {
  const { total_heap_size, external_memory } = getHeapStatistics();
  return total_heap_size + external_memory;
}

port.on("message", (order: SigningOrder) => {
  void answerTo(order)
    .catch((cause: unknown) => ({
      type: "failed" as const,
      why: cause instanceof Error ? cause.message : String(cause),
    }))
    .then((answer) => port.postMessage({ ...answer, heldBytes: heldBytes() } satisfies SigningAnswer));
});

async function answerTo(order: SigningOrder) {
  switch (order.do) {
    case "identity":
      return { type: "identity" as const, identity: await newIdentity() };
    case "sign":
      return { type: "signed" as const, file: await signed(order) };
    case "check":
      return { type: "checked" as const, seal: await sealOf(order.file, order.identity) };
  }
}

/** The border of the platform: its types say that some names give one key. */
const pair = async () =>
  (await crypto.subtle.generateKey(ED25519, true, ["sign", "verify"])) as webcrypto.CryptoKeyPair;
const serial = (): string => randomBytes(8).toString("hex");

async function newIdentity(): Promise<Identity> {
  x509.cryptoProvider.set(crypto);
  const [authorityKeys, keys] = [await pair(), await pair()];
  const notBefore = new Date(Date.now() - DAY_MS);
  const notAfter = new Date(Date.now() + VALID_MS);
  const { KeyUsageFlags: use } = x509;
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: "CN=Placard of this group, O=Placard",
    ...{ notBefore, notAfter, keys: authorityKeys, signingAlgorithm: ED25519 },
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(use.keyCertSign | use.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: "CN=signed by this group's Placard, O=Placard",
    issuer: authority.subject,
    ...{ notBefore, notAfter, publicKey: keys.publicKey },
    ...{ signingKey: authorityKeys.privateKey, signingAlgorithm: ED25519 },
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(use.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([EMAIL_PROTECTION]),
      await x509.AuthorityKeyIdentifierExtension.create(authorityKeys.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    key: String(KeyObject.from(keys.privateKey).export({ type: "pkcs8", format: "pem" })),
    certificate: certificate.toString("pem"),
    authority: authority.toString("pem"),
  };
}

/** Only which program, when, and how it came about: no member, no prompt. */
async function signed({ identity, file, made, madeAtMs }: Extract<SigningOrder, { do: "sign" }>): Promise<Uint8Array> {
  const signer = {
    certificate: new x509.X509Certificate(identity.certificate),
    chainCertificates: [new x509.X509Certificate(identity.authority)],
    algorithm: CoseAlgorithmIdentifier.Ed25519,
    // The library's own signer writes ES256 in a form that the reference library rejects.
    sign: async (payload: Uint8Array) => new Uint8Array(sign(null, payload, identity.key)),
  };
  const asset = PNG.canRead(file) ? new PNG(file) : new JPEG(file);
  const store = new ManifestStore();
  const manifest = store.createManifest({
    assetFormat: asset.mimeType,
    instanceID: `xmp:iid:${crypto.randomUUID()}`,
    defaultHashAlgorithm: "SHA-256",
    signer,
  });
  if (manifest.claim) manifest.claim.claimGeneratorName = "Placard";
  const hash = DataHashAssertion.create("SHA-256");
  manifest.addAssertion(hash);
  const actions = new DatedActions(madeAtMs);
  // One of IPTC's own list: the library's type knows fewer.
  const digitalSourceType = `${SOURCE_TYPE_URL}${made}` as DigitalSourceType;
  actions.actions.push({ action: ActionType.C2paCreated, digitalSourceType });
  manifest.addAssertion(actions);
  await asset.ensureManifestSpace(store.measureSize());
  await hash.updateWithAsset(asset);
  await manifest.sign(signer);
  await asset.writeManifestJUMBF(store.getBytes());
  return asset.getDataRange();
}
