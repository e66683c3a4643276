import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { joinedOn } from '@tongtang/probes/mpegts/joined-groups';
import { Receiver } from '@tongtang/probes/mpegts/receiver';
import { parseSource } from '@tongtang/probes/mpegts/source';

/**
 * Listens to a group on each of the interfaces that are named, and is a player at the same time, which plays from the last of
 * them. At each line on standard input it prints, as JSON, the fields of all its readings, and on which interfaces the group is
 * joined then; at `without player` the player has ended before.
 *
 *   node four-interfaces.child.ts <group> <port> <interface …> <interface of the player>
 */

const [group = '', port = '', ...names] = process.argv.slice(2);
const playerOn = names.pop() ?? '';

const player: Socket = createSocket({ type: 'udp4', reuseAddr: true });
player.bind({ port: Number(port), address: group, exclusive: true });
await once(player, 'listening');
player.addMembership(group, playerOn);

const receivers = await Promise.all(
  names.map((name) => {
    const source = parseSource(`udp://${group}:${port}?interface=${name}`);
    if ('problem' in source || source.kind !== 'socket') throw new Error('no address of a stream');
    return Receiver.open(source, () => performance.now());
  }),
);
process.stdout.write('ready\n');
for await (const line of createInterface(process.stdin)) {
  if (line === 'without player') player.close();
  const readings = receivers.map((receiver) => receiver.read().fields ?? {});
  process.stdout.write(`${JSON.stringify({ readings, joined: [...joinedOn(group).keys()] })}\n`);
}
process.exit();
