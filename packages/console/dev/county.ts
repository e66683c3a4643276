import type { AgentPresent, County, LinkPresent } from '../src/api/answers.ts';

/** A county like Qilian: 13 schools, 46 classes, and the troubles of an ordinary morning. */

const schools = [
  ['hb3z', '海北三中', 'Haibei No. 3 Senior High', 'senior', 'live', 'town', 9],
  ['mzzx', '民族中学', 'Ethnic Junior High', 'junior', 'recorded', 'town', 9],
  ['xx1', '县第一小学', 'County Primary No. 1', 'primary', 'embedded', 'town', 7],
  ['xx2', '县第二小学', 'County Primary No. 2', 'primary', 'embedded', 'town', 7],
  ['mzxx', '民族小学', 'Ethnic Primary', 'primary', 'embedded', 'town', 6],
  ['babao', '八宝小学', 'Babao Primary', 'primary', 'embedded', 'town', 1],
  ['arou', '阿柔小学', 'Arou Primary', 'primary', 'embedded', 'east', 1],
  ['ebao', '峨堡小学', 'Ebao Primary', 'primary', 'embedded', 'east', 1],
  ['mole', '默勒小学', 'Mole Primary', 'primary', 'embedded', 'east', 1],
  ['zhamashi', '扎麻什小学', 'Zhamashi Primary', 'primary', 'embedded', 'west', 1],
  ['yeniugou', '野牛沟小学', 'Yeniugou Primary', 'primary', 'embedded', 'west', 1],
  ['yanglong', '央隆小学', 'Yanglong Primary', 'primary', 'embedded', 'west', 1],
  ['school13', '第十三所学校（原文未列名）', 'School 13 (not named)', 'primary', 'embedded', 'east', 1],
] as const;

/** Schools with a machine beside their satellite receiver, and what is wrong with the dish. */
export const receivers = {
  hb3z: 'good',
  xx2: 'good',
  mole: 'weak',
  arou: 'unlocked',
  mzzx: 'unanswered',
} as const;

function hasReceiver(school: string): school is keyof typeof receivers {
  return Object.hasOwn(receivers, school);
}

/** What is wrong with the dish of this agent; undefined where it is no receiver's. */
export function dishOf(agent: string): (typeof receivers)[keyof typeof receivers] | undefined {
  const school = agent.replace(/-machine-room$/, '');
  return school !== agent && hasReceiver(school) ? receivers[school] : undefined;
}

/** Classrooms without an agent, so that the page shows them too. */
const bare = new Set(['mzxx-c5', 'mzxx-c6', 'school13-c1']);

/** The school whose receiver is in the inventory, with no machine beside it. */
const notMeasured = 'mzxx';

export const county: County = {
  id: 'qilian',
  name: { zh: '祁连县', en: 'Qilian County' },
  timezone: 'Asia/Shanghai',
  periods: [
    { n: 1, start: '08:30', end: '09:10' },
    { n: 2, start: '09:20', end: '10:00' },
    { n: 3, start: '10:20', end: '11:00' },
    { n: 4, start: '11:10', end: '11:50' },
  ],
  clusters: [
    { id: 'town', name: { zh: '县城片区', en: 'County town' } },
    { id: 'east', name: { zh: '东片区', en: 'East' } },
    { id: 'west', name: { zh: '西片区', en: 'West' } },
  ],
  frontEndSchools: [{ id: 'cd7z', name: { zh: '成都七中', en: 'Chengdu No. 7' } }],
  providers: [{ id: 'telecom', name: { zh: '中国电信', en: 'China Telecom' } }],
  platforms: [
    { id: 'national', name: { zh: '国家教育资源公共服务平台', en: 'National resource platform' } },
    { id: 'provincial', name: { zh: '青海省教育资源公共服务平台', en: 'Provincial resource platform' } },
  ],
  targets: [
    { id: 'ird', name: { zh: '卫星接收机', en: 'Satellite receiver' }, probe: 'snmp' },
    { id: 'lessons', name: { zh: '直播课一', en: 'Lessons, channel 1' }, probe: 'mpegts' },
    { id: 'lessons-2', name: { zh: '直播课二', en: 'Lessons, channel 2' }, probe: 'mpegts' },
    { id: 'bandwidth', name: { zh: '带宽测试', en: 'Bandwidth' }, probe: 'throughput' },
  ],
  schools: schools.map(([id, zh, en, level, mode, cluster, count]) => ({
    id,
    name: { zh, en },
    level,
    mode,
    cluster,
    classrooms: [
      ...Array.from({ length: count }, (_, index) => {
        const room = `c${index + 1}`;
        const name = { zh: `网班 ${index + 1}`, en: `Class ${index + 1}` };
        const agent = `${id}-${room}`;
        return { id: room, name, classes: [{ id: room, name }], agents: bare.has(agent) ? [] : [agent] };
      }),
      ...(hasReceiver(id)
        ? [
            {
              id: 'machine-room',
              name: { zh: '机房', en: 'Machine room' },
              classes: [],
              agents: [`${id}-machine-room`],
            },
          ]
        : []),
    ],
    unmeasuredTargets: id === notMeasured ? ['ird'] : [],
  })),
};

type Trouble = Readonly<{
  agent?: AgentPresent['state'];
  lan?: LinkPresent['state'];
  broadband?: LinkPresent['state'];
  platform?: LinkPresent['state'];
  satellite?: LinkPresent['state'];
  stream?: LinkPresent['state'];
  backlog?: number;
  /** Seconds ago that the links fell into it. */
  since?: number;
  heardBefore?: number;
}>;

const away = { lan: 'unknown', broadband: 'unknown', platform: 'unknown' } as const;

/** By agent: what is wrong with it this morning. */
export const troubles: Readonly<Record<string, Trouble>> = {
  'yanglong-c1': { broadband: 'degraded', platform: 'down', since: 1260, backlog: 420 },
  // The school's fibre is cut.
  'mzxx-c1': { ...away, agent: 'offline', heardBefore: 312 },
  'mzxx-c2': { ...away, agent: 'offline', heardBefore: 309 },
  'mzxx-c3': { ...away, agent: 'offline', heardBefore: 312 },
  'mzxx-c4': { ...away, agent: 'offline', heardBefore: 304 },
  'ebao-c1': { broadband: 'degraded', since: 2580 },
  'xx1-c3': { lan: 'degraded', broadband: 'degraded', since: 540 },
  'mzzx-c2': { ...away, agent: 'silent', heardBefore: 190 },
  'mole-machine-room': { satellite: 'degraded', since: 5400 },
  'arou-machine-room': { satellite: 'down', stream: 'down', since: 1860 },
  'mzzx-machine-room': { satellite: 'unknown', since: 720 },
  'xx2-c4': { ...away, agent: 'asleep', heardBefore: 51_000 },
};

/** Every agent as it is at a moment, in hub time. */
export function agentsAt(now: number): AgentPresent[] {
  return county.schools.flatMap((school) =>
    school.classrooms.flatMap((room) =>
      room.agents.map((id): AgentPresent => {
        const trouble = troubles[id] ?? {};
        const heard = now - (trouble.heardBefore ?? 4);
        const link = (kind: LinkPresent['link']): LinkPresent => ({
          link: kind,
          state: trouble[kind] ?? 'good',
          since: now - (trouble[kind] === undefined ? 260_000 : (trouble.since ?? trouble.heardBefore ?? 0)),
          measuredAt: heard,
        });
        return {
          id,
          place: {
            county: county.id,
            ...(school.cluster !== undefined && { cluster: school.cluster }),
            school: school.id,
            classroom: room.id,
            agent: id,
          },
          state: trouble.agent ?? 'online',
          lastSeen: heard,
          version: '0.1.0',
          links:
            dishOf(id) === undefined
              ? [link('lan'), link('broadband'), link('platform')]
              : [link('lan'), link('broadband'), link('satellite'), link('stream')],
          backlog: trouble.backlog ?? 12,
        };
      }),
    ),
  );
}
