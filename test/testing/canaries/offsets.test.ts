import { foundUnlessMended } from './found-unless-mended.ts'
import { offsetCanaries } from './offsets.ts'

foundUnlessMended(offsetCanaries, 25)
