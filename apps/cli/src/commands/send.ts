/** `lengjing send`: a file of events to Kafka, on the partitions that producers must use. */
import { parseArgs } from 'node:util';
import type { Command } from '../command.ts';
import { rateOf, sendingToKafka } from '../kafka-sending.ts';
import { forEachLine } from '../text-lines.ts';
import { UsageError } from '../usage.ts';

export const command: Command = {
  summary: 'send a file of events to Kafka',
  help: `lengjing send [--rate N] FILE…

Reads JSON Lines of structured CloudEvents, "-" for standard input, and sends each to its topic: binary mode,
the payer's account as key, the Java client's partition. Brokers come from KAFKA_BROKERS (host:port, …).
Events are sent as they are, wrong ones too: the engine says what it refuses. Lines that name no topic or payer
cannot be sent; they go to standard error, and the exit status is 1.

  --rate N   events per second at most`,
  async run(args, { env, fileOf }) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { rate: { type: 'string' } },
    });
    const rate = rateOf(values.rate);
    if (positionals.length === 0)
      throw new UsageError('send needs a file, or - for standard input');
    let bad = 0;
    await sendingToKafka(env, { command: 'send', rate }, async (sending) => {
      for (const path of positionals) {
        await forEachLine(path === '-' ? path : fileOf(path), (line, number) => {
          if (line.trim() === '') return undefined;
          const sent = sending.line(line);
          if (typeof sent !== 'string') return sent;
          bad += 1;
          process.stderr.write(`${path}: line ${number}: ${sent}\n`);
          return undefined;
        });
      }
    });
    return bad === 0 ? 0 : 1;
  },
};
