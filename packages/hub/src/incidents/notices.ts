import { checksOf } from '@tongtang/incidents/decision-table';
import {
  type Confidence,
  causeTitles,
  type Incident,
  type IncidentNode,
  type PlannedLesson,
} from '@tongtang/model/incident';
import type { Inventory } from '@tongtang/model/inventory';
import type { LessonHit, Notice } from '@tongtang/model/notice';
import type { Text } from '@tongtang/model/text';
import type { IncidentRecord } from '@tongtang/store/incidents/incident-store';

/** Of which other incident one turned out to be a part; undefined where of none. */
export function joinedInto({ state, history }: Pick<Incident, 'state' | 'history'>): string | undefined {
  return state === 'joined' ? history.findLast(({ what }) => what === 'joined')?.into : undefined;
}

/** So far ahead lessons are named. Seconds. */
const aheadS = 7200;

/** What broke, in a few words. */
const broken: Readonly<Record<IncidentNode, Text>> = {
  'front-end': { zh: '前端学校停播', en: 'the front-end school sends nothing' },
  satellite: { zh: '天网中断', en: 'the satellite link is down' },
  dish: { zh: '天网接收异常', en: 'satellite reception fails' },
  receiver: { zh: '卫星接收机异常', en: 'the satellite receiver fails' },
  stream: { zh: '直播流异常', en: 'the lesson stream fails' },
  hub: { zh: '中心不可达', en: 'the hub cannot be reached' },
  broadband: { zh: '地网异常', en: 'broadband fails' },
  school: { zh: '全校失联', en: 'nothing is heard from the school' },
  lan: { zh: '校园网异常', en: 'the school LAN fails' },
  classroom: { zh: '教室电脑异常', en: 'a classroom PC fails' },
};

const sure: Readonly<Record<Confidence, Text>> = {
  high: { zh: '', en: '' },
  medium: { zh: '（较可能）', en: ' (likely)' },
  low: { zh: '（不确定）', en: ' (not certain)' },
};

/**
 * What people are told of an incident. Names are those of the inventory; what is no longer in it is called by its id.
 * @param step counts the notices of the incident, from 1
 * @param at measurement time of what the notice is about
 */
export function noticeOf(
  record: IncidentRecord,
  kind: Notice['kind'],
  step: number,
  at: number,
  inventory: Inventory,
): Notice {
  const { id, place, cause, confidence, severity, from, to, evidence, lessons } = record;
  const schools = new Map(inventory.schools.map((school) => [school.id, school]));
  const concerned =
    place.school === undefined ? [...new Set(evidence.map(({ school }) => school))] : [place.school];
  const clusters = new Set(concerned.map((school) => schools.get(school)?.cluster));
  const [cluster] = clusters;
  const named = (of: string): Readonly<{ id: string; name: Text }> => ({
    id: of,
    name: schools.get(of)?.name ?? unnamed(of),
  });
  const room = schools.get(place.school ?? '')?.classrooms.find((one) => one.id === place.classroom)?.name;
  const checks = checksOf({ node: place.node, cause });
  const title = causeTitles[cause];
  const into = joinedInto(record);
  return {
    incident: id,
    step,
    kind,
    severity,
    county: { ...inventory.county },
    ...(clusters.size === 1 &&
      cluster !== undefined && {
        cluster: {
          id: cluster,
          name: inventory.clusters.find((one) => one.id === cluster)?.name ?? unnamed(cluster),
        },
      }),
    ...(place.school !== undefined && { school: named(place.school) }),
    what: whatOf(broken[place.node], room ?? providerOf(record, inventory)),
    cause:
      into === undefined
        ? { zh: title.zh + sure[confidence].zh, en: title.en + sure[confidence].en }
        : { zh: `已并入故障 ${into}`, en: `it is a part of incident ${into}` },
    checks: checks.zh.map((zh, index) => ({ zh, en: checks.en[index] ?? '' })),
    lessons: lessons
      .filter(({ start, end }) => end > at && start < at + aheadS)
      .map((lesson) => lessonHit(lesson, inventory)),
    since: from,
    ...(kind === 'resolved' && { until: to ?? at }),
    at,
    evidence: evidence.some(({ condition }) => condition !== 'silent') ? 'measured' : 'heard',
    page: `/incidents/${into ?? id}`,
  };
}

/** Whose lines are gone, of an incident of several schools. */
function providerOf(
  { place: { school, provider } }: Pick<Incident, 'place'>,
  { providers = [] }: Inventory,
): Text | undefined {
  if (school !== undefined || provider === undefined) return undefined;
  return providers.find(({ id }) => id === provider)?.name ?? unnamed(provider);
}

function whatOf(what: Text, whose: Text | undefined): Text {
  return whose === undefined ? { ...what } : { zh: `${whose.zh} ${what.zh}`, en: `${whose.en}: ${what.en}` };
}

/** A lesson by the names of the inventory. */
export function lessonHit(
  { school: id, class: of, subject, start, end }: PlannedLesson,
  { schools }: Inventory,
): LessonHit {
  const school = schools.find((one) => one.id === id);
  const name = school?.classes.find((one) => one.id === of)?.name;
  return {
    school: { id, name: school?.name ?? unnamed(id) },
    class: { id: of, name: name ?? unnamed(of) },
    ...(subject !== undefined && { subject: { zh: subject, en: subject } }),
    start,
    end,
  };
}

function unnamed(id: string): Text {
  return { zh: id, en: id };
}
