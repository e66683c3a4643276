/** How the agent waits; injected, so that time can be tested. */
export type Timers = Readonly<{
  /** Runs something once after so many milliseconds. @returns how to call it off */
  after: (ms: number, run: () => void) => () => void;
}>;

export const systemTimers: Timers = {
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
