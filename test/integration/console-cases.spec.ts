/** The analyst's work over HTTP: the queue, a case, who has it, who is on the phone, what was said. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CaseView } from '../../apps/ops-console/src/api/case.ts';
import type { QueueCounts, QueueItem, QueuePage } from '../../apps/ops-console/src/api/queue.ts';
import { decideAfternoon } from './console-afternoon.ts';
import { consoleWorld, type Answer, type Browser, type ConsoleWorld } from './console-world.ts';

let world: ConsoleWorld;
let chen: Browser;
let wang: Browser;
let zhao: Browser;
let sun: Browser;

/** The body of an answer that must be one. */
function bodyOf<Body>(answer: Answer, _shape?: Body): Body {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.text}`);
  return JSON.parse(answer.text) as Body;
}

async function queue(browser: Browser, query = ''): Promise<readonly QueueItem[]> {
  return bodyOf<QueuePage>(await browser.get(`/api/v1/queue${query}`)).items;
}

async function until<Value>(
  read: () => Promise<Value>,
  wanted: (value: Value) => boolean,
): Promise<Value> {
  const endsAt = Date.now() + 5_000;
  for (;;) {
    const value = await read();
    if (wanted(value) || Date.now() > endsAt) return value;
    await new Promise((next) => {
      setTimeout(next, 20);
    });
  }
}

beforeAll(async () => {
  world = await consoleWorld();
  await decideAfternoon(world.database, 'li', 'a');
  await decideAfternoon(world.database, 'xu', 'a');
  [chen, wang, zhao, sun] = await Promise.all([
    world.signedIn('chen'),
    world.signedIn('wang'),
    world.signedIn('zhao'),
    world.signedIn('sun'),
  ]);
  await until(
    () => queue(chen),
    (items) => items.length > 0 && items.every(({ score }) => score !== undefined),
  );
});

afterAll(async () => {
  await world.close();
});

/** The case with most holds: Mr Li's. */
async function caseOfLi(): Promise<string> {
  const items = await queue(chen, '?reason=CR1&limit=200');
  return items[0]?.case.caseId ?? '';
}

describe('the queue', () => {
  it('shows both afternoons, the next due first, accounts masked', async () => {
    const items = await queue(chen);
    expect(new Set(items.map((item) => item.payer)).size).toBe(2);
    const due = items.map(({ dueAt }) => dueAt);
    expect(due).toEqual([...due].sort());
    for (const item of items) {
      expect(item.payer).toMatch(/^••••.{4}$/);
      expect(item.score).toBeGreaterThanOrEqual(20);
    }
    expect(JSON.stringify(items)).not.toMatch(/payer-(li|xu)/);
  });

  it('puts the holds of one payer’s episode into one case', async () => {
    const items = await queue(chen);
    const cases = new Map<string, Set<string>>();
    for (const { payer, case: work } of items) {
      cases.set(payer, (cases.get(payer) ?? new Set()).add(work.caseId));
    }
    expect([...cases.values()].map((ids) => ids.size)).toEqual([1, 1]);
  });

  it.each([
    ['?tier=T4', (item: QueueItem) => item.tier === 'T4'],
    ['?kind=transfer', (item: QueueItem) => item.kind === 'transfer'],
    [
      '?reason=CD0,CD1',
      (item: QueueItem) => item.reasonCodes.some((code) => /^CD[01]$/.test(code)),
    ],
    ['?lender=ant%2Fjiebei', (item: QueueItem) => item.lenders.includes('ant/jiebei')],
    ['?amountMin=10000', (item: QueueItem) => Number(item.amount.value) >= 10_000],
    ['?assignee=nobody', (item: QueueItem) => item.case.assignee === undefined],
    ['?state=placed&label=none', (item: QueueItem) => item.state === 'placed'],
  ])('filters by %s: all that fit and no other', async (query, fits) => {
    const all = await queue(chen, '?limit=200');
    const found = await queue(chen, `${query}&limit=200`);
    expect(found.map(({ holdId }) => holdId)).toEqual(all.filter(fits).map(({ holdId }) => holdId));
    expect(found.length).toBeGreaterThan(0);
  });

  it('pages without a gap or a repeat, and never gives more than is asked for', async () => {
    const all = await queue(chen, '?limit=200');
    const seen: string[] = [];
    let cursor = '';
    do {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = bodyOf<QueuePage>(await chen.get(`/api/v1/queue?limit=2${next}`));
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ holdId }) => holdId));
      cursor = page.nextCursor ?? '';
    } while (cursor !== '');
    expect(seen).toEqual(all.map(({ holdId }) => holdId));
  });

  it('counts what is open', async () => {
    const items = await queue(chen, '?limit=200');
    const counts = bodyOf<QueueCounts>(await chen.get('/api/v1/queue/counts'));
    expect(counts.open).toBe(items.length);
    const { T2, T3, T4 } = counts.byTier;
    expect(T2 + T3 + T4).toBe(counts.open);
  });

  it.each([
    '?limit=0',
    '?limit=201',
    '?limit=1e2',
    '?state=gone',
    '?tier=T1',
    '?tier=T2&tier=T3',
    '?amountMin=-1',
    "?reason=CR1'%20OR%201=1",
    '?unknown=1',
    '?__proto__=1',
  ])('refuses %s in one line without quoting it', async (query) => {
    const answer = await chen.get(`/api/v1/queue${query}`);
    expect([answer.status, answer.json['code']]).toEqual([400, 'bad_request']);
    expect(answer.text).not.toContain('OR 1=1');
  });
});

describe('a case', () => {
  it('tells the episode: calls, draws, transfers, holds, and borrowed money that flows', async () => {
    const view = bodyOf<CaseView>(await chen.get(`/api/v1/cases/${await caseOfLi()}`));
    const lanes = new Set(view.timeline.map(({ lane }) => lane));
    for (const lane of ['call', 'credit', 'transfer', 'hold', 'alert'])
      expect(lanes).toContain(lane);
    const times = view.timeline.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    const ids = new Set(view.timeline.map(({ id }) => id));
    expect(view.flows.length).toBeGreaterThan(0);
    for (const { from, to } of view.flows) {
      expect(ids).toContain(from);
      expect(ids).toContain(to);
    }
    expect(view.notices.length).toBeGreaterThan(0);
    expect(JSON.stringify(view)).not.toMatch(/payer-li/);
  });

  it('explains each score: reasons in both languages that add up to it', async () => {
    const view = bodyOf<CaseView>(await chen.get(`/api/v1/cases/${await caseOfLi()}`));
    expect(view.scores.length).toBeGreaterThanOrEqual(view.holds.length);
    for (const { score, reasons } of view.scores) {
      const sum = reasons.reduce((total, { decibans }) => total + decibans, 0);
      expect(sum).toBeCloseTo(score, 6);
      for (const { text } of reasons) {
        expect(text['zh-CN']).toMatch(/\p{Script=Han}/u);
        expect(text.en).toMatch(/^[^\p{Script=Han}]+/u);
      }
    }
  });

  it.each(['00000000-0000-0000-0000-000000000000', 'x', '..%2Fqueue', '%00', "1'--"])(
    'that does not exist is not found: %s',
    async (id) => {
      const answer = await chen.get(`/api/v1/cases/${id}`);
      expect([400, 404]).toContain(answer.status);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    },
  );
});

describe('two people', () => {
  it('do not call the same payer', async () => {
    const path = `/api/v1/cases/${await caseOfLi()}`;
    expect((await chen.post(`${path}/lock`)).status).toBe(200);
    const refused = await wang.post(`${path}/lock`);
    expect([refused.status, refused.json['code']]).toEqual([409, 'locked_by_another']);
    expect(refused.json['detail']).toContain('陈静 Chen Jing');
    const contact = { channel: 'phone', outcome: 'no_answer' };
    expect((await wang.post(`${path}/contacts`, contact)).status).toBe(409);
    expect((await wang.send('DELETE', `${path}/lock`)).status).toBe(409);
    expect((await wang.post(`${path}/notes`, { text: 'the branch called too' })).status).toBe(200);
    expect((await zhao.send('DELETE', `${path}/lock`)).status).toBe(200);
    expect((await wang.post(`${path}/lock`)).status).toBe(200);
    expect((await wang.send('DELETE', `${path}/lock`)).status).toBe(200);
  });

  it('who lock at once: one of them has it', async () => {
    const path = `/api/v1/cases/${await caseOfLi()}/lock`;
    const answers = await Promise.all([chen.post(path), wang.post(path), zhao.post(path)]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const [holder] = [chen, wang, zhao].filter((_, at) => answers[at]?.status === 200);
    await holder?.send('DELETE', path);
  });
});

describe('what staff do', () => {
  it('is in the case, by name, and in the journal', async () => {
    const caseId = await caseOfLi();
    const path = `/api/v1/cases/${caseId}`;
    const text = '<script>alert(1)</script> 付款人说是客服让转的';
    await chen.post(`${path}/notes`, { text });
    await chen.post(`${path}/contacts`, {
      channel: 'phone',
      outcome: 'reached_scam',
      answers: { on_call: 'yes', pretext: 'refund' },
    });
    await chen.post(`${path}/label`, { label: 'scam', reason: 'told to move money' });
    await chen.post(`${path}/escalate`, { reason: 'payer cries' });
    const view = bodyOf<CaseView>(await wang.get(path));
    expect(view.work).toMatchObject({ label: 'scam', escalated: true });
    expect(view.work.firstContactAt).toBeDefined();
    expect(view.notes.at(-1)).toMatchObject({ text, by: { name: '陈静 Chen Jing' } });
    expect(view.contacts.at(-1)).toMatchObject({
      outcome: 'reached_scam',
      answers: { on_call: 'yes', pretext: 'refund' },
    });
    expect(view.timeline.filter(({ lane }) => lane === 'staff').length).toBeGreaterThanOrEqual(4);
    const canonical = await staffEntries();
    expect(canonical.some((one) => one.includes('"act":"case_labelled"'))).toBe(true);
    expect(canonical.join()).not.toMatch(/alert\(1\)|told to move|payer-li|chen/);
  });

  it('is assigned one by one and in bulk, each answered for itself', async () => {
    const items = await queue(chen, '?limit=200');
    const caseIds = [...new Set(items.map((item) => item.case.caseId))];
    const unknown = '00000000-0000-0000-0000-000000000001';
    const answer = await zhao.post('/api/v1/cases/assign', {
      caseIds: [...caseIds, unknown],
      assignee: wang.userId,
    });
    const { results } = bodyOf<{ results: { caseId: string; ok: boolean; code?: string }[] }>(
      answer,
    );
    expect(results.map(({ ok }) => ok)).toEqual([...caseIds.map(() => true), false]);
    expect(results.at(-1)?.code).toBe('case_unknown');
    expect(await queue(wang, '?assignee=me&limit=200')).toHaveLength(items.length);
    expect(await queue(chen, '?assignee=me')).toHaveLength(0);
  });

  it('is unmasked with a reason only, journaled before it is shown', async () => {
    const path = `/api/v1/cases/${await caseOfLi()}/unmask`;
    const before = (await staffEntries()).length;
    expect((await chen.post(path, {})).status).toBe(400);
    expect((await chen.post(path, { reason: 'x' })).status).toBe(400);
    expect(await staffEntries()).toHaveLength(before);
    const answer = await chen.post(path, { reason: 'the bank asks for the account' });
    expect(answer.text).toContain('payer-li-a');
    const entries = await staffEntries();
    expect(entries.at(-1)).toContain('"act":"payer_unmasked"');
    expect(entries.at(-1)).not.toContain('the bank asks');
  });
});

async function staffEntries(): Promise<readonly string[]> {
  const rows: readonly { canonical: string }[] = await world.database.dataSource.query(
    `SELECT canonical FROM journal WHERE type = 'staff.acted' ORDER BY at, chain, sequence`,
  );
  return rows.map(({ canonical }) => canonical);
}

describe('a saved view', () => {
  it('is its owner’s alone', async () => {
    const saved = await chen.post('/api/v1/views', { name: '夜班', filter: { tier: 'T4' } });
    const { viewId } = bodyOf<{ viewId: string }>(saved);
    const views = bodyOf<{ items: unknown[] }>(await chen.get('/api/v1/views'));
    expect(views.items).toEqual([{ viewId, name: '夜班', filter: { tier: 'T4' } }]);
    expect(bodyOf<{ items: unknown[] }>(await wang.get('/api/v1/views')).items).toEqual([]);
    expect((await wang.send('DELETE', `/api/v1/views/${viewId}`)).status).toBe(404);
    expect((await chen.send('DELETE', `/api/v1/views/${viewId}`)).status).toBe(204);
  });
});

describe('an auditor', () => {
  it('reads everything and changes nothing', async () => {
    const path = `/api/v1/cases/${await caseOfLi()}`;
    expect((await sun.get(path)).status).toBe(200);
    for (const act of ['lock', 'notes', 'contacts', 'label', 'escalate', 'assign']) {
      const answer = await sun.post(`${path}/${act}`, { text: 'x' });
      expect([act, answer.status, answer.json['code']]).toEqual([act, 403, 'forbidden']);
    }
  });
});

describe('live events', () => {
  it('show a new hold and a changed case within a second', async () => {
    const stop = new AbortController();
    const cookie = [...chen.jar()].map(([name, value]) => `${name}=${value}`).join('; ');
    const stream = await fetch(`${world.url}/api/v1/events`, {
      headers: { cookie },
      signal: stop.signal,
    });
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const arrived: { event: string; at: number }[] = [];
    const reading = (async () => {
      let rest = '';
      for await (const part of stream.body ?? []) {
        rest += Buffer.from(part as Uint8Array).toString();
        const parts = rest.split('\n\n');
        rest = parts.pop() ?? '';
        for (const one of parts) arrived.push({ event: one, at: Date.now() });
      }
    })().catch(() => undefined);
    await decideAfternoon(world.database, 'xu', 'live');
    const placedAt = Date.now();
    await until(
      () => Promise.resolve(arrived.length),
      () => arrived.some(({ event }) => event.includes('"change":"placed"')),
    );
    const placed = arrived.find(({ event }) => event.startsWith('event: hold'));
    expect((placed?.at ?? Infinity) - placedAt).toBeLessThan(1_000);
    await wang.post(`/api/v1/cases/${await caseOfLi()}/lock`);
    await until(
      () => Promise.resolve(arrived.length),
      () => arrived.some(({ event }) => event.startsWith('event: case')),
    );
    expect(arrived.some(({ event }) => event.includes(wang.userId))).toBe(true);
    expect(arrived.map(({ event }) => event).join()).not.toMatch(/payer-(li|xu)/);
    stop.abort();
    await reading;
  });
});
