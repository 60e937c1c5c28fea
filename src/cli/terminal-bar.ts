import { Presets, SingleBar } from 'cli-progress'

/**
 * A bar on standard error, which goes away when it is stopped. Nothing of the terminal is switched off meanwhile, since Ctrl-C leaves no time to
 * switch it on again.
 */
export function terminalBar(format: string): SingleBar {
  const options = { format, stream: process.stderr, clearOnComplete: true, hideCursor: false, linewrap: true }
  return new SingleBar(options, Presets.shades_grey)
}
