import { listenedAt } from '@tongtang/hub/command-line-token';
import { defaultHttp, type Settings } from './settings.ts';

/**
 * Where the hub of a data folder listens: as the settings say, or, where they say nothing, as the hub itself left word.
 * @returns `host:port`
 */
export function hubListens({ data, http }: Pick<Settings, 'data' | 'http'>): string {
  return http === defaultHttp ? (listenedAt(data) ?? http) : http;
}
