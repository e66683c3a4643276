/** 1 January 1980, 00:00, as MS-DOS has it: the first that a ZIP can name. */
const [time, date] = [0, (1 << 5) | 1];

/** Signatures and places of fields: APPNOTE.TXT of PKWARE, 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end). */
const end = { signature: 0x06054b50, length: 22, entries: 10, directory: 16 } as const;
const central = { length: 46, time: 12, date: 14, name: 28, extra: 30, comment: 32, local: 42 } as const;
const local = { time: 10, date: 12 } as const;

/**
 * The same ZIP without the time at which it was made, so that the same content gives the same bytes.
 * @throws RangeError where it is none
 */
export function undated(zip: Uint8Array): Uint8Array {
  const bytes = zip.slice();
  const view = new DataView(bytes.buffer);
  let tail = bytes.length - end.length;
  while (view.getUint32(tail, true) !== end.signature) tail -= 1;
  let at = view.getUint32(tail + end.directory, true);
  for (let entry = 0; entry < view.getUint16(tail + end.entries, true); entry += 1) {
    const header = view.getUint32(at + central.local, true);
    view.setUint16(at + central.time, time, true);
    view.setUint16(at + central.date, date, true);
    view.setUint16(header + local.time, time, true);
    view.setUint16(header + local.date, date, true);
    at +=
      central.length +
      [central.name, central.extra, central.comment].reduce(
        (sum, field) => sum + view.getUint16(at + field, true),
        0,
      );
  }
  return bytes;
}
