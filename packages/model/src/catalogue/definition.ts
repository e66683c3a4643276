import type { Text } from '../text.ts';

/** Units as UCUM-like short forms; `1` is a ratio from 0 to 1, a plain count or a rating. */
export type Unit =
  | 'ns'
  | 'ms'
  | 's'
  | 'd'
  | 'bit/s'
  | 'bytes'
  | 'packets'
  | 'dB'
  | 'dBm'
  | 'Hz'
  | 'Bd'
  | '1'
  | '';

export type FieldType = 'float' | 'integer' | 'boolean' | 'string';

export type FieldDefinition = Readonly<{
  type: FieldType;
  /** Empty for texts and yes/no. */
  unit: Unit;
  title: Text;
  description: Text;
  /** It tells what happened since the reading before, so over a longer time its values are added up; else it is a state. */
  addsUp?: true;
  /** What the value must stay above, the strictest first. */
  limits?: readonly Limit[];
}>;

/** Below it something begins to suffer. */
export type Limit = Readonly<{ below: number; title: Text }>;

/**
 * Tags that a probe may set. Few values each: a tag makes a series.
 * `link` is the link the sample speaks of, `target` the id of the far end, `interface` a network interface.
 */
export type TagName = 'link' | 'target' | 'interface';

export type MeasurementDefinition = Readonly<{
  title: Text;
  description: Text;
  tags: readonly TagName[];
  fields: Readonly<Record<string, FieldDefinition>>;
}>;

/** Shorthand for entries of the catalogue. */
export function field(
  type: FieldType,
  unit: Unit,
  zh: string,
  en: string,
  zhMore: string,
  enMore: string,
): FieldDefinition {
  return { type, unit, title: { zh, en }, description: { zh: zhMore, en: enMore } };
}

/** The same for what happened since the reading before: counts, and lengths of time. */
export function tally(...entry: Parameters<typeof field>): FieldDefinition {
  return { ...field(...entry), addsUp: true };
}

/** What every probe run records, whether it succeeded or not. */
export const outcomeFields = {
  ok: field(
    'boolean',
    '',
    '成功',
    'Success',
    '本次探测是否成功',
    'Whether the run reached its target and got an answer',
  ),
  duration_ms: field('float', 'ms', '探测耗时', 'Duration', '本次探测用时', 'How long the run took'),
  failure: field(
    'string',
    '',
    '失败来源',
    'Failure source',
    '失败出在哪一侧：agent 本机、resolver 域名解析、path 路径、target 目标',
    'Which side failed: agent, resolver, path or target. Absent on success',
  ),
  error: field(
    'string',
    '',
    '失败原因',
    'Error',
    '失败原因的简短说明',
    'Why it failed, in a few words. Absent on success',
  ),
} as const;
