import { describe, expect, it } from '@jest/globals';
import { makeMetrics } from './metrics.ts';

describe('metrics', () => {
  it('have our prefix, a help text and their unit last', async () => {
    const { registry } = makeMetrics({ processMetrics: false });
    const all = await registry.getMetricsAsJSON();
    expect(all.length).toBeGreaterThan(14);
    for (const { name, help } of all) {
      expect(name).toMatch(
        /^lengjing_[a-z_]+_(seconds|events|entries|records|topics|partitions|total)$/,
      );
      expect(help).not.toBe('');
    }
  });

  it('show zeros for what has not happened, and count what has', async () => {
    const { registry, count } = makeMetrics({ processMetrics: false });
    const before = await registry.metrics();
    expect(before).toContain('lengjing_decisions_total{tier="T4"} 0');
    expect(before).toContain('lengjing_refused_total{code="misrouted"} 0');
    expect(before).toContain('lengjing_records_total{topic="identity.codes"} 0');
    expect(before).toContain('lengjing_crashes_total 0');
    count.decided('T4');
    count.refused('misrouted');
    count.record('identity.codes', 3);
    count.holdPlaced('T3');
    count.holdEnded('cancelled');
    const after = await registry.metrics();
    expect(after).toContain('lengjing_decisions_total{tier="T4"} 1');
    expect(after).toContain('lengjing_refused_total{code="misrouted"} 1');
    expect(after).toContain('lengjing_records_total{topic="identity.codes"} 3');
    expect(after).toContain('lengjing_holds_placed_total{tier="T3"} 1');
    expect(after).toContain('lengjing_holds_ended_total{end="cancelled"} 1');
  });

  it('measure latency around the bar of 80 ms', async () => {
    const { registry, decisionLatencySeconds } = makeMetrics({ processMetrics: false });
    decisionLatencySeconds.observe(0.079);
    decisionLatencySeconds.observe(0.081);
    const text = await registry.metrics();
    expect(text).toContain('lengjing_decision_latency_seconds_bucket{le="0.08"} 1');
    expect(text).toContain('lengjing_decision_latency_seconds_bucket{le="0.12"} 2');
  });

  it('of two programs in one process are apart', async () => {
    const [one, other] = [makeMetrics(), makeMetrics()];
    one.crashesTotal.inc();
    expect(await other.registry.metrics()).toContain('lengjing_crashes_total 0');
    expect(await one.registry.metrics()).toContain('nodejs_eventloop_lag_p99_seconds');
  });
});
