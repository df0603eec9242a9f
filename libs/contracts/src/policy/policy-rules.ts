/** What a policy must be beyond its schema: numbers that only make sense together. */
import { tierRank, type DigitWeight, type Policy } from '#domain';

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

function holdFaults({ holds }: Omit<Policy, 'digest'>): RuleFault[] {
  return (['T2', 'T3', 'T4'] as const).flatMap((tier) =>
    notAbove(
      `/holds/durations/${tier}/minutes`,
      holds.durations[tier].minutes,
      holds.ceilingHours * 60,
      'holds.ceilingHours',
    ),
  );
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
