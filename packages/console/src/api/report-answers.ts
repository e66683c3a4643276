import type { Text } from './answers.ts';

/** What the hub answers of reports; see `answers.ts`. All times are hub time in seconds. */

/** Two whole numbers; nothing is known where `of` is 0. */
export type Share = Readonly<{ part: number; of: number }>;

export type ScopeKind = 'county' | 'cluster' | 'school';
export type Scope = Readonly<{ kind: ScopeKind; id: string; name: Text }>;
export type ReportPeriod = Readonly<{
  kind: 'month' | 'term' | 'range';
  /** `2026-11-01` */
  from: string;
  to: string;
  title: Text;
}>;
/** `awaiting`: somebody has to approve it; `replaced`: it was never handed out, because a newer one came. */
export type RevisionState = 'awaiting' | 'issued' | 'withdrawn' | 'replaced';
export type Reason = 'asked' | 'scheduled' | 'late-data';

/** A report by what its newest revision says. */
export type ReportHead = Readonly<{
  id: string;
  county: string;
  scope: Scope;
  period: ReportPeriod;
  objective: Share;
  title: Text;
  state: RevisionState;
  newest: number;
  /** What people hold: the newest that was handed out and not withdrawn. */
  current?: number;
  madeAt: number;
  madeBy: string;
  why: Reason;
  figures: Readonly<{
    availability: Share;
    coverage: Share;
    schools: Share;
    classes: Share;
    platforms: Share;
  }>;
}>;

export type Job = Readonly<{
  id: string;
  county: string;
  title: Text;
  askedBy: string;
  askedAt: number;
  state: 'waiting' | 'working' | 'done' | 'failed' | 'cancelled';
  progress?: Readonly<{ day: string; done: number; of: number }>;
  /** Of one that is done. */
  report?: string;
  revision?: number;
  /** `unchanged`: it says what that revision says already. */
  outcome?: 'issued' | 'awaiting' | 'unchanged';
  error?: string;
}>;
/** `more`: there are older ones. */
export type ReportList = Readonly<{
  reports: readonly ReportHead[];
  more: boolean;
  jobs: readonly Job[];
}>;

/** A figure as it is printed; absent where nothing is known. */
export type Figure = Readonly<{ title: Text; value?: string; share?: Share; unit: Text }>;

export type Letter = Readonly<{
  to: string;
  at: number;
  /** `awaiting`: asks somebody to approve it. */
  kind: 'awaiting' | 'issued' | 'revised' | 'withdrawn' | 'sent';
  /** `needless`: what it asks for was decided before, so it was not sent. */
  state: 'waiting' | 'sent' | 'failed' | 'needless';
  why?: Text;
}>;
export type Deed = Readonly<{
  at: number;
  by: string;
  what: 'made' | 'approved' | 'withdrawn' | 'replaced' | 'sent';
  note?: string;
}>;
export type Revision = Readonly<{
  number: number;
  state: RevisionState;
  why: Reason;
  madeAt: number;
  madeBy: string;
  fingerprint: string;
  /** Figures that differ from the revision before. */
  changes: number;
  history: readonly Deed[];
  letters: readonly Letter[];
}>;
export type Completeness = Readonly<{
  school: Text;
  days: Share;
  agents: number;
  coverage: Share;
  unknownLessons: number;
}>;
export type Report = ReportHead &
  Readonly<{
    /** Which one the following is of. */
    revision: number;
    summary: readonly Figure[];
    completeness: readonly Completeness[];
    inputs: readonly Readonly<{ title: Text; value: Text }>[];
    isSimulated: boolean;
    fingerprint: string;
    /** The newest first. */
    revisions: readonly Revision[];
    /** What does not work, and what to do. */
    problems: readonly Text[];
  }>;

export type Change = Readonly<{
  table: Text;
  row: Text;
  /** Absent of a whole row. */
  column?: Text;
  before?: Text;
  after?: Text;
  kind: 'changed' | 'added' | 'removed';
}>;
export type Changes = Readonly<{
  from: number;
  to: number;
  changes: readonly Change[];
  /** So many are left out. */
  more: number;
}>;

/** What a report can be about. */
export type ReportPeriods = Readonly<{
  terms: readonly Readonly<{ name: string; from: string; to: string }>[];
  /** In hundredths of a per cent. */
  objective: number;
}>;

export type ScheduleEntry = Readonly<{
  on: boolean;
  scope: Readonly<{ kind: ScopeKind; id: string }>;
  /** In hundredths of a per cent. */
  objective: number;
  language: 'zh' | 'en';
  recipients: readonly string[];
  /** Of every report of the county. */
  approval: boolean;
  /** Who is told by mail that one waits for it. */
  approvers: readonly string[];
}>;
export type Schedule = ScheduleEntry &
  Readonly<{
    next?: Readonly<{ month: string; date: string; at: number }>;
    /** `nothing`: the month had no lesson. */
    last?: Readonly<{
      month: string;
      at: number;
      report?: string;
      outcome: 'issued' | 'awaiting' | 'unchanged' | 'nothing';
    }>;
    /** What became of the newest letter for trying. */
    trial?: Pick<Letter, 'to' | 'at' | 'state' | 'why'>;
    problems: readonly Text[];
  }>;
