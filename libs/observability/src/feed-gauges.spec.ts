import { describe, expect, it } from '@jest/globals';
import { pulseAfter, type FeedPulses } from '#domain';
import { FeedGauges } from './feed-gauges.ts';
import { makeMetrics } from './metrics.ts';

const HOUR = 3_600_000;
const START = 1_790_000_000_000;

const spoke = (at: number): ReturnType<typeof pulseAfter> => pulseAfter(undefined, at);

async function shown(gauges: FeedGauges): Promise<string> {
  const metrics = makeMetrics({ processMetrics: false });
  gauges.show(metrics);
  return metrics.registry.metrics();
}

describe('feed gauges', () => {
  const live: FeedPulses = {
    'session.signals': spoke(START + 5 * HOUR),
    'payments.transfers': spoke(START + 5 * HOUR),
  };
  const deaf: FeedPulses = { ...live, 'session.signals': spoke(START) };

  it('tell stopped, absent and live apart, and when each topic last spoke', async () => {
    const gauges = new FeedGauges();
    gauges.heard(0, live);
    gauges.heard(1, deaf);
    const text = await shown(gauges);
    expect(text).toContain('lengjing_feed_partitions{topic="session.signals",state="live"} 1');
    expect(text).toContain('lengjing_feed_partitions{topic="session.signals",state="stopped"} 1');
    expect(text).toContain('lengjing_feed_partitions{topic="identity.codes",state="absent"} 2');
    expect(text).toContain(
      `lengjing_feed_last_event_timestamp_seconds{topic="session.signals"} ${START / 1_000 + 18_000}`,
    );
    expect(text).not.toContain(
      'lengjing_feed_last_event_timestamp_seconds{topic="identity.codes"}',
    );
  });

  it('forget partitions that belong to somebody else', async () => {
    const gauges = new FeedGauges();
    gauges.heard(0, live);
    gauges.heard(1, deaf);
    gauges.keepOnly([0]);
    const text = await shown(gauges);
    expect(text).toContain('lengjing_feed_partitions{topic="session.signals",state="stopped"} 0');
  });

  it('of an engine that owns nothing are zeros', async () => {
    const text = await shown(new FeedGauges());
    expect(text).toContain('lengjing_feed_partitions{topic="credit.draws",state="live"} 0');
  });
});
