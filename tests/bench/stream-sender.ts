import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/**
 * Sends a file of MPEG-TS to several multicast groups on loopback again and again, each at its rate, until it is ended.
 *
 *   node stream-sender.ts <file> <bit/s> <port> <group …>
 */
const [, , file = '', rate = '', port = '', ...groups] = process.argv;
const datagramBytes = 1316;

const octets = readFileSync(file);
const each = Math.floor(octets.length / datagramBytes);
const socket = createSocket('udp4');
socket.bind(0);
await once(socket, 'listening');
socket.setMulticastInterface('127.0.0.1');
socket.setMulticastTTL(0);

const perMs = Number(rate) / 8 / datagramBytes / 1000;
const startMs = performance.now();
let sent = 0;
setInterval(() => {
  for (const due = (performance.now() - startMs) * perMs; sent < due; sent += 1) {
    const at = (sent % each) * datagramBytes;
    for (const group of groups) socket.send(octets.subarray(at, at + datagramBytes), Number(port), group);
  }
}, 2);
