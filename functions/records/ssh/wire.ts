/** What does not follow the wire format of SSH. */
export class NotWire extends Error {
  constructor(what: string) {
    super(what);
    this.name = "NotWire";
  }
}

const LENGTH_BYTES = 4;
const SIGN_BIT = 0x80;

/** Reads SSH's binary fields one after the other, and believes no length beyond the end. Source: RFC 4251, section 5. */
export class Wire {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(count: number): Buffer {
    if (count > this.#bytes.length - this.#at) throw new NotWire("a field is longer than what there is");
    const taken = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return taken;
  }

  uint32(): number {
    return this.take(LENGTH_BYTES).readUInt32BE();
  }

  string(): Buffer {
    return this.take(this.uint32());
  }

  text(): string {
    return this.string().toString("latin1");
  }

  /** A positive number of any size, without the zero that only keeps it positive; one spelling each. */
  mpint(): Buffer {
    const bytes = this.string();
    const [first = 0, second = 0] = bytes;
    if (bytes.length === 0 || (first & SIGN_BIT) !== 0) throw new NotWire("a number is not positive");
    if (first !== 0) return bytes;
    if ((second & SIGN_BIT) === 0) throw new NotWire("a number has more zeros than it needs");
    return bytes.subarray(1);
  }

  /** Nothing may follow: two readers must not see two things in the same bytes. */
  end(): void {
    if (this.#at !== this.#bytes.length) throw new NotWire("something follows the end");
  }
}

/** A field of bytes, as `Wire.string` reads it. */
export function field(bytes: Uint8Array | string): Buffer {
  const body = Buffer.from(bytes);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}
