import { handlingCanaries } from './handling.ts'
import { foundUnlessMended } from './found-unless-mended.ts'

foundUnlessMended(handlingCanaries, 15)
