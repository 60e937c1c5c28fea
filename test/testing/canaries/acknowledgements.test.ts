import { acknowledgementCanaries } from './acknowledgements.ts'
import { foundUnlessMended } from './found-unless-mended.ts'

foundUnlessMended(acknowledgementCanaries, 25)
