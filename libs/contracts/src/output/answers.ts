/** Answers from the payer page as the input events that they are: what a payer says is judged by the engine, wherever it was said. */
import { TOPIC_OF, formatInstant, type AnsweredBody, type AnsweredPersonal } from '#domain';
import type { SealedEntry } from '#domain';
import { eventType } from '../topics.ts';

export const ANSWERS_TOPIC = TOPIC_OF['payer.responded'];

/** `ce_source` of answers that were given on our own page. */
export const PAGE_SOURCE = 'urn:lengjing:payer-page';

/** `payer.responded` of an entry; sent again it has the same id. */
export function answerEvent(entry: SealedEntry, body: AnsweredBody, personal: AnsweredPersonal) {
  const { payer, session, text } = personal;
  return {
    specversion: '1.0' as const,
    id: `${entry.chain}:${entry.sequence}`,
    source: PAGE_SOURCE,
    type: eventType('payer.responded'),
    time: formatInstant(entry.at),
    datacontenttype: 'application/json' as const,
    data: {
      holdId: body.holdId,
      payer: { accountId: payer, ...(session === undefined ? {} : { sessionId: session }) },
      answer: body.answer,
      ...(text === undefined ? {} : { text }),
    },
  };
}
