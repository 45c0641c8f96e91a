import { CrossingError, decode, defaultLimits, encode, type Json, type Limits } from "./values.js";

/** Bytes that are no frame: too long, cut off, or not JSON. The stream cannot be trusted after it. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

export interface FrameLimits extends Limits {
  /** The longest frame, in bytes. */
  readonly maxBytes: number;
}

export const defaultFrameLimits: FrameLimits = { ...defaultLimits, maxBytes: 16 * 2 ** 20 };

const HEADER = 4;

/**
 * One message as bytes: its length (4 bytes, big-endian), then JSON in UTF-8.
 * @throws CrossingError if a value cannot cross
 * @throws FrameError if the frame would be longer than the other side accepts
 */
export function toFrame(message: unknown, limits: FrameLimits = defaultFrameLimits): Buffer {
  const body = Buffer.from(JSON.stringify(encode(message, "message", limits)), "utf8");
  if (body.length > limits.maxBytes)
    throw new FrameError(`a frame must be at most ${limits.maxBytes} bytes, got ${body.length}`);
  const frame = Buffer.allocUnsafe(HEADER + body.length);
  frame.writeUInt32BE(body.length, 0);
  body.copy(frame, HEADER);
  return frame;
}

function parse(body: Buffer, limits: FrameLimits): unknown {
  let json: Json;
  try {
    json = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body)) as Json;
  } catch {
    throw new FrameError(`a frame must hold JSON in UTF-8, got ${body.length} other bytes`);
  }
  try {
    return decode(json, limits);
  } catch (error) {
    if (error instanceof CrossingError) throw new FrameError(error.message);
    throw error instanceof RangeError ? new FrameError("a frame must not nest so deeply") : error;
  }
}

/** Cuts a stream of bytes into messages, however the bytes arrive. After a FrameError it takes nothing more. */
export class FrameReader {
  private chunks: Buffer[] = [];
  private size = 0;
  private broken = false;

  constructor(private readonly limits: FrameLimits = defaultFrameLimits) {}

  /** Whether the stream stopped in the middle of a frame. */
  get partial(): boolean {
    return this.size > 0;
  }

  /** @throws FrameError if a header announces too much, or a body is no message */
  push(chunk: Uint8Array): unknown[] {
    if (this.broken) throw new FrameError("the stream of frames is broken");
    this.chunks.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    this.size += chunk.byteLength;
    try {
      return this.take();
    } catch (error) {
      this.broken = true;
      this.chunks = [];
      throw error;
    }
  }

  private take(): unknown[] {
    const messages: unknown[] = [];
    while (this.size >= HEADER) {
      const length = this.header();
      if (length > this.limits.maxBytes)
        throw new FrameError(`a frame must be at most ${this.limits.maxBytes} bytes, got ${length}`);
      if (this.size < HEADER + length) break;
      const bytes = Buffer.concat(this.chunks);
      messages.push(parse(bytes.subarray(HEADER, HEADER + length), this.limits));
      const rest = Buffer.from(bytes.subarray(HEADER + length));
      this.chunks = rest.length > 0 ? [rest] : [];
      this.size = rest.length;
    }
    return messages;
  }

  private header(): number {
    if (this.chunks[0].length < HEADER) this.chunks = [Buffer.concat(this.chunks)]; // a header split over chunks
    return this.chunks[0].readUInt32BE(0);
  }
}
