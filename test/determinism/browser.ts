import { existsSync } from 'node:fs'
import { chromium, type Page } from 'playwright-core'

/** Where Debian installs it. */
const executablePath = '/usr/bin/chromium'

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const hasBrowser = existsSync(executablePath)

/** Lets `use` have an empty page of a headless browser without a network. */
export async function withPage<T>(use: (page: Page) => Promise<T>): Promise<T> {
  const browser = await chromium.launch({ executablePath, args: flags, timeout: 60_000 })
  try {
    const context = await browser.newContext({ offline: true })
    return await use(await context.newPage())
  } finally {
    await browser.close()
  }
}
