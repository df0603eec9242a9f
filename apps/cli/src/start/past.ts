/** An afternoon of 2016 with play money: every transfer went, every loan was paid out. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Ledger, requestOf } from '#reference-processor';
import type { Paper } from './paper.ts';
import type { SampleStep } from './sample-stream.ts';
import { happened } from './sentences.ts';

/** Where everybody stands at the end of an afternoon, in fen. */
export interface Ending {
  readonly accounts: {
    readonly payer: string;
    readonly payees: readonly string[];
    /** The payer's own money at the beginning. */
    readonly ownMinor: number;
  };
  /** With the payer. */
  readonly left: number;
  readonly debt: number;
  /** With those who were paid. */
  readonly taken: number;
}

/** Plays what the report tells, without anybody in between. */
export async function playPast(
  steps: readonly SampleStep[],
  paper: Paper,
  pauseMs: number,
): Promise<Ending> {
  const accounts = accountsOf(steps);
  const { payer, payees, ownMinor } = accounts;
  const ledger = new Ledger();
  ledger.deposit(payer, ownMinor);
  for (const { reported, sent } of steps) {
    const request = requestOf(sent);
    if (request?.kind === 'transfer') {
      ledger.reserve(request.id, request);
      ledger.settle(request.id);
    } else if (sent.type.includes('.transfer.failed.')) {
      giveBack(ledger, steps, sent.data['transferId']);
    } else if (sent.type.includes('.credit.drawn.')) {
      const { value } = sent.data['amount'] as { value: string };
      ledger.lend(payer, Math.round(Number(value) * 100));
    } else continue;
    paper.event(reported.time.slice(11, 16), happened(reported));
    await sleep(pauseMs);
  }
  const { free, debt } = ledger.balances(payer);
  const taken = payees.reduce((sum, payee) => sum + ledger.balances(payee).free, 0);
  return { accounts, left: free, debt, taken };
}

function giveBack(ledger: Ledger, steps: readonly SampleStep[], transferId: unknown): void {
  const requests = steps.flatMap(({ sent }) => requestOf(sent) ?? []);
  const request = requests.find(({ id }) => id === transferId);
  if (request !== undefined) ledger.giveBack(request);
}

/** What the payer had is what the first transfer says was there; the report's own sums are spent from it and from loans. */
function accountsOf(steps: readonly SampleStep[]): Ending['accounts'] {
  const transfers = steps.flatMap(({ sent }) => {
    const request = requestOf(sent);
    return request?.kind === 'transfer' ? [request] : [];
  });
  const first = transfers[0];
  if (first === undefined) throw new Error('the sample has no transfer');
  const { liquidBefore } = first.event.data['profile'] as { liquidBefore: { value: string } };
  return {
    payer: first.payerId,
    payees: [...new Set(transfers.map(({ payeeId }) => payeeId))],
    ownMinor: Math.round(Number(liquidBefore.value) * 100),
  };
}
