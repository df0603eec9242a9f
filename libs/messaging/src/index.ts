/** Everything that knows Kafka. */
export type {
  KafkaConnection,
  KafkaSasl,
  KafkaTls,
  LogFields,
  MessagingLog,
} from './connection.ts';
export {
  type InputLogHealth,
  type KafkaInputLog,
  type KafkaInputLogConfig,
  makeKafkaInputLog,
} from './kafka-input-log.ts';
export {
  type KafkaOutputLog,
  type KafkaOutputLogConfig,
  makeKafkaOutputLog,
} from './kafka-output-log.ts';
export {
  type EnsureTopicsOptions,
  type TopicDeclaration,
  type TopicsFile,
  ensureTopics,
  parseTopics,
  readTopicsFile,
} from './topics.ts';
export {
  InputLogServer,
  type InputLogServerOptions,
  type InputLogStatus,
} from './input-log-server.ts';
export { type Tail, type TailedRecord, countPartitions, tailTopics } from './tail.ts';
