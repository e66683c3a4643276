import type { Notice } from '@tongtang/model/notice';

/** 2026-09-01, a Tuesday, 10:02 in Qilian (UTC+8). */
export const tuesday1002 = Date.UTC(2026, 8, 1, 2, 2) / 1000;

/** What broke in Babao at {@link tuesday1002}. */
export function noticeOf(change: Partial<Notice> = {}): Notice {
  return {
    incident: 'i-7',
    step: 1,
    kind: 'opened',
    severity: 'warning',
    county: { id: 'qilian', name: { zh: '祁连县', en: 'Qilian' }, timezone: 'Asia/Shanghai' },
    cluster: { id: 'town', name: { zh: '县城片区', en: 'Town' } },
    school: { id: 'babao', name: { zh: '八宝小学', en: 'Babao Primary' } },
    what: { zh: '天网中断', en: 'satellite link down' },
    cause: { zh: '接收机失锁，其他学校正常', en: 'the receiver lost lock; other schools are fine' },
    checks: [
      { zh: '高频头供电', en: 'LNB power' },
      { zh: '馈线接头', en: 'cable and plugs' },
    ],
    lessons: [],
    since: tuesday1002,
    at: tuesday1002,
    evidence: 'measured',
    page: '/schools/qilian/babao',
    ...change,
  };
}

/** A lesson of class 3-2, so many seconds after {@link tuesday1002}. */
export function lessonIn(seconds: number, subject = { zh: '数学', en: 'Maths' }): Notice['lessons'][number] {
  return {
    school: { id: 'babao', name: { zh: '八宝小学', en: 'Babao Primary' } },
    class: { id: 'c32', name: { zh: '三(2)班', en: 'Class 3-2' } },
    subject,
    start: tuesday1002 + seconds,
    end: tuesday1002 + seconds + 2400,
  };
}

/** That it was whole again so many seconds after it broke. */
export function resolvedAfter(seconds: number, change: Partial<Notice> = {}): Notice {
  const until = tuesday1002 + seconds;
  return noticeOf({ step: 2, kind: 'resolved', until, at: until, ...change });
}
