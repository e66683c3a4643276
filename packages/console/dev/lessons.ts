import type { County, Lesson, Lessons, Outcomes, Readiness, Text } from '../src/api/answers.ts';
import { agentsAt, county, dishOf } from './county.ts';

const subjects = ['语文', '数学', '英语', '科学', '音乐', '美术'];
/** Lessons are checked so long before. Seconds. */
const checkedBeforeS = 300;

/** The lessons of a day of the made-up county; what was found before them is what is wrong in it. */
export function lessonsOn(date: string, now: number): Lessons {
  const head = { time: now, county: county.id, timezone: county.timezone, date, timetable: true };
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6) return { ...head, kind: 'weekend', lessons: [] };
  const lessons = county.schools.flatMap((school, at) =>
    school.classrooms.flatMap(({ id: classroom, classes }) =>
      classes.flatMap((of, index) =>
        county.periods.map(({ n, start, end }): Lesson => {
          const mode = school.mode ?? 'live';
          const time = { start: seconds(date, start), end: seconds(date, end) };
          const cancelled = school.id === 'xx1' && n === 2 && classroom === 'c2';
          const lesson: Lesson = {
            school: school.id,
            class: of.id,
            classroom,
            period: n,
            subject: subjects[(at + index + 2 * n + Number(classroom.slice(1))) % subjects.length] ?? '语文',
            mode,
            ...(mode === 'live' && { frontEnd: 'cd7z' }),
            carrier: mode === 'embedded' ? 'broadband' : 'satellite',
            ...time,
            origin: school.id === 'hb3z' && n === 3 && classroom === 'c4' ? 'swapped' : 'timetable',
            ...(cancelled && { cancelled: true }),
          };
          const at5 = time.start - checkedBeforeS;
          return now < at5 || cancelled ? lesson : { ...lesson, readiness: found(school, lesson, at5) };
        }),
      ),
    ),
  );
  return { ...head, kind: 'ordinary', lessons: [...lessons].sort((a, b) => a.start - b.start) };
}

/** What became of the lessons of a day that are over: what was wrong before them was wrong in them. */
export function outcomesOn(date: string, now: number): Outcomes {
  const none = { good: 0, degraded: 0, down: 0, off: 0, asleep: 0, unknown: 0, excluded: 0 };
  const over = lessonsOn(date, now).lessons.filter(({ end, cancelled }) => end < now && !cancelled);
  return {
    outcomes: over.map((lesson) => {
      const length = (lesson.end - lesson.start) / 60;
      switch (lesson.readiness?.state) {
        case 'not-ready':
          return {
            ...lesson,
            state: 'lost',
            minutes: { ...none, down: length - 6, degraded: 6 },
            lost: [{ why: text('卫星失锁', 'lock lost'), minutes: length - 6, incident: 'lock' }],
          };
        case 'at-risk':
          return {
            ...lesson,
            state: 'degraded',
            minutes: { ...none, good: length - 8, degraded: 8 },
            lost: [],
          };
        case 'ready':
          return { ...lesson, state: 'delivered', minutes: { ...none, good: length }, lost: [] };
        default:
          return { ...lesson, state: 'unknown', minutes: { ...none, unknown: length }, lost: [] };
      }
    }),
  };
}

const text = (zh: string, en: string): Text => ({ zh, en });
type Check = Readiness['checks'][number];

const well: readonly Check[] = [
  { item: 'pc', state: 'ready', why: text('电脑已开机', 'the PC is on') },
  { item: 'clock', state: 'ready', why: text('时钟准确', 'its clock is right') },
  { item: 'disk', state: 'ready', why: text('磁盘剩余 81.2 GB', '81.2 GB free on the disk') },
  { item: 'lan', state: 'ready', why: text('校园网正常', 'the LAN is good') },
  { item: 'broadband', state: 'ready', why: text('地网正常', 'broadband is good') },
];

function found(school: County['schools'][number], lesson: Lesson, at: number): Readiness {
  const agent = agentsAt(at).find(({ id }) => id === `${school.id}-${lesson.classroom}`);
  const worst: Check[] = [];
  if (agent === undefined)
    worst.push({
      item: 'pc',
      state: 'unknown',
      why: text('教室没有接入电脑，无法检查', 'no machine of this classroom reports: it cannot be checked'),
      todo: text('在总览页“添加电脑”', 'add its machine on the overview page'),
    });
  else if (agent.state === 'stopping' || agent.state === 'asleep')
    worst.push({
      item: 'pc',
      state: 'at-risk',
      why: text('电脑在睡眠', 'the PC is asleep'),
      todo: text('请学校开机，等一分钟再看', 'have it switched on, and look again after a minute'),
    });
  else if (agent.state === 'offline' || agent.state === 'silent')
    worst.push({
      item: 'pc',
      state: 'not-ready',
      why: text(
        '电脑失联，最后消息 07:52，本校其他电脑正常',
        'nothing heard from the PC since 07:52, while others of the school are heard',
      ),
      todo: text(
        '看电脑是否有电、网线和网口灯，再看代理程序是否在运行',
        'look at its power, its network cable and the light of the socket, then whether the agent runs',
      ),
    });
  const broadband = agent?.links.find(({ link }) => link === 'broadband')?.state;
  if (broadband === 'degraded')
    worst.push({
      item: 'broadband',
      state: 'at-risk',
      why: text(
        '地网劣化：时延、抖动或丢包超出授课所需',
        'broadband is degraded: more delay, jitter or loss than a lesson bears',
      ),
      todo: text('看谁在大量上传或下载', 'see who uploads or downloads'),
    });
  if (lesson.mode === 'recorded')
    worst.push({
      item: 'files',
      state: 'unknown',
      why: text('录播文件未测量', 'its recorded files are not measured'),
      todo: text('课前在电脑上打开一次', 'open them on the PC before the lesson'),
    });
  if (lesson.mode === 'live' && dishOf(`${school.id}-machine-room`) === 'good')
    worst.push({
      item: 'satellite',
      state: 'ready',
      why: text('卫星已锁定，余量 6.2 dB', 'the receiver is locked, 6.2 dB above its threshold'),
    });
  const states = ['not-ready', 'at-risk', 'unknown', 'ready'] as const;
  const items = new Set(worst.map(({ item }) => item));
  const checks = [...worst, ...well.filter(({ item }) => !items.has(item))];
  const state = states.find((each) => checks.some((check) => check.state === each)) ?? 'ready';
  const rank = (check: Check): number => states.indexOf(check.state);
  return { state, at, checks: [...checks].sort((a, b) => rank(a) - rank(b)) };
}

/** Of a time of day in the county, eight hours ahead of UTC. */
function seconds(date: string, clock: string): number {
  return Date.parse(`${date}T${clock}:00+08:00`) / 1000;
}
