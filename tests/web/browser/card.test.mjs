// The segment card, the tape of sequence numbers, and the forge, used as a person
// would; what they show is what the API says.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually, keepShot, overflow, startRun, texts, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;
const api = async (path) => (await fetch(`${lab.program.url}/api/runs/${path}`)).json();

/* A finished run of this body, opened at segment n (0: at none). */
async function openRun(page, body, n = 0) {
  const answer = await fetch(`${lab.program.url}/api/runs`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ wait: true, ...body }),
  });
  const run = await answer.json();
  assert.equal(answer.status, 201, JSON.stringify(run));
  const segments = run.events.filter((event) => event.kind === 'segment');
  const at = n > 0 ? `/all/${segments[n - 1].id}` : '';
  await page.goto(`${lab.program.url}/#run/${run.id}${at}`);
  await page.waitForSelector(n > 0 ? '.field' : '.block');
  return { ...run, segments };
}

const field = (page, i) => page.locator(`.field.is-first[data-field="${i}"]`);
const indexOf = (detail, name) => detail.fields.findIndex((each) => each.name === name);
const focusedField = (page) => page.evaluate(() => Number(document.activeElement.dataset.field));
const choose = (page, value) => page.locator(`#toolbar [value=${value}]`).check();

/* What a number may look like: none of these stands alone in the text. */
const holds = (text, number) => new RegExp(`(^|\\D)${number}(\\D|$)`).test(text);

describe('the header in the card', () => {
  for (const ip of [4, 6]) {
    onPage(`is the one of the API, in proportion: IPv${ip}`, {}, async ({ page }) => {
      const run = await openRun(page, { scenario: 'open', options: { ip } }, 1);
      const detail = await api(`${run.id}/segments/1`);
      assert.equal(await page.locator('.field.is-first').count(), detail.fields.length);
      assert.equal((await texts(page, '.byte')).join(''), detail.hex);
      const shown = await page.locator('.field.is-first').evaluateAll((cells) => cells.map((cell) => ({
        name: cell.textContent, wide: cell.getBoundingClientRect().width,
        bits: Number(/span (\d+)/.exec(cell.style.gridColumn)[1]),
        row: cell.parentElement.querySelector('.ruler')?.getBoundingClientRect().width,
      })));
      shown.forEach(({ name, wide, bits, row }, i) => {
        const { name: full, value, value_rel: counted } = detail.fields[i];
        assert.ok(name.includes(full) && name.includes(counted ?? value), `${name}: ${full} ${value}`);
        if (row) assert.ok(Math.abs(wide - (row * bits) / 32) < 1.5, `${full} is ${wide} px wide`);
      });
    });
  }

  for (const width of [320, 390, 1440, 3840]) {
    const viewport = { width, height: 900 };
    onPage(`has no label cut: ${width} px`, { viewport }, async ({ page }) => {
      for (const body of [{ scenario: 'open', options: { ip: 6 } }, { scenario: 'classic' }]) {
        await openRun(page, body, 2);
        const cut = await page.locator('.field').evaluateAll((cells) => cells.flatMap((cell) => {
          const box = cell.getBoundingClientRect();
          return [...cell.querySelectorAll('.field__name, .field__value')].filter((part) => {
            const inner = part.getBoundingClientRect();
            return inner.left < box.left - 0.5 || inner.right > box.right + 0.5
              || inner.top < box.top - 0.5 || inner.bottom > box.bottom + 0.5;
          }).map((part) => `${cell.textContent}: ${part.textContent}`);
        }));
        assert.deepEqual(cut, []);
        assert.ok(await overflow(page) <= 0, 'the page scrolls sideways');
      }
      await keepShot(page, `card-${width}`);
    });
  }

  onPage('is walked by keys: along, across, and into the bytes', {}, async ({ page }) => {
    const run = await openRun(page, { scenario: 'open' }, 2);
    const detail = await api(`${run.id}/segments/2`);
    const at = (name) => indexOf(detail, name);
    await field(page, 0).focus();
    for (const [key, name] of [['ArrowRight', 'Header Length'], ['End', 'Total Length'],
      ['ArrowDown', 'Fragment Offset'], ['Home', 'Identification'], ['ArrowDown', 'TTL'],
      ['Control+End', detail.fields.at(-1).name], ['Control+Home', 'Version']]) {
      await page.keyboard.press(key);
      assert.equal(detail.fields[await focusedField(page)].name, name, key);
    }
    await field(page, at('Sequence Number')).focus();
    const { bit_offset: offset, value, value_rel: counted, meaning_rel: meaning, rfc } =
      detail.fields[at('Sequence Number')];
    const said = await page.locator('.meaning').textContent();
    for (const part of ['Sequence Number', counted, value, meaning, rfc, 'bits 32–63', '32 bits',
      `packet bytes ${offset / 8}–${offset / 8 + 3}`]) {
      assert.ok(said.includes(part), `"${part}" in "${said}"`);
    }
    assert.match(await page.locator('.meaning .rfc').getAttribute('href'), /rfc9293#section-3\.4/);
    assert.deepEqual(await page.locator('.byte.is-marked').evaluateAll((bytes) =>
      bytes.map((byte) => Number(byte.dataset.byte))), [24, 25, 26, 27]);
    await page.locator('.byte').nth(33).focus(); // the flags
    assert.match(await page.locator('.meaning').textContent(), /Byte 33 0x12 0001 0010/);
    assert.deepEqual(await page.locator('.field.is-marked.is-first').evaluateAll((cells) =>
      cells.map((cell) => cell.querySelector('.field__name').textContent)),
    ['CWR', 'ECE', 'URG', 'ACK', 'PSH', 'RST', 'SYN', 'FIN']);
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.byte), '37');
    await page.keyboard.press('Home');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.byte), '36');
  });

  onPage('marks what changed since the last segment of this side', {}, async ({ page }) => {
    const run = await openRun(page, { scenario: 'classic' }, 3);
    const [now, before] = [await api(`${run.id}/segments/3`), await api(`${run.id}/segments/1`)];
    await page.waitForSelector('.since.has-changed');
    const marked = await page.locator('.field.has-changed').evaluateAll((cells) =>
      cells.map((cell) => Number(cell.dataset.field)));
    const names = marked.map((i) => now.fields[i].name);
    for (const name of ['Sequence Number', 'Acknowledgment Number', 'ACK', 'SYN', 'Window']) {
      assert.ok(names.includes(name), `${name} is marked`);
    }
    for (const i of marked) {
      const was = before.fields.find((each) =>
        each.name === now.fields[i].name && each.part === now.fields[i].part);
      assert.notEqual(was.value, now.fields[i].value);
    }
    for (const name of ['Source Port', 'Version', 'TTL']) assert.ok(!names.includes(name));
    const since = await page.locator('.since').textContent();
    assert.equal(since, `${marked.length} fields changed · gone: MSS, SACK Permitted, Window Scale`
      + ' since segment 1 of this side');
    await field(page, indexOf(now, 'Window')).focus();
    const { value } = before.fields[indexOf(before, 'Window')];
    assert.match(await page.locator('.meaning__was').textContent(),
      new RegExp(`It was ${value} in segment 1\\.`));
    assert.match(await field(page, indexOf(now, 'Window')).textContent(), /changed since segment 1/);
  });

  onPage('keeps the focus on the same field from segment to segment', {}, async ({ page }) => {
    const run = await openRun(page, { scenario: 'classic' }, 1);
    const first = await api(`${run.id}/segments/1`);
    await field(page, indexOf(first, 'TSval')).focus();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const third = await api(`${run.id}/segments/3`);
    await eventually(async () => {
      assert.equal(await page.locator('.card__title').textContent(), 'Segment 3');
      assert.equal(third.fields[await focusedField(page)].name, 'TSval');
    });
  });

  onPage('writes all meanings out, on paper too', {}, async ({ page }) => {
    const run = await openRun(page, { scenario: 'open' }, 2);
    const detail = await api(`${run.id}/segments/2`);
    const visible = () => page.locator('.remark:visible').count();
    assert.equal(await visible(), 0);
    await page.locator('.annotate').click();
    assert.equal(await visible(), detail.fields.length);
    const notes = await texts(page, '.remark');
    detail.fields.forEach(({ name, meaning, meaning_rel: counted, rfc }, i) => {
      for (const part of [name, counted ?? meaning, rfc]) assert.ok(notes[i].includes(part), notes[i]);
    });
    await page.locator('.annotate').click();
    assert.equal(await visible(), 0);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await visible(), detail.fields.length);
    assert.equal(await page.locator('.meaning:visible').count(), 0);
  });

  onPage('shows a changed copy as it arrived, and what is other', {}, async ({ page }) => {
    const rules = ['server SYN,ACK nth 1 rewrite ack=+1000 window=5'];
    const run = await openRun(page, { scenario: 'open', options: { rules } }, 2);
    const detail = await api(`${run.id}/segments/2`);
    const [copy] = detail.copies;
    await page.locator('.variants input').nth(1).check();
    await eventually(async () => assert.equal((await texts(page, '.byte')).join(''), copy.hex));
    const other = await page.locator('.field.has-damaged').evaluateAll((cells) =>
      cells.map((cell) => Number(cell.dataset.field)));
    assert.deepEqual(other.map((i) => copy.fields[i].name),
      ['Acknowledgment Number', 'Window', 'Checksum']);
    const differing = await page.locator('.byte.is-other').evaluateAll((bytes) =>
      bytes.map((byte) => Number(byte.dataset.byte)));
    for (let at = 0; at < copy.hex.length / 2; at += 1) {
      const same = copy.hex.slice(2 * at, 2 * at + 2) === detail.hex.slice(2 * at, 2 * at + 2);
      assert.equal(differing.includes(at), !same, `byte ${at}`);
    }
    await field(page, indexOf(copy, 'Acknowledgment Number')).focus();
    assert.match(await page.locator('.meaning__was').textContent(), /It was sent as 1\./);
    assert.match(await page.locator('.card__facts').textContent(), /ack 1 -> 1001, window \d+ -> 5/);
    await choose(page, 'absolute');
    await eventually(async () => {
      const { ack } = run.segments[1];
      assert.match(await page.locator('.card__facts').textContent(),
        new RegExp(`ack ${ack} -> ${(ack + 1000) % 2 ** 32}`));
    });
  });

  onPage('long data is opened bit by bit', {}, async ({ page }) => {
    const scenario = {
      id: 'long-data', title: 'Long data', group: 'basics', summary: 'One full segment.',
      server: [{ call: 'listen' }, { call: 'accept' }, { call: 'recv', bytes: 1400 }, { call: 'close' }],
      client: [{ call: 'connect' }, { call: 'send', bytes: 1400 }, { call: 'close' }],
    };
    const run = await openRun(page, { scenario }, 4);
    const detail = await api(`${run.id}/segments/4`);
    const header = detail.len - 1400;
    assert.equal(await page.locator('.byte').count(), header + 256);
    await page.locator('.dump__more').click();
    assert.equal((await texts(page, '.byte')).join(''), detail.hex);
  });
});

describe('the one switch for numbers', () => {
  onPage('is followed everywhere at once', {}, async ({ page }) => {
    const run = await openRun(page, { scenario: 'classic' }, 4);
    const segment = run.segments[3];
    const places = {
      diagram: '.diagram__frame', card: '.card__says', facts: '.card__facts dd',
      header: '.headers', tape: '.tape',
    };
    const textOf = (selector) => page.locator(selector).first().evaluate((el) => {
      const walker = document.createTreeWalker(el, NodeFilter.SHOW_TEXT);
      const words = [];
      while (walker.nextNode()) words.push(walker.currentNode.data);
      return words.join(' ');
    });
    await choose(page, 'absolute');
    await eventually(async () => {
      for (const [name, selector] of Object.entries(places)) {
        assert.ok(holds(await textOf(selector), segment.seq), `${name} has ${segment.seq}`);
      }
    });
    await choose(page, 'relative');
    await eventually(async () => {
      for (const name of ['diagram', 'card', 'tape']) {
        assert.ok(!holds(await textOf(places[name]), segment.seq), `${name} is relative`);
      }
      assert.match(await textOf(places.facts), /^1 +absolute/);
    });
    await page.click('#tab-story');
    const story = page.locator(`.story__step[data-id="${segment.id}"] .story__text`);
    await eventually(async () => assert.match(await story.textContent(), /sequence number 1, ack/));
    await choose(page, 'absolute');
    await eventually(async () => assert.ok(holds(await story.textContent(), segment.seq)));
    assert.ok(holds(await page.locator('.arrow[data-n="4"]').getAttribute('aria-label'), segment.seq));
  });
});

describe('the tape', () => {
  const block = (page, n) => page.locator(`.block[data-n="${n}"]`);

  onPage('shows the numbers each segment used, as the API has them', {}, async ({ page }) => {
    const run = await openRun(page, { scenario: 'classic' });
    for (const { n, seq_rel: seq, len, flags } of run.segments) {
      const count = len + (flags.includes('SYN') ? 1 : 0) + (flags.includes('FIN') ? 1 : 0);
      assert.equal(await block(page, n).count(), count > 0 ? 1 : 0, `segment ${n}`);
      if (count === 0) continue;
      const said = await block(page, n).getAttribute('aria-label');
      const range = count === 1 ? `1 number, ${seq} ` : `${count} numbers, ${seq} to ${seq + count - 1} `;
      assert.ok(said.includes(range), `"${range}" in "${said}"`);
      assert.match(said, /acknowledged by segment \d+/);
    }
    const [client, server] = await texts(page, '.tape__sum');
    const last = (from) => run.segments.filter((each) => each.from === from).at(-1);
    const ackOf = (from) => last(from === 'client' ? 'server' : 'client').ack_rel;
    for (const [from, sum] of [['client', client], ['server', server]]) {
      assert.match(sum, new RegExp(`all acknowledged · next is ${ackOf(from)}$`));
    }
    await keepShot(page, 'tape');
  });

  onPage('lights the arrow and is lit by it; a click opens', {}, async ({ page }) => {
    await openRun(page, { scenario: 'classic' });
    await block(page, 4).hover();
    await page.waitForSelector('.arrow[data-n="4"].is-looked', { state: 'attached' });
    await page.locator('.arrow[data-n="5"] .arrow__flags').hover();
    await page.waitForSelector('.ack.is-looked', { state: 'attached' });
    assert.equal(await page.locator('.tape__band').count(), 1, 'what it acknowledges');
    await page.locator('.arrow[data-n="3"] .arrow__flags').hover();
    await page.waitForSelector('.tape__caret', { state: 'attached' });
    await block(page, 8).click();
    await page.waitForSelector('.field');
    assert.equal(await page.locator('.card__title').textContent(), 'Segment 8');
    await page.waitForSelector('.block.is-selected[data-n="8"]', { state: 'attached' });
  });

  onPage('a press during which it is drawn again still counts', {}, async ({ page }) => {
    await openRun(page, { scenario: 'classic' });
    await block(page, 4).hover();
    await page.waitForSelector('.block.is-looked[data-n="4"]', { state: 'attached' });
    await page.mouse.down();
    await page.locator('#tape').evaluate((el) => el.dispatchEvent(new PointerEvent('pointerleave')));
    await page.waitForSelector('.block:not(.is-looked)[data-n="4"]', { state: 'attached' });
    await page.mouse.up();
    await page.waitForSelector('.field');
  });

  onPage('is walked by keys', {}, async ({ page }) => {
    await openRun(page, { scenario: 'classic' });
    const focused = () => page.evaluate(() => document.activeElement.getAttribute('aria-label'));
    assert.equal(await page.locator('.tape__item[tabindex="0"]').count(), 1);
    await page.locator('.tape__item[tabindex="0"]').focus();
    const steps = [['ArrowRight', /^4 · 16 bytes/], ['ArrowRight', /^8 · 1\d bytes/],
      ['End', /^9 FIN/], ['ArrowDown', /everything of the client before 3\d/],
      ['ArrowDown', /^10 FIN/], ['Home', /^2 SYN/], ['Control+Home', /^1 SYN/]];
    for (const [key, name] of steps) {
      await page.keyboard.press(key);
      assert.match(await focused(), name, key);
    }
    await page.keyboard.press('Enter');
    await page.waitForSelector('.field');
    assert.equal(await page.locator('.card__title').textContent(), 'Segment 1');
  });

  onPage('what was lost and sent again stands in rows', {}, async ({ page }) => {
    await openRun(page, { scenario: 'syn-lost' });
    assert.equal(await page.locator('.block.is-lost[data-n="1"]').count(), 1);
    assert.equal(await block(page, 2).getAttribute('data-row'), '1');
    assert.match(await block(page, 2).getAttribute('aria-label'), /again, as segment 1 did/);
  });

  onPage('much data folds, and opens', {}, async ({ page }) => {
    const scenario = {
      id: 'much-data', title: 'Much data', group: 'basics', summary: 'Forty segments.',
      server: [{ call: 'listen' }, { call: 'accept' }, { call: 'recv', bytes: 60000 }, { call: 'close' }],
      client: [{ call: 'connect' }, { call: 'send', bytes: 60000 }, { call: 'close' }],
    };
    const run = await openRun(page, { scenario });
    const count = run.segments.filter(({ from, len, flags }) =>
      from === 'client' && (len > 0 || flags.includes('SYN') || flags.includes('FIN'))).length;
    const fold = page.locator('.block.is-fold');
    const blocks = page.locator('.tape__side.is-client .block');
    const folded = Number(/⋯ ?(\d+)/.exec(await fold.textContent())[1]);
    assert.ok(folded > 20);
    assert.equal(await blocks.count() - 1 + folded, count);
    await fold.focus();
    await page.keyboard.press('Enter');
    await eventually(async () => assert.equal(await blocks.count(), count));
    assert.match(await page.evaluate(() => document.activeElement.getAttribute('aria-label')),
      /takes \d+ numbers, 1449 to/);
    assert.ok(await overflow(page) <= 0, 'the page scrolls sideways');
  });

  onPage('shows the moment of the player', {}, async ({ page }) => {
    const run = await openRun(page, { scenario: 'classic' });
    const { id } = run.segments[3];
    await page.goto(`${lab.program.url}/#run/${run.id}/${id}`);
    await eventually(async () => assert.equal(await page.locator('.block').count(), 3));
    assert.equal(await page.locator('.block.is-flying[data-n="4"]').count(), 1);
  });

  for (const [width, height] of [[320, 640], [3840, 2160]]) {
    onPage(`fits ${width} px`, { viewport: { width, height } }, async ({ page }) => {
      await openRun(page, { scenario: 'classic' });
      await choose(page, 'absolute');
      assert.ok(await overflow(page) <= 0, 'the page scrolls sideways');
      await eventually(async () => {
        const heights = await page.locator('.block__box').evaluateAll((boxes) =>
          boxes.map((box) => box.getBoundingClientRect().height));
        assert.ok(heights.length > 0);
        assert.deepEqual(heights.filter((height) => height < 16), []);
      });
    });
  }
});

describe('the forge', () => {
  const openForge = async (page) => {
    const id = await startRun(lab.program.url, { scenario: 'open', hold: true });
    await page.goto(`${lab.program.url}/#run/${id}`);
    await page.waitForSelector('.hand .decide');
    await page.click('#tab-forge');
    await page.waitForSelector('.forge__form');
    return id;
  };
  const forged = async (id) => {
    const { events } = await api(id);
    const { n } = events.filter((event) => event.kind === 'segment' && event.forged).at(-1);
    const { fields } = await api(`${id}/segments/${n}`);
    return (name) => fields.find((each) => each.name === name)?.value;
  };

  onPage('makes every field of both headers', {}, async ({ page }) => {
    const id = await openForge(page);
    const fill = (name, value) => page.fill(`.forge [name=${name}]`, value);
    for (const [name, value] of [['srcPort', '4001'], ['reserved', '5'], ['window', '77'],
      ['urgent', '9'], ['mss', '900'], ['tsval', '123'], ['tsecr', '4']]) await fill(name, value);
    await page.selectOption('[name=seq-base]', 'absolute');
    await fill('seq-plus', '1000');
    await page.selectOption('[name=checksum]', 'chosen');
    await fill('checksumDigits', 'beef');
    await page.getByRole('button', { name: 'AE' }).click();
    await page.click('.forge__fold.is-ip summary');
    await fill('dscp', '46');
    await page.selectOption('[name=ecn]', '2');
    await fill('ipId', '4660');
    await fill('ttl', '3');
    await page.click('.forge__fold.is-ip summary');
    assert.equal(await page.locator('.forge__fold.is-ip summary').textContent(),
      'IP header: DSCP, ECN, Identification, TTL', 'folded, it tells what is set');
    await page.locator('.forge__send').click();
    await page.waitForSelector('.arrow.is-forged');
    const value = await forged(id);
    const expected = {
      'Source Port': '4001', 'Reserved': '5', 'Window': '77', 'Urgent Pointer': '9', 'MSS': '900',
      'TSval': '123', 'TSecr': '4', 'Sequence Number': '1000', 'Checksum': '0xbeef', 'AE': '1',
      'SYN': '1', 'DSCP': '46', 'ECN': '2', 'Identification': '4660', 'TTL': '3',
    };
    for (const [name, want] of Object.entries(expected)) assert.equal(value(name), want, name);
  });

  onPage('options as bytes, a wrong offset, several at once', {}, async ({ page }) => {
    const id = await openForge(page);
    await page.fill('[name=options]', '02 04 05 b4');
    assert.ok(await page.locator('[name=mss]').isDisabled());
    await page.fill('[name=offset]', '15');
    await page.click('.forge__fold.is-many summary');
    await page.fill('[name=count]', '3');
    await page.check('[name=vary]');
    await page.locator('.forge__send').click();
    await eventually(async () => {
      const { events } = await api(id);
      const made = events.filter((event) => event.kind === 'segment' && event.forged);
      assert.equal(new Set(made.map(({ src }) => src)).size, 3);
    });
    const value = await forged(id);
    assert.equal(value('Data Offset'), '15');
  });

  onPage('what cannot be sent is not', {}, async ({ page }) => {
    await openForge(page);
    await page.fill('[name=options]', '02 0');
    await page.locator('.forge__send').click();
    assert.equal(await page.locator('.arrow.is-forged').count(), 0);
    assert.equal(await page.locator('[name=options]:invalid').count(), 1);
  });

  onPage('its numbers follow the switch', {}, async ({ page }) => {
    const id = await openForge(page);
    const { events } = await api(id);
    const { seq } = events.find((event) => event.kind === 'segment');
    await page.selectOption('[name=seq-base]', 'client.next');
    const result = page.locator('[data-result=seq]');
    await eventually(async () =>
      assert.equal(await result.textContent(), `= 1 (absolute ${(seq + 1) % 2 ** 32})`));
    await choose(page, 'absolute');
    await eventually(async () =>
      assert.equal(await result.textContent(), `= ${(seq + 1) % 2 ** 32}`));
  });
});

describe('rules for the next run', () => {
  onPage('are prepared, removed, and do their work', {}, async ({ page }) => {
    await page.waitForSelector('.start:not([disabled])');
    await page.click('#tab-wire');
    for (const words of ['data drop', 'client SYN nth 1 drop']) {
      await page.fill('.rules__words', words);
      await page.click('.rules__form [type=submit]');
    }
    await eventually(async () => assert.equal(await page.locator('.rule').count(), 2));
    await page.locator('.rule__remove').first().click();
    await eventually(async () =>
      assert.deepEqual(await texts(page, '.rule__words'), ['client SYN nth 1 drop']));
    await page.click('.start');
    await page.waitForSelector('.verdict:not([data-mood=running]) .verdict__badge');
    const id = /#run\/([^/]+)/.exec(page.url())[1];
    const { events } = await api(id);
    const dropped = events.find((event) => event.kind === 'copy' && event.fate === 'dropped');
    assert.deepEqual([dropped.n, dropped.by], [1, 'rule']);
    assert.equal(await page.locator('.rule').count(), 1, 'and are there for the next');
  });

  onPage('one that is not understood is explained', {}, async ({ page, wrong }) => {
    await page.waitForSelector('.start:not([disabled])');
    await page.click('#tab-wire');
    await page.fill('.rules__words', 'client explode');
    await page.click('.rules__form [type=submit]');
    await page.click('.start');
    await page.waitForSelector('.notice__text:not(:empty)');
    assert.match(await page.locator('.notice__text').textContent(), /rules\/0: .*explode/);
    assert.equal(wrong.length, 1); // Chromium notes the answer that refuses
    assert.match(wrong.pop(), /status of 400/);
  });
});
