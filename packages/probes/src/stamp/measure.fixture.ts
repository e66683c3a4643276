import { sessionMetrics } from './metrics.ts';
import { runSession } from './sender.ts';

/** A program: measures the reflector on the port given, from a process of its own, and prints what it found. */
const { sent, replies } = await runSession('127.0.0.1', Number(process.argv[2]), AbortSignal.timeout(9000));
process.stdout.write(JSON.stringify(sessionMetrics(sent, replies)));
