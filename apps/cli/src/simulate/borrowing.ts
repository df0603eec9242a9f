/** Borrowing: looking at the limit, opening a line, drawing, repaying. */
import { DAY_MS, SECOND_MS, type Instant } from '#domain';
import type { Chance } from './chance.ts';
import type { DrawLabel } from './labels.ts';
import type { CreditLine, Person } from './person.ts';
import { useApp } from './phone.ts';
import type { Process } from './schedule.ts';
import { LENDERS, type LenderProduct } from './town.ts';
import { yuan, type World } from './world.ts';

export interface Loan {
  /** In fen; everything that the line gives where it is left out. */
  readonly fen?: number;
  readonly to: 'balance' | 'own_card';
  /** Otherwise a line that is there, or a new one of any lender. */
  readonly product?: LenderProduct;
  readonly instalments?: number;
  readonly label: DrawLabel['label'];
  readonly script: string;
}

/** Applications that a lender turns down [A]. */
const REFUSED = 0.12;
/** Lenders other than the platform's own that report only what they have paid out [A]. */
const REPORTS_PAYOUT_ONLY = 0.2;

/** Draws on a line, opening it first where there is none. Returns what was paid out, in fen: 0 when the lender refuses. */
export function* borrow(world: World, person: Person, loan: Loan): Process<number> {
  const { chance } = person;
  useApp(world, person);
  const product = loan.product ?? productFor(person);
  const { lender } = product;
  const known = lineOf(person, product);
  if (known === undefined || chance.happens(0.7)) {
    world.emit('credit.limit-viewed', 'credit', person, {
      lender,
      product: product.product,
      ...(known === undefined ? {} : { limit: yuan(known.limit) }),
    });
    yield chance.between(15, 120) * SECOND_MS;
  }
  const line = known ?? openLine(world, person, product);
  if (line === undefined) return 0;
  yield chance.between(10, 90) * SECOND_MS;
  const left = line.limit - line.used;
  const fen = Math.min(loan.fen ?? left, left);
  if (fen < 10_000) return 0;
  useApp(world, person);
  return yield* draw(world, person, { loan, line, fen });
}

interface Drawing {
  readonly loan: Loan;
  readonly line: CreditLine;
  readonly fen: number;
}

function* draw(world: World, person: Person, { loan, line, fen }: Drawing): Process<number> {
  const { chance } = person;
  const drawId = world.nextDrawId();
  const data = {
    drawId,
    lender: line.lender,
    product: line.product,
    amount: yuan(fen),
    ...(chance.happens(0.9) ? { limit: yuan(line.limit) } : {}),
    ...(chance.happens(0.8)
      ? { instalments: loan.instalments ?? chance.pick([3, 6, 12, 12]) }
      : {}),
    ...(chance.happens(0.85) ? { firstDraw: !line.drawn } : {}),
    disburseTo: loan.to,
  };
  const asks = line.lender === 'ant' || !chance.happens(REPORTS_PAYOUT_ONLY);
  if (asks) {
    world.emit('credit.draw-requested', 'credit', person, data);
    world.drawLabels.push({ drawId, label: loan.label, script: loan.script });
    yield chance.between(2, 25) * SECOND_MS;
    if (loan.label === 'legit' && chance.happens(0.02)) {
      world.emit('credit.draw-cancelled', 'credit', person, data);
      return 0;
    }
  }
  line.used += fen;
  line.drawn = true;
  if (loan.to === 'balance') person.ledger.borrow(fen);
  else person.ledger.receive('bank', fen);
  world.emit('credit.drawn', 'credit', person, data);
  return fen;
}

function productFor(person: Person): LenderProduct {
  const line = person.creditLines.find(
    ({ limit, used, product }) => product !== 'huabei' && used < 0.7 * limit,
  );
  const known = LENDERS.find((one) => one.product === line?.product);
  return known ?? person.chance.weighted(LENDERS.map((one) => [one, one.weight] as const));
}

function lineOf(person: Person, { lender, product }: LenderProduct): CreditLine | undefined {
  return person.creditLines.find((line) => line.lender === lender && line.product === product);
}

function openLine(world: World, person: Person, product: LenderProduct): CreditLine | undefined {
  if (person.chance.happens(REFUSED)) return undefined;
  const line = makeLine(person, product, world.now);
  person.creditLines.push(line);
  world.emit('credit.line-opened', 'credit', person, {
    lender: product.lender,
    product: product.product,
    limit: yuan(line.limit),
  });
  return line;
}

/** Limits follow income, less than proportionally. */
function makeLine(person: Person, product: LenderProduct, openedAt: Instant): CreditLine {
  const scale = (person.monthlyIncome / 680_000) ** 0.6;
  const limit =
    50_000 *
    Math.max(2, Math.round((person.chance.logNormal(product.limit, 0.6) * scale) / 50_000));
  return {
    lender: product.lender,
    product: product.product,
    limit,
    used: 0,
    drawn: false,
    openedAt,
  };
}

/** Lines from before the stream: a fifth of the adults have borrowed, as many only have a line [A]. */
export function giveCredit(person: Person, chance: Chance, start: Instant): void {
  if (person.ageBand === 'under18' || !chance.happens(0.38)) return;
  const count = chance.weighted([
    [1, 7],
    [2, 2],
    [3, 1],
  ]);
  for (let i = 0; i < count; i += 1) {
    const product = chance.weighted(LENDERS.map((one) => [one, one.weight] as const));
    if (lineOf(person, product) !== undefined) continue;
    const line = makeLine(person, product, start - chance.between(20, 900) * DAY_MS);
    if (chance.happens(0.5)) {
      line.drawn = true;
      line.used = 10_000 * Math.floor((line.limit * chance.real(0, 0.6)) / 10_000);
    }
    person.creditLines.push(line);
  }
}

/** Pays a line back, from the bank first. Returns how much, in fen. */
export function repay(world: World, person: Person, line: CreditLine, fen: number): number {
  const { ledger } = person;
  const pocket = ledger.bank >= fen ? 'bank' : 'balance';
  const paid = Math.min(fen, line.used, ledger.in(pocket));
  if (paid <= 0) return 0;
  ledger.spend(pocket, paid);
  line.used -= paid;
  world.emit('credit.repaid', 'credit', person, {
    lender: line.lender,
    product: line.product,
    amount: yuan(paid),
  });
  return paid;
}
