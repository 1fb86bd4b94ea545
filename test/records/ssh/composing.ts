/** Keys and signatures put together by hand, as software other than ssh-keygen might, and as no honest software would. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { field } from "../../../functions/records/ssh/wire.ts";

export const armor = (bytes: Uint8Array): string =>
  `-----BEGIN SSH SIGNATURE-----\n${Buffer.from(bytes).toString("base64")}\n-----END SSH SIGNATURE-----\n`;

/** A positive number as SSH writes it, whatever zeros lead it. */
export function mpint(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const short = Buffer.from(bytes.subarray(first === -1 ? bytes.length : first));
  return field((short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

const part = (key: KeyObject, name: "e" | "n" | "x" | "y"): Buffer =>
  Buffer.from(key.export({ format: "jwk" })[name] ?? "", "base64url");

/** A key, and how it signs: what is asked for becomes what stands in the signature's own field. */
export interface Signer {
  readonly type: string;
  readonly blob: Buffer;
  readonly sign: (data: Buffer) => Buffer;
}

export const lineOf = ({ type, blob }: Signer): string => `${type} ${blob.toString("base64")} made by hand`;

export function rsaBlob(e: Uint8Array, n: Uint8Array): Buffer {
  return Buffer.concat([field("ssh-rsa"), mpint(e), mpint(n)]);
}

/** `kind` names the signature, `hash` makes it; `short` leaves out the zeros in front, as some agents do. */
export function byRsa(kind: string, hash: string, short = false): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const signed = (data: Buffer): Buffer => {
    const whole = sign(hash, data, privateKey);
    return short ? whole.subarray(whole.findIndex((byte) => byte !== 0)) : whole;
  };
  return {
    type: "ssh-rsa",
    blob: rsaBlob(part(publicKey, "e"), part(publicKey, "n")),
    sign: (data) => Buffer.concat([field(kind), field(signed(data))]),
  };
}

export interface Touch {
  readonly flags: number;
  readonly application: Uint8Array | string;
}

const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();

/** What a security key hands out, there being none in a test. Source: PROTOCOL.u2f. */
export function bySecurityKey(curve: "ed25519" | "nistp256", { flags, application }: Touch): Signer {
  const { publicKey, privateKey } =
    curve === "ed25519"
      ? generateKeyPairSync("ed25519")
      : generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const isEd = curve === "ed25519";
  const type = isEd ? "sk-ssh-ed25519@openssh.com" : "sk-ecdsa-sha2-nistp256@openssh.com";
  const [x, y] = [part(publicKey, "x"), part(publicKey, "y")];
  const point = isEd ? [field(x)] : [field("nistp256"), field(Buffer.concat([Buffer.from([4]), x, y]))];
  const tail = Buffer.from([flags, 0, 0, 1, 9]);
  const signed = (data: Buffer): Buffer => {
    const asked = Buffer.concat([sha256(application), tail, sha256(data)]);
    if (isEd) return sign(null, asked, privateKey);
    const both = sign("sha256", asked, { key: privateKey, dsaEncoding: "ieee-p1363" });
    return Buffer.concat([mpint(both.subarray(0, 32)), mpint(both.subarray(32))]);
  };
  return {
    type,
    blob: Buffer.concat([field(type), ...point, field(application)]),
    sign: (data) => Buffer.concat([field(type), field(signed(data)), tail]),
  };
}

/** The bytes inside the armor. `reserved` stands in the envelope, `signedReserved` in what was signed. */
export function envelope(
  manifest: Uint8Array,
  { blob, sign }: Pick<Signer, "blob" | "sign">,
  { hash = "sha512", reserved = "", signedReserved = "" } = {},
): Buffer {
  const digest = createHash(hash).update(manifest).digest();
  const data = ["counterfoil", signedReserved, hash, digest].map((each) => field(each));
  const signature = sign(Buffer.concat([Buffer.from("SSHSIG"), ...data]));
  const parts = [blob, "counterfoil", reserved, hash, signature].map((each) => field(each));
  return Buffer.concat([Buffer.from("SSHSIG\0\0\0\u0001", "latin1"), ...parts]);
}
