import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { drawCharts } from '../../src/report/charts/render.ts'
import { htmlReport } from '../../src/report/html/html.ts'
import { hostile, sampleRun } from './sample-run.ts'

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium'
const quiet =
  'headless no-sandbox disable-gpu disable-quic no-first-run disable-background-networking disable-component-update disable-sync'
const args = quiet.split(' ').map((flag) => `--${flag}`)
const here = existsSync(executablePath)

describe.skipIf(!here)(`the HTML report in a browser${here ? '' : ` (skipped: there is no ${executablePath})`}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'onceproof-report-'))
  const file = path.join(folder, 'report.html')
  let browser: Browser

  beforeAll(async () => {
    const run = sampleRun({ notes: [hostile] }, { shop: hostile })
    writeFileSync(file, htmlReport(run, await drawCharts(chartsOf(run)), { file: 'sample.yaml', set: [] }))
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
    expect(await page.locator('figure svg').count()).toBe(3)
    expect(complaints).toEqual([])
  })

  it('looks different in the dark', async () => {
    const looks = await Promise.all(
      (['light', 'dark'] as const).map(async (colorScheme) => {
        const { page } = await opened({ colorScheme })
        await page.locator('summary').first().click()
        return await page.evaluate(
          `[getComputedStyle(document.documentElement).backgroundColor, getComputedStyle(document.querySelector('figure svg [stroke="var(--chart-1)"]')).stroke]`,
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
    expect(await page.locator('figure svg').first().isVisible()).toBe(true)
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
})
