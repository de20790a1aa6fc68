// The links and what the machine allows, on the page.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { contrasts } from './contrast.mjs';
import { eventually, keepShot, overflow, runScenario, texts, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

const capabilities = async () => (await fetch(`${lab.program.url}/api/capabilities`)).json();
const choose = (page, link) => page.click(`.machine__choices label:has([value="${link}"])`);
const refused = {
  container: 'docker', link: 'loopback',
  links: [
    {
      name: 'wire', on: false, why: 'unshare() is refused',
      how: ['docker run --flag', 'docker compose up'],
    },
    { name: 'loopback', on: true, why: 'watched by libpcap', how: [] },
    { name: 'sockets', on: true, why: 'unwatched', how: [] },
  ],
};

describe('what the machine allows', () => {
  onPage('is one line, and a disclosure with every ability of the API', {}, async ({ page }) => {
    const caps = await capabilities();
    await page.click('.machine__summary');
    const names = [...caps.links, ...caps.sandbox, ...caps.features].map(({ name }) => name);
    assert.deepEqual(await texts(page, '.ability__name'), names);
    const used = caps.links.find(({ name }) => name === caps.link);
    assert.ok((await page.locator('.machine__why').textContent()).includes(used.why));
    await keepShot(page, 'machine');
  });

  for (const width of [390, 1440]) {
    const options = { viewport: { width, height: 844 }, colorScheme: 'dark' };
    const name = `says why the wire is refused, and the commands (${width} px)`;
    onPage(name, options, async ({ page }) => {
      const caps = { ...await capabilities(), ...refused };
      const needy = {
        id: 'needy', title: 'Needs hands', group: 'basics', summary: 's', needs: ['wire'],
      };
      await page.route('**/api/capabilities', (route) => route.fulfill({ json: caps }));
      await page.route('**/api/scenarios?*', async (route) => {
        const { scenarios } = await (await route.fetch()).json();
        return route.fulfill({ json: { scenarios: [...scenarios, needy] } });
      });
      await page.goto(`${lab.program.url}/`);
      await page.waitForSelector('.machine__why.is-warning');
      const why = await page.locator('.machine__why').textContent();
      assert.match(why, /wire.*unshare\(\) is refused/);
      assert.ok(await page.locator('[name=link][value=wire]').isDisabled());
      await page.click('.machine__summary');
      assert.deepEqual(await texts(page, '.command code'), refused.links[0].how);
      await page.locator('.command__copy').first().click();
      assert.ok(await page.locator('[name=hold]').isDisabled());
      await page.click('.picker__button');
      assert.ok(await page.locator('[value=needy]').isDisabled());
      const against = await page.locator('.picker__option:has([value=needy])').textContent();
      assert.match(against, /unshare\(\) is refused/);
      assert.ok(await overflow(page) <= 0);
      const selector = '.machine p, .ability span, .command code, .picker__option span';
      const poor = (await contrasts(page, selector)).filter(({ ratio }) => ratio < 4.5);
      assert.deepEqual(poor, []);
      await keepShot(page, `machine-refused-${width}`);
    });
  }

  onPage('the scenarios can be searched', {}, async ({ page }) => {
    await page.click('.picker__button');
    await page.fill('.picker__search', 'WORDS rehearsed');
    await eventually(async () => assert.equal(await page.locator('.picker__option').count(), 1));
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await eventually(async () =>
      assert.match(await page.locator('.picker__title').textContent(), /rehearsed/));
    await page.click('.picker__button');
    await page.fill('.picker__search', 'no such thing');
    await page.waitForSelector('.picker__none:not([hidden])');
  });
});

describe('a scenario of the catalogue', () => {
  onPage('says how long it takes, why it happens, and what comes next', {}, async ({ page }) => {
    const { scenarios } = await (await fetch(`${lab.program.url}/api/scenarios`)).json();
    const lost = scenarios.find(({ id }) => id === 'syn-lost');
    await page.click('.picker__button');
    await eventually(async () =>
      assert.equal(await page.locator('.picker__option').count(), scenarios.length));
    await keepShot(page, 'picker');
    const option = page.locator('.picker__option:has([value=syn-lost])');
    assert.match(await option.textContent(), new RegExp(`takes ${lost.seconds} s`));
    await option.click();
    const run = await runScenario(page, lab.program.url);
    assert.equal(run.scenario, 'syn-lost');
    const said = (await texts(page, '.arrow__extra')).join(' ');
    assert.match(said, /dropped by .*repeats 1/);
    assert.match(await page.locator('.note.is-timer').textContent(), /nominal 1 s, measured 1\./);
    const met = run.expect.filter((each) => each.met).length;
    assert.match(await page.locator('.verdict__count').textContent(),
      new RegExp(`^${met} of ${run.expect.length} `));
    await page.click('.teaches__why summary');
    assert.equal(await page.locator('.teaches__why p').textContent(), lost.why);
    await page.click('.teaches__next');
    const next = scenarios.find(({ id }) => id === lost.next);
    await eventually(async () =>
      assert.equal(await page.locator('.picker__title').textContent(), next.title));
    await keepShot(page, 'syn-lost');
  });

  onPage('keeps to its own protocol, and offers its long form', {}, async ({ page }) => {
    await page.click('.picker__button');
    await page.locator('.picker__option:has([value=icmp6-no-route])').click();
    await eventually(async () => assert.ok(await page.locator('[name=ip][value="6"]').isChecked()));
    assert.ok(await page.locator('[name=ip][value="4"]').isDisabled());
    assert.ok(await page.locator('.switch:has([name=long])').isHidden());
    await page.waitForSelector('.picker__box', { state: 'hidden' });
    await page.click('.picker__button');
    await page.locator('.picker__option:has([value=filtered])').click();
    await page.waitForSelector('.switch__long:not(:empty)');
    assert.match(await page.locator('.switch__long').textContent(), /140 s/);
  });
});

describe('a run on another link', () => {
  onPage('loopback: arrows are level, partial checksums are explained', {}, async ({ page }) => {
    await choose(page, 'loopback');
    const run = await runScenario(page, lab.program.url);
    assert.equal(run.link, 'loopback');
    const level = await page.locator('.arrow__line').evaluateAll((lines) => lines.map((line) =>
      new Set([...line.points].map(({ y }) => y)).size));
    assert.ok(level.length > 2 && level.every((ys) => ys === 1));
    await page.locator('.arrow[data-n="1"] .arrow__flags').click();
    await page.waitForSelector('.field');
    assert.match(await page.locator('.card__facts').textContent(), /checksumpartial: .*no cable/);
    await keepShot(page, 'loopback');
  });

  onPage('sockets: one dotted SYN without a time, the rest unseen', {}, async ({ page }) => {
    await choose(page, 'sockets');
    const run = await runScenario(page, lab.program.url);
    assert.equal(run.link, 'sockets');
    assert.equal(await page.locator('.arrow.is-saved').count(), 1);
    const extra = await page.locator('.arrow__extra').textContent();
    assert.match(extra, /kept by the server’s kernel/);
    assert.match(await page.locator('.veil__label').textContent(), /not observable/);
    assert.equal(await page.locator('.gauge').count(), 0, 'queues that nobody saw are not counted');
    await page.locator('.arrow__flags').click();
    await page.waitForSelector('.field');
    assert.match(await page.locator('.card__facts').textContent(), /sentnot observable/);
    await keepShot(page, 'sockets');
  });

  onPage('what the kernel measured is shown with its call', {}, async ({ page }) => {
    await choose(page, 'sockets');
    const run = await runScenario(page, lab.program.url);
    const connected = run.events.find((e) => e.name === 'connect' && e.info);
    await page.locator('.call.is-client .call__name', { hasText: 'connect' }).click();
    await page.waitForSelector('.story__info');
    const shown = await page.locator('.story__info dl').textContent();
    assert.ok(shown.includes(`rtt_us${connected.info.rtt_us}`));
    assert.ok(shown.includes(`snd_mss${connected.info.snd_mss}`));
  });
});
