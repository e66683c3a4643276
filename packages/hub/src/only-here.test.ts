import { expect, it } from 'vitest';
import { onlyHere } from './only-here.ts';

const loopback = { host: '127.0.0.1', port: 1 };
const everywhere = { host: '0.0.0.0', port: 1 };

it.each([
  ['a new hub', 'localhost', { mqtt: loopback, stamp: loopback }, ['http', 'mqtt', 'stamp']],
  ['a console for others, and no more', '192.0.2.10', { mqtt: loopback, stamp: loopback }, ['mqtt', 'stamp']],
  ['all for others', '192.0.2.10', { mqtt: everywhere, stamp: everywhere }, []],
  [
    'behind a proxy',
    'hub.example',
    { mqtt: loopback, stamp: everywhere, agentBroker: 'mqtts://hub.example' },
    [],
  ],
  [
    'an external broker',
    'hub.example',
    { mqtt: loopback, stamp: everywhere, broker: 'mqtt://h:p@[::1]:1' },
    ['agentBroker'],
  ],
])('%s: which settings keep other machines away', (_, http, settings, kept) => {
  expect(onlyHere(http, settings)).toEqual(kept);
});
