/** The reader in Mrs Xu's place: one held transfer, and the page that she would have on her phone. */
import { CommandFailed } from '../usage.ts';
import { sampleSteps } from './sample-stream.ts';
import type { OpenHold, Town } from './town.ts';

export interface HeldForReader {
  readonly holdId: string;
  readonly accountId: string;
}

const OWN_MINOR = 2_000_000;

/** Plays her afternoon up to the first hold, and leaves that hold open. */
export async function holdOne(town: Town, now: number): Promise<HeldForReader> {
  for (const { sent } of sampleSteps('xu', now, `${now.toString(36)}-you`)) {
    const transferId = sent.data['transferId'];
    if (!sent.type.includes('.transfer.requested.') || typeof transferId !== 'string') {
      if (!sent.type.includes('.transfer.')) await town.send(sent);
      continue;
    }
    const { accountId } = sent.data['payer'] as { readonly accountId: string };
    town.ledger.deposit(accountId, OWN_MINOR);
    town.processor.request(sent);
    if ((await town.decision(transferId)).outcome !== 'hold') continue;
    await town.obeyed(transferId, 'hold');
    const hold = town.openHolds().find((one: OpenHold) => one.subjectId === transferId);
    if (hold !== undefined) return { holdId: hold.holdId, accountId };
  }
  throw new CommandFailed('nothing of the afternoon was held: see .lengjing/logs/risk-engine.log');
}

/** Asks the console for a link as the platform's app would. */
export async function linkTo(
  { holdId, accountId }: HeldForReader,
  console_: { readonly port: number; readonly token: string },
): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${console_.port}/api/v1/payer-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${console_.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ holdId, payer: { accountId } }),
  });
  const told = (await answer.json()) as { readonly url?: string };
  if (told.url === undefined) throw new CommandFailed('the console minted no link: see its log');
  return told.url;
}
