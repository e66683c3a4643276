const [headerBytes, frameBytes] = [32, 24 + 1024];

/**
 * Where the frame of an outbox's log begins that ends its last transaction; damage to this one alone cannot be told from a kill in the middle of
 * writing it. Undefined where the log has none.
 */
export function lastCommit(log: Buffer): number | undefined {
  let last: number | undefined;
  for (let at = headerBytes; at + frameBytes <= log.length; at += frameBytes) {
    if (!log.subarray(at + 8, at + 16).equals(log.subarray(16, 24))) break;
    if (log.readUInt32BE(at + 4) !== 0) last = at;
  }
  return last;
}
