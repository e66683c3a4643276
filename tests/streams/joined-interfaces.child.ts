import { readFileSync } from 'node:fs';
import { Receiver } from '@tongtang/probes/mpegts/receiver';
import { parseSource } from '@tongtang/probes/mpegts/source';
import { messageOf } from '@tongtang/runtime/errors';

/** Listens to a stream and prints, as JSON, on which interfaces the kernel has joined its group, or what went wrong. */

const source = parseSource(process.argv[2] ?? '');
if ('problem' in source || source.kind !== 'socket') throw new Error('no address of a stream');

/** /proc/net/igmp: an interface a line, below it its groups, as the kernel's words of memory print them. */
function interfacesOf(group: string): string[] {
  const word = group
    .split('.')
    .toReversed()
    .map((part) => Number(part).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
  let name = '';
  return readFileSync('/proc/net/igmp', 'utf8')
    .split('\n')
    .flatMap((line) => {
      name = /^\d+\s+(\S+)/.exec(line)?.[1] ?? name;
      return line.trim().startsWith(word) ? [name] : [];
    });
}

let printed: unknown;
try {
  const receiver = await Receiver.open(source, () => performance.now());
  printed = interfacesOf(source.host);
  receiver.close();
} catch (error) {
  printed = messageOf(error);
}
process.stdout.write(JSON.stringify(printed));
