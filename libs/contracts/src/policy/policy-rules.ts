/** What a policy must be beyond its schema: numbers that only make sense together. */
import { CEILING_HOURS_MAX, PROFILES, tierRank, type DigitWeight, type Policy } from '#domain';

export interface RuleFault {
  /** JSON pointer of the value to change. */
  readonly pointer: string;
  readonly message: string;
}

/** Every fault, in the order of the file's sections. `policy` MUST satisfy the schema. */
export function policyFaults(policy: Omit<Policy, 'digest'>): RuleFault[] {
  return [
    ...ascending(
      (['T1', 'T2', 'T3', 'T4'] as const).map((tier) => ({
        pointer: `/tiers/${tier}`,
        value: policy.tiers[tier],
      })),
    ),
    ...windowFaults(policy),
    ...signalFaults(policy.signals),
    ...holdFaults(policy),
    ...smallAmountFaults(policy.rules.smallAmounts),
    ...catalogueFaults(policy.catalogue),
  ];
}

interface Step {
  readonly pointer: string;
  readonly value: number;
}

function ascending(steps: readonly Step[]): RuleFault[] {
  return steps.flatMap(({ pointer, value }, i) => {
    const before = steps[i - 1];
    return before === undefined || value > before.value
      ? []
      : [{ pointer, message: `must be greater than the one before (${before.value})` }];
  });
}

function notBelow(pointer: string, value: number, least: number, what: string): RuleFault[] {
  return value >= least ? [] : [{ pointer, message: `must not be less than ${what} (${least})` }];
}

function notAbove(pointer: string, value: number, most: number, what: string): RuleFault[] {
  return value <= most ? [] : [{ pointer, message: `must not be more than ${what} (${most})` }];
}

/** Evidence that is not kept cannot be looked at. */
function windowFaults({ windows }: Omit<Policy, 'digest'>): RuleFault[] {
  const { evidenceHours, poolHours, dayHours, episodeHours } = windows;
  return [
    ...notAbove('/windows/dayHours', dayHours, evidenceHours, 'windows.evidenceHours'),
    ...notAbove('/windows/poolHours', poolHours, evidenceHours, 'windows.evidenceHours'),
    ...notAbove('/windows/episodeHours', episodeHours, evidenceHours, 'windows.evidenceHours'),
  ];
}

function signalFaults({ CR1, CD1, CD2, DR1, DR5 }: Policy['signals']): RuleFault[] {
  return [
    ...ascending(
      CR1.steps.map((step, i) => ({
        pointer: `/signals/CR1/steps/${i}/withinMinutes`,
        value: step.withinMinutes,
      })),
    ),
    ...digitFaults('/signals/CD1/byDigits', CD1.byDigits),
    ...digitFaults('/signals/CD2/byDigits', CD2.byDigits),
    ...notBelow(
      '/signals/DR1/highSharePercent',
      DR1.highSharePercent,
      DR1.sharePercent,
      'sharePercent',
    ),
    ...notBelow('/signals/DR5/highAmount', DR5.highAmount, DR5.minAmount, 'minAmount'),
  ];
}

function digitFaults(pointer: string, weights: readonly DigitWeight[]): RuleFault[] {
  return ascending(
    weights.map(({ digits }, i) => ({ pointer: `${pointer}/${i}/digits`, value: digits })),
  );
}

/** A duration longer than its ceiling would be cut silently, and a ceiling beyond the law's is refused by the database. */
function holdFaults({ holds }: Omit<Policy, 'digest'>): RuleFault[] {
  return PROFILES.flatMap((name) => {
    const { calendar, ceiling, durations } = holds[name];
    const zone = isTimeZone(calendar.timeZone)
      ? []
      : [{ pointer: `/holds/${name}/calendar/timeZone`, message: 'is not a known time zone' }];
    if (!('hours' in ceiling)) return zone;
    const most = CEILING_HOURS_MAX[name];
    const hours = notAbove(
      `/holds/${name}/ceiling/hours`,
      ceiling.hours,
      most,
      `what ${name} allows`,
    );
    const tiers = (['T2', 'T3', 'T4'] as const).flatMap((tier) => {
      const duration = durations[tier];
      if (!('minutes' in duration)) return [];
      const pointer = `/holds/${name}/durations/${tier}/minutes`;
      return notAbove(pointer, duration.minutes, ceiling.hours * 60, 'the ceiling');
    });
    return [...zone, ...hours, ...tiers];
  });
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

function smallAmountFaults(rule: Policy['rules']['smallAmounts']): RuleFault[] {
  return tierRank(rule.maxTierWithEvidence) >= tierRank(rule.maxTier)
    ? []
    : [
        {
          pointer: '/rules/smallAmounts/maxTierWithEvidence',
          message: `must not be milder than maxTier (${rule.maxTier})`,
        },
      ];
}

function catalogueFaults(catalogue: Policy['catalogue']): RuleFault[] {
  const seen = new Set<string>();
  return catalogue.flatMap(({ lender, product }, i) => {
    const name = `${lender}\n${product}`;
    const repeated = seen.has(name);
    seen.add(name);
    return repeated
      ? [
          {
            pointer: `/catalogue/${i}`,
            message: 'names a lender and product that were named before',
          },
        ]
      : [];
  });
}
