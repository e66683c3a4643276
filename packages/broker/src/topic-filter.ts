/** Whether a topic is in an MQTT filter (MQTT 3.1.1, section 4.7). */
export function matches(filter: string, topic: string): boolean {
  const levels = topic.split('/');
  const wanted = filter.split('/');
  const fits = wanted.every(
    (level, index) => level === '#' || (index < levels.length && (level === '+' || level === levels[index])),
  );
  return fits && (wanted.at(-1) === '#' || wanted.length === levels.length);
}
