/** `number` is a float to InfluxDB, so that no value is ever refused for being whole. */
type ConclusionType = 'text' | 'number' | 'flag';

type Definition = Readonly<{
  /** What tells two of them apart, together with the time. */
  tags: readonly string[];
  fields: Readonly<Record<string, ConclusionType>>;
}>;

/**
 * What a hub concludes, as far as it is written to InfluxDB for Grafana: what was measured is in the catalogue of metrics. All fields of
 * a point are always written, so that nothing of an earlier word is left when it is said anew. Texts for people end in `_zh` and
 * `_en`; times are ms since 1970 where a field, as Grafana wants them, and 0 where there is none yet.
 */
export const conclusions = {
  place: {
    tags: ['county', 'kind', 'cluster', 'school', 'classroom'],
    fields: { name_zh: 'text', name_en: 'text', label_zh: 'text', label_en: 'text' },
  },
  school_now: {
    tags: ['county', 'cluster', 'school'],
    fields: {
      name_zh: 'text',
      name_en: 'text',
      state: 'number',
      incidents: 'number',
      /** Whether the inventory says where it is. */
      mapped: 'flag',
      lat: 'number',
      lon: 'number',
    },
  },
  incident: {
    tags: ['county', 'id'],
    fields: {
      open: 'flag',
      state: 'text',
      severity: 'text',
      cause_zh: 'text',
      cause_en: 'text',
      place_zh: 'text',
      place_en: 'text',
      text_zh: 'text',
      text_en: 'text',
      end_ms: 'number',
      schools: 'number',
      lessons: 'number',
    },
  },
  incident_school: {
    tags: ['county', 'cluster', 'school', 'id'],
    fields: { open: 'flag', text_zh: 'text', text_en: 'text', end_ms: 'number' },
  },
  lesson: {
    tags: ['county', 'cluster', 'school', 'class'],
    fields: {
      school_zh: 'text',
      school_en: 'text',
      class_zh: 'text',
      class_en: 'text',
      classroom: 'text',
      period: 'number',
      subject: 'text',
      mode: 'text',
      end_ms: 'number',
      state: 'text',
      readiness: 'text',
      why_zh: 'text',
      why_en: 'text',
      todo_zh: 'text',
      todo_en: 'text',
      cause_zh: 'text',
      cause_en: 'text',
      incident: 'text',
      lost_minutes: 'number',
      up: 'number',
      known: 'number',
      scheduled: 'number',
    },
  },
  school_day: {
    tags: ['county', 'cluster', 'school'],
    fields: {
      name_zh: 'text',
      name_en: 'text',
      delivered: 'number',
      degraded: 'number',
      lost: 'number',
      not_held: 'number',
      unknown: 'number',
      lost_minutes: 'number',
      up: 'number',
      known: 'number',
      scheduled: 'number',
    },
  },
  link_day: {
    tags: ['county', 'cluster', 'school', 'link'],
    fields: {
      name_zh: 'text',
      name_en: 'text',
      lessons_up: 'number',
      lessons_known: 'number',
      lessons_scheduled: 'number',
      always_up: 'number',
      always_known: 'number',
      always_scheduled: 'number',
    },
  },
  announced: {
    tags: ['county', 'cluster', 'school', 'kind'],
    fields: {
      name_zh: 'text',
      name_en: 'text',
      text_zh: 'text',
      text_en: 'text',
      end_ms: 'number',
      lessons: 'number',
    },
  },
} as const satisfies Readonly<Record<string, Definition>>;

export type ConclusionName = keyof typeof conclusions;
type ValueOf<Type> = Type extends 'text' ? string : Type extends 'flag' ? boolean : number;

/** A thing that was concluded. The same measurement, tags and time are the same thing: what is said later stands. */
export type ConclusionOf<Name extends ConclusionName> = Readonly<{
  measurement: Name;
  tags: Readonly<Partial<Record<(typeof conclusions)[Name]['tags'][number], string>>>;
  /** Hub time in whole seconds. */
  time: number;
  fields: Readonly<{
    [Field in keyof (typeof conclusions)[Name]['fields']]: ValueOf<
      (typeof conclusions)[Name]['fields'][Field]
    >;
  }>;
}>;
export type Conclusion = { [Name in ConclusionName]: ConclusionOf<Name> }[ConclusionName];

/** Beside what is in the table each point says whether it was taken back: a lesson that was moved, an incident that was none. */
export const goneField = 'gone';

/** What `school_now` says in `state`: nobody measures there; no incident is open; one is; one that takes a lesson. */
export const schoolStates = { unmeasured: -1, fine: 0, trouble: 1, critical: 2 } as const;

/** What `announced` is about, its tag `kind`. */
export const announcedKinds = ['sun-outage', 'maintenance'] as const;
/** What a `place` is, its tag `kind`. */
export const placeKinds = ['county', 'cluster', 'school', 'classroom'] as const;

/** `state` of a lesson that is not over, or of which nothing is settled yet. */
export const toCome = 'to-come';
