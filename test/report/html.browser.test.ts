import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pack } from '../../src/cli/history-file.ts'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { simulate } from '../../src/pipeline/simulate.ts'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { drawCharts } from '../../src/report/charts/render.ts'
import type { Diagram } from '../../src/report/diagram/diagram.ts'
import { diagramViews } from '../../src/report/diagram/views.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { storiesTold } from '../../src/report/story/saved.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import { hostile, sampleRun } from './sample-run.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const quiet =
  'headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update disable-sync'
const args = quiet.split(' ').map((flag) => `--${flag}`)
const here = existsSync(executablePath)

/** Twice the same message in a row, a millisecond apart, and a fault in the middle. */
const tenThousandArrows: Diagram = {
  title: 'Everything',
  description: 'A large picture',
  lanes: ['shop', 'queue', 'billing'].map((name) => ({ name, gaps: [] })),
  arrows: Array.from({ length: 10_000 }, (_, place) => ({
    from: place % 3,
    to: (place + 1) % 3,
    sentAt: place * 1000,
    endedAt: place * 1000 + 400,
    lost: undefined,
    again: false,
    message: `m${Math.floor(place / 2)}`,
    about: 'order',
    text: `message ${place}`,
  })),
  marks: [
    {
      lane: 1,
      at: 5_000_000,
      shape: 'fault',
      label: '',
      text: 'a crash in the middle',
      message: '',
      broken: false,
      fact: sampleRun().history.at(0),
    },
  ],
  bands: [],
  from: 0,
  to: 10_000_000,
  leftOut: 0,
}

describe.skipIf(!here)(`the HTML report in a browser${here ? '' : ` (skipped: there is no ${executablePath})`}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceproof-report-'))
  const file = path.join(folder, 'report.html')
  let browser: Browser

  beforeAll(async () => {
    const sample = sampleRun({ notes: [hostile] }, { shop: hostile })
    const stories = storiesTold(sample)
    const told = { stories, diagrams: diagramViews(sample, stories, undefined) }
    writeFileSync(file, htmlReport(sample, await drawCharts(chartsOf(sample)), { file: 'sample.yaml', set: [] }, told))
    browser = await chromium.launch({ executablePath, args })
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  async function opened(options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, ...options })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) complaints.push(`asked for ${request.url()}`)
    })
    await page.goto(pathToFileURL(file).href)
    return { page, complaints }
  }

  it('opens from a file without a complaint and without a request', async () => {
    const { page, complaints } = await opened()
    await page.locator('summary').first().click()
    expect(await page.locator('[id^=chart-] svg').count()).toBe(8)
    expect(complaints).toEqual([])
  })

  it('looks different in the dark', async () => {
    const looks = await Promise.all(
      (['light', 'dark'] as const).map(async (colorScheme) => {
        const { page } = await opened({ colorScheme })
        await page.locator('summary').first().click()
        return await page.evaluate(
          `[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector('[id^=chart-] svg [stroke="var(--chart-1)"]')).stroke]`,
        )
      }),
    )
    expect(looks).toEqual([
      ['rgb(253, 253, 252)', 'rgb(0, 114, 178)'],
      ['rgb(20, 23, 29)', 'rgb(86, 180, 233)'],
    ])
  })

  it('opens and is read with programs switched off', async () => {
    const { page } = await opened({ javaScriptEnabled: false })
    expect(await page.getByText('BROKEN, as this lesson expects').isVisible()).toBe(false)
    await page.getByText('I have made up my mind').click()
    expect(await page.getByText('BROKEN, as this lesson expects').isVisible()).toBe(true)
    expect(await page.locator('[id^=chart-] svg').first().isVisible()).toBe(true)
  })

  it('shows on paper what is folded away on the screen, below the question', async () => {
    const { page } = await opened({ javaScriptEnabled: false })
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByText('How often is each order billed?').isVisible()).toBe(true)
    expect(await page.getByText('BROKEN, as this lesson expects').isVisible()).toBe(true)
    expect(await page.locator('.story .steps').first().isVisible()).toBe(true)
    expect(await page.getByText('I have made up my mind').isVisible()).toBe(false)
  })

  it('can be used with the keyboard alone', async () => {
    const { page } = await opened()
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.getByText('BROKEN, as this lesson expects').isVisible()).toBe(true)
  })

  it.each([1400, 700, 360])('needs no scrolling sideways at %i pixels', async (width) => {
    const { page } = await opened({ viewport: { width, height: 900 } })
    await page.locator('summary').first().click()
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  })

  it('fits on paper, its widest table too', async () => {
    const { page } = await opened({ viewport: { width: 718, height: 1000 } })
    await page.emulateMedia({ media: 'print' })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(718)
  })

  /**
   * What a checker of accessibility finds. Whether texts can be read is asked in either scheme of everything but the pictures, whose texts have
   * their colour from `fill`, which it does not look at; all else is the same in the dark.
   */
  async function found(page: Page, colorScheme: 'light' | 'dark', part = 'html'): Promise<readonly string[]> {
    const contrast = new AxeBuilder({ page }).include(part).exclude('svg').withRules('color-contrast')
    const others = new AxeBuilder({ page }).include(part).disableRules('color-contrast')
    const asked = colorScheme === 'light' ? [contrast, others] : [contrast]
    const complaints: string[] = []
    for (const builder of asked) {
      const { violations } = await builder.analyze()
      complaints.push(...violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ''}`))
    }
    return complaints
  }

  it.each(['light', 'dark'] as const)(
    'has nothing that a checker of accessibility finds, in %s, and would be told of it',
    async (colorScheme) => {
      const { page } = await opened({ colorScheme })
      await page.evaluate(`for (const part of document.querySelectorAll('details')) part.open = true`)
      expect(await found(page, colorScheme)).toEqual([])
      await page.evaluate(
        `document.querySelector('main').insertAdjacentHTML('beforeend', '<div id="bad"><p style="color:#777;background:#888">faint</p><img></div>')`,
      )
      const planted = (await found(page, colorScheme, '#bad')).map((text) => text.replace(/:.*/, ''))
      expect(planted).toEqual(colorScheme === 'light' ? ['color-contrast', 'image-alt'] : ['color-contrast'])
    },
    60_000,
  )

  describe('the diagram', () => {
    async function diagram(hash = ''): Promise<Page> {
      const { page } = await opened({ reducedMotion: 'reduce' })
      if (hash !== '') await page.goto(`${pathToFileURL(file).href}${hash}`)
      else await page.locator('summary').first().click()
      await page.locator('.dg .scene').focus()
      return page
    }

    const said = (page: Page): Promise<string> => page.locator('.now').innerText()

    it('is walked through with the keyboard, and its address is that of the moment', async () => {
      const page = await diagram()
      await page.keyboard.press('ArrowDown')
      expect(await said(page)).toContain('sent order-1 to mail/orders')
      await page.keyboard.press('?')
      expect(await page.getByText('the next thing that broke').isVisible()).toBe(true)
      await page.keyboard.press('v')
      expect(await said(page)).toContain('billing-1 applied order-1 to ledger')
      await page.keyboard.press('f')
      expect(await said(page)).toContain('crash struck billing-1')
      expect(page.url()).toMatch(/#t=1006000$/)
    })

    it('opens at the moment of its address, also of a lesson that is folded away', async () => {
      const page = await diagram('#t=1406000')
      expect(await said(page)).toContain('billing-2 was handed order-1')
      expect(await page.locator('.dg .scene').isVisible()).toBe(true)
    })

    it('follows the message that is clicked, and lets it go', async () => {
      const page = await diagram()
      await page.locator('.dg .scene .ev[data-m="order-1"]').first().click()
      expect(await page.locator('.dg .scene .same').count()).toBe(
        await page.locator('.dg .scene .ev[data-m="order-1"]').count(),
      )
      const opacity = (): Promise<string> =>
        page.evaluate<string>(
          `getComputedStyle(document.querySelector('.dg .scene .ev:not([data-m="order-1"])')).opacity`,
        )
      expect(await opacity()).toBe('0.18')
      await page.keyboard.press('Escape')
      expect(await opacity()).toBe('1')
    })

    it('shows everything on demand, and zooms', async () => {
      const page = await diagram()
      const before = await page.locator('.dg .scene .ev').count()
      await page.locator('select').selectOption('everything')
      expect(await page.locator('.dg .scene .ev').count()).toBeGreaterThan(before)
      const width = (): Promise<number> =>
        page.evaluate<number>(`document.querySelector('.dg .scene svg').getBoundingClientRect().width`)
      const narrow = await width()
      await page.getByRole('button', { name: 'Larger' }).click()
      expect(await width()).toBeGreaterThan(narrow)
    })

    it('of ten thousand arrows is unpacked when it is wanted, and made where it is in sight', async () => {
      const sample = sampleRun()
      const stories = storiesTold(sample)
      const views = diagramViews(sample, stories, undefined)
      const large = path.join(folder, 'large.html')
      const told = { stories, diagrams: { ...views, everything: tenThousandArrows }, pack }
      writeFileSync(large, htmlReport(sample, [], { file: 'sample.yaml', set: [] }, told))
      expect(statSync(large).size).toBeLessThan(1_000_000)
      const { page, complaints } = await opened({ reducedMotion: 'reduce' })
      await page.goto(`${pathToFileURL(large).href}#view=everything`)
      await page.locator('.dg[data-view=everything] .scene .ev').first().waitFor()
      const made = (): Promise<number> => page.locator('.dg .scene .ev').count()
      expect(await made()).toBeLessThan(1000)
      await page.locator('.dg .scene').focus()
      await page.keyboard.press('End')
      expect(await said(page)).toContain('message 9999')
      expect(await page.locator('.dg .scene .on').isVisible()).toBe(true)
      await page.keyboard.press('Shift+ArrowUp')
      expect(await said(page)).toContain('message 9998')
      await page.keyboard.press('f')
      expect(await said(page)).toContain('a crash in the middle')
      expect(page.url()).toMatch(/#t=5000000&view=everything$/)
      await page.keyboard.press('Home')
      expect(await said(page)).toContain('message 0')
      expect(await made()).toBeLessThan(1000)
      await page.goto(`${pathToFileURL(large).href}?again#t=7000000&view=everything`)
      await page.locator('.dg .scene .on').waitFor()
      expect(await said(page)).toContain('message 7000')
      expect(complaints).toEqual([])
    })

    it('stands as a picture with its table where programs are switched off', async () => {
      const { page } = await opened({ javaScriptEnabled: false })
      await page.locator('summary').first().click()
      expect(await page.locator('.dg .scene svg').isVisible()).toBe(true)
      expect(await page.locator('.bar').isVisible()).toBe(false)
      await page.getByText('The same as a table').first().click()
      expect(await page.getByRole('cell', { name: 'crash struck billing-1' }).first().isVisible()).toBe(true)
    })

    it('shows the answer that a crash lost, dashed and with a cross', async () => {
      const name = '00-the-tutorials/02-process-then-acknowledge'
      const text = readFileSync(path.resolve(import.meta.dirname, `../../scenarios/${name}.yaml`), 'utf8')
      const parsed = parseScenario(text, catalogue, { name })
      if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
      const ran = run(parsed.scenario)
      const stories = storiesTold(ran)
      const { history } = simulate(parsed.scenario, { observeNetwork: true })
      const told = { stories, diagrams: diagramViews(ran, stories, history) }
      const lesson = path.join(folder, 'lesson.html')
      writeFileSync(lesson, htmlReport(ran, [], { file: `${name}.yaml`, set: [] }, told))
      const { page } = await opened()
      await page.goto(pathToFileURL(lesson).href)
      await page.locator('summary').first().click()
      const lost = page.locator('.dg .scene .ev[data-k="lost"]').first()
      expect(await lost.locator('title').innerHTML()).toMatch(/applied from ledger to billing was lost/)
      const dashes = `getComputedStyle(document.querySelector('.dg .scene [data-k="lost"] .lost')).strokeDasharray`
      expect(await page.evaluate(dashes)).toBe('4px, 3px')
      expect(await lost.locator('.x').count()).toBe(1)
    })
  })
})
