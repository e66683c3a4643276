/** What an agent runs beside: a classroom PC, or a satellite receiver. */
export const agentKinds = ['classroom', 'receiver'] as const;
export type AgentKind = (typeof agentKinds)[number];
