import { constants, deflateSync, inflateSync } from 'node:zlib';
import { dictionary, dictionaryId } from './dictionary.ts';

/**
 * A window of 8 kB compresses texts of this kind as well as one of 32 kB does (within 1 % at 64 kB), and zlib needs a
 * quarter of the memory for it, which it takes and clears for each text.
 */
export const compression = { level: 9, windowBits: 13, memLevel: 6, chunkSize: 4096 } as const;

/** What a payload may inflate to (clause B-7). Bytes. */
export const mostInflatedBytes = 4 * 1024 * 1024;

const numberSign = 0x23;

/**
 * Text as a zlib stream (RFC 1950).
 * @param preset whether the receiver knows our dictionary
 */
export function deflated(text: string, preset: boolean): Buffer {
  return deflateSync(text, { ...compression, ...(preset && { dictionary }) });
}

/** Text as it is, or inflated (RFC 1950): a text begins with `#`, which no zlib stream can. */
export function inflated(payload: Uint8Array): Buffer | { reason: string } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  if (bytes[0] === numberSign) return bytes;
  if (bytes.length < 6 || (bytes.readUInt8(0) & 0x0f) !== 8 || bytes.readUInt16BE(0) % 31 !== 0)
    return { reason: 'neither text nor a zlib stream' };
  const usesPreset = (bytes.readUInt8(1) & 0x20) !== 0;
  if (usesPreset && bytes.readUInt32BE(2) !== Number.parseInt(dictionaryId, 16))
    return { reason: `unknown dictionary ${bytes.toString('hex', 2, 6)}` };
  try {
    return inflateSync(bytes, {
      maxOutputLength: mostInflatedBytes,
      chunkSize: pieceFor(bytes),
      finishFlush: constants.Z_FINISH,
      ...(usesPreset && { dictionary }),
    });
  } catch (error) {
    return { reason: `broken zlib stream: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Bytes to inflate at a time: ours grow to some twelve times their size, and so are mostly one piece, put together by nobody. */
function pieceFor({ length }: Uint8Array): number {
  return Math.min(16 * length, 64 * 1024);
}
