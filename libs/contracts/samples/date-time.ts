/** The format `date-time` of RFC 3339 for property tests, written apart from the reader so that the two can disagree. */

/** True for real dates and times; a leap second is real at the end of a month in UTC. */
export function isDateTime(text: string): boolean {
  const match = /^(\d+)-(\d+)-(\d+)[tT](\d+):(\d+):(\d+)(?:\.\d+)?(?:[zZ]|([+-]\d\d):(\d\d))$/.exec(
    text,
  );
  if (match === null) return false;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return false;
  const [hours, minutes] = [Number(match[7] ?? 0), Number(match[8] ?? 0)];
  if (hour > 23 || minute > 59 || Math.abs(hours) > 23 || minutes > 59) return false;
  const shift = hours * 60 + Math.sign(hours) * minutes;
  const utc = new Date(date.getTime() + (hour * 60 + minute - shift) * 60_000);
  const beforeMidnight = utc.getUTCHours() === 23 && utc.getUTCMinutes() === 59;
  const lastOfMonth = new Date(utc.getTime() + 60_000).getUTCDate() === 1;
  return second <= 59 || (second === 60 && beforeMidnight && lastOfMonth);
}
