/**
 * The status strings in a session description (SDP, RFC 8866) of a SAT>IP server. Streams that are `inactive` are left out:
 * a server may write there what its tuner would like to have, minisatip for one full level and quality.
 */
export function activeStatuses(description: string): string[] {
  return description
    .split(/^m=/m)
    .filter((stream) => !/^a=inactive\s*$/m.test(stream))
    .flatMap((stream) => [...stream.matchAll(/^a=fmtp:33[ \t]+(\S.*)$/gm)])
    .map(([, status = '']) => status.trim());
}
