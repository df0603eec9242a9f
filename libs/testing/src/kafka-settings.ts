/** The broker's settings file: one node that is its own controller, loopback only, small and quick to start. */

export interface BrokerSettings {
  readonly data: string;
  readonly port: number;
  readonly controllerPort: number;
}

const NODE_ID = 1;

/** Text of `server.properties`. */
export function brokerProperties({ data, port, controllerPort }: BrokerSettings): string {
  const settings: Readonly<Record<string, string | number | boolean>> = {
    'process.roles': 'broker,controller',
    'node.id': NODE_ID,
    'controller.quorum.voters': `${NODE_ID}@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': escapePath(data),
    // A topic nobody declared is a typing mistake.
    'auto.create.topics.enable': false,
    // One node cannot replicate.
    'default.replication.factor': 1,
    'offsets.topic.replication.factor': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // The first member of a group is not made to wait for others, and fail-over can be quick.
    'group.initial.rebalance.delay.ms': 0,
    'group.min.session.timeout.ms': 1000,
    // Small: two cores are shared with PostgreSQL and the engine.
    'num.network.threads': 2,
    'num.io.threads': 4,
    'background.threads': 2,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.num.partitions': 2,
    'share.coordinator.state.topic.num.partitions': 1,
    'log.cleaner.threads': 1,
    'log.cleaner.backoff.ms': 2000,
    'log.cleaner.dedupe.buffer.size': 8 * 1024 * 1024,
    'log.index.size.max.bytes': 1024 * 1024,
    // After a kill the same broker may register again only when its old session is over.
    'broker.session.timeout.ms': 2000,
    'broker.heartbeat.interval.ms': 500,
  };
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${String(value)}`);
  return `${lines.join('\n')}\n`;
}

/** Java reads these files as Latin-1, and a home folder may be called 冷静. */
function escapePath(path: string): string {
  const escape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return path.replaceAll('\\', '/').replace(/[^\x20-\x7e]/g, escape);
}
