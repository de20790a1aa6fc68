// Predicting as a learner does it, by keyboard and by mouse.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { eventually, keepShot, overflow, useLab } from './lab.mjs';

const lab = useLab();
const { onPage } = lab;

const begin = async (page) => {
  await page.click('#tab-predict');
  await page.click('.predict__begin');
  await page.waitForSelector('.guess input:enabled');
};
const wholeRun = async (page) => {
  const id = /#run\/([^/]+)/.exec(page.url())[1];
  return (await fetch(`${lab.program.url}/api/runs/${id}`)).json();
};

describe('predicting', () => {
  onPage('a round by keyboard: guess, the kernels answer, the reason is given', {}, async ({ page }) => {
    await begin(page);
    assert.match(await page.textContent('.predict__about'), /Segment 1, SYN/);
    assert.match(await page.textContent('.predict__ask'), /next segment/);
    await page.focus('.guess input');
    const choice = page.locator('.guess', { hasText: 'the server sends SYN,ACK' });
    while (!(await choice.locator('input').isChecked())) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.predict__verdict.is-right');
    const run = await wholeRun(page);
    const answer = run.events.find((e) => e.kind === 'segment' && e.from === 'server');
    const why = await page.locator('.predict__why li').allTextContents();
    const [{ text, text_rel: counted }] = answer.says;
    assert.ok(why[0].startsWith(counted ?? text), why[0]);
    assert.equal(await page.textContent('.predict__score'), '1 of 1 right');
    await keepShot(page, 'predict-told');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'start predict__next');
    await page.keyboard.press('Enter');
    await eventually(async () => assert.match(await page.textContent('.predict__about'), /Segment \d+, SYN,ACK/));
    await page.uncheck('[name=predict-score]');
    assert.equal(await page.textContent('.predict__score'), '');
  });

  onPage('a wrong guess is told what happened; a loss is asked about too', {}, async ({ page }) => {
    await begin(page);
    await page.click('.predict__fate label:last-child');
    assert.match(await page.textContent('.predict__ask'), /It is lost/);
    await page.locator('.guess', { hasText: 'nobody sends' }).click();
    await page.click('.predict__commit');
    await page.waitForSelector('.predict__verdict.is-wrong');
    assert.match(await page.textContent('.predict__verdict'), /the client sends SYN/);
    assert.equal(await page.locator('.guess.is-true').count(), 1);
    assert.equal(await overflow(page), 0);
  });

  onPage('the space bar does not let a segment pass before the guess', {}, async ({ page }) => {
    await begin(page);
    await page.locator('body').press('Space');
    await eventually(async () => { // the client has heard nothing, and repeats it
      const { events } = await wholeRun(page);
      assert.ok(events.some((e) => e.kind === 'segment' && e.of === 1));
      assert.deepEqual(events.filter((e) => e.kind === 'copy' && e.n === 1).map((e) => e.fate), ['held']);
    });
    assert.ok(await page.locator('.predict__commit').isVisible());
  });

  onPage('who thinks for long is asked about each segment once', {}, async ({ page }) => {
    await begin(page);
    const answer = async (pattern) => {
      await eventually(async () => assert.match(await page.textContent('.predict__about'), pattern));
      await page.locator('.guess').first().click();
      await page.click('.predict__commit');
      await page.waitForSelector('.predict__verdict');
    };
    await answer(/SYN, is on its way/);
    await eventually(async () => { // the client's timer runs while its answer waits
      const { events } = await wholeRun(page);
      const answered = events.findIndex((e) => e.kind === 'segment' && e.from === 'server');
      const again = events.slice(answered).find((e) => e.kind === 'segment' && e.of === 1);
      const thrown = events.find((e) => e.kind === 'copy' && e.n === again?.n && e.fate === 'dropped');
      assert.ok(thrown);
    }, 15000);
    await page.click('.predict__next');
    await answer(/SYN,ACK, is on its way/);
    await page.click('.predict__next');
    await eventually(async () =>
      assert.match(await page.textContent('.predict__about'), /\d, ACK, is on its way/));
  });

  onPage('to the end of the run, whatever is guessed', {}, async ({ page }) => {
    await begin(page);
    for (let turn = 0; turn < 12; turn += 1) {
      const over = page.locator('.predict__begin');
      await page.waitForSelector('.predict__begin:visible, .guess input:enabled');
      if (await over.isVisible()) break;
      await page.locator('.guess').last().click();
      await page.click('.predict__commit');
      await page.waitForSelector('.predict__verdict');
      await page.click('.predict__next');
    }
    assert.equal(await page.textContent('.predict__begin'), 'Another round');
    assert.equal((await wholeRun(page)).phase, 'ended');
  });
});
