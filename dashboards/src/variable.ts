/**
 * A variable as Grafana replaces it.
 * @param format `regex`: one value, many and all alike; `queryparam`: as a part of an address
 */
export function variable(name: string, format?: 'regex' | 'queryparam'): string {
  return `\${${format === undefined ? name : `${name}:${format}`}}`;
}
