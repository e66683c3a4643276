import { type Logger, pino } from 'pino';
import { timestamp } from './timestamp.ts';

/** A component's log; children carry the component and its ids. */
export type Log = Logger;

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Keys whose values never reach a log, wherever a structured entry carries them. */
const secrets = ['password', 'token', 'code', 'authorization', 'cookie'];

/** JSON lines on standard error, for journald and for files. */
export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${timestamp(Date.now())}"`,
      redact: { paths: secrets.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[secret]' },
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
