import { definitionOf, type MeasurementName } from '@tongtang/model/catalogue';
import type { FieldDefinition } from '@tongtang/model/catalogue/definition';
import { roundRatio } from '@tongtang/model/ratio';
import type { Fields, FieldValue, Reading } from '@tongtang/model/sample';
import { messageOf } from '@tongtang/runtime/errors';
import type { Probe, ProbeContext, ProbeResult, ProbeTarget } from './probe.ts';

/** For a probe to end after its signal has aborted; one that does not is given up. */
const graceMs = 1000;
/** Errors are a few words; whatever else a system adds is not worth its bytes. */
const longestError = 80;

/**
 * Runs a probe once within its time budget and records the outcome: whether it succeeded, how long it took and, if it
 * failed, which side failed and why. Times are rounded to microseconds and ratios to what they are worth: finer digits
 * were not measured.
 *
 * Always resolves, with one reading. What the probe throws, an end of the agent and a probe that hangs are failures
 * with the source `agent`: no evidence about the link.
 */
export async function runProbe(probe: Probe, target: ProbeTarget, context: ProbeContext): Promise<Reading> {
  const start = context.monotonicMs();
  const result = await withinBudget(probe, target.address, context);
  const outcome = {
    ok: result.ok,
    duration_ms: context.monotonicMs() - start,
    ...(!result.ok && { failure: result.source, error: result.error.slice(0, longestError) }),
  };
  return {
    measurement: probe.measurement,
    tags: { link: target.link, target: target.target },
    fields: rounded(probe.measurement, { ...result.fields, ...outcome }),
  };
}

async function withinBudget(probe: Probe, address: string, context: ProbeContext): Promise<ProbeResult> {
  const stopped = context.signal;
  const ended = new AbortController();
  const hung = Promise.withResolvers<ProbeResult>();
  let grace: NodeJS.Timeout | undefined;
  const end = () => {
    ended.abort();
    grace ??= setTimeout(() => hung.resolve(agentFailure('probe did not end in time')), graceMs);
  };
  const budget = setTimeout(end, probe.budgetMs);
  stopped.addEventListener('abort', end, { once: true });
  if (stopped.aborted) end();
  try {
    // Liveness: the second promise settles at the latest one grace after the budget.
    const result = await Promise.race([
      run(probe, address, { ...context, signal: ended.signal }),
      hung.promise,
    ]);
    return stopped.aborted && !result.ok ? agentFailure('stopped') : result;
  } finally {
    clearTimeout(budget);
    clearTimeout(grace);
    stopped.removeEventListener('abort', end);
  }
}

async function run(probe: Probe, address: string, context: ProbeContext): Promise<ProbeResult> {
  try {
    return await probe.run(address, context);
  } catch (error) {
    context.log.error({ probe: probe.measurement, err: error }, 'probe failed by itself');
    return agentFailure(messageOf(error));
  }
}

function agentFailure(error: string): ProbeResult {
  return { ok: false, source: 'agent', error };
}

function rounded(measurement: MeasurementName, fields: Fields): Fields {
  const definitions = definitionOf(measurement).fields;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, roundValue(value, definitions[name])]),
  );
}

function roundValue(value: FieldValue, definition: FieldDefinition | undefined): FieldValue {
  if (typeof value !== 'number' || definition?.type !== 'float') return value;
  return definition.unit === '1' ? roundRatio(value) : Number(value.toFixed(3));
}
