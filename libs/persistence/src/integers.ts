/** PostgreSQL's bigint travels as text; inside it is a number that is exact or refused. */
import { InvariantBroken } from '#application';

/** Throws `InvariantBroken` beyond ±2^53, where a number would silently be another one. */
export function integer(value: string | number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new InvariantBroken('an integer is out of range');
  return number;
}
