import { readFileSync } from 'node:fs';
import { codeOf } from '@tongtang/runtime/errors';

/** https://www.sqlite.org/fileformat2.html#walformat, section 4.1: sizes in bytes, words big-endian but for checksums. */
const headerBytes = 32;
const frameHeaderBytes = 24;
const littleEndianMagic = 0x377f0682;
const bigEndianMagic = 0x377f0683;

/**
 * Whether SQLite will pass over transactions in the log of a closed database: it reads up to the first frame that is damaged and
 * takes what follows for never written. A process that is killed leaves frames without a commit at the end, or half a frame with one,
 * and after them frames of earlier rounds, under other salts; none is damage. So damage that hits the last commit alone is not seen.
 * @throws where the log is there and cannot be read
 */
export function losesCommits(path: string): boolean {
  const log = readLog(path);
  if (log === undefined || log.length < headerBytes) return false;
  const magic = log.readUInt32BE(0);
  const sum = checksums(magic === littleEndianMagic);
  let expected = sum(log.subarray(0, 24), [0, 0]);
  if ((magic !== littleEndianMagic && magic !== bigEndianMagic) || !isSumAt(log, 24, expected)) return true;
  const frameBytes = frameHeaderBytes + log.readUInt32BE(8);
  const salts = log.subarray(16, 24);
  let sound = true;
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    const frame = log.subarray(at, at + frameBytes);
    const isOfThisRound = frame.subarray(8, 16).equals(salts);
    const isCommit = frame.readUInt32BE(4) !== 0;
    if (!sound && isOfThisRound && isCommit) return true;
    if (!sound) continue;
    expected = sum(frame.subarray(frameHeaderBytes), sum(frame.subarray(0, 8), expected));
    sound = isOfThisRound && isSumAt(frame, 16, expected);
  }
  return false;
}

type Sum = readonly [number, number];

function isSumAt(bytes: Buffer, at: number, [first, second]: Sum): boolean {
  return bytes.readUInt32BE(at) === first && bytes.readUInt32BE(at + 4) === second;
}

/** Section 4.2. */
function checksums(isLittleEndian: boolean) {
  return (bytes: Buffer, [first, second]: Sum): Sum => {
    let [s0, s1] = [first, second];
    const word = (at: number): number => (isLittleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
    for (let at = 0; at < bytes.length; at += 8) {
      s0 = (s0 + word(at) + s1) >>> 0;
      s1 = (s1 + word(at + 4) + s0) >>> 0;
    }
    return [s0, s1];
  };
}

function readLog(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
