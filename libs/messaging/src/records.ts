/** From kafkajs' messages to the records of the port. */
import type { RawRecord } from '#application';
import type { InputTopic } from '#domain';
import type { IHeaders, KafkaMessage } from 'kafkajs';

const NO_HEADERS: ReadonlyMap<string, Uint8Array> = new Map();

export function toRecord(topic: InputTopic, partition: number, message: KafkaMessage): RawRecord {
  return {
    topic,
    partition,
    offset: Number(message.offset),
    brokerTime: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers: toHeaders(message.headers),
  };
}

/** Headers as bytes. Of a name that is there several times the last counts; a header without value is left out. */
export function toHeaders(headers: IHeaders | undefined): ReadonlyMap<string, Uint8Array> {
  if (headers === undefined) return NO_HEADERS;
  const read = new Map<string, Uint8Array>();
  for (const name of Object.keys(headers)) {
    const given = headers[name];
    const value = Array.isArray(given) ? given.at(-1) : given;
    // kafkajs gives null for an absent value, whatever its types say.
    if (value === undefined || value === null) continue;
    read.set(name, typeof value === 'string' ? Buffer.from(value) : value);
  }
  return read;
}
