/** Reads what `lengjing audit export` was asked for. */
import { parseArgs } from 'node:util';
import type { ExportQuery, ExportRequest } from '#application';
import type { Instant, MaskLevel } from '#domain';
import { UsageError } from '../usage.ts';

export interface ExportArguments {
  readonly request: Omit<ExportRequest, 'exportId'>;
  readonly out: string | undefined;
  /** A bundle whose heads are to be stood under again. */
  readonly like: string | undefined;
  /** Only journal that an unmasked export is asked for. */
  readonly ask: boolean;
  readonly waitSeconds: number;
}

const WAIT_SECONDS = 30;
const MASKS: readonly MaskLevel[] = ['closed', 'masked', 'open'];

/** Throws `UsageError`. */
export function readExportArguments(args: readonly string[]): ExportArguments {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      hold: { type: 'string' },
      payer: { type: 'string' },
      case: { type: 'string' },
      reason: { type: 'string' },
      mask: { type: 'string', default: 'closed' },
      disclose: { type: 'string', default: '' },
      by: { type: 'string' },
      purpose: { type: 'string' },
      authority: { type: 'string' },
      out: { type: 'string' },
      like: { type: 'string' },
      ask: { type: 'boolean', default: false },
      wait: { type: 'string', default: String(WAIT_SECONDS) },
    },
  });
  const { by, purpose, out } = values;
  if (by === undefined || purpose === undefined) {
    throw new UsageError('audit export needs --by NAME and --purpose TEXT: both are journaled');
  }
  const mask = MASKS.find((one) => one === values.mask);
  if (mask === undefined) throw new UsageError('--mask must be closed, masked or open');
  const disclosed = values.disclose.split(',').filter((name) => name !== '');
  if ((mask === 'open') !== disclosed.length > 0) {
    throw new UsageError('--disclose NAME,… goes with --mask open, and --mask open needs it');
  }
  if (out === undefined && !values.ask) throw new UsageError('audit export needs --out FOLDER');
  const waitSeconds = Number(values.wait);
  if (!(waitSeconds >= 0)) throw new UsageError('--wait must be a number of seconds');
  return {
    request: {
      query: readQuery(values),
      mask,
      disclosed,
      by,
      purpose,
      ...(values.authority === undefined ? {} : { authority: values.authority }),
    },
    out,
    like: values.like,
    ask: values.ask,
    waitSeconds,
  };
}

interface QueryValues {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly hold?: string | undefined;
  readonly payer?: string | undefined;
  readonly case?: string | undefined;
  readonly reason?: string | undefined;
}

function readQuery(values: QueryValues): ExportQuery {
  const { hold, payer, reason } = values;
  const single = [hold, payer, values.case, reason].filter((one) => one !== undefined);
  if (single.length > 1) {
    throw new UsageError('give one of --hold, --payer, --case, --reason, or none for a range');
  }
  const time = {
    ...(values.from === undefined ? {} : { from: instantOf('--from', values.from) }),
    ...(values.to === undefined ? {} : { to: instantOf('--to', values.to) }),
  };
  if (reason !== undefined) return { kind: 'reason', code: reason, ...time };
  if (single.length === 1 && Object.keys(time).length > 0) {
    throw new UsageError('--from and --to go with a range or with --reason');
  }
  if (hold !== undefined) return { kind: 'hold', holdId: hold };
  if (payer !== undefined) return { kind: 'payer', payerId: payer };
  if (values.case !== undefined) return { kind: 'case', caseId: values.case };
  return { kind: 'range', ...time };
}

/** A day means its beginning in Beijing; otherwise RFC 3339. */
function instantOf(option: string, text: string): Instant {
  const at = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+08:00` : text);
  if (Number.isNaN(at) || !/^\d{4}-\d{2}-\d{2}/.test(text)) {
    throw new UsageError(
      `${option} must be a day like 2026-11-24 or a time like 2026-11-24T08:00:00Z`,
    );
  }
  return at;
}
