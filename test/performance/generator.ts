/**
 * The load generator, a process of its own. Open loop: every event has the time at which it was meant to be sent, and falling behind
 * shows as latency instead of hiding it (coordinated omission).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { makeKafkaOutputLog } from '#messaging';
import { Load } from './load.ts';

export interface GeneratorOrder {
  readonly brokers: readonly string[];
  readonly partitions: number;
  readonly payers: number;
  readonly present: number;
  readonly transferShare: number;
  readonly seed: number;
  /** Events per second; as fast as it goes where absent. */
  readonly rate?: number;
  readonly events: number;
}

const SEND_MAX = 500;

process.once('message', (order: GeneratorOrder) => void generate(order));

async function generate(order: GeneratorOrder): Promise<void> {
  const { brokers, events, rate } = order;
  const output = makeKafkaOutputLog({ kafka: { brokers, clientId: 'lengjing-generator' } });
  await output.connect();
  const load = new Load(order);
  const startedAt = Date.now();
  let sent = 0;
  let transfers = 0;
  let behindMs = 0;
  while (sent < events) {
    const now = Date.now();
    const due = rate === undefined ? sent + SEND_MAX : ((now - startedAt) / 1_000) * rate;
    const count = Math.min(Math.floor(due) - sent, SEND_MAX, events - sent);
    if (count <= 0) {
      await sleep(2);
      continue;
    }
    const messages = Array.from({ length: count }, (_, index) => {
      const meant =
        rate === undefined ? now : Math.floor(startedAt + ((sent + index) / rate) * 1_000);
      return load.next(meant);
    });
    transfers += messages.filter(({ headers }) =>
      headers['ce_type']?.includes('transfer.requested'),
    ).length;
    await output.send(messages);
    sent += count;
    if (rate !== undefined)
      behindMs = Math.max(behindMs, Date.now() - (startedAt + (sent / rate) * 1_000));
  }
  await output.disconnect();
  process.send?.({ sent, transfers, seconds: (Date.now() - startedAt) / 1_000, behindMs });
  process.disconnect();
}
