import { wallTime } from '@tongtang/notify/day-time';
import type { ListedMessage, MessageStore } from '@tongtang/notify/message-store';
import type { Locale } from './locale.ts';

/** So many of each are listed. */
const shown = 20;

const words = {
  zh: {
    counts: (waiting: number, sent: number, failed: number) =>
      `等待 ${waiting} 条，已发送 ${sent} 条，失败 ${failed} 条`,
    channels: '通道',
    sound: '正常',
    broken: (since: string) => `自 ${since} 起不可用，需要人处理`,
    retry: (at: string) => `${at} 再试`,
    waiting: '等待中（时间为最早发送时间）',
    failed: '失败（最近的在前）',
  },
  en: {
    counts: (waiting: number, sent: number, failed: number) =>
      `${waiting} waiting, ${sent} sent, ${failed} failed`,
    channels: 'Channels',
    sound: 'works',
    broken: (since: string) => `broken since ${since}: somebody has to change something`,
    retry: (at: string) => `tried again at ${at}`,
    waiting: 'Waiting (with the time before which they do not go)',
    failed: 'Failed (the newest first)',
  },
} as const;

/** What waits, what failed and why, as a text for people. */
export function messageList(store: MessageStore, { language, timeZone }: Locale): string {
  const text = words[language];
  const at = (seconds: number): string => {
    const { date, time } = wallTime(seconds, timeZone);
    return `${date} ${time}`;
  };
  const { waiting, sent, failed } = store.counts();
  const row = ({ incident, channel, route, at: time, why = '' }: ListedMessage): string =>
    `  ${at(time)}  ${incident}  ${route} → ${channel}  ${why}`.trimEnd();
  const channels = store.channelStates().map(({ name, failures, againAt, brokenSince, why = '' }) => {
    const state =
      brokenSince !== undefined
        ? text.broken(at(brokenSince))
        : failures > 0
          ? text.retry(at(againAt))
          : text.sound;
    return `  ${name}  ${state}  ${why}`.trimEnd();
  });
  return [
    text.counts(waiting, sent, failed),
    ...section(text.channels, channels),
    ...section(text.waiting, store.waiting(shown).map(row)),
    ...section(text.failed, store.failed(shown).map(row)),
    '',
  ].join('\n');
}

function section(title: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : ['', title, ...rows];
}
