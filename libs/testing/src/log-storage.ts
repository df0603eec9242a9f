/** The records of one topic-partition of the simulated log, with everything that makes offsets jump. */
import type { RawRecord } from '#application';
import type { InputTopic } from '#domain';

export class PartitionLog {
  readonly #records: RawRecord[] = [];
  readonly topic: InputTopic;
  readonly partition: number;
  #start = 0;
  #end = 0;

  constructor(topic: InputTopic, partition: number) {
    this.topic = topic;
    this.partition = partition;
  }

  /** First offset the log still has. */
  get start(): number {
    return this.#start;
  }

  /** One past the last offset. */
  get end(): number {
    return this.#end;
  }

  append(record: Omit<RawRecord, 'offset' | 'topic' | 'partition'>): number {
    const offset = this.#end;
    this.#records.push({ ...record, topic: this.topic, partition: this.partition, offset });
    this.#end += 1;
    return offset;
  }

  /** Offsets that readers never see, as transaction markers and aborted records are. */
  skip(count: number): void {
    this.#end += count;
  }

  /** Retention: everything before `offset` is gone. */
  dropBefore(offset: number): void {
    this.#start = Math.max(this.#start, Math.min(offset, this.#end));
    const kept = this.#records.filter((record) => record.offset >= this.#start);
    this.#records.splice(0, this.#records.length, ...kept);
  }

  /** A broker that lost its unflushed tail. */
  dropFrom(offset: number): void {
    this.#end = Math.max(this.#start, Math.min(offset, this.#end));
    const kept = this.#records.filter((record) => record.offset < this.#end);
    this.#records.splice(0, this.#records.length, ...kept);
  }

  /** At most `limit` records from `offset` on. */
  read(offset: number, limit: number): readonly RawRecord[] {
    let low = 0;
    let high = this.#records.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#records[middle]?.offset ?? Infinity) < offset) low = middle + 1;
      else high = middle;
    }
    return this.#records.slice(low, low + limit);
  }
}
