import { randomBytes } from 'node:crypto';
import type { Message } from './channel.ts';
import { stateOnceTaken } from './channel-states.ts';
import { wallTime } from './day-time.ts';
import type { MessageStore } from './message-store.ts';
import { calledFor, type NotifySettings, type OpenChannel, type Route } from './notify-file.ts';
import type { Outcome } from './outcome.ts';
import { onDuty } from './roster.ts';
import { readable } from './sender.ts';

/** What became of a message for trying; `wait`: so many seconds until the channel's limits allow one. */
export type Tried = Readonly<{ channel: string; outcome: Outcome | Readonly<{ ok: false; waitS: number }> }>;

/**
 * Sends a message for trying to every channel of a route, within the limits that the hub keeps too. A channel that takes it is no
 * longer held to be broken.
 * @param timezone of whoever tries it: by it the roster is read
 * @param nowMs milliseconds since 1970
 */
export async function tryRoute(
  route: Route,
  settings: NotifySettings,
  store: MessageStore,
  timezone: string,
  nowMs: () => number,
): Promise<Tried[]> {
  return Promise.all(
    route.to.map(async (name): Promise<Tried> => {
      const channel = settings.channels[name];
      if (channel === undefined) throw new Error(`no channel "${name}"`);
      const limits = [readable, ...channel.limits];
      const begun = store.beginDelivery(name, limits, [], nowMs() / 1000);
      if ('notBefore' in begun)
        return { channel: name, outcome: { ok: false, waitS: Math.ceil(begun.notBefore - nowMs() / 1000) } };
      const outcome = await channel.send(trial(route, channel, settings, timezone, nowMs()), nowMs());
      if (outcome.ok) {
        store.delivered(begun.delivery, nowMs() / 1000);
        store.keepChannelState(name, stateOnceTaken(outcome));
      } else store.notDelivered(begun.delivery, outcome.why, 'wait', nowMs() / 1000);
      return { channel: name, outcome };
    }),
  );
}

function trial(
  route: Route,
  { language }: OpenChannel,
  settings: NotifySettings,
  timezone: string,
  nowMs: number,
): Message {
  const zh = language === 'zh';
  const roster = route.roster === undefined ? undefined : settings.rosters[route.roster];
  const keys = roster === undefined ? [] : onDuty(roster, wallTime(nowMs / 1000, timezone));
  const callFor = calledFor(settings, keys);
  const names = callFor.map(({ name }) => name).join(zh ? '、' : ', ');
  return {
    id: `tongtang-${randomBytes(12).toString('hex')}`,
    title: zh ? '【同堂】测试消息' : '[Tongtang] Test message',
    body: zh
      ? `这是一条测试消息：路由 ${route.name} 可用。与当前有无故障无关。\n值班：${names === '' ? '无' : names}`
      : `This is a test: route ${route.name} works. It says nothing of what is broken or not.\nOn duty: ${names === '' ? 'nobody' : names}`,
    link: `${settings.console}/`,
    callFor,
    notices: [],
  };
}
