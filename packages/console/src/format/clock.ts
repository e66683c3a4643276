import { signal } from '@preact/signals';

/** Clocks of people's PCs are wrong; "3 min ago" is reckoned in hub time. Seconds, the hub's minus ours. */
let hubAhead = 0;

/** Hub time in seconds, ticking; components that read it are drawn again every few seconds. */
export const hubNow = signal(Date.now() / 1000);

/** Learns the hub's clock from an answer that carries its time. */
export function learnHubTime(seconds: number): void {
  hubAhead = seconds - Date.now() / 1000;
  tick();
}

/** Hub time in seconds at this very moment. */
export function hubTime(): number {
  return Date.now() / 1000 + hubAhead;
}

function tick(): void {
  hubNow.value = hubTime();
}

setInterval(tick, 5000);
