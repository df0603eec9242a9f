/** Small shapes that the whole console API is made of: one description gives type, validation and OpenAPI. */
import { Type, type Static, type TSchema } from 'typebox';

/** One of several fixed words. */
export function oneOf<const Words extends readonly string[]>(
  words: Words,
  description?: string,
): Type.TUnsafe<Words[number]> {
  const schema = { type: 'string', enum: [...words] };
  return Type.Unsafe<Words[number]>(
    description === undefined ? schema : { ...schema, description },
  );
}

/** What the answer leaves out where nothing is known. */
export const maybe = Type.Optional;

export const Instant = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC, milliseconds',
});
export const Id = Type.String({ minLength: 1, maxLength: 128 });
export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
/** An account token of which only the end is shown, unless somebody unmasked it with a reason. */
export const Account = Type.String({ description: 'masked: ••••6919' });

export const Money = Type.Object({
  currency: Type.String({ minLength: 3, maxLength: 3 }),
  value: Type.String({ description: 'decimal: "6919.00"' }),
});
export type Money = Static<typeof Money>;

/** Text for people: Chinese and English, always both. */
export const Text = Type.Object({ 'zh-CN': Type.String(), en: Type.String() });
export type Text = Static<typeof Text>;

export const Tier = oneOf(['T0', 'T1', 'T2', 'T3', 'T4']);
export const HeldTier = oneOf(['T2', 'T3', 'T4']);
export const HoldState = oneOf(['placed', 'matured', 'released', 'cancelled', 'expired']);
export const Actor = oneOf(['clock', 'payer', 'analyst', 'authority', 'processor']);
export const SubjectKind = oneOf(['transfer', 'draw']);

/** Staff as others see them. */
export const Person = Type.Object({ userId: Id, name: Type.String() });
export type Person = Static<typeof Person>;

export const Reason = Type.Object({
  code: Type.String({ description: 'signal, as in docs/signals.md: CR1, CD1, …' }),
  decibans: Type.Number({ description: 'negative: speaks against a scam' }),
  text: Text,
  /** Ids of timeline items. */
  evidence: Type.Array(Type.String()),
});
export type Reason = Static<typeof Reason>;

/** Cursor paging: `nextCursor` is absent on the last page. */
export function page<Item extends TSchema>(
  item: Item,
): Type.TObject<{ items: Type.TArray<Item>; nextCursor: Type.TOptional<Type.TString> }> {
  return Type.Object({ items: Type.Array(item), nextCursor: Type.Optional(Type.String()) });
}

/** Every answer that is not a success (RFC 9457), as `application/problem+json`. */
export const ProblemDetails = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'stable, for machines' }),
  detail: Type.String({ description: 'one line that says what to do' }),
});
export type ProblemDetails = Static<typeof ProblemDetails>;

export const Done = Type.Object({ done: Type.Literal(true) });
