import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { ranAgainst } from './components.ts';

/** What a classroom sees: pictures and sound, at a constant rate with filling. Bits a second. */
export const lessonRate = 3_000_000;

/**
 * Encodes so many seconds of a test picture with a tone into a file, as a lesson is sent.
 * @throws where FFmpeg is not installed
 */
export function encodeLesson(file: string, seconds: number, rate = lessonRate): void {
  const quiet = ['-hide_banner', '-loglevel', 'error', '-y'];
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=25'];
  const sound = ['-f', 'lavfi', '-i', 'sine=frequency=440'];
  const pictures = Math.round((rate * 2) / 3);
  const constant = ['-b:v', `${pictures}`, '-minrate', `${pictures}`, '-maxrate', `${pictures}`];
  const video = ['-c:v', 'mpeg2video', ...constant, '-bufsize', `${pictures / 4}`, '-g', '12', '-bf', '2'];
  const audio = ['-c:a', 'mp2', '-b:a', '128k'];
  const stream = ['-f', 'mpegts', '-muxrate', `${rate}`];
  execFileSync('ffmpeg', [
    ...quiet,
    ...picture,
    ...sound,
    '-t',
    `${seconds}`,
    ...video,
    ...audio,
    ...stream,
    file,
  ]);
  noteVersion();
}

/** Encodes some seconds of so many programmes of sound into a file. */
export function encodeProgrammes(file: string, count: number): void {
  const each = Array.from({ length: count }, (_, index) => index);
  execFileSync('ffmpeg', [
    ...['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', 'sine=frequency=440', '-t', '3'],
    ...each.flatMap(() => ['-map', '0:a']),
    ...each.flatMap((index) => ['-program', `title=p${index}:st=${index}`]),
    ...['-c:a', 'mp2', '-ac', '1', '-b:a', '32k', '-f', 'mpegts', file],
  ]);
  noteVersion();
}

function noteVersion(): void {
  const printed = execFileSync('ffmpeg', ['-version'], { encoding: 'utf8' });
  ranAgainst(`FFmpeg ${/version (\S+)/.exec(printed)?.[1] ?? ''}`);
}

/**
 * Sends a file to a multicast group on loopback, as fast as it plays.
 * @param url of `udp:` or `rtp:`, without options
 * @param changes options of FFmpeg for the stream that is sent
 * @returns resolves when all of it is sent; rejects with what FFmpeg says
 */
export async function sendLesson(file: string, url: string, changes: readonly string[] = []): Promise<void> {
  const rtp = url.startsWith('rtp:');
  const format = rtp ? ['-f', 'rtp_mpegts'] : ['-f', 'mpegts', '-muxrate', `${lessonRate}`];
  const place = `${url}?localaddr=127.0.0.1&ttl=0&pkt_size=${rtp ? 1328 : 1316}`;
  const words = [
    '-hide_banner',
    '-loglevel',
    'error',
    '-re',
    '-i',
    file,
    '-c',
    'copy',
    ...format,
    ...changes,
    place,
  ];
  const child = spawn('ffmpeg', words, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += String(chunk);
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`ffmpeg ends with ${code}: ${said}`);
}
