import { describe, expect, it } from '@jest/globals';
import { makeHealth } from './health.ts';

describe('health', () => {
  it('without checks is well', async () => {
    const health = makeHealth();
    expect(await health.live()).toEqual({ ok: true, checks: {} });
    expect(await health.ready()).toEqual({ ok: true, checks: {} });
  });

  it('names what is wrong and what is well', async () => {
    const health = makeHealth({ timeoutMs: 20 });
    health.addLiveCheck('consumer', () => undefined);
    health.addReadyCheck('database', () => Promise.resolve('no connection'));
    health.addReadyCheck('broken', () => {
      throw new Error('hunter2');
    });
    health.addReadyCheck('rejecting', () => Promise.reject(new Error('hunter2')));
    health.addReadyCheck('silent', () => new Promise(() => undefined));
    expect(await health.live()).toEqual({ ok: true, checks: { consumer: 'ok' } });
    expect(await health.ready()).toEqual({
      ok: false,
      checks: {
        consumer: 'ok',
        database: 'no connection',
        broken: 'failed',
        rejecting: 'failed',
        silent: 'did not answer in time',
      },
    });
  });

  it('is not ready where it does not live', async () => {
    const health = makeHealth();
    health.addLiveCheck('consumer', () => 'crashed');
    expect(await health.live()).toEqual({ ok: false, checks: { consumer: 'crashed' } });
    expect((await health.ready()).ok).toBe(false);
  });

  it('while stopping lives but is not ready', async () => {
    const health = makeHealth();
    health.stopping();
    expect((await health.live()).ok).toBe(true);
    expect(await health.ready()).toEqual({ ok: false, checks: { process: 'stopping' } });
  });

  it('refuses two checks of one name', () => {
    const health = makeHealth();
    health.addLiveCheck('database', () => undefined);
    expect(() => health.addReadyCheck('database', () => undefined)).toThrow('already');
  });
});
