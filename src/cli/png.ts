import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { withFixedColours } from '../report/charts/fixed-colours.ts'
import type { ReportFile } from './atomic-files.ts'

/** Pixels of a picture for each of its own: sharp on screens that have more of them. */
const zoom = 2

const family = 'DejaVu Sans'

/** Pictures as PNG, in light, with a font that comes along: the same pixels on every machine. The library is loaded here and not before. */
export async function pngFiles(
  pictures: readonly { readonly name: string; readonly svg: string }[],
): Promise<readonly ReportFile[]> {
  const Renderer = await renderer()
  const fontBuffers = fonts.map((font) => readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${font}`)))
  return pictures.map(({ name, svg }) => {
    const picture = new Renderer(withFixedColours(svg), {
      background: '#ffffff',
      fitTo: { mode: 'zoom', value: zoom },
      font: { fontBuffers, defaultFontFamily: family, sansSerifFamily: family, loadSystemFonts: false },
    })
    const content = picture.render().asPng()
    picture.free()
    return { name: `${name}.png`, content }
  })
}

const require = createRequire(import.meta.url)
const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']

type Renderer = (typeof import('@resvg/resvg-wasm'))['Resvg']

let loaded: Promise<Renderer> | undefined

/** It can be made ready once only. */
function renderer(): Promise<Renderer> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Renderer> {
  const { initWasm, Resvg } = await import('@resvg/resvg-wasm')
  await initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')))
  return Resvg
}
