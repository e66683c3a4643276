import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ledgerOf } from '../services/api.ts';
import { eventually } from '../services/eventually.ts';
import { dataFolder, startTestHub, type TestHub } from '../services/tongtang.ts';
import { HandMadeAgent } from '../wire/hand-made-agent.ts';

/**
 * What strangers and stolen identities may do to a hub: nothing. Each attack is refused and counted, and an honest
 * agent beside it keeps its connection and has every batch committed.
 */

const data = dataFolder();
let hub: TestHub;
let honest: HandMadeAgent;
let other: HandMadeAgent;
let sent = 0;

beforeAll(async () => {
  hub = await startTestHub(data.path);
  honest = await HandMadeAgent.enrol(hub);
  other = await HandMadeAgent.enrol(hub);
});
afterAll(async () => {
  honest.end();
  await hub.process().stop();
  data.remove();
});
beforeEach(async () => {
  honest.end();
  await honest.connect();
});

describe('an honest agent is not disturbed by', () => {
  it('whoever tries passwords', async () => {
    await besideHonestWork('credentials', () =>
      inParallel(50, () => other.isRefused({ password: Buffer.from('guessed') })),
    );
  });

  it('whoever takes the name of another agent with the password of his own', async () => {
    await besideHonestWork('credentials', () =>
      inParallel(50, () => other.isRefused({ clientId: honest.id, username: honest.id })),
    );
  });

  it("an agent that writes another's topics", async () => {
    await besideHonestWork('publish', async () => {
      for (let round = 0; round < 20; round += 1) {
        await other.connect();
        const gone = other.closed();
        other.client.publish(honest.topic('telemetry'), 'not his', { qos: 1 });
        await gone;
      }
    });
  });

  it('payloads of 10 MB', async () => {
    await besideHonestWork('size', async () => {
      for (let round = 0; round < 20; round += 1) {
        await other.connect();
        const gone = other.closed();
        other.client.on('error', () => {});
        other.client.publish(other.topic('telemetry'), Buffer.alloc(10_000_000), { qos: 1 });
        await gone;
      }
    });
  });

  it('a flood of a million topics', async () => {
    await besideHonestWork('publish', async () => {
      const topics = 1_000_000;
      const perConnection = 20_000;
      for (let first = 0; first < topics; first += perConnection) {
        await other.connect();
        const gone = other.closed();
        other.client.on('error', () => {});
        for (let topic = first; topic < first + perConnection; topic += 1)
          other.client.publish(`${other.topic('telemetry')}/${topic}`, '');
        await gone;
      }
    });
    expect((await ledgerOf(hub, other.id)).outboxes).toEqual([]);
  }, 120_000);

  it('an agent that sends without a pause', async () => {
    await besideHonestWork('rate', async () => {
      await other.connect();
      const gone = other.closed();
      other.client.on('error', () => {});
      for (let round = 0; round < 5000; round += 1) other.client.publish(other.topic('telemetry'), 'x');
      await gone;
    });
  });

  it('slow lorises: half a CONNECT, a byte at a time', async () => {
    const { mqttPort } = honest;
    await besideHonestWork('connect-timeout', () =>
      inParallel(300, async () => {
        const socket = await connected(mqttPort);
        // CONNECT with a length of 100 bytes, of which one comes each second.
        socket.write(Buffer.from([0x10, 100]));
        await trickle(socket, Buffer.from([0x00]));
      }),
    );
  }, 60_000);

  it('slow lorises: an HTTP request that never ends', async () => {
    const { port } = new URL(hub.url);
    const sockets = await Promise.all(Array.from({ length: 300 }, () => connected(Number(port))));
    for (const socket of sockets) socket.write('GET /api/v1/agents HTTP/1.1\r\nHost: hub\r\nX-Slow: ');
    await besideHonestWork(undefined, async () => {
      for (let round = 0; round < 20; round += 1) {
        expect((await fetch(`${hub.url}/healthz`, { signal: AbortSignal.timeout(5000) })).status).toBe(200);
        for (const socket of sockets) socket.write('x');
      }
    });
    for (const socket of sockets) socket.destroy();
  });
});

/** Runs an attack while the honest agent works, and sees to it that the refusal is counted and the work is whole. */
async function besideHonestWork(reason: string | undefined, attack: () => Promise<unknown>): Promise<void> {
  const before = reason === undefined ? 0 : await refusals(reason);
  let disturbed = false;
  honest.client.once('close', () => {
    disturbed = true;
  });
  let attacking = true;
  const attacked = attack().finally(() => {
    attacking = false;
  });
  const first = sent + 1;
  do {
    sent += 1;
    const time = Math.floor(Date.now() / 1000) - 3000 + sent;
    await honest.sendLines(
      [`dns,link=lan,target=resolver ok=true,answers=${sent}i ${time}`],
      'h0nest00',
      sent,
    );
    expect((await honest.next('commit')).document).toMatchObject({ ranges: [[sent, sent]] });
  } while (attacking);
  await attacked;
  expect(disturbed).toBe(false);
  const { outboxes } = await ledgerOf(hub, honest.id);
  expect(outboxes).toMatchObject([{ received: [[1, sent]], missing: [] }]);
  expect(sent).toBeGreaterThanOrEqual(first);
  if (reason !== undefined)
    await eventually('the refusal is counted', async () =>
      (await refusals(reason)) > before ? true : undefined,
    );
}

/** What the hub counted, as Prometheus reads it. */
async function refusals(reason: string): Promise<number> {
  const text = await (await fetch(`${hub.url}/metrics`)).text();
  const line = new RegExp(`^tongtang_broker_refusals_total\\{reason="${reason}"\\} (\\d+)$`, 'm').exec(text);
  return Number(line?.[1] ?? 0);
}

async function inParallel(times: number, act: () => Promise<unknown>): Promise<void> {
  await Promise.all(Array.from({ length: times }, act));
}

async function connected(port: number): Promise<Socket> {
  const socket = connectTcp(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Writes the same byte each second until the far end has had enough. */
async function trickle(socket: Socket, byte: Buffer): Promise<void> {
  const timer = setInterval(() => socket.write(byte), 1000);
  // It may be reset, which is an end like any other.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
}
