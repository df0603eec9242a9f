import { describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import 'reflect-metadata';
import type { InputLogListener } from '#application';
import { type SimulatedInstance, makeSimulatedLog } from '#testing';
import { InputLogServer, type InputLogStatus } from './input-log-server.ts';

class EmptyModule {
  readonly name = 'empty';
}
Module({})(EmptyModule);

const silent: InputLogListener = {
  assigned: () => undefined,
  revoked: () => undefined,
  records: () => undefined,
  roundEnded: () => undefined,
  failed: () => undefined,
};

const openLog = (): SimulatedInstance =>
  makeSimulatedLog({ partitions: 2, pace: 'real-time' }).instance('one');

async function serve(server: InputLogServer): Promise<{ close(): Promise<void> }> {
  const app = await NestFactory.createMicroservice(EmptyModule, {
    strategy: server,
    logger: false,
  });
  await app.listen();
  return app;
}

describe('the input log as a Nest transport', () => {
  it('starts with the app and hands everything to the listener', async () => {
    const assigned: number[] = [];
    const log = openLog();
    const server = new InputLogServer({
      log,
      listener: { ...silent, assigned: (partitions) => assigned.push(...partitions) },
    });
    const states: InputLogStatus[] = [];
    server.status.subscribe((status) => states.push(status));
    const app = await serve(server);
    await new Promise((next) => setTimeout(next, 20));
    expect(assigned).toEqual([0, 1]);
    expect(() => server.unwrap()).toThrow('whoever wires');
    await app.close();
    expect(states).toEqual(['connected', 'disconnected']);
  });

  it('drains before it leaves, once', async () => {
    const order: string[] = [];
    const log = openLog();
    const stop = log.stop.bind(log);
    const server = new InputLogServer({
      log: Object.assign(log, {
        stop: () => {
          order.push('left');
          return stop();
        },
      }),
      listener: silent,
      drain: async () => {
        await new Promise((next) => setTimeout(next, 10));
        order.push('drained');
      },
    });
    const app = await serve(server);
    await Promise.all([app.close(), server.close()]);
    expect(order).toEqual(['drained', 'left']);
  });

  it('does not wait for ever for a drain that hangs', async () => {
    const warnings: string[] = [];
    const server = new InputLogServer({
      log: openLog(),
      listener: silent,
      drain: () => new Promise(() => undefined),
      closeMsMax: 30,
      messagingLog: { warn: (message) => warnings.push(message), error: () => undefined },
    });
    const app = await serve(server);
    const before = Date.now();
    await app.close();
    expect(Date.now() - before).toBeLessThan(1_000);
    expect(warnings).toEqual(['gave up draining: what was begun is left to the next owner']);
  });

  it('fails to listen when the log cannot start', async () => {
    const log = openLog();
    const refused = Object.assign(log, {
      start: () => Promise.reject(new Error('unequal counts')),
    });
    await expect(serve(new InputLogServer({ log: refused, listener: silent }))).rejects.toThrow(
      'unequal counts',
    );
  });

  it('tells the listener, its status and whoever asked when the log is lost', async () => {
    const simulated = makeSimulatedLog({ partitions: 1, pace: 'real-time' });
    const log = simulated.instance('one');
    const failures: string[] = [];
    const server = new InputLogServer({
      log,
      listener: {
        ...silent,
        assigned: () => log.resume([{ topic: 'credit.draws', partition: 0, nextOffset: 5 }]),
        failed: () => failures.push('listener'),
      },
    });
    server.on('failed', () => failures.push('callback'));
    server.status.subscribe((status) => failures.push(status));
    const app = await serve(server);
    await new Promise((next) => setTimeout(next, 20));
    expect(failures).toEqual(['connected', 'failed', 'listener', 'callback']);
    await app.close();
  });
});
