import { messageOf } from '@tongtang/runtime/errors';
import { validate } from '@tongtang/runtime/validation';
import { Order, type Outcome } from './orders.ts';
import { VirtualCounty } from './virtual-county.ts';

/** A virtual county in a process of its own: takes orders over the channel of the process that started it. */

let county: VirtualCounty | undefined;

process.on('message', (message) => {
  void outcomeOf(message).then((outcome) => process.send?.(outcome));
});
// Nobody is left to give orders.
process.on('disconnect', () => process.exit(0));
// Ctrl-C in a terminal reaches every process of it; this one ends with the one that started it.
process.on('SIGINT', () => {});

async function outcomeOf(message: unknown): Promise<Outcome> {
  try {
    const order = validate(Order, message);
    if (!order.ok) throw new Error(order.problems.join('; '));
    return { answer: (await carryOut(order.value)) ?? {} };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

async function carryOut(order: Order): Promise<object | undefined> {
  if (order.order === 'settle') {
    await county?.disconnect();
    county = new VirtualCounty(order.enrolled, order.retry);
    return undefined;
  }
  if (county === undefined) throw new Error('nobody lives here yet');
  switch (order.order) {
    case 'connect':
      await county.connect(order.broker);
      return undefined;
    case 'disconnect':
      await county.disconnect();
      return undefined;
    case 'pack':
      return county.pack(order.backlog);
    case 'drain':
      return county.drain(order.batches);
    case 'reportSteadily':
      return county.reportSteadily(order.perSecond, order.seconds);
    case 'reportOnce':
      await county.reportOnce();
      return undefined;
    case 'beginLessons':
      county.beginLessons();
      return undefined;
    case 'endLessons':
      county.endLessons();
      return undefined;
    case 'stayAway':
      county.stayAway();
      return undefined;
    case 'comeBack':
      county.comeBack();
      return undefined;
    case 'tally':
      return county.tally();
    case 'outboxes':
      return { outboxes: county.outboxes() };
  }
}
