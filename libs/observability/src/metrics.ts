/** The numbers that every program exposes to Prometheus, named once: `lengjing_` first, the unit last. */
import { INPUT_TOPICS, REFUSAL_CODES, TIERS, type HoldEnd, type InputTopic } from '#domain';
import type { RefusalCode, Tier } from '#domain';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const LATENCY_SECONDS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2, 0.5, 1, 2, 5, 15, 60,
];
const EVENTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const HOLD_ENDS: readonly HoldEnd[] = ['released', 'cancelled', 'expired'];
const ALERT_RESULTS = ['delivered', 'failed', 'overdue'] as const;
const HELD_TIERS = ['T2', 'T3', 'T4'] as const;

export interface Metrics {
  readonly registry: Registry;
  /** From the append of a transfer or draw on its topic to the broker's acknowledgement of the decision. */
  readonly decisionLatencySeconds: Histogram;
  /** How long a decision waited for a topic that lagged. */
  readonly alignmentWaitSeconds: Histogram;
  readonly batchEvents: Histogram;
  /** From the first read to the commit. */
  readonly batchDurationSeconds: Histogram;
  readonly recordsTotal: Counter<'topic'>;
  readonly refusedTotal: Counter<'code'>;
  readonly decisionsTotal: Counter<'tier'>;
  readonly holdsPlacedTotal: Counter<'tier'>;
  readonly holdsEndedTotal: Counter<'end'>;
  /** How long after its time the worker acted on a hold. */
  readonly holdLatenessSeconds: Histogram;
  /** Journal entries that are not yet published. */
  readonly publishLagEntries: Gauge<'chain'>;
  /** Records on a topic that are not yet consumed, over this instance's partitions. */
  readonly topicLagRecords: Gauge<'topic'>;
  /** Input topics that never had a record: a feed that is not connected. */
  readonly unseenTopics: Gauge;
  /** Owned partitions by the state of each feed on them. */
  readonly feedPartitions: Gauge<'topic' | 'state'>;
  /** Event time of the newest event of each topic, over owned partitions. */
  readonly feedLastEventSeconds: Gauge<'topic'>;
  readonly crashesTotal: Counter;
  /** Attempts to hand an alert to the platform's messaging, and alerts that had not arrived after half a minute. */
  readonly alertsTotal: Counter<'result'>;
  readonly databaseTransientFaultsTotal: Counter;
  readonly httpRequestDurationSeconds: Histogram<'method' | 'route' | 'status'>;
}

/** Typed steps for what has labels, so that a label is never a free text. */
export interface Counted {
  record(topic: InputTopic, count?: number): void;
  refused(code: RefusalCode): void;
  decided(tier: Tier): void;
  holdPlaced(tier: 'T2' | 'T3' | 'T4'): void;
  holdEnded(end: HoldEnd): void;
}

/** A registry of its own: two in one process do not disturb each other. `processMetrics` adds Node's own numbers. */
export function makeMetrics({ processMetrics = true } = {}): Metrics & { count: Counted } {
  const registry = new Registry();
  if (processMetrics) collectDefaultMetrics({ register: registry });
  const metrics = { registry, ...makeHistograms(registry), ...makeCounters(registry) };
  showZeros(metrics);
  return { ...metrics, count: countedOn(metrics) };
}

function makeHistograms(registry: Registry) {
  const seconds = (name: string, help: string): Histogram =>
    new Histogram({ name, help, buckets: LATENCY_SECONDS, registers: [registry] });
  return {
    decisionLatencySeconds: seconds(
      'lengjing_decision_latency_seconds',
      'From the append of a request to the acknowledgement of its decision',
    ),
    alignmentWaitSeconds: seconds(
      'lengjing_alignment_wait_seconds',
      'How long a decision waited for a topic that lagged',
    ),
    batchEvents: new Histogram({
      name: 'lengjing_batch_events',
      help: 'Events of one batch',
      buckets: EVENTS,
      registers: [registry],
    }),
    batchDurationSeconds: seconds(
      'lengjing_batch_duration_seconds',
      'From the first read of a batch to its commit',
    ),
    holdLatenessSeconds: seconds(
      'lengjing_hold_lateness_seconds',
      'How long after its time the worker acted on a hold',
    ),
    httpRequestDurationSeconds: new Histogram({
      name: 'lengjing_http_request_duration_seconds',
      help: 'HTTP requests by route pattern',
      labelNames: ['method', 'route', 'status'],
      buckets: LATENCY_SECONDS,
      registers: [registry],
    }),
  };
}

function makeCounters(registry: Registry) {
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Counter<Label>({ name, help, labelNames, registers });
  const gauge = <Label extends string>(name: string, help: string, labelNames: Label[] = []) =>
    new Gauge<Label>({ name, help, labelNames, registers });
  return {
    recordsTotal: counter('lengjing_records_total', 'Records consumed', ['topic']),
    refusedTotal: counter('lengjing_refused_total', 'Records refused', ['code']),
    decisionsTotal: counter('lengjing_decisions_total', 'Decisions made', ['tier']),
    holdsPlacedTotal: counter('lengjing_holds_placed_total', 'Holds placed', ['tier']),
    holdsEndedTotal: counter('lengjing_holds_ended_total', 'Holds ended', ['end']),
    publishLagEntries: gauge('lengjing_publish_lag_entries', 'Journal entries not yet published', [
      'chain',
    ]),
    topicLagRecords: gauge('lengjing_topic_lag_records', 'Records not yet consumed', ['topic']),
    unseenTopics: gauge('lengjing_unseen_topics', 'Input topics that never had a record'),
    feedPartitions: gauge(
      'lengjing_feed_partitions',
      'Partitions on which the feed is live, absent (never spoke) or stopped',
      ['topic', 'state'],
    ),
    feedLastEventSeconds: gauge(
      'lengjing_feed_last_event_timestamp_seconds',
      'Event time of the newest event of the feed',
      ['topic'],
    ),
    alertsTotal: counter('lengjing_alerts_total', 'Alerts delivered, failed or overdue', [
      'result',
    ]),
    crashesTotal: counter('lengjing_crashes_total', 'Crashes of the consumer'),
    databaseTransientFaultsTotal: counter(
      'lengjing_database_transient_faults_total',
      'Database faults after which the work was tried again',
    ),
  };
}

/** A counter that does not show until something happens cannot be told from one that is missing. */
function showZeros(metrics: ReturnType<typeof makeCounters>): void {
  for (const topic of INPUT_TOPICS) metrics.recordsTotal.inc({ topic }, 0);
  for (const code of REFUSAL_CODES) metrics.refusedTotal.inc({ code }, 0);
  for (const tier of TIERS) metrics.decisionsTotal.inc({ tier }, 0);
  for (const tier of HELD_TIERS) metrics.holdsPlacedTotal.inc({ tier }, 0);
  for (const result of ALERT_RESULTS) metrics.alertsTotal.inc({ result }, 0);
  for (const end of HOLD_ENDS) metrics.holdsEndedTotal.inc({ end }, 0);
}

function countedOn(metrics: ReturnType<typeof makeCounters>): Counted {
  return {
    record: (topic, count = 1) => metrics.recordsTotal.inc({ topic }, count),
    refused: (code) => metrics.refusedTotal.inc({ code }),
    decided: (tier) => metrics.decisionsTotal.inc({ tier }),
    holdPlaced: (tier) => metrics.holdsPlacedTotal.inc({ tier }),
    holdEnded: (end) => metrics.holdsEndedTotal.inc({ end }),
  };
}
