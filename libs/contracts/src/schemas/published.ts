/** The schema files of `libs/contracts/schemas`: inputs from the very shapes that read them, outputs from their table. */
import { INPUT_TYPES } from '../input/event-types.ts';
import { WITHOUT_SECRETS } from '../input/secret-names.ts';
import { sourceUri, time, token } from '../shape/leaves.ts';
import type { Schema } from '../shape/shape.ts';
import { eventType, OUTPUT_TOPICS, type OutputKind } from '../topics.ts';
import { OUTPUT_SCHEMAS } from './output-data.ts';

const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** File name to content. `policy.schema.json` is written by hand and not among them. */
export function publishedSchemas(): ReadonlyMap<string, Schema> {
  return new Map([
    [fileName('cloudevent'), envelopeSchema()],
    ...INPUT_TYPES.map((type): [string, Schema] => [
      fileName(`${type.kind}.v1`),
      dataSchema(type.kind, `data on ${type.topic}`, type.schema, type.topic === 'identity.codes'),
    ]),
    ...Object.entries(OUTPUT_SCHEMAS).map(([kind, schema]): [string, Schema] => [
      fileName(`${kind}.v1`),
      dataSchema(kind as OutputKind, `data on ${topicOf(kind as OutputKind)}`, schema, false),
    ]),
  ]);
}

function fileName(name: string): string {
  return `${name}.schema.json`;
}

function dataSchema(
  kind: Parameters<typeof eventType>[0],
  comment: string,
  schema: Schema,
  withoutSecrets: boolean,
): Schema {
  return {
    $schema: DIALECT,
    $id: `urn:lengjing:schema:${kind}.v1`,
    title: eventType(kind),
    ...schema,
    $comment: comment,
    ...(withoutSecrets
      ? {
          allOf: [{ $ref: '#/$defs/withoutSecrets' }],
          $defs: { withoutSecrets: WITHOUT_SECRETS },
        }
      : {}),
  };
}

function topicOf(kind: OutputKind): string {
  if (kind === 'decision.made') return OUTPUT_TOPICS.decisions;
  if (kind === 'assessment.made') return OUTPUT_TOPICS.assessments;
  return kind === 'alert.requested' ? OUTPUT_TOPICS.alerts : OUTPUT_TOPICS.holds;
}

/** An input event in structured mode, as in files. In binary mode the attributes are headers with the prefix `ce_`. */
function envelopeSchema(): Schema {
  return {
    $schema: DIALECT,
    $id: 'urn:lengjing:schema:cloudevent',
    title: 'CloudEvents 1.0 envelope of an input event',
    type: 'object',
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    properties: {
      specversion: { const: '1.0' },
      id: token.schema,
      source: sourceUri.schema,
      type: { enum: INPUT_TYPES.map((type) => eventType(type.kind)) },
      time: time.schema,
      datacontenttype: { const: 'application/json' },
      data: { type: 'object' },
    },
  };
}
