/** A file of labels (CONTRACT, Command line): which transfers were scams, by whoever knows. */
import { forEachLine } from '../text-lines.ts';
import { CommandFailed } from '../usage.ts';

export type Labels = ReadonlyMap<string, 'scam' | 'legit'>;

/** Throws `CommandFailed` with the line that is no label, or that contradicts an earlier one. */
export async function readLabels(path: string): Promise<Labels> {
  const labels = new Map<string, 'scam' | 'legit'>();
  await forEachLine(path, (line, number) => {
    if (line.trim() === '') return undefined;
    const place = `${path}: line ${number}`;
    const { transferId, label } = readLabel(line, place);
    const known = labels.get(transferId);
    if (known !== undefined && known !== label) {
      throw new CommandFailed(`${place}: this transfer has the other label on an earlier line`);
    }
    labels.set(transferId, label);
    return undefined;
  });
  return labels;
}

function readLabel(
  line: string,
  place: string,
): { readonly transferId: string; readonly label: 'scam' | 'legit' } {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new CommandFailed(`${place}: is not JSON`);
  }
  const member = (name: string): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  const [transferId, label] = [member('transferId'), member('label')];
  if (typeof transferId !== 'string' || (label !== 'scam' && label !== 'legit')) {
    throw new CommandFailed(`${place}: must be {"transferId":"…","label":"scam" or "legit"}`);
  }
  return { transferId, label };
}
