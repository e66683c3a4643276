import type { AgentKind } from '@tongtang/model/agent-kind';
import type { ThresholdOverrides } from '@tongtang/model/condition-thresholds';

/** A machine that measures, and where it stands. */
export type SettledAgent = Readonly<{ id: string; kind: AgentKind; school: string; classroom: string }>;

export type SettledSchool = Readonly<{
  id: string;
  /** Whose line it has; schools without one count as of the same. */
  provider?: string;
  frontEnd?: string;
  thresholds?: ThresholdOverrides;
}>;

export type LessonTimes = readonly Readonly<{ school: string; start: number; end: number }>[];

/** One county, as far as causes are looked for in it. */
export type Topology = Readonly<{
  county: string;
  timezone: string;
  schools: readonly SettledSchool[];
  agents: readonly SettledAgent[];
  /**
   * When schools have lessons, from before the earliest time that is looked at. Hub time in seconds. Undefined where nobody has
   * said when there are any: then machines are wanted at all times.
   */
  lessons: LessonTimes | undefined;
  /** What was known of them before, and until when that counted; the oldest first. What is over is judged by what counted then. */
  formerLessons?: readonly Readonly<{ until: number; lessons: LessonTimes | undefined }>[];
  /** Predicted sun outages by school, in order. Hub time in seconds. */
  sunOutages: ReadonlyMap<string, readonly Readonly<{ begin: number; end: number }>[]>;
  /** How often agents report in lessons, and at other times, in seconds. */
  closeReportS: number;
  restReportS: number;
}>;
