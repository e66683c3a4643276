/**
 * What the hub answers, as its OpenAPI document (`/openapi.json`) says it. The hub checks what it sends against the same
 * schemas and serves this page itself, so page and hub are always of one version.
 */

export type Language = 'zh' | 'en';
export type Text = Readonly<Record<Language, string>>;

/** Something of the inventory. */
export type Named = Readonly<{ id: string; name: Text }>;

/** What is measured besides gateway, resolver and hub. */
export type Target = Named & Readonly<{ probe: string }>;

export type Role = 'admin' | 'technician' | 'bureau';
export type Me = Readonly<{ user: string; role: Role; hasPassword?: boolean }>;

/** What is known before anybody is signed in. `simulated`: nobody measured what is shown. */
export type About = Readonly<{ simulated: boolean }>;

export type LinkKind = 'lan' | 'broadband' | 'satellite' | 'stream' | 'platform';
export type LinkState = 'good' | 'degraded' | 'down' | 'unknown';
/** What an agent runs beside. */
export const agentKinds = ['classroom', 'receiver'] as const;
export type AgentKind = (typeof agentKinds)[number];
export type AgentState = 'online' | 'stopping' | 'offline' | 'asleep' | 'silent';

export type Place = Readonly<{
  county: string;
  cluster?: string;
  school: string;
  classroom: string;
  agent: string;
}>;

/** All times are hub time in seconds. */
export type LinkPresent = Readonly<{ link: LinkKind; state: LinkState; since: number; measuredAt?: number }>;

export type AgentPresent = Readonly<{
  id: string;
  place: Place;
  state: AgentState;
  lastSeen?: number;
  version?: string;
  links: readonly LinkPresent[];
  backlog?: number;
}>;

/** A lesson's time of day in the county's time zone, as `08:30`. */
export type Period = Readonly<{ n: number; start: string; end: string }>;

export type Classroom = Readonly<{
  id: string;
  name: Text;
  classes: readonly Named[];
  agents: readonly string[];
}>;
export type School = Readonly<{
  id: string;
  name: Text;
  cluster?: string;
  level?: 'senior' | 'junior' | 'primary';
  mode?: 'live' | 'recorded' | 'embedded';
  classrooms: readonly Classroom[];
  /** Ids of receivers that nobody measures: no agent of the school stands beside one. */
  unmeasuredTargets: readonly string[];
}>;
export type County = Readonly<{
  id: string;
  name: Text;
  timezone: string;
  periods: readonly Period[];
  clusters: readonly Named[];
  frontEndSchools: readonly Named[];
  providers: readonly Named[];
  platforms: readonly Named[];
  targets: readonly Target[];
  schools: readonly School[];
}>;
export type Places = Readonly<{ counties: readonly County[] }>;

export type SunOutage = Readonly<{
  begin: number;
  peak: number;
  end: number;
  separationDeg: number;
  /** Periods that it touches, in seconds since 1970. */
  lessons: readonly Readonly<{ n: number; start: number; end: number }>[];
}>;
/** Of the season that is on, or comes next. */
export type SunOutages = Readonly<{
  /** Entries of the inventory without which nothing can be computed. */
  missing: readonly ('satellite' | 'lat' | 'lon')[];
  belowHorizon: boolean;
  /** What says when lessons are; absent where nothing does. */
  lessonsFrom?: 'timetable' | 'periods';
  dish?: Readonly<{ longitudeDeg: number; downlinkGHz: number; dishDiameterM: number; assumed?: boolean }>;
  outages: readonly SunOutage[];
}>;

export type Severity = 'info' | 'warning' | 'critical';
export type Confidence = 'low' | 'medium' | 'high';
export type IncidentState = 'open' | 'acknowledged' | 'resolved' | 'closed' | 'withdrawn' | 'joined';

export type LessonHit = Readonly<{
  school: string;
  class: string;
  classroom: string;
  subject?: string;
  start: number;
  end: number;
}>;

/** Where and why, and how sure that is. */
export type Found = Readonly<{ where: Text; why: Text; confidence: Confidence }>;

/** One cause, however many classrooms it shows in. */
export type IncidentSummary = Found &
  Readonly<{
    id: string;
    state: IncidentState;
    /** Without a school it is one of the county. */
    place: Readonly<{ county: string; school?: string; classroom?: string; provider?: string }>;
    severity: Severity;
    from: number;
    openedAt: number;
    /** Absent while it goes on. */
    to?: number;
    flapping: boolean;
    /** The earliest first. */
    lessons: readonly LessonHit[];
    /** That it shows in. */
    schools: readonly string[];
    rooms: number;
    acknowledgedBy?: string;
  }>;
export type IncidentList = Readonly<{ time: number; incidents: readonly IncidentSummary[] }>;

/** A condition of one machine, as a part of an incident. */
export type Evidence = Readonly<{
  title: Text;
  school: string;
  classroom: string;
  agent: string;
  target?: string;
  from: number;
  to?: number;
}>;
export type IncidentEvent = Readonly<{
  time: number;
  what:
    | 'opened'
    | 'acknowledged'
    | 'noted'
    | 'closed'
    | 'resolved'
    | 'reopened'
    | 'found'
    | 'corrected'
    | 'withdrawn'
    | 'joined';
  who?: string;
  text?: string;
  found?: Found;
  /** Id of the incident that it is a part of. */
  into?: string;
}>;
export type Incident = IncidentSummary &
  Readonly<{
    evidence: readonly Evidence[];
    history: readonly IncidentEvent[];
    checks: readonly Text[];
    saw: readonly Text[];
  }>;

/** Announced work. Weekdays count from Monday, 1; `at` and weekdays are of the county's time zone. */
export type WindowEntry = Readonly<{ note: string; school?: string }> &
  (
    | Readonly<{ kind: 'once'; start: number; end: number }>
    | Readonly<{ kind: 'weekly'; weekdays: readonly number[]; at: string; minutes: number }>
  );
/** `next`: the time that is on or comes next; absent where it is over. */
export type MaintenanceWindow = WindowEntry &
  Readonly<{ id: string; next?: Readonly<{ start: number; end: number }> }>;
export type Maintenance = Readonly<{
  time: number;
  timezone: string;
  windows: readonly MaintenanceWindow[];
}>;

/** Kinds of visits and activities, in the order of the county's "1234". */
export const visitKinds = ['first', 'inspection', 'research', 'service'] as const;
export type VisitKind = (typeof visitKinds)[number];
/** What is entered: it was held, on a day of the county's calendar (`2026-09-01`). */
export type VisitEntry = Readonly<{ school: string; date: string; kind: VisitKind; note: string }>;
export type Visit = VisitEntry &
  Readonly<{ id: string; enteredBy: string; enteredAt: number; changedBy?: string; changedAt?: number }>;
export type Visits = Readonly<{
  today: string;
  /** Kinds that whoever asks may enter, correct and remove. */
  mayEnter: readonly VisitKind[];
  /** The latest first. */
  visits: readonly Visit[];
}>;
export type KindCount = Readonly<{ done: number; target: number; missing: number }>;
/** What a kind is counted over, until a day; `goesOn`: the term or school year is longer. */
export type VisitSpan = KindCount &
  Readonly<{
    kind: VisitKind;
    of: 'term' | 'year';
    name: Text;
    from: string;
    to: string;
    goesOn: boolean;
    /** Target of one school. */
    each: number;
    /** Schools that have not met it. */
    lacking: number;
  }>;
export type VisitCounts = Readonly<{
  on: string;
  today: string;
  terms: readonly Readonly<{ name: string; from: string; to: string }>[];
  spans: readonly VisitSpan[];
  schools: readonly Readonly<{ school: string; kinds: Readonly<Record<VisitKind, KindCount>> }>[];
}>;
export type VisitImport =
  | Readonly<{ ok: true; rows: number; added: number }>
  | Readonly<{ ok: false; problems: readonly TimetableProblem[] }>;

export const readinessStates = ['ready', 'unknown', 'at-risk', 'not-ready'] as const;
/** Whether a class can have its lesson, the best first. */
export type ReadinessState = (typeof readinessStates)[number];
export type ReadinessItem =
  | 'pc'
  | 'clock'
  | 'disk'
  | 'files'
  | 'lan'
  | 'broadband'
  | 'satellite'
  | 'stream'
  | 'platform'
  | 'incident'
  | 'sun-outage'
  | 'maintenance';
export type Readiness = Readonly<{
  state: ReadinessState;
  at: number;
  /** The worst first. */
  checks: readonly Readonly<{
    item: ReadinessItem;
    state: ReadinessState;
    why: Text;
    todo?: Text;
    /** Id of the incident. */
    incident?: string;
  }>[];
}>;
/** One class, one period, one day. */
export type Lesson = Readonly<{
  school: string;
  class: string;
  classroom: string;
  period: number;
  /** Absent where no timetable says it. */
  subject?: string;
  mode: 'live' | 'recorded' | 'embedded';
  carrier: 'satellite' | 'broadband';
  frontEnd?: string;
  start: number;
  end: number;
  /** `periods`: no timetable says anything of the school. */
  origin: 'timetable' | 'swapped' | 'made-up' | 'periods';
  cancelled?: true;
  /** Absent before its first check. */
  readiness?: Readiness;
  /** Absent until its minutes are known. */
  outcome?: Outcome;
}>;
export const outcomeStates = ['delivered', 'not-held', 'unknown', 'degraded', 'lost'] as const;
/** What became of a lesson. */
export type OutcomeState = (typeof outcomeStates)[number];
export const minuteStates = ['good', 'degraded', 'down', 'off', 'asleep', 'unknown', 'excluded'] as const;
export type Outcome = Readonly<{
  state: OutcomeState;
  /** Together all minutes of the lesson. */
  minutes: Readonly<Record<(typeof minuteStates)[number], number>>;
  /** Minutes that were down, by what took them. */
  lost: readonly Readonly<{ why: Text; minutes: number; incident?: string }>[];
}>;
export type OutcomeOfLesson = Outcome & Pick<Lesson, 'school' | 'class' | 'start'>;
export type Outcomes = Readonly<{ outcomes: readonly OutcomeOfLesson[] }>;
export type Lessons = Readonly<{
  time: number;
  county: string;
  timezone: string;
  /** `2026-09-01` */
  date: string;
  /** Whether the county has one. */
  timetable: boolean;
  kind: 'ordinary' | 'holiday' | 'make-up' | 'exam' | 'half' | 'weekend' | 'between-terms';
  note?: string;
  lessons: readonly Lesson[];
}>;

/** One value a step; null where nothing was measured. */
export type LinkSpark = Readonly<{
  rtt_ms?: readonly (number | null)[];
  loss_ratio?: readonly (number | null)[];
}>;
export type Spark = Readonly<{
  from: number;
  step: number;
  count: number;
  agents: Readonly<Record<string, Readonly<Record<string, LinkSpark>>>>;
}>;
/** A damaged file; times in seconds. */
export type SetAside = Readonly<{ file: string; name: string; time: number }>;
export type Overview = Readonly<{
  time: number;
  /** Whether the hub believes the clock of its machine. */
  clockBelieved: boolean;
  /** False while the hub goes on by what it read last of its registry. */
  registryRead: boolean;
  /** Databases of the hub that were damaged, the newest first. */
  setAside: readonly SetAside[];
  agents: readonly AgentPresent[];
  spark: Spark;
}>;

export type FieldValue = number | boolean | string;
export type Tags = Readonly<Record<string, string>>;
export type Sample = Readonly<{
  measurement: string;
  tags: Tags;
  time: number;
  fields: Readonly<Record<string, FieldValue>>;
}>;

export type Series = Readonly<{
  times: readonly number[];
  series: readonly Readonly<{ tags: Tags; values: readonly (FieldValue | null)[] }>[];
}>;

export type Range = readonly [from: number, to: number];
export type Ledger = Readonly<{
  outboxes: readonly Readonly<{
    id: string;
    received: readonly Range[];
    /** Of lower numbers the hub knows only those in `received`. */
    unknownBefore: number;
    missing: readonly Range[];
    lost: readonly Range[];
    firstSeen: number;
    lastSeen: number;
  }>[];
  /** Outboxes that are not listed. */
  earlier: number;
}>;

export type FieldDefinition = Readonly<{
  type: 'float' | 'integer' | 'boolean' | 'string';
  unit: string;
  title: Text;
  description: Text;
  /** It tells what happened since the reading before. */
  addsUp?: true;
  /** What the value must stay above, the strictest first. */
  limits?: readonly Limit[];
}>;
export type Limit = Readonly<{ below: number; title: Text }>;
export type MeasurementDefinition = Readonly<{
  title: Text;
  description: Text;
  tags: readonly string[];
  fields: Readonly<Record<string, FieldDefinition>>;
}>;
export type Catalogue = Readonly<Record<string, MeasurementDefinition>>;

export type EnrolmentCode = Readonly<{
  code: string;
  expiresAt: number;
  command: string;
  /** Settings of the hub that keep other machines from it. */
  onlyHere: readonly string[];
}>;

export type TableName = 'terms' | 'bells' | 'days' | 'lessons' | 'changes';
export type TimetableSize = Readonly<{
  /** Absent where nobody has entered a timetable. */
  origin?: Readonly<{ importedAt: number; importedBy: string }>;
  entries: Readonly<Record<TableName, number>>;
  /** Lessons in the seven days from today. */
  comingWeek: number;
}>;
/** What is wrong with a file, and where. */
export type TimetableProblem = Readonly<{
  file?: string;
  sheet?: string;
  row?: number;
  column?: string;
  heading?: Text;
  text: Text;
}>;
export type TimetableImport =
  | (Pick<TimetableSize, 'entries' | 'comingWeek'> &
      Readonly<{ ok: true; tables: readonly TableName[]; changed: boolean }>)
  | Readonly<{ ok: false; problems: readonly TimetableProblem[] }>;
