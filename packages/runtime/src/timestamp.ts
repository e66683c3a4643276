/**
 * A time as RFC 3339 has it, in UTC with milliseconds: what `Date.toISOString` writes, which in V8 also asks ICU what the time zone
 * of this machine is called. That takes 0.4 MB of an agent's memory.
 * @param unixMs milliseconds since 1970
 */
export function timestamp(unixMs: number): string {
  const date = new Date(unixMs);
  const day = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()].map(twoDigits).join('-');
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(twoDigits).join(':');
  return `${day}T${time}.${String(date.getUTCMilliseconds()).padStart(3, '0')}Z`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
