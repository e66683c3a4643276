import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningMailServer, startMailServer } from '../../../../tests/services/chasquid.ts';
import { eventually } from '../../../../tests/services/eventually.ts';
import type { Message } from '../channel.ts';
import { mail } from './mail.ts';

let server: RunningMailServer;
beforeAll(async () => {
  server = await startMailServer();
});
afterAll(() => server.stop());

const message: Message = {
  id: 'tongtang-1',
  title: '【同堂】八宝小学 天网中断，影响 2 节课',
  body: '受影响：三(2)班 10:20 数学\n先查：1. 高频头供电',
  link: 'https://tongtang.example/schools/qilian/babao',
  callFor: [{ key: 'li', name: '李师傅', mail: 'li@school.example' }],
  notices: [],
};

function send(change: Readonly<Record<string, unknown>> = {}, said: Partial<Message> = {}) {
  const settings = {
    kind: 'mail',
    host: 'localhost',
    port: server.submissionPort,
    security: 'starttls',
    user: server.user,
    password: server.password,
    ca: server.ca,
    from: server.user,
    to: ['zhang@school.example'],
    ...change,
  };
  const given = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
  const opened = mail.open('mailbox', given);
  if (!opened.ok) throw new Error(opened.problems.join());
  return opened.value.send({ ...message, ...said }, Date.now());
}

const mailWith = (id: string) =>
  eventually(
    `mails ${id}`,
    async () => {
      const found = server.delivered().filter((each) => each.includes(`<${id}@school.example>`));
      return found.length === 2 ? found : undefined;
    },
    20_000,
  );

describe('mail', () => {
  it.each([
    ['starttls', () => server.submissionPort],
    ['tls', () => server.tlsPort],
  ] as const)(
    'reaches a real server by %s and password: the mailbox, and whoever is on duty',
    async (security, port) => {
      const id = `tongtang-${security}`;
      expect(await send({ security, port: port() }, { id })).toEqual({ ok: true });
      const [one = ''] = await mailWith(id);
      const subject = [...one.matchAll(/=\?UTF-8\?B\?([^?]+)\?=/g)].map(([, part = '']) =>
        Buffer.from(part, 'base64').toString('utf8'),
      );
      expect(subject.join('')).toContain(message.title);
      expect(one).toMatch(/^To: zhang@school.example, li@school.example/m);
      expect(one).toMatch(/^Auto-Submitted: auto-generated/m);
      expect(bodyOf(one)).toBe(`${message.body}\n\n${message.link}\n`);
    },
  );

  it('with a wrong password is broken, and the password is not told', async () => {
    const outcome = await send({ password: 'a wrong one' });
    expect(outcome).toMatchObject({ ok: false, reason: 'broken' });
    expect(JSON.stringify(outcome)).not.toMatch(/wrong one|YSB3cm9uZyBvbmU/);
  });

  it('to nobody whom the server knows is refused', async () => {
    expect(await send({ to: ['nobody@school.example'] }, { callFor: [] })).toMatchObject({
      ok: false,
      reason: 'refused',
    });
  });

  it('that some did not get is delivered, and names them as the notify file does, by no address', async () => {
    const id = 'tongtang-some';
    const callFor = [...message.callFor, { key: 'wang', name: '王师傅', mail: 'wang@school.example' }];
    const to = ['zhang@school.example', 'Nobody@School.example'];
    expect(await send({ to }, { id, callFor })).toEqual({
      ok: true,
      note: 'not taken for to[1] (550 5.1.1), people.wang (550 5.1.1)',
    });
    await mailWith(id);
  });

  it('does not go to a server whose certificate is of nobody known', async () => {
    expect(await send({ ca: undefined })).toMatchObject({
      ok: false,
      reason: 'unreachable',
    });
  });

  it('waits for a server that is not there', async () => {
    expect(await send({ port: 1 })).toMatchObject({ ok: false, reason: 'unreachable' });
  });

  it('is broken where the file of the authority is not there', async () => {
    expect(await send({ ca: '/nowhere.pem' })).toMatchObject({ ok: false, reason: 'broken' });
  });

  it('takes no header from a name', async () => {
    const id = 'tongtang-header';
    expect(await send({}, { id, title: 'a\r\nBcc: thief@school.example' })).toEqual({ ok: true });
    const [one = ''] = await mailWith(id);
    expect(one).not.toMatch(/^Bcc:/m);
  });
});

/** The text of a mail, which is quoted-printable (RFC 2045, 6.7). */
function bodyOf(mail: string): string {
  const [, body = ''] = mail.replaceAll('\r\n', '\n').split(/\n\n(.*)/s);
  const bytes = body
    .replaceAll(/=\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
