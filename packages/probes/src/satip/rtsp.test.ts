import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAnswer } from './rtsp.ts';

const whole = 'RTSP/1.0 200 OK\r\nCSeq: 1\r\nserver: minisatip/1.3\r\nCONTENT-LENGTH: 5\r\n\r\nv=0\r\n';

describe('an answer of an RTSP server', () => {
  it('is read when it is whole, and not before', () => {
    const answer = { status: 200, server: 'minisatip/1.3', body: 'v=0\r\n' };
    for (let length = 0; length < whole.length; length += 1)
      expect(readAnswer(whole.slice(0, length), false)).toBeUndefined();
    expect(readAnswer(whole, false)).toEqual(answer);
    expect(readAnswer(`${whole}more`, false)).toEqual(answer);
  });

  it('without a length goes on to the end of the connection; an error has no more to say', () => {
    const open = 'RTSP/1.0 200 OK\n\nv=0';
    expect(readAnswer(open, false)).toBeUndefined();
    expect(readAnswer(open, true)).toMatchObject({ status: 200, body: 'v=0' });
    expect(readAnswer('RTSP/1.0 404 Not Found\r\nCSeq: 1\r\n\r\n', false)).toMatchObject({ status: 404 });
  });

  it.each([
    ['not RTSP', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ['not RTSP', 'SSH-2.0-OpenSSH_9.2'],
    ['not RTSP', 'RTSP/1.0 twenty\r\n\r\n'],
    ['not a Content-Length', 'RTSP/1.0 200 OK\r\nContent-Length: -5\r\n\r\n'],
    ['more than 64 KiB', 'RTSP/1.0 200 OK\r\nContent-Length: 999999999\r\n\r\n'],
    ['more than 64 KiB', `RTSP/1.0 200 OK\r\n\r\n${'v'.repeat(65_537)}`],
    ['a head without an end', `RTSP/1.0 200 OK\r\n${'X: y\r\n'.repeat(2000)}`],
  ])('that goes wrong is given up at once: %s', (problem, received) => {
    expect(readAnswer(received, false)).toEqual({ problem });
  });

  it('may be anything', () => {
    const line = fc.constantFrom('RTSP/1.0 200 OK', 'Content-Length: 3', '\r\n', '\n', ':', 'Server: x');
    fc.assert(
      fc.property(fc.array(fc.oneof(line, fc.string({ unit: 'binary' }))), fc.boolean(), (parts, ended) => {
        const answer = readAnswer(parts.join(''), ended);
        if (answer !== undefined && 'status' in answer) expect(answer.status).toBe(200);
      }),
    );
  });
});
