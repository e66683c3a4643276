/** Who may test the throughput to a hub: agents and whoever has a token, everybody, or nobody. */
export const throughputAccesses = ['agents', 'open', 'off'] as const;
export type ThroughputAccess = (typeof throughputAccesses)[number];
